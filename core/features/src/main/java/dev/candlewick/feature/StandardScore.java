package dev.candlewick.feature;

import java.util.function.ToDoubleFunction;

/** How many deviations the last number is from the mean of the last ones. */
final class StandardScore implements Indicator.Running {

    private final Window window;
    private final ToDoubleFunction<Bar> of;

    private StandardScore(int bars, ToDoubleFunction<Bar> of) {
        this.window = new Window(bars);
        this.of = of;
    }

    static Indicator ofClose(int bars) {
        return column("zscore_" + bars, "C", bars, Bar::close);
    }

    static Indicator ofVolume(int bars) {
        return column("volume_zscore_" + bars, "V", bars, Bar::volume);
    }

    private static Indicator column(String name, String letter, int bars, ToDoubleFunction<Bar> of) {
        return new Indicator(
                name,
                "(" + letter + " − mean) / σ; mean and σ (divided by n) of the last " + bars + " " + letter,
                "deviations",
                bars + " bars",
                "the first " + (bars - 1) + " bars; a σ of 0",
                "",
                () -> new StandardScore(bars, of));
    }

    @Override
    public double next(Bar bar) {
        window.add(of.applyAsDouble(bar));
        return window.isFull() ? window.standardized() : Double.NaN;
    }
}
