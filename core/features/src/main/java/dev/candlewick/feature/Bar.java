package dev.candlewick.feature;

/**
 * One closed candle as indicators see it, in floating point. {@link Double#NaN} stands for a number that is not known.
 *
 * @param startMicros when it opened, in microseconds since the epoch
 * @param availableMicros when it was known, its end or later
 * @param open the first price
 * @param high the highest
 * @param low the lowest
 * @param close the last
 * @param volume the amount traded
 * @param quoteVolume price times amount, added up
 * @param trades how many trades
 */
public record Bar(
        long startMicros,
        long availableMicros,
        double open,
        double high,
        double low,
        double close,
        double volume,
        double quoteVolume,
        long trades) {

    /** A bar in which nothing was traded, after this one: flat at the close. */
    Bar flatAt(long start, long available) {
        return new Bar(start, available, close, close, close, close, 0, 0, 0);
    }
}
