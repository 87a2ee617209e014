package dev.candlewick.csv;

/** Takes the deflated stretch of one gzip member apart. For one thread. */
interface Deflated extends AutoCloseable {

    /** Starts on the member whose compressed bytes come next. */
    void start(ByteBlock block);

    /**
     * Appends to the block until it is full or the stretch has ended; true when that is so, and the input stands behind
     * it.
     *
     * @throws BadGzip when the bytes are no such stretch
     */
    boolean inflate(RawInput in, ByteBlock block);

    @Override
    void close();

    /** What is wrong with compressed bytes, for whoever knows which file it is. */
    final class BadGzip extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BadGzip(String message) {
            super(message);
        }
    }
}
