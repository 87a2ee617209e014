package dev.candlewick.feature;

/** An average that moves a fixed part of the way to each new number; begins with the mean of the first ones. */
final class ExponentialAverage implements Indicator.Running {

    private final int bars;
    private int seen;
    private double average;

    ExponentialAverage(int bars) {
        this.bars = bars;
    }

    static Indicator over(int bars) {
        return new Indicator(
                "ema_" + bars,
                "p[t] = p[t−1] + 2/(" + bars + "+1)·(C[t] − p[t−1]); begins with the mean of the first " + bars + " C",
                "price",
                "all bars since the anchor",
                "the first " + (bars - 1) + " bars",
                "",
                () -> new ExponentialAverage(bars));
    }

    @Override
    public double next(Bar bar) {
        return add(bar.close());
    }

    /** The average after one more number; NaN while it has not begun. */
    double add(double value) {
        if (seen < bars) {
            seen++;
            average += value;
            if (seen < bars) {
                return Double.NaN;
            }
            average /= bars;
        } else {
            average += 2.0 / (bars + 1) * (value - average);
        }
        return average;
    }
}
