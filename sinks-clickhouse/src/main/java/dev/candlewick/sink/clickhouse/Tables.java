package dev.candlewick.sink.clickhouse;

import dev.candlewick.Dataset;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.ledger.DatasetText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The store's tables: made when they are first needed, and never used when they are not what is expected. Thread-safe. */
final class Tables {

    private final Server server;
    private final ClickHouseLayout layout;
    private final boolean mayCreate;
    private final Map<Dataset, RowsTable> known = new ConcurrentHashMap<>();
    private volatile boolean databaseIsThere;

    Tables(Server server, ClickHouseLayout layout, boolean mayCreate) {
        this.server = server;
        this.layout = layout;
        this.mayCreate = mayCreate;
    }

    /** The table of a dataset as it would be; nothing is asked of the server. */
    RowsTable of(Dataset dataset) {
        return new RowsTable(dataset, layout);
    }

    /**
     * The table of a dataset, made if need be.
     *
     * @throws Refused when it is there with other columns, or is not there and may not be made
     */
    RowsTable ready(Series series) {
        RowsTable ready = known.get(series.dataset());
        if (ready != null) {
            return ready;
        }
        RowsTable table = of(series.dataset());
        List<List<String>> columns = describe(table);
        if (columns.isEmpty()) {
            create(table);
            columns = describe(table);
        }
        check(series, table, columns);
        known.put(series.dataset(), table);
        return table;
    }

    private List<List<String>> describe(RowsTable table) {
        return server.textsOutside(
                "Looking at the table " + table.name(),
                3,
                "SELECT c.name, c.type, t.comment FROM system.columns AS c INNER JOIN system.tables AS t"
                        + " ON c.database = t.database AND c.table = t.name WHERE c.database = "
                        + Sql.text(server.address().database()) + " AND c.table = " + Sql.text(table.name())
                        + " ORDER BY c.position");
    }

    private void create(RowsTable table) {
        if (!mayCreate) {
            throw new Refused("clickhouse:" + server.address() + " has no table '" + table.name()
                    + "' and this store was told not to create any. Create it: " + table.create(comment(table)));
        }
        createDatabase();
        String doing = "Creating the tables of " + table.dataset();
        Ledger.create().forEach(statement -> server.execute(doing, statement));
        server.execute(doing, table.create(comment(table)));
        server.execute(doing, table.createView());
    }

    /** Makes the database if need be and if that may be. */
    private void createDatabase() {
        if (!databaseIsThere) {
            boolean there = !server.textsOutside(
                            "Looking for the database",
                            1,
                            "SELECT name FROM system.databases WHERE name = "
                                    + Sql.text(server.address().database()))
                    .isEmpty();
            if (!there) {
                server.executeOutside(
                        "Creating the database",
                        "CREATE DATABASE IF NOT EXISTS "
                                + Sql.name(server.address().database()));
            }
            databaseIsThere = true;
        }
    }

    private static String comment(RowsTable table) {
        return DatasetText.render(table.dataset());
    }

    private void check(Series series, RowsTable table, List<List<String>> columns) {
        String place = "the table '" + table.name() + "' of clickhouse:" + server.address();
        String comment = columns.isEmpty() ? "" : columns.get(0).get(2);
        if (!comment.startsWith("{")) {
            throw new Refused("Series " + series + " would be stored in " + place
                    + ", which something else has made: its comment does not say what it holds. Use another database,"
                    + " or rename that table");
        }
        Dataset stored = DatasetText.parse(comment, "comment of " + place);
        if (!stored.name().equals(series.dataset().name())) {
            throw new Refused("Series " + series + " would be stored in " + place + ", which holds the dataset '"
                    + stored.name() + "'. Use another database for one of them");
        }
        Set<String> there = new LinkedHashSet<>();
        columns.forEach(column -> there.add(column.get(0) + " " + column.get(1)));
        Set<String> expected = new LinkedHashSet<>(table.columnTypes());
        List<String> differences = new ArrayList<>();
        expected.stream()
                .filter(column -> !there.contains(column))
                .forEach(column -> differences.add("lacks " + column));
        there.stream().filter(column -> !expected.contains(column)).forEach(column -> differences.add("has " + column));
        if (differences.isEmpty() && !stored.equals(series.dataset())) {
            differences.add("holds " + stored.schema() + " " + stored.cadence() + " instead of " + series.schema() + " "
                    + series.cadence());
        }
        if (!differences.isEmpty()) {
            throw new Refused("Series " + series + " cannot be stored in " + place + ", which "
                    + String.join(", ", differences)
                    + ". Use the schema that is stored, another dataset name, or another database");
        }
    }
}
