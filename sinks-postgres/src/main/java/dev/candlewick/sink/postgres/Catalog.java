package dev.candlewick.sink.postgres;

import dev.candlewick.Corrupt;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.ledger.DatasetText;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which table holds which dataset, in the table {@code candlewick_datasets}; makes and checks tables. What was once checked
 * is remembered until a table turns out to be gone. Thread-safe.
 */
final class Catalog {

    static final String DATASETS = "candlewick_datasets";
    static final String LEDGER = "candlewick_ledger";

    private static final int MOST_OF_A_DIFFERENCE = 600;

    private final Database database;
    private final String place;
    private final String schema;
    private final PostgresLayout layout;
    private final TableCreation creation;
    private final Partitioning partitioning;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Partitions partitions;

    Catalog(Database database, String place, PostgresStore.Builder settings) {
        this.database = database;
        this.place = place;
        this.schema = settings.schema();
        this.layout = settings.layout;
        this.creation = settings.creation;
        this.partitioning = settings.partitioning;
        this.partitions = new Partitions(database, schema, creation);
        database.whenATableIsGone(this::forget);
    }

    private record Known(RowTables tables, boolean partitioned) {}

    private record Entry(Dataset dataset, String table, String layout) {}

    String ledger() {
        return Sql.name(schema, LEDGER);
    }

    private String datasets() {
        return Sql.name(schema, DATASETS);
    }

    /** Forgets what was checked, because a table turned out to be gone. */
    void forget() {
        known.clear();
        partitions.forget();
    }

    /** The tables for writing a series, made if need be. */
    RowTables require(Series series) {
        layout.refusal(series).ifPresent(why -> {
            throw new Refused(place + " cannot hold " + Failures.shown(series) + ": " + why);
        });
        Optional<Known> cached = Optional.ofNullable(known.get(series.dataset().name()));
        if (cached.isPresent()) {
            return checked(series, cached.get().tables());
        }
        String doing = "Opening " + Failures.shown(series) + " for writing";
        Known made = database.write(doing, Database.lock("candlewick ddl " + schema), transaction -> {
            makeStore(transaction);
            Entry entry = register(transaction, series);
            RowTables tables = tables(entry);
            checked(series, tables);
            makeTables(transaction, tables);
            return check(transaction, tables);
        });
        known.put(series.dataset().name(), made);
        return made.tables();
    }

    /** The tables for reading a series; empty when nothing of its dataset was ever written. */
    Optional<RowTables> find(Transaction transaction, Series series) throws SQLException {
        Optional<Known> cached = Optional.ofNullable(known.get(series.dataset().name()));
        if (cached.isPresent()) {
            return Optional.of(checked(series, cached.get().tables()));
        }
        if (!isStore(transaction)) {
            return Optional.empty();
        }
        Optional<Entry> entry = entry(transaction, series.dataset());
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        RowTables tables = checked(series, tables(entry.get()));
        known.put(series.dataset().name(), check(transaction, tables));
        return Optional.of(tables);
    }

    /** Whether the layout has a place for the series. */
    boolean holds(Series series) {
        return layout.refusal(series).isEmpty();
    }

    PostgresLayout layout() {
        return layout;
    }

    /**
     * Whether anything was ever written here.
     *
     * @throws Corrupt when half of what a store consists of is gone
     */
    boolean isStore(Transaction transaction) throws SQLException {
        Present present = present(transaction);
        Optional<String> lost = lost(transaction, present);
        if (lost.isPresent()) {
            throw new Corrupt(lost.get());
        }
        return present.datasets() && present.ledger();
    }

    private record Present(boolean datasets, boolean ledger) {}

    private Present present(Transaction transaction) throws SQLException {
        return transaction
                .first(
                        "SELECT pg_catalog.to_regclass(?) IS NOT NULL, pg_catalog.to_regclass(?) IS NOT NULL",
                        row -> new Present(row.getBoolean(1), row.getBoolean(2)),
                        datasets(),
                        ledger())
                .orElseThrow();
    }

    /** What is wrong where of ledger and catalog only one is there, and tells of something. */
    Optional<String> lost(Transaction transaction) throws SQLException {
        return lost(transaction, present(transaction));
    }

    private Optional<String> lost(Transaction transaction, Present present) throws SQLException {
        boolean datasets = present.datasets();
        if (datasets == present.ledger()) {
            return Optional.empty();
        }
        String gone = datasets ? ledger() : datasets();
        String left = datasets ? datasets() : ledger();
        boolean tells = transaction
                .first("SELECT 1 FROM " + left + " LIMIT 1", row -> row.getInt(1))
                .isPresent();
        return tells
                ? Optional.of("Table " + gone + " of " + place + " is gone, though " + left
                        + " is there and names what was stored: nobody vouches for its rows. Restore the table; or drop"
                        + " the schema " + schema + " and backfill again")
                : Optional.empty();
    }

