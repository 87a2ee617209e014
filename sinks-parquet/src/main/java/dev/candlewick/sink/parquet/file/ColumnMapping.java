package dev.candlewick.sink.parquet.file;

import dev.candlewick.ColumnType;
import dev.candlewick.Field;
import dev.candlewick.Refused;
import java.util.function.Function;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.Type;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type.Repetition;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a file's column can give a field's values exactly, and how.
 *
 * <p>Timestamps without a zone count as UTC: DuckDB, Polars and pandas write them for UTC data all the time, and no other
 * reading would give every instant exactly one value.
 */
final class ColumnMapping {

    private final String file;
    private final FileColumn column;
    private final Field field;
    private final SchemaElement element;
    private final @Nullable LogicalType logical;
    private final @Nullable ConvertedType converted;

    private ColumnMapping(String file, FileColumn column, Field field) {
        this.file = file;
        this.column = column;
        this.field = field;
        this.element = column.element();
        this.logical = element.getLogicalType();
        this.converted = element.getConverted_type();
    }

    /** What opens a reader over a column chunk. */
    interface Opener {
        ColumnReader open(PageReader pages, long lastRow);
    }

    /** How to read the column as the field; {@link Refused} when there is no exact way. */
    static Opener of(String file, FileColumn column, Field field) {
        return new ColumnMapping(file, column, field).opener();
    }

    /** The unit of a time column, as the change to microseconds. */
    static @Nullable Scale timeScale(SchemaElement element) {
        LogicalType logical = element.getLogicalType();
        if (logical != null && logical.isSetTIMESTAMP()) {
            TimeUnit unit = logical.getTIMESTAMP().getUnit();
            return unit.isSetMILLIS() ? new Scale(3) : unit.isSetMICROS() ? Scale.NONE : new Scale(-3);
        }
        if (element.getConverted_type() == ConvertedType.TIMESTAMP_MILLIS) {
            return new Scale(3);
        }
        return element.getConverted_type() == ConvertedType.TIMESTAMP_MICROS ? Scale.NONE : null;
    }

    private Opener opener() {
        ColumnType type = field.type();
        if (column.shape() == FileColumn.Shape.NESTED || element.getType() == null) {
            throw unfit("is nested");
        }
        Opener opener;
        if (type instanceof ColumnType.Time) {
            opener = time();
        } else if (type instanceof ColumnType.Int64) {
            opener = integer();
        } else if (type instanceof ColumnType.Decimal decimal) {
            opener = decimal(decimal);
        } else if (type instanceof ColumnType.Float64) {
            opener = number();
        } else if (type instanceof ColumnType.Bool) {
            opener = element.getType() == Type.BOOLEAN
                    ? (pages, lastRow) -> new BooleanReader(pages, field, optional(), lastRow)
                    : null;
        } else {
            opener = text();
        }
        if (opener == null) {
            throw unfit("holds " + described());
        }
        return opener;
    }

    private @Nullable Opener time() {
        if (element.getType() == Type.INT96) {
            return integers(IntegerForm.INT96, Scale.NONE);
        }
        Scale scale = timeScale(element);
        return scale != null && element.getType() == Type.INT64 ? integers(IntegerForm.INT64, scale) : null;
    }

    private @Nullable Opener integer() {
        IntegerForm form = integerForm();
        return form == null ? null : integers(form, Scale.NONE);
    }

    private @Nullable Opener decimal(ColumnType.Decimal target) {
        Type physical = element.getType();
        boolean decimal = converted == ConvertedType.DECIMAL || (logical != null && logical.isSetDECIMAL());
        int scale =
                logical != null && logical.isSetDECIMAL() ? logical.getDECIMAL().getScale() : element.getScale();
        if (decimal && (physical == Type.INT32 || physical == Type.INT64)) {
            IntegerForm form = physical == Type.INT32 ? IntegerForm.INT32 : IntegerForm.INT64;
            return integers(form, new Scale(target.scale() - scale));
        }
        if (decimal && physical == Type.FIXED_LEN_BYTE_ARRAY && element.getType_length() > 0) {
            return wide(element.getType_length(), scale);
        }
        if (decimal && physical == Type.BYTE_ARRAY) {
            return wide(-1, scale);
        }
        IntegerForm form = integerForm();
        return form == null ? null : integers(form, new Scale(target.scale()));
    }

