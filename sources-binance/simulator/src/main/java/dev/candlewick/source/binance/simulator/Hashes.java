package dev.candlewick.source.binance.simulator;

/** Fixed mixing functions: the only randomness of the market, equal on every JVM. */
final class Hashes {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Hashes() {}

    /** SplitMix64's finaliser over the position of an index in a seeded sequence. */
    static long mix(long seed, long index) {
        long z = seed + (index + 1) * GOLDEN;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** FNV-1a over the UTF-16 units, then mixed; never {@code hashCode}, whose spread is poor for short names. */
    static long text(long seed, String text) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
        }
        return mix(seed, hash);
    }
}
