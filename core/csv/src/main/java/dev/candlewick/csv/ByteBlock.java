package dev.candlewick.csv;

/**
 * A stretch of a file: the bytes {@code [from, to)}, and before them up to {@link #HISTORY} bytes that came before it in the
 * file. The history is what gzip refers back to, and where a line begins that the stretch before did not end. For one
 * thread at a time.
 */
final class ByteBlock {

    /** As far as gzip refers back; also longer than any line of a file worth reading. */
    static final int HISTORY = 1 << 15;

    /** Half a megabyte: what is written is still in the cache of the processor when it is read. */
    static final int SIZE = 1 << 19;

    /** Words are written and read up to this far behind the end. */
    static final int SLACK = 512;

    final byte[] bytes = new byte[HISTORY + SIZE + SLACK];
    int from;
    int to;

    /** Starts the stretch that follows the given one. */
    void follow(ByteBlock before) {
        int history = Math.min(before.to, HISTORY);
        System.arraycopy(before.bytes, before.to - history, bytes, HISTORY - history, history);
        from = HISTORY;
        to = HISTORY;
    }

    /** Starts the first stretch of a file. */
    void first() {
        from = HISTORY;
        to = HISTORY;
    }

    /** Where the stretch has to end. */
    int limit() {
        return HISTORY + SIZE;
    }
}