    private @Nullable Opener number() {
        ColumnDescriptor descriptor = descriptor();
        if (element.getType() == Type.DOUBLE) {
            return (pages, lastRow) ->
                    new DoubleReader(pages, field, optional(), lastRow, IntegerForm.INT64, descriptor);
        }
        if (element.getType() == Type.FLOAT) {
            return (pages, lastRow) ->
                    new DoubleReader(pages, field, optional(), lastRow, IntegerForm.INT32, descriptor);
        }
        return null;
    }

    private @Nullable Opener text() {
        boolean plain = logical == null && converted == null;
        boolean text = converted == ConvertedType.UTF8
                || converted == ConvertedType.ENUM
                || converted == ConvertedType.JSON
                || (logical != null && (logical.isSetSTRING() || logical.isSetENUM() || logical.isSetJSON()));
        ColumnDescriptor descriptor = descriptor();
        return element.getType() == Type.BYTE_ARRAY && (plain || text)
                ? (pages, lastRow) -> new TextReader(pages, field, optional(), lastRow, descriptor)
                : null;
    }

    /** How whole numbers are held, if that is what the column is. */
    private @Nullable IntegerForm integerForm() {
        boolean plain = logical == null && converted == null;
        boolean unsigned = (logical != null && logical.isSetINTEGER())
                ? !logical.getINTEGER().isIsSigned()
                : converted == ConvertedType.UINT_8
                        || converted == ConvertedType.UINT_16
                        || converted == ConvertedType.UINT_32
                        || converted == ConvertedType.UINT_64;
        boolean signed = (logical != null && logical.isSetINTEGER() && !unsigned)
                || converted == ConvertedType.INT_8
                || converted == ConvertedType.INT_16
                || converted == ConvertedType.INT_32
                || converted == ConvertedType.INT_64;
        if (!plain && !unsigned && !signed) {
            return null;
        }
        if (element.getType() == Type.INT32) {
            return unsigned ? IntegerForm.UINT32 : IntegerForm.INT32;
        }
        return element.getType() == Type.INT64 ? unsigned ? IntegerForm.UINT64 : IntegerForm.INT64 : null;
    }

    private Opener integers(IntegerForm form, Scale scale) {
        ColumnDescriptor descriptor = descriptor();
        return (pages, lastRow) -> new IntegerReader(pages, field, optional(), lastRow, form, scale, descriptor);
    }

    private Opener wide(int width, int scale) {
        ColumnDescriptor descriptor = descriptor();
        return (pages, lastRow) -> new WideReader(pages, field, optional(), lastRow, width, scale, descriptor);
    }

    private boolean optional() {
        return column.shape() == FileColumn.Shape.OPTIONAL;
    }

    /** The column as parquet-column's readers want it described. */
    private ColumnDescriptor descriptor() {
        Repetition repetition = optional() ? Repetition.OPTIONAL : Repetition.REQUIRED;
        PrimitiveType.PrimitiveTypeName physical = PrimitiveType.PrimitiveTypeName.valueOf(
                element.getType() == Type.BYTE_ARRAY
                        ? "BINARY"
                        : element.getType().name());
        PrimitiveType type = element.getType() == Type.FIXED_LEN_BYTE_ARRAY
                ? new PrimitiveType(repetition, physical, Math.max(1, element.getType_length()), column.name())
                : new PrimitiveType(repetition, physical, column.name());
        return new ColumnDescriptor(new String[] {column.name()}, type, 0, optional() ? 1 : 0);
    }

    private String described() {
        Function<Object, String> lower = text -> text.toString().toLowerCase(java.util.Locale.ROOT);
        if (logical != null) {
            return element.getType() + " "
                    + lower.apply(logical).replaceAll("[<>]", " ").strip();
        }
        return converted == null ? element.getType() + " without a meaning" : element.getType() + " " + converted;
    }

    private Refused unfit(String what) {
        return new Refused("Column '" + column.name() + "' of Parquet file " + file + " " + what
                + " and cannot be read exactly as '" + field + "'");
    }
}
