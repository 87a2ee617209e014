package dev.candlewick.feature;

/** The root of a variance in which each bar back weighs less. */
final class EwmaVolatility implements Indicator.Running {

    private static final double DECAY = 0.94;

    private final LogReturn returns = new LogReturn(1);
    private double variance = Double.NaN;

    private EwmaVolatility() {}

    static Indicator ofDays() {
        return new Indicator(
                "ewma_vol",
                "√s[t], s[t] = 0.94·s[t−1] + 0.06·r[t]², r[t] = ln(C[t] / C[t−1]); begins with s = r²",
                "logarithm per bar, not a year",
                "all bars since the anchor; half the weight is on the last 12",
                "the first bar",
                "RiskMetrics 1996",
                EwmaVolatility::new);
    }

    @Override
    public double next(Bar bar) {
        double change = returns.next(bar);
        if (Double.isNaN(change)) {
            return Double.NaN;
        }
        double square = change * change;
        variance = Double.isNaN(variance) ? square : DECAY * variance + (1 - DECAY) * square;
        return Math.sqrt(variance);
    }
}
