package dev.candlewick.feature;

/** How much of the movement was upward. */
final class RelativeStrength implements Indicator.Running {

    private final WilderAverage gains;
    private final WilderAverage losses;
    private double previous = Double.NaN;

    private RelativeStrength(int bars) {
        this.gains = new WilderAverage(bars);
        this.losses = new WilderAverage(bars);
    }

    static Indicator over(int bars) {
        return new Indicator(
                "rsi_" + bars,
                "100 − 100/(1 + G/L), G and L Wilder averages over " + bars
                        + " of the gains and losses of C; 100 where L is 0, 50 where both are",
                "0 to 100",
                "all bars since the anchor",
                "the first " + bars + " bars",
                "Wilder 1978",
                () -> new RelativeStrength(bars));
    }

    @Override
    public double next(Bar bar) {
        double change = bar.close() - previous;
        previous = bar.close();
        if (Double.isNaN(change)) {
            return Double.NaN;
        }
        double gain = gains.add(Math.max(change, 0));
        double loss = losses.add(Math.max(-change, 0));
        if (loss == 0) {
            return gain == 0 ? 50 : 100;
        }
        return 100 - 100 / (1 + gain / loss);
    }
}
