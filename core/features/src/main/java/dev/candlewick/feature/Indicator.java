package dev.candlewick.feature;

import java.util.function.Supplier;

/**
 * One column made of closed bars: what it is, in words that the documentation is made of, and how it is begun. A new one is
 * a small class and a line in {@link IndicatorSet}.
 *
 * @param column the name of the column
 * @param formula how it is made; C, H, L, O, V, Q are the bar's close, high, low, open, volume and quote volume
 * @param unit the unit of its values
 * @param window how many bars it looks at, or that it remembers all
 * @param whenNull when a row has no value, apart from values that are not finite
 * @param source where the definition is from
 * @param begin gives the indicator before its first bar
 */
public record Indicator(
        String column,
        String formula,
        String unit,
        String window,
        String whenNull,
        String source,
        Supplier<Running> begin) {

    /** An indicator that has begun. For one thread. */
    @FunctionalInterface
    public interface Running {

        /** The value after one more bar; not finite, mostly {@link Double#NaN}, when there is none. */
        double next(Bar bar);
    }
}
