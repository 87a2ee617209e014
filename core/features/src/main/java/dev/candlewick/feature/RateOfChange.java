package dev.candlewick.feature;

/** The change of the close over some bars, as a fraction of what it was. */
final class RateOfChange implements Indicator.Running {

    private final Window closes;

    RateOfChange(int bars) {
        this.closes = new Window(bars + 1);
    }

    static Indicator named(String column, int bars) {
        return new Indicator(
                column,
                "C[t] / C[t−" + bars + "] − 1",
                "fraction",
                (bars + 1) + " bars",
                "the first " + bars + " bars",
                "",
                () -> new RateOfChange(bars));
    }

    @Override
    public double next(Bar bar) {
        closes.add(bar.close());
        return closes.isFull() ? bar.close() / closes.ago(closes.size() - 1) - 1 : Double.NaN;
    }
}
