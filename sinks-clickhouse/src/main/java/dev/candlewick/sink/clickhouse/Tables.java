package dev.candlewick.sink.clickhouse;

import dev.candlewick.Corrupt;
import dev.candlewick.Dataset;
import dev.candlewick.MarketDataException;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.ledger.DatasetText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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

    /** The table of a dataset, or {@link Refused} when another layout has it elsewhere. */
    RowsTable readable(Series series) {
        RowsTable table = of(series.dataset());
        requireNoOther(series, table, found());
        return table;
    }

    boolean mayCreate() {
        return mayCreate;
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
        Map<String, Found> there = found();
        requireNoOther(series, table, there);
        Found view = there.get(table.view());
        if (view != null && !view.engine().equals("View")) {
            throw new Refused("Series " + Failures.cut(series) + " would be shown as the view '" + table.view()
                    + "' of clickhouse:" + server.address()
                    + ", but a table of that name is there, which something else has made. Use another database, or rename"
                    + " that table");
        }
        if (there.containsKey(table.name())) {
            check(series, table, describe(table));
        }
        if (!there.containsKey(table.name()) || !there.containsKey(Ledger.TABLE)) {
            create(table, there);
            check(series, table, describe(table));
        }
        known.put(series.dataset(), table);
        return table;
    }

    /** What a table of the database is. */
    private record Found(String engine, String comment) {}

    private Map<String, Found> found() {
        Map<String, Found> tables = new TreeMap<>();
        List<List<String>> rows = server.textsOutside(
                "Looking at the tables",
                3,
                "SELECT name, engine, comment FROM system.tables WHERE database = "
                        + Sql.text(server.address().database()));
        rows.forEach(row -> tables.put(row.get(0), new Found(row.get(1), row.get(2))));
        return tables;
    }

    // Its comment says what a table of rows holds. Two tables of one dataset would share one ledger.
    private void requireNoOther(Series series, RowsTable table, Map<String, Found> there) {
        there.forEach((name, found) -> {
            if (!name.equals(table.name()) && holds(found, name, series.dataset())) {
                throw new Refused(
                        "Series " + Failures.cut(series) + " is held in the table '" + name + "' of clickhouse:"
                                + server.address() + ", not in '" + table.name() + "', where the layout '" + layout
                                + "' has it. Open the store with the layout that the dataset was written with, or use another"
                                + " database");
            }
        });
    }

    private static boolean holds(Found found, String name, Dataset dataset) {
        if (!found.comment().startsWith("{") || !found.engine().endsWith("MergeTree")) {
            return false;
        }
        try {
            return DatasetText.parse(found.comment(), "comment of table " + name)
                    .name()
                    .equals(dataset.name());
        } catch (Corrupt notOurs) {
            return false;
        }
    }

    /** The tables of rows with the datasets that they hold, by name. */
    Map<String, Dataset> held() {
        Map<String, Dataset> held = new TreeMap<>();
        found().forEach((name, found) -> {
            if (found.comment().startsWith("{") && found.engine().endsWith("MergeTree")) {
                held.put(
                        name,
                        DatasetText.parse(
                                found.comment(), "comment of table " + name + " in clickhouse:" + server.address()));
            }
        });
        return held;
    }

    /** Whether the table that says what was committed is there. */
    boolean hasLedger() {
        return found().containsKey(Ledger.TABLE);
    }

    /**
     * What a failure comes from when it is about the shape of the tables: another layout, a table that is gone, columns that
     * were changed. Any other failure stays what it is.
     */
    MarketDataException explained(Series series, MarketDataException failure) {
        if (!Failures.isAboutShape(failure)) {
            return failure;
        }
        known.remove(series.dataset());
        RowsTable table = of(series.dataset());
        try {
            Map<String, Found> there = found();
            requireNoOther(series, table, there);
            for (String name : List.of(table.name(), Ledger.TABLE)) {
                if (!there.containsKey(name)) {
                    return new Refused(
                            "Series " + Failures.cut(series) + ": the table '" + name + "' of clickhouse:"
                                    + server.address()
                                    + " is not there any more. Opening the series for writing makes it anew; 'verify' tells what was"
                                    + " lost with it",
                            failure);
                }
            }
            check(series, table, describe(table));
        } catch (Refused difference) {
            return difference;
        } catch (MarketDataException unknown) {
            return failure;
        }
        return failure;
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

    private void create(RowsTable table, Map<String, Found> there) {
        if (!mayCreate) {
            boolean hasRows = there.containsKey(table.name());
            throw new Refused("clickhouse:" + server.address() + " has no table '"
                    + (hasRows ? Ledger.TABLE : table.name())
                    + "' and this store was told not to create any. Create it: "
                    + (hasRows ? Ledger.create().get(0) : table.create(comment(table))));
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
            throw new Refused("Series " + Failures.cut(series) + " would be stored in " + place
                    + ", which something else has made: its comment does not say what it holds. Use another database,"
                    + " or rename that table");
        }
        Dataset stored = DatasetText.parse(comment, "comment of " + place);
        if (!stored.name().equals(series.dataset().name())) {
            throw new Refused("Series " + Failures.cut(series) + " would be stored in " + place
                    + ", which holds the dataset '" + stored.name() + "'. Use another database for one of them");
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
            throw new Refused("Series " + Failures.cut(series) + " cannot be stored in " + place + ", which "
                    + String.join(", ", differences)
                    + ". Use the schema that is stored, another dataset name, or another database");
        }
    }
}
