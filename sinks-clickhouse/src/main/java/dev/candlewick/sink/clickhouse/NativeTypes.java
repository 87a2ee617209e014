package dev.candlewick.sink.clickhouse;

import dev.candlewick.ColumnType;
import dev.candlewick.Field;

/** How the types of columns are called in ClickHouse, in tables and in the {@code Native} format. */
final class NativeTypes {

    static final String TIME = "DateTime64(6, 'UTC')";

    private NativeTypes() {}

    /** The type of a table's column. */
    static String of(Field field) {
        String type = of(field.type());
        return field.nullable() ? "Nullable(" + type + ")" : type;
    }

    private static String of(ColumnType type) {
        if (type instanceof ColumnType.Time) {
            return TIME;
        } else if (type instanceof ColumnType.Decimal decimal) {
            return "Decimal(" + decimal.precision() + ", " + decimal.scale() + ")";
        } else if (type instanceof ColumnType.Int64) {
            return "Int64";
        } else if (type instanceof ColumnType.Float64) {
            return "Float64";
        } else if (type instanceof ColumnType.Bool) {
            return "Bool";
        } else {
            return "String";
        }
    }

    /** How many bytes a decimal has. */
    static int width(ColumnType.Decimal decimal) {
        return decimal.precision() <= 9 ? 4 : decimal.precision() <= 18 ? 8 : 16;
    }
}
