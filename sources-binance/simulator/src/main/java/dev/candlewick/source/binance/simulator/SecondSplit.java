package dev.candlewick.source.binance.simulator;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a minute into sixty one-second bars that add up to it exactly: trades, volumes and amounts telescope, the
 * minute's high and low are reached in some second, the first trade opens and the last trade closes.
 */
final class SecondSplit {
    private static final int SECONDS = 60;
    private static final long SECOND_MILLIS = 1_000;

    private SecondSplit() {}

    static List<Bar> of(Bar minute, long seed) {
        long chance = Hashes.mix(seed, minute.openMillis());
        long[] tradesUpTo = tradesUpTo(minute.trades(), chance);
        int busySeconds = busySeconds(tradesUpTo);
        long highAt = busySeconds == 0 ? -1 : Long.remainderUnsigned(chance, busySeconds);
        long lowAt = busySeconds == 0 ? -1 : Long.remainderUnsigned(chance >>> 20, busySeconds);
        List<Bar> bars = new ArrayList<>(SECONDS);
        long last = minute.open();
        int busy = 0;
        for (int second = 0; second < SECONDS; second++) {
            long openMillis = minute.openMillis() + second * SECOND_MILLIS;
            long closeMillis = openMillis + SECOND_MILLIS - 1;
            long before = tradesUpTo[second];
            long after = tradesUpTo[second + 1];
            if (before == after) {
                bars.add(Bar.flat(openMillis, closeMillis, last));
                continue;
            }
            long close = busy == busySeconds - 1 ? minute.close() : between(minute, second, chance);
            bars.add(new Bar(
                    openMillis,
                    closeMillis,
                    last,
                    busy == highAt ? minute.high() : Math.max(last, close),
                    busy == lowAt ? minute.low() : Math.min(last, close),
                    close,
                    part(minute.volume(), before, after, minute.trades()),
                    part(minute.quoteVolume(), before, after, minute.trades()),
                    after - before,
                    part(minute.takerVolume(), before, after, minute.trades()),
                    part(minute.takerQuoteVolume(), before, after, minute.trades())));
            last = close;
            busy++;
        }
        return bars;
    }

    /** How many of the trades happened before each second; the first second of a traded minute always has one. */
    private static long[] tradesUpTo(long trades, long chance) {
        long[] weights = new long[SECONDS + 1];
        for (int second = 0; second < SECONDS; second++) {
            weights[second + 1] = weights[second] + 1 + (Hashes.mix(chance, second) & 63);
        }
        long[] upTo = new long[SECONDS + 1];
        long whole = weights[SECONDS];
        for (int second = 1; second <= SECONDS; second++) {
            upTo[second] = (trades * weights[second] + whole - 1) / whole;
        }
        return upTo;
    }

    private static int busySeconds(long[] tradesUpTo) {
        int busy = 0;
        for (int second = 0; second < SECONDS; second++) {
            busy += tradesUpTo[second] < tradesUpTo[second + 1] ? 1 : 0;
        }
        return busy;
    }

    /** A price on the way from open to close, kept inside the minute's range. */
    private static long between(Bar minute, int second, long chance) {
        long straight = minute.open() + (minute.close() - minute.open()) * (second + 1) / SECONDS;
        long range = minute.high() - minute.low();
        long wobble = (((Hashes.mix(~chance, second) & 255) - 128) * range) >> 9;
        return Math.max(minute.low(), Math.min(minute.high(), straight + wobble));
    }

    private static long part(long whole, long before, long after, long of) {
        return scaled(whole, after, of) - scaled(whole, before, of);
    }

    /** {@code whole * part / of}, rounded down, without overflow as long as {@code of} fits 31 bits. */
    private static long scaled(long whole, long part, long of) {
        return whole / of * part + whole % of * part / of;
    }
}
