package dev.candlewick.feature;

/** The logarithm of the close over the close some bars before. */
final class LogReturn implements Indicator.Running {

    private final Window closes;

    LogReturn(int bars) {
        this.closes = new Window(bars + 1);
    }

    static Indicator over(int bars) {
        return new Indicator(
                "log_return_" + bars,
                "ln(C[t] / C[t−" + bars + "])",
                "logarithm",
                (bars + 1) + " bars",
                "the first " + bars + " bars",
                "",
                () -> new LogReturn(bars));
    }

    @Override
    public double next(Bar bar) {
        closes.add(bar.close());
        return closes.isFull() ? Math.log(bar.close() / closes.ago(closes.size() - 1)) : Double.NaN;
    }
}
