package dev.candlewick.feature;

/** The volume of rising bars less that of falling ones. */
final class OnBalanceVolume implements Indicator.Running {

    private double previous = Double.NaN;
    private double total;

    private OnBalanceVolume() {}

    static Indicator sinceTheAnchor() {
        return new Indicator(
                "obv",
                "0 in the first bar, then + V where C rose, − V where it fell",
                "amount",
                "all bars since the anchor, where it is 0: use differences",
                "never",
                "Granville 1963",
                OnBalanceVolume::new);
    }

    @Override
    public double next(Bar bar) {
        if (bar.close() > previous) {
            total += bar.volume();
        } else if (bar.close() < previous) {
            total -= bar.volume();
        }
        previous = bar.close();
        return total;
    }
}
