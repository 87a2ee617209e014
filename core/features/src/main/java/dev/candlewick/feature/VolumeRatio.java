package dev.candlewick.feature;

/** The volume over the mean volume of the last bars. */
final class VolumeRatio implements Indicator.Running {

    private final Window volumes;

    private VolumeRatio(int bars) {
        this.volumes = new Window(bars);
    }

    static Indicator over(int bars) {
        return new Indicator(
                "volume_ratio",
                "V / volume_sma_" + bars,
                "ratio",
                bars + " bars",
                "the first " + (bars - 1) + " bars; nothing traded in the window",
                "",
                () -> new VolumeRatio(bars));
    }

    @Override
    public double next(Bar bar) {
        volumes.add(bar.volume());
        return volumes.isFull() ? bar.volume() / volumes.mean() : Double.NaN;
    }
}
