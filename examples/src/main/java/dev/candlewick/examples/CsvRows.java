package dev.candlewick.examples;

import dev.candlewick.Batch;
import dev.candlewick.BooleanColumn;
import dev.candlewick.Column;
import dev.candlewick.DecimalColumn;
import dev.candlewick.LongColumn;
import dev.candlewick.Schema;
import dev.candlewick.TimeColumn;
import java.util.List;

/**
 * CSV as RFC 4180 has it, but with bare line feeds: a header, times in ISO-8601 UTC, decimals plain without trailing
 * zeros, nothing for null, quotes only where needed.
 */
final class CsvRows implements RowFormat {

    private final TextOutput out;
    private final SeriesColumn seriesColumn;

    CsvRows(TextOutput out, SeriesColumn seriesColumn) {
        this.out = out;
        this.seriesColumn = seriesColumn;
    }

    @Override
    public void begin(Schema schema) {
        List<String> names = RowFormat.header(schema, seriesColumn);
        out.append(String.join(",", names.stream().map(CsvRows::quoted).toList()))
                .append('\n');
    }

    @Override
    public void rows(Batch batch) {
        String series =
                seriesColumn == SeriesColumn.SHOWN ? quoted(batch.series().toString()) + "," : "";
        Column[] columns = batch.columns().toArray(new Column[0]);
        for (int row = 0; row < batch.rows(); row++) {
            if (!series.isEmpty()) {
                out.append(series);
            }
            for (int i = 0; i < columns.length; i++) {
                if (i > 0) {
                    out.append(',');
                }
                value(columns[i], row);
            }
            out.append('\n');
        }
    }

    @Override
    public void end() {
        out.flush();
    }

    private void value(Column column, int row) {
        if (column.hasNulls() && column.isNull(row)) {
            return;
        }
        if (column instanceof DecimalColumn decimals) {
            out.decimal(decimals, row);
        } else if (column instanceof TimeColumn times) {
            out.time(times.epochMicros(row));
        } else if (column instanceof LongColumn longs) {
            out.number(longs.value(row));
        } else if (column instanceof BooleanColumn booleans) {
            out.append(booleans.value(row) ? "true" : "false");
        } else {
            out.append(quoted(column.text(row)));
        }
    }

    static String quoted(String text) {
        return text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                ? '"' + text.replace("\"", "\"\"") + '"'
                : text;
    }
}
