package dev.candlewick.sink.bigquery;

import com.google.cloud.bigquery.TableId;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.util.List;

/**
 * The rows of one series in one range, and where they lie in a table.
 *
 * @param table the table; its project must be named
 * @param series whose rows they become
 * @param range which of them, by the time column
 * @param columns the table's column for each field of the series' schema, in the schema's order
 * @param restriction what else rows must satisfy, in GoogleSQL, such as {@code venue = 'BINANCE' AND code = 'BTC-USDT'}; empty
 *     for nothing
 * @param order the table's columns that order rows of the same time, each STRING, INT64, TIMESTAMP or decimal without nulls
 */
public record RowSelection(
        TableId table, Series series, TimeRange range, List<String> columns, String restriction, List<String> order) {

    /** Checks that every field has a column. */
    public RowSelection {
        columns = List.copyOf(columns);
        order = List.copyOf(order);
        if (columns.size() != series.schema().fields().size()) {
            throw new IllegalArgumentException(
                    series + " has fields " + series.schema().names() + ", which columns " + columns + " do not match");
        }
    }

    /** The table's column that holds the series' time. */
    public String timeColumn() {
        return columns.get(series.schema().indexOf(series.schema().time()));
    }

    /** The same selection over another range. */
    public RowSelection over(TimeRange other) {
        return new RowSelection(table, series, other, columns, restriction, order);
    }
}
