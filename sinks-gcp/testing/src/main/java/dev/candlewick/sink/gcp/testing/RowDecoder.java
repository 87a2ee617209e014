package dev.candlewick.sink.gcp.testing;

import com.google.cloud.bigquery.storage.v1.BigDecimalByteStringEncoder;
import com.google.cloud.bigquery.storage.v1.TableFieldSchema;
import com.google.cloud.bigquery.storage.v1.TableSchema;
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads rows of a writer's own protocol buffer type into the values of a table. */
final class RowDecoder {

    private static final long FIRST_MICROS = -62_135_596_800_000_000L; // 0001-01-01
    private static final long AFTER_LAST_MICROS = 253_402_300_800_000_000L; // 10000-01-01
    private static final int NUMERIC_SCALE = 9;
    private static final int NUMERIC_DIGITS = 38;
    private static final int BIG_NUMERIC_SCALE = 38;

    private final TableSchema table;
    private final Descriptor descriptor;
    private final @Nullable FieldDescriptor[] byColumn;

    private RowDecoder(TableSchema table, Descriptor descriptor, @Nullable FieldDescriptor[] byColumn) {
        this.table = table;
        this.descriptor = descriptor;
        this.byColumn = byColumn;
    }

    /** A column of the writer that the table does not have. */
    static final class ExtraColumn extends Exception {
        private static final long serialVersionUID = 1L;

        ExtraColumn(String name) {
            super("Input schema has more fields than BigQuery schema, extra fields: '" + name + "'");
        }
    }

    /** What makes one row unacceptable. */
    static final class BadRow extends Exception {
        private static final long serialVersionUID = 1L;

        BadRow(String why) {
            super(why);
        }
    }

    static RowDecoder of(TableSchema table, DescriptorProto written) throws ExtraColumn {
        Descriptor descriptor;
        try {
            descriptor = FileDescriptor.buildFrom(
                            FileDescriptorProto.newBuilder()
                                    .setName("rows.proto")
                                    .setSyntax("proto2")
                                    .addMessageType(written)
                                    .build(),
                            new FileDescriptor[0])
                    .findMessageTypeByName(written.getName());
        } catch (DescriptorValidationException invalid) {
            throw new IllegalArgumentException("Invalid proto schema: " + invalid.getMessage(), invalid);
        }
        @Nullable FieldDescriptor[] byColumn = new @Nullable FieldDescriptor[table.getFieldsCount()];
        for (FieldDescriptor field : descriptor.getFields()) {
            int column = StreamTables.indexOf(table, field.getName());
            if (column < 0) {
                throw new ExtraColumn(field.getName());
            }
            check(table.getFields(column), field);
            byColumn[column] = field;
        }
        return new RowDecoder(table, descriptor, byColumn);
    }

    private static void check(TableFieldSchema column, FieldDescriptor field) {
        boolean fits = switch (column.getType()) {
            case STRING -> field.getJavaType() == FieldDescriptor.JavaType.STRING;
            case INT64, TIMESTAMP -> field.getJavaType() == FieldDescriptor.JavaType.LONG;
            case DOUBLE -> field.getJavaType() == FieldDescriptor.JavaType.DOUBLE;
            case BOOL -> field.getJavaType() == FieldDescriptor.JavaType.BOOLEAN;
            case NUMERIC, BIGNUMERIC ->
                field.getType() == FieldDescriptor.Type.BYTES || field.getType() == FieldDescriptor.Type.STRING;
            default -> false;
        };
        if (!fits || field.isRepeated()) {
            throw new IllegalArgumentException("The proto field mismatched with BigQuery field at " + field.getName()
                    + ", the proto field type " + field.getType() + ", BigQuery field type " + column.getType());
        }
    }

    @Nullable
    Object[] decode(ByteString row) throws BadRow {
        DynamicMessage message;
        try {
            message = DynamicMessage.parseFrom(descriptor, row);
        } catch (InvalidProtocolBufferException damaged) {
            throw new BadRow("Cannot parse the row: " + damaged.getMessage());
        }
        if (!message.getUnknownFields().asMap().isEmpty()) {
            throw new BadRow("The row has fields that its schema does not name");
        }
        @Nullable Object[] values = new @Nullable Object[byColumn.length];
        for (int i = 0; i < values.length; i++) {
            FieldDescriptor field = byColumn[i];
            TableFieldSchema column = table.getFields(i);
            if (field != null && message.hasField(field)) {
                values[i] = value(column, message.getField(field));
            } else if (column.getMode() == TableFieldSchema.Mode.REQUIRED) {
                throw new BadRow("Required field " + column.getName() + " is missing");
            }
        }
        return values;
    }

    private static Object value(TableFieldSchema column, Object written) throws BadRow {
        return switch (column.getType()) {
            case TIMESTAMP -> {
                long micros = (Long) written;
                if (micros < FIRST_MICROS || micros >= AFTER_LAST_MICROS) {
                    throw new BadRow("Timestamp " + micros + " of field " + column.getName() + " is out of range");
                }
                yield micros;
            }
            case NUMERIC, BIGNUMERIC -> decimal(column, written);
            default -> written;
        };
    }

    private static BigDecimal decimal(TableFieldSchema column, Object written) throws BadRow {
        boolean numeric = column.getType() == TableFieldSchema.Type.NUMERIC;
        BigDecimal value;
        if (written instanceof String text) {
            value = new BigDecimal(text);
        } else {
            ByteString bytes = (ByteString) written;
            value = numeric
                    ? BigDecimalByteStringEncoder.decodeNumericByteString(bytes)
                    : BigDecimalByteStringEncoder.decodeBigNumericByteString(bytes);
        }
        int scale = column.getPrecision() > 0 ? (int) column.getScale() : numeric ? NUMERIC_SCALE : BIG_NUMERIC_SCALE;
        BigDecimal plain = value.stripTrailingZeros();
        int whole = value.signum() == 0 ? 0 : plain.precision() - plain.scale();
        int digits = column.getPrecision() > 0 ? (int) column.getPrecision() : numeric ? NUMERIC_DIGITS : 76;
        if (plain.scale() > scale || whole > digits - scale) {
            throw new BadRow(column.getType() + "(" + digits + ", " + scale + ") field " + column.getName()
                    + " has out of range value " + value.toPlainString());
        }
        return value.setScale(scale);
    }

    static List<String> columns(TableSchema schema) {
        List<String> names = new ArrayList<>();
        schema.getFieldsList().forEach(field -> names.add(field.getName()));
        return names;
    }
}
