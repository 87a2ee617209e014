package dev.candlewick.feature;

/** Wilder's average: begins with the mean of the first numbers, each new one then weighing one n-th. For one thread. */
final class WilderAverage {

    private final int bars;
    private int seen;
    private double average;

    WilderAverage(int bars) {
        this.bars = bars;
    }

    /** The average after one more number; NaN while it has not begun. */
    double add(double value) {
        if (seen < bars) {
            seen++;
            average += value;
            if (seen < bars) {
                return Double.NaN;
            }
            average /= bars;
        } else {
            average = ((bars - 1) * average + value) / bars;
        }
        return average;
    }
}
