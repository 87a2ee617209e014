package dev.candlewick.sink.clickhouse;

import dev.candlewick.CalendarUnit;
import dev.candlewick.ColumnType;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Schema;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The table of one dataset's rows: its names, its shape, and the conditions that find rows in it. Immutable. */
final class RowsTable {

    /**
     * How many inserts the server remembers to recognise one that is sent again. Ten thousand are months of units; what
     * comes back later is noticed by its number of rows.
     */
    static final int WINDOW = 10_000;

    private static final long PIECE_BYTES = 128L << 20;
    private static final int PIECE_ROWS = 1_000_000;
    private static final int TEXT_BYTES = 256;

    private final Dataset dataset;
    private final ClickHouseLayout layout;
    private final String version;
    private final String ordinal;

    RowsTable(Dataset dataset, ClickHouseLayout layout) {
        this.dataset = dataset;
        this.layout = layout;
        this.version = ClickHouseLayout.own(dataset, "version");
        this.ordinal = ClickHouseLayout.own(dataset, "row_in_unit");
    }

    /** The column that says under which version a row was written. */
    String version() {
        return version;
    }

    /** The column that orders rows that share their time. */
    String ordinal() {
        return ordinal;
    }

    /** The column that has a subject's canonical text. */
    String subject() {
        List<String> columns = subjectColumns();
        return columns.get(columns.size() - 1);
    }

    Dataset dataset() {
        return dataset;
    }

    String name() {
        return layout.rowsTable(dataset);
    }

    String view() {
        return layout.view(dataset);
    }

    /** Whether rows may share their time, so that their order needs a column of its own. */
    boolean hasOrdinal() {
        Schema schema = dataset.schema();
        return !schema.key().equals(List.of(schema.time()));
    }

    List<String> subjectColumns() {
        return layout.subjectColumns(dataset);
    }

    /** What a subject has in these columns. */
    List<String> subjectValues(Subject subject) {
        return layout.subjectValues(dataset, subject);
    }

    CalendarUnit partition() {
        return layout.partition(dataset);
    }

    /** The columns of an insert, in the order of {@link UnitRows}. */
    List<String> insertColumns() {
        List<String> columns = new ArrayList<>(subjectColumns());
        columns.add(version);
        if (hasOrdinal()) {
            columns.add(ordinal);
        }
        columns.addAll(dataset.schema().names());
        return columns;
    }

    /**
     * How many rows one insert may have, so that the server makes one part of it. A function of the schema alone: an
     * attempt that begins anew cuts at the same places.
     */
    int pieceRows() {
        return (int) Math.max(10_000, Math.min(PIECE_ROWS, PIECE_BYTES / rowBytes()));
    }

    /** About how many bytes a row has on its way to the server. */
    int rowBytes() {
        int width = 0;
        for (Field field : dataset.schema().fields()) {
            width += field.nullable() ? 1 : 0;
            width += field.type() instanceof ColumnType.Text
                    ? TEXT_BYTES
                    : field.type() instanceof ColumnType.Decimal decimal ? NativeTypes.width(decimal) : Long.BYTES;
        }
        return width;
    }

    /** The columns with their types, as the server describes them. */
    List<String> columnTypes() {
        List<String> columns = new ArrayList<>();
        subjectColumns().forEach(column -> columns.add(column + " LowCardinality(String)"));
        dataset.schema().fields().forEach(field -> columns.add(field.name() + " " + NativeTypes.of(field)));
        if (hasOrdinal()) {
            columns.add(ordinal + " UInt32");
        }
        columns.add(version + " UInt64");
        return columns;
    }

    String create(String comment) {
        List<String> columns = new ArrayList<>();
        subjectColumns().forEach(column -> columns.add(Sql.name(column) + " LowCardinality(String) CODEC(ZSTD(1))"));
        dataset.schema()
                .fields()
                .forEach(field -> columns.add(
                        Sql.name(field.name()) + " " + NativeTypes.of(field) + " CODEC(" + codec(field) + ")"));
        if (hasOrdinal()) {
            columns.add(ordinal + " UInt32 CODEC(DoubleDelta, ZSTD(1))");
        }
        columns.add(version + " UInt64 CODEC(ZSTD(1))");
        String time = Sql.name(dataset.schema().time());
        String partition = partition() == CalendarUnit.YEAR ? "toYear(" + time + ")" : "toYYYYMM(" + time + ")";
        return "CREATE TABLE IF NOT EXISTS " + Sql.name(name()) + " (" + String.join(", ", columns)
                + ") ENGINE = ReplacingMergeTree(" + version + ") PARTITION BY " + partition + " ORDER BY ("
                + subjectColumns().stream().map(Sql::name).collect(Collectors.joining(", ")) + ", " + time
                + (hasOrdinal() ? ", " + ordinal : "") + ", " + version + ")" + windows() + " COMMENT "
                + Sql.text(comment);
    }

    static String windows() {
        return " SETTINGS non_replicated_deduplication_window = " + WINDOW + ", replicated_deduplication_window = "
                + WINDOW;
    }

    String createView() {
        List<String> columns = new ArrayList<>(subjectColumns());
        columns.addAll(dataset.schema().names());
        return "CREATE VIEW IF NOT EXISTS " + Sql.name(view()) + " AS SELECT "
                + columns.stream().map(Sql::name).collect(Collectors.joining(", ")) + " FROM " + Sql.name(name())
                + " WHERE (" + subject() + ", " + version + ") IN (" + Ledger.versions(dataset) + ")";
    }

    /** The condition that a row is a subject's and its time lies in the range. */
    String where(Subject subject, TimeRange range) {
        String time = Sql.name(dataset.schema().time());
        List<String> columns = subjectColumns();
        List<String> values = subjectValues(subject);
        StringBuilder owner = new StringBuilder();
        for (int column = 0; column < columns.size(); column++) {
            owner.append(Sql.name(columns.get(column)))
                    .append(" = ")
                    .append(Sql.text(values.get(column)))
                    .append(" AND ");
        }
        return owner + time + " >= " + Sql.time(clamped(range.startMicros())) + " AND " + time + " < "
                + Sql.time(clamped(range.endMicros()));
    }

    /** The order of rows within a unit, each column with a direction of sorting. */
    String orderBy(String direction) {
        List<String> columns = new ArrayList<>(subjectColumns());
        columns.add(dataset.schema().time());
        if (hasOrdinal()) {
            columns.add(ordinal);
        }
        return columns.stream().map(column -> Sql.name(column) + direction).collect(Collectors.joining(", "));
    }

    // Beyond what the type can hold there are no rows, and a literal would wrap around.
    private static long clamped(long epochMicros) {
        return Math.max(NativeEncoder.FIRST_MICROS, Math.min(NativeEncoder.LAST_MICROS, epochMicros));
    }

    // Measured on recorded candles, see docs/concepts/clickhouse-commit.md: 19.9 bytes a row against 29.5 without GCD,
    // for
    // published decimals are multiples of a tick and a lot, both far coarser than the eighth decimal place.
    private static String codec(Field field) {
        if (field.type() instanceof ColumnType.Time) {
            return "DoubleDelta, ZSTD(1)";
        } else if (field.type() instanceof ColumnType.Decimal decimal) {
            return NativeTypes.width(decimal) <= Long.BYTES ? "GCD, Delta, ZSTD(1)" : "GCD, ZSTD(1)";
        } else if (field.type() instanceof ColumnType.Int64) {
            return "T64, ZSTD(1)";
        }
        return "ZSTD(1)";
    }
}
