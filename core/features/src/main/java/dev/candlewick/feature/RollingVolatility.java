package dev.candlewick.feature;

import java.util.function.ToDoubleFunction;

/** The standard deviation of the last one-bar returns. */
final class RollingVolatility implements Indicator.Running {

    private final LogReturn returns = new LogReturn(1);
    private final Window window;
    private final ToDoubleFunction<Window> deviation;
    private boolean begun;

    private RollingVolatility(int bars, ToDoubleFunction<Window> deviation) {
        this.window = new Window(bars);
        this.deviation = deviation;
    }

    static Indicator ofSample(int bars) {
        return new Indicator(
                "rolling_vol_" + bars,
                "standard deviation (divided by n − 1) of the last " + bars + " values of ln(C[t] / C[t−1])",
                "logarithm per bar, not a year",
                (bars + 1) + " bars",
                "the first " + bars + " bars",
                "",
                () -> new RollingVolatility(bars, Window::sampleDeviation));
    }

    static Indicator ofPopulation(int bars) {
        return new Indicator(
                "volatility_" + bars,
                "standard deviation (divided by n) of the last " + bars + " values of ln(C[t] / C[t−1])",
                "logarithm per bar, not a year",
                (bars + 1) + " bars",
                "the first " + bars + " bars",
                "",
                () -> new RollingVolatility(bars, Window::populationDeviation));
    }

    @Override
    public double next(Bar bar) {
        double change = returns.next(bar);
        if (begun) {
            window.add(change);
        }
        begun = true;
        return window.isFull() ? deviation.applyAsDouble(window) : Double.NaN;
    }
}
