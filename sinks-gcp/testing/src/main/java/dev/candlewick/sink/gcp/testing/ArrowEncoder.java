package dev.candlewick.sink.gcp.testing;

import com.google.cloud.bigquery.storage.v1.TableFieldSchema;
import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Rows as the Storage Read API sends them: messages of Arrow's own library, so that a reader is not tested against its own
 * mirror image. Needs {@code --add-opens=java.base/java.nio=ALL-UNNAMED}.
 */
final class ArrowEncoder {

    private final List<TableFieldSchema> columns;
    private final Schema schema;

    ArrowEncoder(List<TableFieldSchema> columns) {
        this.columns = columns;
        this.schema = new Schema(columns.stream()
                .map(column -> new Field(column.getName(), new FieldType(true, type(column), null), null))
                .toList());
    }

    ByteString schema() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            MessageSerializer.serialize(new WriteChannel(Channels.newChannel(bytes)), schema);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return ByteString.copyFrom(bytes.toByteArray());
    }

    ByteString encode(List<@Nullable Object[]> rows) {
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator)) {
            for (int i = 0; i < columns.size(); i++) {
                FieldVector vector = root.getVector(i);
                vector.setInitialCapacity(rows.size());
                vector.allocateNew();
                for (int row = 0; row < rows.size(); row++) {
                    set(vector, row, rows.get(row)[i]);
                }
            }
            root.setRowCount(rows.size());
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ArrowRecordBatch batch = new VectorUnloader(root).getRecordBatch()) {
                MessageSerializer.serialize(new WriteChannel(Channels.newChannel(bytes)), batch);
            }
            return ByteString.copyFrom(bytes.toByteArray());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static void set(FieldVector vector, int row, @Nullable Object value) {
        if (value == null) {
            vector.setNull(row);
        } else if (vector instanceof TimeStampMicroTZVector times) {
            times.setSafe(row, (Long) value);
        } else if (vector instanceof BigIntVector longs) {
            longs.setSafe(row, (Long) value);
        } else if (vector instanceof Float8Vector doubles) {
            doubles.setSafe(row, (Double) value);
        } else if (vector instanceof BitVector bits) {
            bits.setSafe(row, (Boolean) value ? 1 : 0);
        } else if (vector instanceof DecimalVector decimals) {
            decimals.setSafe(row, ((BigDecimal) value).setScale(decimals.getScale()));
        } else if (vector instanceof Decimal256Vector decimals) {
            decimals.setSafe(row, ((BigDecimal) value).setScale(decimals.getScale()));
        } else {
            ((VarCharVector) vector).setSafe(row, ((String) value).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static ArrowType type(TableFieldSchema column) {
        int precision = (int) column.getPrecision();
        int scale = (int) column.getScale();
        return switch (column.getType()) {
            case TIMESTAMP -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC");
            case INT64 -> new ArrowType.Int(64, true);
            case DOUBLE -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
            case BOOL -> new ArrowType.Bool();
            case STRING -> new ArrowType.Utf8();
            case NUMERIC ->
                precision > 0 ? new ArrowType.Decimal(precision, scale, 128) : new ArrowType.Decimal(38, 9, 128);
            case BIGNUMERIC ->
                precision > 0 ? new ArrowType.Decimal(precision, scale, 256) : new ArrowType.Decimal(76, 38, 256);
            default ->
                throw new IllegalArgumentException("This server does not read columns of type " + column.getType());
        };
    }
}
