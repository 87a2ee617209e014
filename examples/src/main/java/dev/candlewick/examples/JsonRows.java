package dev.candlewick.examples;

import dev.candlewick.Batch;
import dev.candlewick.BooleanColumn;
import dev.candlewick.Column;
import dev.candlewick.DecimalColumn;
import dev.candlewick.DoubleColumn;
import dev.candlewick.LongColumn;
import dev.candlewick.Schema;
import dev.candlewick.TimeColumn;

/**
 * A JSON array of objects, one per line. Decimals are strings, because a JSON number read as a double would lose digits;
 * times are ISO-8601 strings.
 */
final class JsonRows implements RowFormat {

    private final TextOutput out;
    private final SeriesColumn seriesColumn;
    private boolean first = true;

    JsonRows(TextOutput out, SeriesColumn seriesColumn) {
        this.out = out;
        this.seriesColumn = seriesColumn;
    }

    @Override
    public void begin(Schema schema) {
        out.append('[');
    }

    @Override
    public void rows(Batch batch) {
        String series = JsonText.quote(batch.series().toString());
        for (int row = 0; row < batch.rows(); row++) {
            out.append(first ? "\n{" : ",\n{");
            first = false;
            String separator = "";
            if (seriesColumn == SeriesColumn.SHOWN) {
                out.append("\"series\":").append(series);
                separator = ",";
            }
            for (Column column : batch.columns()) {
                out.append(separator).append(JsonText.quote(column.name())).append(':');
                value(column, row);
                separator = ",";
            }
            out.append('}');
        }
    }

    @Override
    public void end() {
        out.append(first ? "]\n" : "\n]\n").flush();
    }

    private void value(Column column, int row) {
        if (column.isNull(row)) {
            out.append("null");
        } else if (column instanceof DecimalColumn decimals) {
            out.append('"').decimal(decimals, row).append('"');
        } else if (column instanceof TimeColumn times) {
            out.append('"').time(times.epochMicros(row)).append('"');
        } else if (column instanceof LongColumn longs) {
            out.number(longs.value(row));
        } else if (column instanceof BooleanColumn booleans) {
            out.append(booleans.value(row) ? "true" : "false");
        } else if (column instanceof DoubleColumn doubles && Double.isFinite(doubles.value(row))) {
            out.append(Double.toString(doubles.value(row)));
        } else {
            out.append(JsonText.quote(column.text(row)));
        }
    }
}
