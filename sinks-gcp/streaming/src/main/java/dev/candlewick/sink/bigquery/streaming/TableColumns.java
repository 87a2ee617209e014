package dev.candlewick.sink.bigquery.streaming;

import com.google.cloud.bigquery.storage.v1.TableFieldSchema;
import com.google.cloud.bigquery.storage.v1.TableSchema;
import dev.candlewick.ColumnType;
import dev.candlewick.Field;
import dev.candlewick.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Compares the columns of a table with what is to be written into it. */
final class TableColumns {

    static final int NUMERIC_SCALE = 9;
    static final int BIG_NUMERIC_SCALE = 38;
    private static final int NUMERIC_WHOLE_DIGITS = 29;
    private static final int BIG_NUMERIC_WHOLE_DIGITS = 38;

    private TableColumns() {}

    /**
     * The table's column for each field.
     *
     * @throws Refused naming every difference that would lose a value or a row
     */
    static List<TableFieldSchema> matching(String table, TableSchema schema, List<Field> fields) {
        List<TableFieldSchema> matching = new ArrayList<>();
        List<String> differences = new ArrayList<>();
        for (Field field : fields) {
            Optional<TableFieldSchema> column = find(schema, field.name());
            if (column.isEmpty()) {
                differences.add("there is no column '" + field.name() + "'");
            } else if (!holds(column.get(), field.type())) {
                differences.add("column '" + column.get().getName() + "' is " + described(column.get())
                        + ", which cannot hold " + field.type());
            } else if (field.nullable() && column.get().getMode() == TableFieldSchema.Mode.REQUIRED) {
                differences.add(
                        "column '" + column.get().getName() + "' is REQUIRED, but rows may have no value there");
            } else {
                matching.add(column.get());
            }
        }
        for (TableFieldSchema column : schema.getFieldsList()) {
            if (column.getMode() == TableFieldSchema.Mode.REQUIRED
                    && fields.stream().noneMatch(field -> field.name().equalsIgnoreCase(column.getName()))) {
                differences.add("column '" + column.getName() + "' is REQUIRED, and nothing is written there");
            }
        }
        if (!differences.isEmpty()) {
            throw new Refused("Rows cannot be written into " + table + ": " + String.join("; ", differences)
                    + ". Write into another table, or change this one");
        }
        return matching;
    }

    /** Digits behind the point that values are sent with. */
    static int wireScale(TableFieldSchema column) {
        return column.getType() == TableFieldSchema.Type.NUMERIC ? NUMERIC_SCALE : BIG_NUMERIC_SCALE;
    }

    private static Optional<TableFieldSchema> find(TableSchema schema, String name) {
        return schema.getFieldsList().stream()
                .filter(column -> column.getName().equalsIgnoreCase(name))
                .findFirst();
    }

    private static boolean holds(TableFieldSchema column, ColumnType type) {
        if (column.getMode() == TableFieldSchema.Mode.REPEATED) {
            return false;
        }
        if (type instanceof ColumnType.Decimal decimal) {
            return holds(column, decimal);
        }
        TableFieldSchema.Type needed;
        if (type instanceof ColumnType.Time) {
            needed = TableFieldSchema.Type.TIMESTAMP;
        } else if (type instanceof ColumnType.Int64) {
            needed = TableFieldSchema.Type.INT64;
        } else if (type instanceof ColumnType.Float64) {
            needed = TableFieldSchema.Type.DOUBLE;
        } else if (type instanceof ColumnType.Bool) {
            needed = TableFieldSchema.Type.BOOL;
        } else {
            needed = TableFieldSchema.Type.STRING;
        }
        return column.getType() == needed;
    }

    private static boolean holds(TableFieldSchema column, ColumnType.Decimal decimal) {
        int whole;
        int scale;
        if (column.getType() == TableFieldSchema.Type.NUMERIC) {
            whole = NUMERIC_WHOLE_DIGITS;
            scale = NUMERIC_SCALE;
        } else if (column.getType() == TableFieldSchema.Type.BIGNUMERIC) {
            whole = BIG_NUMERIC_WHOLE_DIGITS;
            scale = BIG_NUMERIC_SCALE;
        } else {
            return false;
        }
        if (column.getPrecision() > 0) {
            scale = Math.toIntExact(column.getScale());
            whole = Math.toIntExact(column.getPrecision()) - scale;
        }
        return decimal.scale() <= scale && decimal.precision() - decimal.scale() <= whole;
    }

    private static String described(TableFieldSchema column) {
        return column.getType()
                + (column.getPrecision() > 0 ? "(" + column.getPrecision() + ", " + column.getScale() + ")" : "");
    }
}