    /** All datasets with their tables. */
    Map<String, RowTables> all(Transaction transaction) throws SQLException {
        Map<String, RowTables> all = new LinkedHashMap<>();
        for (Entry entry : transaction.query(
                "SELECT dataset, table_name, layout, description FROM " + datasets() + " ORDER BY dataset",
                row -> entry(row.getString(1), row.getString(2), row.getString(3), row.getString(4)))) {
            all.put(entry.dataset().name(), tables(entry));
        }
        return all;
    }

    private Optional<Entry> entry(Transaction transaction, Dataset dataset) throws SQLException {
        return transaction.first(
                "SELECT dataset, table_name, layout, description FROM " + datasets() + " WHERE dataset = ?",
                row -> entry(row.getString(1), row.getString(2), row.getString(3), row.getString(4)),
                dataset.name());
    }

    private Entry entry(String dataset, String table, String layoutId, String description) {
        return new Entry(
                DatasetText.parse(description, "description of " + dataset + " in " + datasets() + " of " + place),
                table,
                layoutId);
    }

    private RowTables tables(Entry entry) {
        if (!entry.layout().equals(layout.id())) {
            throw new Refused(Failures.shown(entry.dataset()) + " is stored in " + place + " with the layout "
                    + entry.layout() + "; open the store with that layout instead of " + layout.id());
        }
        return layout.tables(schema, entry.dataset(), entry.table());
    }

    private RowTables checked(Series series, RowTables tables) {
        if (!tables.dataset().equals(series.dataset())) {
            throw new Refused("Series " + Failures.shown(series) + " is stored in " + place
                    + " with other columns or another cadence: " + difference(tables.dataset(), series.dataset())
                    + ". Give the new one a name of its own");
        }
        return tables;
    }

    private static String difference(Dataset stored, Dataset asked) {
        List<String> lines = new ArrayList<>();
        List<Field> then = stored.schema().fields();
        List<Field> now = asked.schema().fields();
        now.stream()
                .filter(field -> !then.contains(field))
                .forEach(field -> lines.add("'" + field + "' is not stored"));
        then.stream().filter(field -> !now.contains(field)).forEach(field -> lines.add("'" + field + "' is stored"));
        if (lines.isEmpty()) {
            lines.add("stored are " + stored.schema() + " " + stored.cadence() + ", asked for are " + asked.schema()
                    + " " + asked.cadence());
        }
        return Failures.shown(String.join(", ", lines), MOST_OF_A_DIFFERENCE);
    }

    private void makeStore(Transaction transaction) throws SQLException {
        if (present(transaction).equals(new Present(true, true))) {
            return;
        }
        if (creation == TableCreation.NEVER) {
            throw new Refused("There is no store in schema " + schema + " of " + place
                    + ", and it is not to be created. Run its CREATE statements, or let the store create its tables");
        }
        for (String statement : storeStatements()) {
            if (!statement.startsWith("CREATE SCHEMA") || !hasSchema(transaction)) {
                transaction.execute(statement);
            }
        }
    }

    // IF NOT EXISTS asks for the right to create a schema even when there is nothing to create.
    private boolean hasSchema(Transaction transaction) throws SQLException {
        return transaction
                .first("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = ?", row -> row.getInt(1), schema)
                .isPresent();
    }

    private List<String> storeStatements() {
        return List.of("CREATE SCHEMA " + Sql.name(schema), """
                CREATE TABLE IF NOT EXISTS %s (
                  dataset text COLLATE pg_catalog."C" PRIMARY KEY,
                  table_name text COLLATE pg_catalog."C" NOT NULL UNIQUE,
                  layout text COLLATE pg_catalog."C" NOT NULL,
                  description text COLLATE pg_catalog."C" NOT NULL
                )""".formatted(datasets()), """
                CREATE TABLE IF NOT EXISTS %s (
                  subject text COLLATE pg_catalog."C" NOT NULL,
                  dataset text COLLATE pg_catalog."C" NOT NULL,
                  unit_start timestamp with time zone NOT NULL,
                  unit_end timestamp with time zone NOT NULL,
                  revision bigint NOT NULL,
                  rows bigint NOT NULL,
                  content_hash text COLLATE pg_catalog."C" NOT NULL,
                  committed_at timestamp with time zone NOT NULL,
                  written_by text COLLATE pg_catalog."C" NOT NULL,
                  record text COLLATE pg_catalog."C" NOT NULL,
                  PRIMARY KEY (dataset, subject, unit_start)
                )""".formatted(ledger()));
    }

    /** What a database owner runs so that the store need not create anything. */
    List<String> statements(Dataset dataset) {
        RowTables tables = layout.tables(schema, dataset, layout.tableName(dataset));
        List<String> statements = new ArrayList<>(storeStatements());
        tables.parts().forEach(part -> statements.add(create(part, dataset)));
        statements.addAll(layout.extras(tables).values());
        return statements;
    }

