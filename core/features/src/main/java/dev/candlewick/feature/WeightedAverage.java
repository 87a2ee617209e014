package dev.candlewick.feature;

/** The mean of the last closes, the newest weighing most. */
final class WeightedAverage implements Indicator.Running {

    private final Window closes;

    private WeightedAverage(int bars) {
        this.closes = new Window(bars);
    }

    static Indicator over(int bars) {
        return new Indicator(
                "wma_" + bars,
                "Σ w·C / Σ w over the last " + bars + " bars, w = 1 for the oldest up to " + bars + " for the newest",
                "price",
                bars + " bars",
                "the first " + (bars - 1) + " bars",
                "",
                () -> new WeightedAverage(bars));
    }

    @Override
    public double next(Bar bar) {
        closes.add(bar.close());
        if (!closes.isFull()) {
            return Double.NaN;
        }
        int bars = closes.size();
        double sum = 0;
        for (int weight = 1; weight <= bars; weight++) {
            sum += weight * closes.ago(bars - weight);
        }
        return sum / (bars * (bars + 1) / 2.0);
    }
}
