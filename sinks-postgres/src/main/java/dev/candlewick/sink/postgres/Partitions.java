package dev.candlewick.sink.postgres;

import dev.candlewick.CalendarUnit;
import dev.candlewick.TimeRange;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Partitions of a month, or of a year where units are years, made as units are written. Thread-safe. */
final class Partitions {

    private static final String OVERLAP = "42P17";
    private static final int MOST_NAME_BYTES = 63;

    private final Database database;
    private final String schema;
    private final TableCreation creation;
    private final Set<String> there = ConcurrentHashMap.newKeySet();

    Partitions(Database database, String schema, TableCreation creation) {
        this.database = database;
        this.schema = schema;
        this.creation = creation;
    }

    /** Forgets which ones are there. */
    void forget() {
        there.clear();
    }

    /** Sees to it that there is a partition for a unit, unless that is somebody else's to do. */
    void makeRoom(RowTables tables, TimeRange unit) {
        String name = name(tables, unit);
        if (creation == TableCreation.NEVER || there.contains(name)) {
            return;
        }
        String parent = tables.first().name();
        database.write("Making partition " + name, Database.lock("candlewick ddl " + schema), transaction -> {
            if (!isPartition(transaction, name, parent)) {
                make(transaction, name, parent, bounds(tables, unit));
            }
            return name;
        });
        there.add(name);
    }

    // A table on its own first: creating a partition in place would stop all readers of the others.
    private static void make(Transaction transaction, String name, String parent, String bounds) throws SQLException {
        transaction.execute("SAVEPOINT partition");
        try {
            transaction.execute("CREATE TABLE " + name + " (LIKE " + parent
                    + " INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)");
            transaction.execute("ALTER TABLE " + parent + " ATTACH PARTITION " + name + " " + bounds);
        } catch (SQLException failed) {
            if (!Failures.state(failed).equals(OVERLAP)) {
                throw failed;
            }
            // Somebody else's partition takes these rows.
            transaction.execute("ROLLBACK TO SAVEPOINT partition");
        }
    }

    private static boolean isPartition(Transaction transaction, String name, String parent) throws SQLException {
        return transaction
                .first(
                        "SELECT 1 FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass(?)"
                                + " AND inhparent = pg_catalog.to_regclass(?)",
                        row -> row.getInt(1),
                        name,
                        parent)
                .isPresent();
    }

    /** What makes the partition of a unit. */
    static String statement(RowTables tables, TimeRange unit) {
        return "CREATE TABLE " + name(tables, unit) + " PARTITION OF "
                + tables.first().name() + " " + bounds(tables, unit);
    }

    private static String bounds(RowTables tables, TimeRange unit) {
        TimeRange stretch = size(tables).containing(unit.start());
        return "FOR VALUES FROM (" + Sql.time(stretch.startMicros()).replace("timestamptz ", "") + ") TO ("
                + Sql.time(stretch.endMicros()).replace("timestamptz ", "") + ")";
    }

    // No table of a dataset has a '$' in its name, so these never meet one.
    private static String name(RowTables tables, TimeRange unit) {
        CalendarUnit size = size(tables);
        String suffix =
                "$p" + Sql.plain(size.label(size.containing(unit.start()))).replaceFirst("^t_", "");
        TablePart part = tables.first();
        String table = part.table().length() + suffix.length() <= MOST_NAME_BYTES
                ? part.table()
                : part.table().substring(0, MOST_NAME_BYTES - suffix.length() - 9) + "_"
                        + Digests.hex(part.table()).substring(0, 8);
        return Sql.name(part.schema(), table + suffix);
    }

    private static CalendarUnit size(RowTables tables) {
        return tables.dataset().cadence().unit() == CalendarUnit.YEAR ? CalendarUnit.YEAR : CalendarUnit.MONTH;
    }
}
