package dev.candlewick.examples;

import dev.candlewick.Batch;
import dev.candlewick.Column;
import dev.candlewick.DecimalColumn;
import dev.candlewick.Schema;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The first and last rows as an aligned table, with how many there are: for a look, not for a program. */
final class TableRows implements RowFormat {

    /** Two screens of a small terminal; whoever wants all rows asks for csv or json. */
    private static final int ROWS_AT_EACH_END = 20;

    private final TextOutput out;
    private final SeriesColumn seriesColumn;
    private final List<List<String>> head = new ArrayList<>();
    private final Deque<List<String>> tail = new ArrayDeque<>();
    private List<String> header = List.of();
    private long count;

    TableRows(TextOutput out, SeriesColumn seriesColumn) {
        this.out = out;
        this.seriesColumn = seriesColumn;
    }

    @Override
    public void begin(Schema schema) {
        header = RowFormat.header(schema, seriesColumn);
    }

    @Override
    public void rows(Batch batch) {
        int headRows = Math.min(batch.rows(), ROWS_AT_EACH_END - head.size());
        for (int row = 0; row < headRows; row++) {
            head.add(cells(batch, row));
        }
        for (int row = Math.max(headRows, batch.rows() - ROWS_AT_EACH_END); row < batch.rows(); row++) {
            tail.addLast(cells(batch, row));
            if (tail.size() > ROWS_AT_EACH_END) {
                tail.removeFirst();
            }
        }
        count += batch.rows();
    }

    @Override
    public void end() {
        AlignedTable table = new AlignedTable(seriesColumn == SeriesColumn.SHOWN ? 1 : 0).row(header);
        head.forEach(table::row);
        if (count > head.size() + tail.size()) {
            table.row(header.stream().map(name -> "…").toList());
        }
        tail.forEach(table::row);
        out.append(table.render());
        out.append(String.format(java.util.Locale.ROOT, "%,d %s", count, count == 1 ? "row" : "rows"));
        if (count > head.size() + tail.size()) {
            out.append("; --format csv prints all of them");
        }
        out.append('\n').flush();
    }

    private List<String> cells(Batch batch, int row) {
        List<String> cells = new ArrayList<>();
        if (seriesColumn == SeriesColumn.SHOWN) {
            cells.add(batch.series().toString());
        }
        for (Column column : batch.columns()) {
            cells.add(
                    column instanceof DecimalColumn decimals && !decimals.isNull(row)
                            ? TextOutput.plain(decimals.get(row))
                            : column.text(row));
        }
        return cells;
    }
}
