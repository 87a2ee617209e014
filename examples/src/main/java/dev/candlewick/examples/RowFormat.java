package dev.candlewick.examples;

import dev.candlewick.Field;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import java.util.List;

/** Prints the rows of batches of one schema, as they come, in bounded memory. For one thread. */
interface RowFormat {

    /** The rows of so many series, printed as {@code csv}, {@code json} or else as a table. */
    static RowFormat of(String format, TextOutput out, int series) {
        SeriesColumn naming = series > 1 ? SeriesColumn.SHOWN : SeriesColumn.HIDDEN;
        return switch (format) {
            case "csv" -> new CsvRows(out, naming);
            case "json" -> new JsonRows(out, naming);
            default -> new TableRows(out, naming);
        };
    }

    /** Checks that rows of all these can stand below one header. */
    static void requireOneSchema(List<Series> series) {
        for (Series one : series) {
            if (!one.schema().equals(series.get(0).schema())) {
                throw new UsageException(
                        series.get(0) + " and " + one + " have different columns; read them one at a time");
            }
        }
    }

    /** Prints what stands before the first row. */
    void begin(Schema schema);

    /** Prints the rows of a batch. */
    void rows(dev.candlewick.Batch batch);

    /** Prints what stands after the last row and hands everything on. */
    void end();

    /** Whether each row says whose it is: useful when there are several. */
    enum SeriesColumn {
        /** The first column names the series. */
        SHOWN,
        /** All rows are of one series. */
        HIDDEN
    }

    /** The column names in printing order. */
    static List<String> header(Schema schema, SeriesColumn series) {
        List<String> names = new java.util.ArrayList<>();
        if (series == SeriesColumn.SHOWN) {
            names.add("series");
        }
        schema.fields().stream().map(Field::name).forEach(names::add);
        return names;
    }
}