    private Entry register(Transaction transaction, Series series) throws SQLException {
        Optional<Entry> there = entry(transaction, series.dataset());
        if (there.isPresent()) {
            return there.get();
        }
        String plain = layout.tableName(series.dataset());
        boolean taken = plain.equals(DATASETS)
                || plain.equals(LEDGER)
                || transaction
                        .first("SELECT 1 FROM " + datasets() + " WHERE table_name = ?", row -> row.getInt(1), plain)
                        .isPresent()
                || isPartOfAnother(transaction, Sql.name(schema, plain));
        if (taken && !layout.isOpen()) {
            throw new Refused(place + " cannot hold " + Failures.shown(series) + ": its table " + plain
                    + " holds another dataset already");
        }
        String table = taken ? Sql.unique(plain, series.dataset().name()) : plain;
        transaction.update(
                "INSERT INTO " + datasets() + " (dataset, table_name, layout, description) VALUES (?, ?, ?, ?)",
                series.dataset().name(),
                table,
                layout.id(),
                DatasetText.render(series.dataset()));
        return new Entry(series.dataset(), table, layout.id());
    }

    private static boolean isPartOfAnother(Transaction transaction, String table) throws SQLException {
        return transaction
                .first(
                        "SELECT 1 FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass(?)",
                        row -> row.getInt(1),
                        table)
                .isPresent();
    }

    private void makeTables(Transaction transaction, RowTables tables) throws SQLException {
        boolean made = false;
        for (TablePart part : tables.parts()) {
            if (TableShape.exists(transaction, part.name())) {
                continue;
            }
            if (creation == TableCreation.NEVER) {
                throw new Refused(
                        "Table " + part.name() + " is not there in " + place
                                + ", and it is not to be created. Run its CREATE statements, or let the store create its tables");
            }
            transaction.execute(create(part, tables.dataset()));
            made |= part.equals(tables.first());
            if (partitioning == Partitioning.HYPERTABLE) {
                makeHypertable(transaction, part);
            }
        }
        for (Map.Entry<String, String> extra : layout.extras(tables).entrySet()) {
            // An index of a table that somebody else made is his to make.
            boolean wanted = made || extra.getValue().startsWith("CREATE TABLE");
            if (wanted && creation == TableCreation.WHEN_ABSENT && !TableShape.exists(transaction, extra.getKey())) {
                transaction.execute(extra.getValue());
            }
        }
    }

    private String create(TablePart part, Dataset dataset) {
        String statement = layout.create(part, dataset);
        return partitioning == Partitioning.MONTHLY
                ? statement + " PARTITION BY RANGE (" + Sql.name(part.time()) + ")"
                : statement;
    }

    private static void makeHypertable(Transaction transaction, TablePart part) throws SQLException {
        Optional<String> home = transaction.first(
                "SELECT n.nspname FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace"
                        + " WHERE e.extname = 'timescaledb'",
                row -> row.getString(1));
        if (home.isPresent()) {
            transaction.execute("SELECT " + Sql.name(home.get()) + ".create_hypertable(" + Sql.literal(part.name())
                    + "::regclass, " + Sql.literal(part.time()) + "::name, chunk_time_interval => interval '1 month')");
        }
    }

    private Known check(Transaction transaction, RowTables tables) throws SQLException {
        for (TablePart part : tables.parts()) {
            if (!TableShape.exists(transaction, part.name())) {
                throw new Refused("Table " + part.name() + " of " + place + " is gone, though " + datasets()
                        + " names it. Restore it; or drop its rows from there and from " + ledger()
                        + " and backfill again");
            }
            List<String> differences =
                    TableShape.differences(transaction, part, layout.columns(part, tables.dataset()));
            if (!differences.isEmpty()) {
                throw new Refused("Table " + part.name() + " of " + place + " cannot hold "
                        + Failures.shown(tables.dataset()) + ":\n  "
                        + String.join("\n  ", differences)
                        + "\nChange the table, or use another schema. Nothing was changed");
            }
        }
        return new Known(
                tables, TableShape.isPartitioned(transaction, tables.first().name()));
    }

    /** Sees to it that there is a partition for a unit, where the table has any. */
    void makeRoom(RowTables tables, TimeRange unit) {
        if (isPartitioned(tables)) {
            partitions.makeRoom(tables, unit);
        }
    }

    /** As {@link #makeRoom}, after it turned out that a partition thought to be there is not. */
    void makeRoomAgain(RowTables tables, TimeRange unit) {
        partitions.forget();
        makeRoom(tables, unit);
    }

    boolean isPartitioned(RowTables tables) {
        Known table = known.get(tables.dataset().name());
        return table != null && table.partitioned();
    }
}
