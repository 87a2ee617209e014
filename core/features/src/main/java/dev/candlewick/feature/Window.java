package dev.candlewick.feature;

/**
 * The last so many numbers. Every answer is worked out from them anew, oldest first: nothing that left the window is still
 * felt, as it would be in running sums. For one thread.
 */
final class Window {

    private final double[] values;
    private int next;
    private long added;

    Window(int size) {
        this.values = new double[size];
    }

    void add(double value) {
        values[next] = value;
        next = next + 1 == values.length ? 0 : next + 1;
        added++;
    }

    boolean isFull() {
        return added >= values.length;
    }

    int size() {
        return values.length;
    }

    /** The number that so many others came after; in a full window, 0 up to the size less 1. */
    double ago(int bars) {
        return values[Math.floorMod(next - 1 - bars, values.length)];
    }

    double sum() {
        double sum = 0;
        for (int bars = values.length - 1; bars >= 0; bars--) {
            sum += ago(bars);
        }
        return sum;
    }

    double mean() {
        return sum() / values.length;
    }

    /** The root of the mean square distance from the mean. */
    double populationDeviation() {
        return Math.sqrt(squares() / values.length);
    }

    /** As {@link #populationDeviation}, for a sample: divided by one less. */
    double sampleDeviation() {
        return Math.sqrt(squares() / (values.length - 1));
    }

    /** The last number in deviations from the mean; NaN when all are the same. */
    double standardized() {
        double deviation = populationDeviation();
        return deviation == 0 ? Double.NaN : (ago(0) - mean()) / deviation;
    }

    // Equal numbers have no deviation, although their mean may be rounded away from them.
    private double squares() {
        double mean = mean();
        double squares = 0;
        boolean same = true;
        for (int bars = values.length - 1; bars >= 0; bars--) {
            double away = ago(bars) - mean;
            squares += away * away;
            same &= ago(bars) == values[0];
        }
        return same ? 0 : squares;
    }
}
