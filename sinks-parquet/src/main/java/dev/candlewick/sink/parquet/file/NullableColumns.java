package dev.candlewick.sink.parquet.file;

import dev.candlewick.BatchBuilder;
import dev.candlewick.Cadence;
import dev.candlewick.Column;
import dev.candlewick.ColumnType;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import java.util.List;

/**
 * Columns with nulls, which only a batch's builder can make: a batch of a time and the column in question is built and
 * the column taken out.
 */
final class NullableColumns {

    private static final Subject NOBODY = Subject.parse("FILE:COLUMN:ONE");

    private NullableColumns() {}

    /** A time or integer column of dense values. */
    static Column integers(Field field, int rows, int[] defined, long[] dense) {
        return build(field, rows, defined, (builder, value) -> {
            if (field.type() instanceof ColumnType.Time) {
                builder.time(1).append(dense[value]);
            } else {
                builder.int64(1).append(dense[value]);
            }
        });
    }

    static Column doubles(Field field, int rows, int[] defined, double[] dense) {
        return build(
                field, rows, defined, (builder, value) -> builder.float64(1).append(dense[value]));
    }

    static Column booleans(Field field, int rows, int[] defined, boolean[] dense) {
        return build(field, rows, defined, (builder, value) -> builder.bool(1).append(dense[value]));
    }

    static Column texts(Field field, int rows, int[] defined, String[] dense) {
        return build(field, rows, defined, (builder, value) -> builder.text(1).append(dense[value]));
    }

    /** A text column of dense numbers. */
    static Column numbers(Field field, int rows, int[] defined, long[] dense) {
        return build(field, rows, defined, (builder, value) -> builder.text(1).appendNumber(dense[value]));
    }

    private static Column build(Field field, int rows, int[] defined, Appender appender) {
        Field time = Field.time(field.name().equals("t") ? "t_" : "t");
        Schema schema = new Schema(List.of(time, field), time.name(), List.of(time.name()));
        BatchBuilder builder =
                new BatchBuilder(new Series(NOBODY, new Dataset("column", schema, Cadence.events())), rows);
        int value = 0;
        for (int row = 0; row < rows; row++) {
            builder.time(0).append(row);
            if (defined[row] != 0) {
                appender.append(builder, value++);
            } else {
                appendNull(builder, field.type());
            }
            builder.endRow();
        }
        return builder.build().column(field.name());
    }

    private static void appendNull(BatchBuilder builder, ColumnType type) {
        if (type instanceof ColumnType.Time) {
            builder.time(1).appendNull();
        } else if (type instanceof ColumnType.Int64) {
            builder.int64(1).appendNull();
        } else if (type instanceof ColumnType.Float64) {
            builder.float64(1).appendNull();
        } else if (type instanceof ColumnType.Bool) {
            builder.bool(1).appendNull();
        } else {
            builder.text(1).appendNull();
        }
    }

    @FunctionalInterface
    private interface Appender {
        void append(BatchBuilder builder, int value);
    }
}
