package dev.candlewick.sink.parquet.file;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A window over the bytes of one column chunk, moved forward in large reads. */
final class ChunkInput {

    // Large enough that a disk or an object store is asked rarely, small enough for fifty columns side by side.
    private static final int WINDOW = 1 << 19;

    private final ByteSource source;
    private final Place place;
    private byte[] window = new byte[0];
    private long from;
    private int filled;

    ChunkInput(ByteSource source, Place place) {
        this.source = source;
        this.place = place;
    }

    /** Makes {@code count} bytes from {@code offset} available, reading ahead at most to {@code limit}. */
    void ensure(long offset, int count, long limit) {
        if (offset >= from && offset + count <= from + filled) {
            return;
        }
        int size = (int) Math.max(count, Math.min(WINDOW, limit - offset));
        if (window.length < size) {
            window = new byte[size];
        }
        filled = 0;
        try {
            source.read(offset, window, 0, size);
        } catch (EOFException shorter) {
            throw place.corrupt("the file became shorter while it was read");
        } catch (IOException failed) {
            throw new UncheckedIOException("Could not read " + place.file(), failed);
        }
        from = offset;
        filled = size;
    }

    byte[] window() {
        return window;
    }

    /** Where in the window the byte at {@code offset} of the file lies. */
    int at(long offset) {
        return (int) (offset - from);
    }
}
