package dev.candlewick.sink.bigquery;

import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.FieldValueList;
import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.ColumnType;
import dev.candlewick.Corrupt;
import dev.candlewick.DecimalColumnBuilder;
import dev.candlewick.Field;
import dev.candlewick.Series;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Rows of a query as columns. Decimals go from their text to scaled integers and never through a double. */
final class RowDecoder {

    private final Series series;
    private final List<Field> fields;
    private final BatchBuilder builder;

    RowDecoder(Series series, int rows) {
        this.series = series;
        this.fields = series.schema().fields();
        this.builder = new BatchBuilder(series, rows);
    }

    Batch decode(Iterable<FieldValueList> rows) {
        for (FieldValueList row : rows) {
            for (int column = 0; column < fields.size(); column++) {
                decode(column, row.get(column));
            }
            builder.endRow();
        }
        try {
            return builder.build();
        } catch (IllegalArgumentException disorder) {
            throw corrupt("the rows", String.valueOf(disorder.getMessage()), disorder);
        }
    }

    private void decode(int column, FieldValue value) {
        Field field = fields.get(column);
        if (value.isNull()) {
            if (!field.nullable()) {
                throw corrupt("column '" + field.name() + "'", "a row has no value there", new IllegalStateException());
            }
            appendNull(column, field.type());
            return;
        }
        try {
            append(column, field.type(), value);
        } catch (ArithmeticException | NumberFormatException unfit) {
            throw corrupt("column '" + field.name() + "'", String.valueOf(unfit.getMessage()), unfit);
        }
    }

    private void append(int column, ColumnType type, FieldValue value) {
        if (type instanceof ColumnType.Time) {
            builder.time(column).append(Timestamps.micros(value));
        } else if (type instanceof ColumnType.Decimal) {
            append(builder.decimal(column), value.getStringValue());
        } else if (type instanceof ColumnType.Int64) {
            builder.int64(column).append(value.getLongValue());
        } else if (type instanceof ColumnType.Float64) {
            builder.float64(column).append(Double.parseDouble(value.getStringValue()));
        } else if (type instanceof ColumnType.Bool) {
            builder.bool(column).append(value.getBooleanValue());
        } else {
            builder.text(column).append(value.getStringValue());
        }
    }

    private static void append(DecimalColumnBuilder decimals, String text) {
        if (text.indexOf('e') >= 0 || text.indexOf('E') >= 0) {
            decimals.append(new BigDecimal(text));
        } else {
            byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
            decimals.appendText(bytes, 0, bytes.length);
        }
    }

    private void appendNull(int column, ColumnType type) {
        if (type instanceof ColumnType.Time) {
            builder.time(column).appendNull();
        } else if (type instanceof ColumnType.Decimal) {
            builder.decimal(column).appendNull();
        } else if (type instanceof ColumnType.Int64) {
            builder.int64(column).appendNull();
        } else if (type instanceof ColumnType.Float64) {
            builder.float64(column).appendNull();
        } else if (type instanceof ColumnType.Bool) {
            builder.bool(column).appendNull();
        } else {
            builder.text(column).appendNull();
        }
    }

    private Corrupt corrupt(String where, String what, RuntimeException cause) {
        return new Corrupt(
                "What is stored of " + Failures.cut(series) + " cannot be read: " + where + ": " + what
                        + "; somebody changed the table. Forget the unit and fetch it again",
                cause);
    }
}
