package dev.candlewick.feature;

import java.util.function.ToDoubleFunction;

/** MACD: how far a quick average is from a slow one, the average of that, and the difference of the two. */
final class Convergence implements Indicator.Running {

    private static final int QUICK = 12;
    private static final int SLOW = 26;
    private static final int SIGNAL = 9;

    private final ExponentialAverage quick = new ExponentialAverage(QUICK);
    private final ExponentialAverage slow = new ExponentialAverage(SLOW);
    private final ExponentialAverage average = new ExponentialAverage(SIGNAL);
    private final ToDoubleFunction<Convergence> shown;
    private double line = Double.NaN;
    private double signal = Double.NaN;

    private Convergence(ToDoubleFunction<Convergence> shown) {
        this.shown = shown;
    }

    static Indicator line() {
        return column("macd", "ema_12 − ema_26", SLOW - 1, macd -> macd.line);
    }

    static Indicator signal() {
        return column(
                "macd_signal",
                "the average of macd over 9, as ema_9; begins with the mean of its first 9",
                SLOW + SIGNAL - 2,
                macd -> macd.signal);
    }

    static Indicator histogram() {
        return column("macd_hist", "macd − macd_signal", SLOW + SIGNAL - 2, macd -> macd.line - macd.signal);
    }

    private static Indicator column(String name, String formula, int first, ToDoubleFunction<Convergence> shown) {
        return new Indicator(
                name,
                formula,
                "price",
                "all bars since the anchor",
                "the first " + first + " bars",
                "Appel 1979",
                () -> new Convergence(shown));
    }

    @Override
    public double next(Bar bar) {
        line = quick.add(bar.close()) - slow.add(bar.close());
        signal = Double.isNaN(line) ? Double.NaN : average.add(line);
        return shown.applyAsDouble(this);
    }
}
