package dev.candlewick.sink.postgres;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Bytes of the binary {@code COPY} format on their way out, big-endian. For one thread. */
final class CopyBuffer {

    private static final int FLUSH_BYTES = 1 << 16;

    byte[] bytes = new byte[FLUSH_BYTES + (1 << 13)];
    int at;

    /** Makes room for so many more bytes. */
    void ensure(int more) {
        if (bytes.length - at < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(at, more), 2 * bytes.length));
        }
    }

    void putShort(int value) {
        bytes[at] = (byte) (value >> 8);
        bytes[at + 1] = (byte) value;
        at += 2;
    }

    void putInt(int value) {
        bytes[at] = (byte) (value >> 24);
        bytes[at + 1] = (byte) (value >> 16);
        bytes[at + 2] = (byte) (value >> 8);
        bytes[at + 3] = (byte) value;
        at += 4;
    }

    void putLong(long value) {
        putInt((int) (value >> 32));
        putInt((int) value);
    }

    /** A value of its length and bytes. */
    void putSized(byte[] value) {
        ensure(value.length + 4);
        putInt(value.length);
        System.arraycopy(value, 0, bytes, at, value.length);
        at += value.length;
    }

    /** Hands the bytes over once there are enough of them. */
    void drain(OutputStream target) throws IOException {
        if (at >= FLUSH_BYTES) {
            flush(target);
        }
    }

    /** Hands all bytes over. */
    void flush(OutputStream target) throws IOException {
        target.write(bytes, 0, at);
        at = 0;
    }
}
