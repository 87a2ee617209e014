package dev.candlewick.sink.parquet.arrow;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.BooleanColumn;
import dev.candlewick.Column;
import dev.candlewick.ColumnType;
import dev.candlewick.DecimalColumn;
import dev.candlewick.DoubleColumn;
import dev.candlewick.Field;
import dev.candlewick.LongColumn;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.TextColumn;
import dev.candlewick.TimeColumn;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Copies batches into Arrow vectors and back, exactly: times as microseconds in UTC, decimals as 128-bit decimals of the
 * column's precision and scale. Arrow needs {@code --add-opens=java.base/java.nio=ALL-UNNAMED}.
 */
public final class ArrowBatches {

    private ArrowBatches() {}

    /** The batch's rows as vectors of their own in the allocator's memory, of the columns it has; close the root when done. */
    public static VectorSchemaRoot export(Batch batch, BufferAllocator allocator) {
        List<String> names = batch.columns().stream().map(Column::name).toList();
        Schema schema = new Schema(batch.series().schema().select(names).stream()
                .map(field -> new org.apache.arrow.vector.types.pojo.Field(
                        field.name(), new FieldType(field.nullable(), type(field.type()), null), null))
                .toList());
        VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
        try {
            for (Column column : batch.columns()) {
                FieldVector vector = root.getVector(column.name());
                vector.setInitialCapacity(batch.rows());
                vector.allocateNew();
                for (int row = 0; row < batch.rows(); row++) {
                    if (column.isNull(row)) {
                        vector.setNull(row);
                    } else {
                        set(vector, column, row);
                    }
                }
            }
            root.setRowCount(batch.rows());
            return root;
        } catch (RuntimeException failed) {
            root.close();
            throw failed;
        }
    }

    /**
     * The rows of a root as a batch that shares nothing with it. Vectors are found by name and must have the types that
     * {@link #export} gives; others are ignored. {@link Refused} when one is missing or of another type.
     */
    public static Batch importRoot(Series series, VectorSchemaRoot root) {
        List<Field> fields = series.schema().fields();
        for (Field field : fields) {
            FieldVector vector = root.getVector(field.name());
            if (vector == null || !vector.getField().getType().equals(type(field.type()))) {
                throw new Refused("Arrow vectors " + root.getSchema() + " cannot be read as " + series + ": '" + field
                        + "' needs a vector of type " + type(field.type()));
            }
        }
        BatchBuilder builder = new BatchBuilder(series, root.getRowCount());
        for (int row = 0; row < root.getRowCount(); row++) {
            for (int i = 0; i < fields.size(); i++) {
                append(builder, i, fields.get(i), root.getVector(fields.get(i).name()), row);
            }
            builder.endRow();
        }
        return builder.build();
    }

    private static ArrowType type(ColumnType type) {
        if (type instanceof ColumnType.Time) {
            return new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC");
        } else if (type instanceof ColumnType.Decimal decimal) {
            return new ArrowType.Decimal(decimal.precision(), decimal.scale(), 128);
        } else if (type instanceof ColumnType.Int64) {
            return new ArrowType.Int(64, true);
        } else if (type instanceof ColumnType.Float64) {
            return new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
        } else if (type instanceof ColumnType.Bool) {
            return new ArrowType.Bool();
        } else {
            return new ArrowType.Utf8();
        }
    }

    private static void set(FieldVector vector, Column column, int row) {
        if (column instanceof TimeColumn times) {
            ((TimeStampMicroTZVector) vector).setSafe(row, times.epochMicros(row));
        } else if (column instanceof DecimalColumn decimals) {
            ((DecimalVector) vector).setSafe(row, decimals.get(row));
        } else if (column instanceof LongColumn longs) {
            ((BigIntVector) vector).setSafe(row, longs.value(row));
        } else if (column instanceof DoubleColumn doubles) {
            ((Float8Vector) vector).setSafe(row, doubles.value(row));
        } else if (column instanceof BooleanColumn booleans) {
            ((BitVector) vector).setSafe(row, booleans.value(row) ? 1 : 0);
        } else if (column instanceof TextColumn texts) {
            ((VarCharVector) vector).setSafe(row, texts.value(row).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void append(BatchBuilder builder, int i, Field field, FieldVector vector, int row) {
        boolean none = vector.isNull(row);
        if (none && !field.nullable()) {
            throw new Refused("Row " + row + " of Arrow vector '" + field.name() + "' has no value, but '" + field
                    + "' allows none");
        }
        if (vector instanceof TimeStampMicroTZVector times) {
            if (none) {
                builder.time(i).appendNull();
            } else {
                builder.time(i).append(times.get(row));
            }
        } else if (vector instanceof DecimalVector decimals) {
            if (none) {
                builder.decimal(i).appendNull();
            } else {
                builder.decimal(i).append(decimals.getObjectNotNull(row));
            }
        } else if (vector instanceof BigIntVector longs) {
            if (none) {
                builder.int64(i).appendNull();
            } else {
                builder.int64(i).append(longs.get(row));
            }
        } else if (vector instanceof Float8Vector doubles) {
            if (none) {
                builder.float64(i).appendNull();
            } else {
                builder.float64(i).append(doubles.get(row));
            }
        } else if (vector instanceof BitVector bits) {
            if (none) {
                builder.bool(i).appendNull();
            } else {
                builder.bool(i).append(bits.get(row) != 0);
            }
        } else if (vector instanceof VarCharVector texts) {
            if (none) {
                builder.text(i).appendNull();
            } else {
                builder.text(i).append(new String(texts.get(row), StandardCharsets.UTF_8));
            }
        }
    }
}
