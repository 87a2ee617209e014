package dev.candlewick.feature;

/** The average of how far prices went in a bar, the step from the close before it included. */
final class TrueRange implements Indicator.Running {

    private final WilderAverage average;
    private double previous = Double.NaN;

    private TrueRange(int bars) {
        this.average = new WilderAverage(bars);
    }

    static Indicator averageOver(int bars) {
        return new Indicator(
                "atr_" + bars,
                "Wilder average over " + bars
                        + " of TR = max(H − L, |H − C[t−1]|, |L − C[t−1]|); the first TR is H − L",
                "price",
                "all bars since the anchor",
                "the first " + (bars - 1) + " bars",
                "Wilder 1978",
                () -> new TrueRange(bars));
    }

    @Override
    public double next(Bar bar) {
        double range = bar.high() - bar.low();
        if (!Double.isNaN(previous)) {
            range = Math.max(range, Math.max(Math.abs(bar.high() - previous), Math.abs(bar.low() - previous)));
        }
        previous = bar.close();
        return average.add(range);
    }
}
