package dev.candlewick.source.binance;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of a small file.
 *
 * @param micros its time
 * @param cells its values in the schema's order, the time included
 */
record EventRow(long micros, List<@Nullable Object> cells) {

    static EventRow of(long micros, @Nullable Object... cells) {
        return new EventRow(micros, Collections.<@Nullable Object>unmodifiableList(Arrays.asList(cells)));
    }

    /** What it says, however its digits are written: equal for rows that say the same. */
    Meaning meaning() {
        List<@Nullable Object> plain = new ArrayList<>(cells);
        plain.replaceAll(cell -> cell instanceof BigDecimal number ? number.stripTrailingZeros() : cell);
        return new Meaning(micros, plain);
    }

    /** A row without the way it is written. */
    record Meaning(long micros, List<@Nullable Object> cells) {}
}
