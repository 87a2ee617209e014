package dev.candlewick.source.binance.simulator;

/**
 * A price path that looks like a random walk, yet any minute of it is computed at once.
 *
 * <p>The logarithm of the price is a sum of octaves of value noise: octave {@code i} has a random value every
 * 2<sup>i</sup> minutes, joined smoothly, with an amplitude that grows as the square root of that length, as the spread
 * of a random walk does. Everything is fixed-point arithmetic on longs, so the path is the same on every machine.
 */
final class PriceWalk {
    /** Up to 2^20 minutes, almost two years: the long trends of the chart. */
    private static final int OCTAVES = 21;

    /** Amplitude of the one-minute octave: 0.0003 in log2, about 2 basis points, as fixed point with 24 bits. */
    private static final long SHORTEST_AMPLITUDE = 5_000;

    private static final int LOG_BITS = 24;
    private static final long LOG_FRACTION = (1L << LOG_BITS) - 1;
    private static final int POSITION_BITS = 15;

    // Coefficients of 2^x on [0, 1), fixed point with 30 bits: ln2^k / k!, the last one fitted so that 2^1 = 2.
    private static final long[] EXP2 = {1 << 30, 744_261_118, 257_941_248, 59_597_083, 10_327_388, 1_614_987};

    private final long[] amplitudes = new long[OCTAVES];
    private final long[] seeds = new long[OCTAVES];
    private final long[] phases = new long[OCTAVES];

    PriceWalk(long seed) {
        for (int octave = 0; octave < OCTAVES; octave++) {
            long amplitude = SHORTEST_AMPLITUDE << (octave / 2);
            amplitudes[octave] = octave % 2 == 0 ? amplitude : amplitude * 181 / 128; // 181/128 is √2
            seeds[octave] = Hashes.mix(seed, octave);
            phases[octave] = Hashes.mix(seeds[octave], -2) >>> 40;
        }
    }

    /** The price at the start of a minute, in the unit of {@code basePrice}; at least one. */
    long priceAt(long epochMinute, long basePrice) {
        long log = 0;
        for (int octave = 0; octave < OCTAVES; octave++) {
            log += (noise(octave, epochMinute) * amplitudes[octave]) >> 23;
        }
        long mantissa = exp2(log & LOG_FRACTION);
        int exponent = (int) (log >> LOG_BITS);
        return Math.max(1, (basePrice * mantissa) >> (30 - exponent));
    }

    /** A smooth curve through random values in [-2^23, 2^23). */
    private long noise(int octave, long epochMinute) {
        long position = epochMinute + phases[octave];
        long cell = position >> octave;
        long x = ((position & ((1L << octave) - 1)) << POSITION_BITS) >> octave;
        long smooth = (((x * x) >> POSITION_BITS) * ((3L << POSITION_BITS) - 2 * x)) >> POSITION_BITS;
        long left = Hashes.mix(seeds[octave], cell) >> 40;
        if (smooth == 0) {
            return left;
        }
        long right = Hashes.mix(seeds[octave], cell + 1) >> 40;
        return left + (((right - left) * smooth) >> POSITION_BITS);
    }

    /** 2^x for a fraction of 24 bits, as fixed point with 30 bits. */
    private static long exp2(long fraction) {
        long x = fraction << (30 - LOG_BITS);
        long value = EXP2[5];
        for (int k = 4; k >= 0; k--) {
            value = EXP2[k] + ((value * x) >> 30);
        }
        return value;
    }
}
