package dev.candlewick.csv;

import org.jspecify.annotations.Nullable;

/** A file, stretch by stretch. For one thread, except {@link #close}. */
interface ByteBlocks extends AutoCloseable {

    /** The next stretch, at least a byte long and valid until the call after this one; null behind the last one. */
    @Nullable
    ByteBlock next();

    /** Frees what this holds and closes the input; from any thread, any number of times. */
    @Override
    void close();
}
