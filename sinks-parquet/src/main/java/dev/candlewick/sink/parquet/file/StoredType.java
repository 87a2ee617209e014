package dev.candlewick.sink.parquet.file;

import dev.candlewick.ColumnType;
import dev.candlewick.Field;
import dev.candlewick.Schema;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DecimalType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.MicroSeconds;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.TimestampType;
import org.apache.parquet.format.Type;

/** How each type of column is stored: physical type, logical type and, for old readers, the converted type. */
final class StoredType {

    private StoredType() {}

    /** Whether a decimal needs more than the 18 digits of a 64-bit integer. */
    static boolean isWide(ColumnType.Decimal decimal) {
        return decimal.precision() > 18;
    }

    /** The fewest bytes of two's complement that hold every number of that many digits. */
    static int bytes(int precision) {
        return BigInteger.TEN.pow(precision).subtract(BigInteger.ONE).bitLength() / 8 + 1;
    }

    /** The schema as the footer lists it: the root, then the columns. */
    static List<SchemaElement> elements(Schema schema) {
        List<SchemaElement> elements = new ArrayList<>();
        // Without a repetition the root reads as the specification asks.
        elements.add(new SchemaElement("schema").setNum_children(schema.fields().size()));
        for (Field field : schema.fields()) {
            elements.add(element(field));
        }
        return elements;
    }

    static Type physical(Field field) {
        ColumnType type = field.type();
        if (type instanceof ColumnType.Decimal decimal) {
            return isWide(decimal) ? Type.FIXED_LEN_BYTE_ARRAY : Type.INT64;
        } else if (type instanceof ColumnType.Float64) {
            return Type.DOUBLE;
        } else if (type instanceof ColumnType.Bool) {
            return Type.BOOLEAN;
        } else if (type instanceof ColumnType.Text) {
            return Type.BYTE_ARRAY;
        } else {
            return Type.INT64;
        }
    }

    private static SchemaElement element(Field field) {
        SchemaElement element = new SchemaElement(field.name())
                .setType(physical(field))
                .setRepetition_type(field.nullable() ? FieldRepetitionType.OPTIONAL : FieldRepetitionType.REQUIRED);
        ColumnType type = field.type();
        if (type instanceof ColumnType.Time) {
            element.setConverted_type(ConvertedType.TIMESTAMP_MICROS)
                    .setLogicalType(
                            LogicalType.TIMESTAMP(new TimestampType(true, TimeUnit.MICROS(new MicroSeconds()))));
        } else if (type instanceof ColumnType.Decimal decimal) {
            element.setConverted_type(ConvertedType.DECIMAL)
                    .setPrecision(decimal.precision())
                    .setScale(decimal.scale())
                    .setLogicalType(LogicalType.DECIMAL(new DecimalType(decimal.scale(), decimal.precision())));
            if (isWide(decimal)) {
                element.setType_length(bytes(decimal.precision()));
            }
        } else if (type instanceof ColumnType.Text) {
            element.setConverted_type(ConvertedType.UTF8).setLogicalType(LogicalType.STRING(new StringType()));
        }
        return element;
    }
}
