package dev.candlewick.sink.bigquery;

import com.google.cloud.bigquery.Clustering;
import com.google.cloud.bigquery.Field.Mode;
import com.google.cloud.bigquery.FieldList;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import dev.candlewick.Batch;
import dev.candlewick.Column;
import dev.candlewick.ColumnType;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.LongColumn;
import dev.candlewick.Subject;
import dev.candlewick.TextColumn;
import dev.candlewick.TimeColumn;
import dev.candlewick.TimeRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The table of one dataset's rows: its name, its columns, and the conditions that find rows in it. Immutable.
 *
 * @param dataset whose rows
 * @param name of the table
 * @param subjects the columns that say whose a row is
 * @param time the column of the rows' time
 * @param ordinal the column that orders rows which share their time; empty where time alone is the key
 * @param available the column of the time that a row is available from, on which the table is partitioned; empty where it
 *     is partitioned on the rows' time
 * @param delayMicros how long after its time a row is available; at the latest, where the dataset itself has that column
 * @param clustered by which columns
 */
record RowsTable(
        Dataset dataset,
        String name,
        List<SubjectColumn> subjects,
        String time,
        String ordinal,
        String available,
        long delayMicros,
        List<String> clustered) {

    private static final int TEXT_BYTES = 64;

    /** How much earlier than its time a row may be available by the dataset's own account: clocks differ. */
    private static final long MOST_EARLY_MICROS = 86_400_000_000L;

    /** Part of a subject as a column. */
    record SubjectColumn(String name, Part part) {}

    /** Parts of a subject. */
    enum Part {
        VENUE,
        KIND,
        CODE,
        WHOLE;

        String of(Subject subject) {
            return switch (this) {
                case VENUE -> subject.venue();
                case KIND -> subject.kind();
                case CODE -> subject.code();
                case WHOLE -> subject.toString();
            };
        }
    }

    RowsTable {
        subjects = List.copyOf(subjects);
        clustered = List.copyOf(clustered);
    }

    /** Whether rows may share their time, so that their order needs a column of its own. */
    boolean hasOrdinal() {
        return !ordinal.isEmpty();
    }

    /** Whether the column of the time that a row is available from is the store's own, made from the row's time. */
    private boolean derivesAvailable() {
        return !available.isEmpty() && !isMeasured();
    }

    /** Whether the dataset itself says when a row is available. */
    private boolean isMeasured() {
        return dataset.schema().names().contains(available);
    }

    /** The row that is available so long before or after its time that conditions on the time miss it; -1 if none is. */
    int rowOutOfReach(Batch batch) {
        if (!isMeasured()) {
            return -1;
        }
        TimeColumn times = batch.times();
        TimeColumn out = batch.times(available);
        for (int row = 0; row < times.size(); row++) {
            long delay = out.epochMicros(row) - times.epochMicros(row);
            if (delay < -MOST_EARLY_MICROS || delay >= delayMicros) {
                return row;
            }
        }
        return -1;
    }

    /** The column that the table is partitioned on. */
    String partitionedOn() {
        return available.isEmpty() ? time : available;
    }

    private String column(Field field) {
        return field.name().equals(dataset.schema().time()) ? time : field.name();
    }

    /** The columns as our own fields, in the order of the table; what a staged file has. */
    List<Field> fields() {
        List<Field> fields = new ArrayList<>();
        subjects.forEach(subject -> fields.add(Field.text(subject.name())));
        dataset.schema()
                .fields()
                .forEach(field -> fields.add(new Field(column(field), field.type(), field.nullable())));
        if (derivesAvailable()) {
            fields.add(Field.time(available));
        }
        if (hasOrdinal()) {
            fields.add(Field.int64(ordinal));
        }
        return fields;
    }

    List<String> columns() {
        return fields().stream().map(Field::name).toList();
    }

    /** The columns as BigQuery has them. */
    Schema schema() {
        return schema(fields());
    }

    static Schema schema(List<Field> fields) {
        return Schema.of(FieldList.of(fields.stream().map(RowsTable::stored).toList()));
    }

    private static com.google.cloud.bigquery.Field stored(Field field) {
        com.google.cloud.bigquery.Field.Builder stored = com.google.cloud.bigquery.Field.newBuilder(
                        field.name(), type(field.type()))
                .setMode(field.nullable() ? Mode.NULLABLE : Mode.REQUIRED);
        if (field.type() instanceof ColumnType.Decimal decimal) {
            stored.setPrecision((long) decimal.precision());
            if (decimal.scale() > 0) {
                stored.setScale((long) decimal.scale());
            }
        }
        return stored.build();
    }

    /**
     * The type of a column. NUMERIC has 29 digits before the point and 9 behind it and takes half the bytes of BIGNUMERIC,
     * which has 38 of either.
     */
    static StandardSQLTypeName type(ColumnType type) {
        if (type instanceof ColumnType.Time) {
            return StandardSQLTypeName.TIMESTAMP;
        } else if (type instanceof ColumnType.Decimal decimal) {
            boolean fits = decimal.scale() <= 9 && decimal.precision() - decimal.scale() <= 29;
            return fits ? StandardSQLTypeName.NUMERIC : StandardSQLTypeName.BIGNUMERIC;
        } else if (type instanceof ColumnType.Int64) {
            return StandardSQLTypeName.INT64;
        } else if (type instanceof ColumnType.Float64) {
            return StandardSQLTypeName.FLOAT64;
        } else if (type instanceof ColumnType.Bool) {
            return StandardSQLTypeName.BOOL;
        } else {
            return StandardSQLTypeName.STRING;
        }
    }

    Clustering clustering() {
        return Clustering.newBuilder().setFields(clustered).build();
    }

    /** About how many bytes a row has, as BigQuery counts them. */
    int rowBytes() {
        int bytes = 0;
        for (Field field : fields()) {
            bytes += switch (type(field.type())) {
                case STRING -> TEXT_BYTES;
                case NUMERIC -> 16;
                case BIGNUMERIC -> 32;
                case BOOL -> 1;
                default -> Long.BYTES;
            };
        }
        return bytes;
    }

    /** The rows of a batch as columns of the table, in its order. */
    List<Column> columns(Batch batch, long firstOrdinal) {
        int rows = batch.rows();
        List<Column> columns = new ArrayList<>();
        for (SubjectColumn subject : subjects) {
            columns.add(
                    constant(subject.name(), subject.part().of(batch.series().subject()), rows));
        }
        TimeColumn times = batch.times();
        for (Column column : batch.columns()) {
            columns.add(column == times && !column.name().equals(time) ? shifted(time, times, 0) : column);
        }
        if (derivesAvailable()) {
            columns.add(shifted(available, times, delayMicros));
        }
        if (hasOrdinal()) {
            long[] ordinals = new long[rows];
            Arrays.setAll(ordinals, row -> firstOrdinal + row);
            columns.add(LongColumn.of(ordinal, ordinals));
        }
        return columns;
    }

    static TextColumn constant(String name, String value, int rows) {
        String[] values = new String[rows];
        Arrays.fill(values, value);
        return TextColumn.of(name, values);
    }

    private static TimeColumn shifted(String name, TimeColumn times, long micros) {
        long[] values = new long[times.size()];
        times.copy(0, times.size(), values, 0);
        for (int row = 0; micros != 0 && row < values.length; row++) {
            values[row] += micros;
        }
        return TimeColumn.adopt(name, values);
    }

    /** The condition that a row's time lies in {@code [from, to)}; leaves out every other partition. */
    String within(long from, long to) {
        String here = Statement.within(time, from, to);
        if (available.isEmpty()) {
            return here;
        }
        long earliest = isMeasured() ? Statement.clamped(Statement.clamped(from) - MOST_EARLY_MICROS) : later(from);
        return Statement.within(available, earliest, later(to)) + " AND " + here;
    }

    private long later(long micros) {
        return Statement.clamped(micros) + delayMicros;
    }

    /** The condition that a row is a subject's. */
    String whose(Statement statement, Subject subject) {
        return subjects.stream()
                .map(column -> Statement.name(column.name()) + " = "
                        + statement.text(column.part().of(subject)))
                .collect(Collectors.joining(" AND "));
    }

    /** The dataset's columns, in its order. */
    String selected() {
        return Statement.names(
                dataset.schema().fields().stream().map(this::column).toList());
    }

    /** The order in which rows were written. */
    String order(String direction) {
        return Statement.name(time) + direction + (hasOrdinal() ? ", " + Statement.name(ordinal) + direction : "");
    }

    /** How many partitions a stretch touches at most. */
    static long partitions(TimeRange range, Partitioning partitioning) {
        return switch (partitioning) {
                    case DAY -> range.duration().toDays();
                    case HOUR -> range.duration().toHours();
                }
                + 2;
    }
}
