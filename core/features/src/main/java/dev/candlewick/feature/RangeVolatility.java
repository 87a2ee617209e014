package dev.candlewick.feature;

import java.util.function.ToDoubleFunction;

/** Volatility from how far prices went inside bars: the root of the mean of a term per bar. */
final class RangeVolatility implements Indicator.Running {

    private static final double LN_2 = Math.log(2);

    private final Window terms;
    private final ToDoubleFunction<Bar> term;

    private RangeVolatility(int bars, ToDoubleFunction<Bar> term) {
        this.terms = new Window(bars);
        this.term = term;
    }

    static Indicator parkinson(int bars) {
        return column(
                "parkinson_" + bars,
                "ln(H/L)² / (4 ln 2)",
                "Parkinson 1980",
                bars,
                bar -> square(Math.log(bar.high() / bar.low())) / (4 * LN_2));
    }

    static Indicator garmanKlass(int bars) {
        return column(
                "garman_klass_" + bars,
                "0.5·ln(H/L)² − (2 ln 2 − 1)·ln(C/O)²",
                "Garman, Klass 1980",
                bars,
                bar -> 0.5 * square(Math.log(bar.high() / bar.low()))
                        - (2 * LN_2 - 1) * square(Math.log(bar.close() / bar.open())));
    }

    static Indicator rogersSatchell(int bars) {
        return column(
                "rogers_satchell_" + bars,
                "ln(H/C)·ln(H/O) + ln(L/C)·ln(L/O)",
                "Rogers, Satchell 1991",
                bars,
                bar -> Math.log(bar.high() / bar.close()) * Math.log(bar.high() / bar.open())
                        + Math.log(bar.low() / bar.close()) * Math.log(bar.low() / bar.open()));
    }

    private static Indicator column(String name, String formula, String source, int bars, ToDoubleFunction<Bar> term) {
        return new Indicator(
                name,
                "root of the mean over " + bars + " bars of " + formula,
                "logarithm per bar, not a year",
                bars + " bars",
                "the first " + (bars - 1) + " bars; a mean below 0",
                source,
                () -> new RangeVolatility(bars, term));
    }

    @Override
    public double next(Bar bar) {
        terms.add(term.applyAsDouble(bar));
        return terms.isFull() ? Math.sqrt(terms.mean()) : Double.NaN;
    }

    private static double square(double value) {
        return value * value;
    }
}
