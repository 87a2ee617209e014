package dev.candlewick.feature;

import java.util.Arrays;

/**
 * The exact median of integers, in memory that grows with how many different ones there are once they are many. For one
 * thread.
 */
final class Median {

    private static final int GATHERED = 1 << 16;

    private long[] values = new long[256];
    private int size;
    // Different values, ascending, and how often each came, of those gathered before.
    private long[] distinct = new long[0];
    private long[] counts = new long[0];
    private long total;

    void clear() {
        size = 0;
        total = 0;
        distinct = new long[0];
        counts = new long[0];
    }

    void add(long value) {
        if (size == values.length) {
            if (size == GATHERED) {
                fold();
            } else {
                values = Arrays.copyOf(values, size * 2);
            }
        }
        values[size++] = value;
        total++;
    }

    /** The middle value, or the mean of the middle two; there must be one. */
    double value() {
        if (distinct.length > 0) {
            fold();
            return (ranked((total - 1) / 2) + ranked(total / 2)) / 2.0;
        }
        Arrays.sort(values, 0, size);
        return (values[(size - 1) / 2] + values[size / 2]) / 2.0;
    }

    private long ranked(long rank) {
        long below = 0;
        for (int i = 0; i < distinct.length; i++) {
            below += counts[i];
            if (rank < below) {
                return distinct[i];
            }
        }
        throw new IllegalStateException("There are only " + below + " values");
    }

    private void fold() {
        Arrays.sort(values, 0, size);
        long[] merged = new long[distinct.length + size];
        long[] mergedCounts = new long[merged.length];
        int to = -1;
        int left = 0;
        int right = 0;
        while (left < distinct.length || right < size) {
            boolean old = right == size || (left < distinct.length && distinct[left] <= values[right]);
            long value = old ? distinct[left] : values[right];
            if (to < 0 || merged[to] != value) {
                merged[++to] = value;
            }
            mergedCounts[to] += old ? counts[left++] : 1;
            right += old ? 0 : 1;
        }
        distinct = Arrays.copyOf(merged, to + 1);
        counts = Arrays.copyOf(mergedCounts, to + 1);
        size = 0;
    }
}
