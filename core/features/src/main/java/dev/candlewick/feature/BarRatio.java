package dev.candlewick.feature;

import java.util.function.ToDoubleFunction;

/** What one bar says by itself. */
final class BarRatio {

    private BarRatio() {}

    static Indicator vwapDeviation() {
        return of("vwap_deviation", "(C − vwap) / vwap, vwap = Q / V", "fraction", "nothing traded", bar -> {
            double vwap = bar.quoteVolume() / bar.volume();
            return (bar.close() - vwap) / vwap;
        });
    }

    static Indicator highLow() {
        return of("high_low_ratio", "H / L", "ratio", "never", bar -> bar.high() / bar.low());
    }

    static Indicator trades() {
        return of("trade_intensity", "number of trades", "trades per bar", "never", Bar::trades);
    }

    private static Indicator of(
            String name, String formula, String unit, String whenNull, ToDoubleFunction<Bar> value) {
        return new Indicator(name, formula, unit, "1 bar", whenNull, "", () -> value::applyAsDouble);
    }
}
