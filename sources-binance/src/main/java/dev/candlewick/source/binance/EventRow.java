package dev.candlewick.source.binance;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
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

    /** Whether both say the same, however their digits are written. */
    boolean same(EventRow other) {
        if (micros != other.micros) {
            return false;
        }
        for (int i = 0; i < cells.size(); i++) {
            Object mine = cells.get(i);
            Object theirs = other.cells.get(i);
            boolean equal = (mine instanceof BigDecimal number && theirs instanceof BigDecimal second)
                    ? number.compareTo(second) == 0
                    : Objects.equals(mine, theirs);
            if (!equal) {
                return false;
            }
        }
        return true;
    }
}
