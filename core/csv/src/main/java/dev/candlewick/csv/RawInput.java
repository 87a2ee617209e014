package dev.candlewick.csv;

import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import dev.candlewick.Unavailable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Arrays;

/** The bytes of a file as they come, with a window over them. For one thread, except {@link #close}. */
final class RawInput {

    /** Zeros behind the last byte of the file, so that loops need not ask at every byte. */
    static final int PADDING = 64;

    private static final int SIZE = 1 << 16;

    private final InputStream in;
    private final String file;
    final byte[] bytes = new byte[SIZE + PADDING];
    int at;
    int limit;
    boolean ended;
    private long before;
    private volatile boolean closed;

    RawInput(InputStream in, String file) {
        this.in = in;
        this.file = file;
    }

    String file() {
        return file;
    }

    /** How many bytes of the file lie before the one that is read next. */
    long position() {
        return before + at;
    }

    /** Reads on until {@code count} bytes lie in the window or the file ends; false if it does before. */
    boolean has(int count) {
        while (limit - at < count && !ended) {
            more();
        }
        return limit - at >= count;
    }

    /** Fills the window behind what is unread; a word before it stays, for those who took too much. */
    void more() {
        int dropped = Math.max(0, at - Long.BYTES);
        System.arraycopy(bytes, dropped, bytes, 0, limit - dropped);
        before += dropped;
        limit -= dropped;
        at -= dropped;
        int count = read(bytes, limit, SIZE - limit);
        if (count < 0) {
            ended = true;
            Arrays.fill(bytes, limit, limit + PADDING, (byte) 0);
        } else {
            limit += count;
        }
    }

    /** Bytes of the window, or else of the file itself; negative at its end. */
    int take(byte[] target, int from, int count) {
        if (at < limit) {
            int taken = Math.min(count, limit - at);
            System.arraycopy(bytes, at, target, from, taken);
            at += taken;
            return taken;
        }
        int taken = ended ? -1 : read(target, from, count);
        if (taken < 0) {
            ended = true;
        } else {
            before += taken;
        }
        return taken;
    }

    private int read(byte[] target, int from, int count) {
        if (closed) {
            throw new Cancelled("Reading " + file + " was closed before its end");
        }
        try {
            int read = in.read(target, from, count);
            if (closed) {
                throw new Cancelled("Reading " + file + " was closed before its end");
            }
            return read;
        } catch (ClosedByInterruptException | InterruptedIOException interrupted) {
            throw new Cancelled("Reading " + file + " was interrupted", interrupted);
        } catch (EOFException cut) {
            throw new Corrupt(file + " ends early, behind byte " + (before + limit) + "; fetch it again", cut);
        } catch (IOException failed) {
            if (closed) {
                throw new Cancelled("Reading " + file + " was closed before its end", failed);
            }
            throw new Unavailable(
                    "Reading " + file + " failed behind byte " + (before + limit) + ": " + failed.getMessage()
                            + "; try again",
                    failed);
        }
    }

    void close() {
        closed = true;
        try {
            in.close();
        } catch (IOException ignored) {
            // Nobody reads it any more, and nothing was written to it.
        }
    }
}
