package dev.candlewick.examples;

import dev.candlewick.Field;
import dev.candlewick.Schema;
import java.util.List;

/** Prints the rows of batches of one schema, as they come, in bounded memory. For one thread. */
interface RowFormat {

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
