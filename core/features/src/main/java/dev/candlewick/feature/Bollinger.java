package dev.candlewick.feature;

/** Bands of two deviations around the mean of the last closes. */
final class Bollinger implements Indicator.Running {

    private static final double DEVIATIONS = 2;

    private final Window closes;
    private final Shown shown;

    private interface Shown {
        double of(double close, double mean, double band);
    }

    private Bollinger(int bars, Shown shown) {
        this.closes = new Window(bars);
        this.shown = shown;
    }

    static Indicator upper(int bars) {
        return column(bars, "bb_upper", "sma + 2σ", "price", (close, mean, band) -> mean + band);
    }

    static Indicator lower(int bars) {
        return column(bars, "bb_lower", "sma − 2σ", "price", (close, mean, band) -> mean - band);
    }

    /** Where the close stands between the bands. */
    static Indicator position(String name, int bars) {
        return column(
                bars,
                name,
                "(C − lower) / (upper − lower)",
                "0 at the lower band, 1 at the upper",
                (close, mean, band) -> (close - (mean - band)) / (2 * band));
    }

    static Indicator width(int bars) {
        return column(bars, "bb_width", "(upper − lower) / sma", "fraction", (close, mean, band) -> 2 * band / mean);
    }

    private static Indicator column(int bars, String name, String formula, String unit, Shown shown) {
        return new Indicator(
                name,
                formula + "; sma and σ (divided by n) of the last " + bars + " C",
                unit,
                bars + " bars",
                "the first " + (bars - 1) + " bars; where it divides by a σ of 0",
                "Bollinger 1992",
                () -> new Bollinger(bars, shown));
    }

    @Override
    public double next(Bar bar) {
        closes.add(bar.close());
        return closes.isFull()
                ? shown.of(bar.close(), closes.mean(), DEVIATIONS * closes.populationDeviation())
                : Double.NaN;
    }
}
