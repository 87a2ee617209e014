package dev.candlewick.feature;

/**
 * The last so many numbers. Every answer is worked out from them anew, oldest first: nothing that left the window is still
 * felt, as it would be in running sums. For one thread.
 */
final class Window {

    private final int size;
    // Every number is kept twice, a window apart, so that the last ones always lie side by side, oldest first.
    private final double[] values;
    // Where the oldest number lies and the next will.
    private int oldest;
    private long added;

    Window(int size) {
        this.size = size;
        this.values = new double[2 * size];
    }

    void add(double value) {
        values[oldest] = value;
        values[oldest + size] = value;
        oldest = oldest + 1 == size ? 0 : oldest + 1;
        added++;
    }

    boolean isFull() {
        return added >= size;
    }

    int size() {
        return size;
    }

    /** The number that so many others came after; in a full window, 0 up to the size less 1. */
    double ago(int bars) {
        return values[oldest + size - 1 - bars];
    }

    double sum() {
        double sum = 0;
        for (int at = oldest; at < oldest + size; at++) {
            sum += values[at];
        }
        return sum;
    }

    double mean() {
        return sum() / size;
    }

    /** The root of the mean square distance from the mean. */
    double populationDeviation() {
        return Math.sqrt(squares() / size);
    }

    /** As {@link #populationDeviation}, for a sample: divided by one less. */
    double sampleDeviation() {
        return Math.sqrt(squares() / (size - 1));
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
        for (int at = oldest; at < oldest + size; at++) {
            double away = values[at] - mean;
            squares += away * away;
            same = same && values[at] == values[0];
        }
        return same ? 0 : squares;
    }
}
