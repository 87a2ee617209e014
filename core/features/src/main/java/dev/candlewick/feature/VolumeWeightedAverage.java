package dev.candlewick.feature;

/** The average price paid over the last bars. */
final class VolumeWeightedAverage implements Indicator.Running {

    private final Window quoteVolumes;
    private final Window volumes;

    private VolumeWeightedAverage(int bars) {
        this.quoteVolumes = new Window(bars);
        this.volumes = new Window(bars);
    }

    static Indicator over(int bars) {
        return new Indicator(
                "mvwap_" + bars,
                "ΣQ / ΣV over " + bars + " bars",
                "price",
                bars + " bars",
                "the first " + (bars - 1) + " bars; nothing traded in the window",
                "",
                () -> new VolumeWeightedAverage(bars));
    }

    @Override
    public double next(Bar bar) {
        quoteVolumes.add(bar.quoteVolume());
        volumes.add(bar.volume());
        return volumes.isFull() ? quoteVolumes.sum() / volumes.sum() : Double.NaN;
    }
}
