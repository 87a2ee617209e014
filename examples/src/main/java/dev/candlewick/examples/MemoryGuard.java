package dev.candlewick.examples;

/**
 * How many units are worked on at once, so that memory is enough for all of them. What a unit needs is bounded whatever its
 * size, so there is nothing to flush and nothing to watch: it is enough to begin no more than fit.
 */
final class MemoryGuard {

    /** An estimate on the safe side for books of 25 levels: blocks of input, batches, a row group and its encoded form. */
    static final long BYTES_OF_A_WORKER = 96L << 20;

    private MemoryGuard() {}

    /**
     * So many of the workers asked for as fit; one at the least.
     *
     * @param thresholdPercent the share of memory that may be used
     * @param memory the most bytes that Java may use
     */
    static int workers(int asked, int thresholdPercent, long memory) {
        long fitting = memory / 100 * thresholdPercent / BYTES_OF_A_WORKER;
        return (int) Math.max(1, Math.min(asked, fitting));
    }
}
