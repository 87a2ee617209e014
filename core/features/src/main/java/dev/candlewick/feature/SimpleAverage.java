package dev.candlewick.feature;

import java.util.function.ToDoubleFunction;

/** The mean of the last numbers. */
final class SimpleAverage implements Indicator.Running {

    private final Window window;
    private final ToDoubleFunction<Bar> of;

    private SimpleAverage(int bars, ToDoubleFunction<Bar> of) {
        this.window = new Window(bars);
        this.of = of;
    }

    static Indicator ofClose(int bars) {
        return new Indicator(
                "sma_" + bars,
                "mean of the last " + bars + " C",
                "price",
                bars + " bars",
                "the first " + (bars - 1) + " bars",
                "",
                () -> new SimpleAverage(bars, Bar::close));
    }

    static Indicator ofVolume(int bars) {
        return new Indicator(
                "volume_sma_" + bars,
                "mean of the last " + bars + " V",
                "amount",
                bars + " bars",
                "the first " + (bars - 1) + " bars",
                "",
                () -> new SimpleAverage(bars, Bar::volume));
    }

    @Override
    public double next(Bar bar) {
        window.add(of.applyAsDouble(bar));
        return window.isFull() ? window.mean() : Double.NaN;
    }
}
