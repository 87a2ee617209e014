package dev.candlewick.sink.parquet.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;

/** Bytes of known length that can be read at any place: a file, an object, an array. Safe for several threads. */
public interface ByteSource extends AutoCloseable {

    /** How many bytes there are. */
    long length();

    /**
     * Reads exactly {@code count} bytes from {@code offset} on into {@code target} from {@code at} on.
     *
     * @throws EOFException when the source ends before
     */
    void read(long offset, byte[] target, int at, int count) throws IOException;

    /**
     * Says what will be read from now on, in the order of the bytes, so that a source that is far away can fetch it in
     * few requests beforehand. What is read all the same need not have been announced.
     */
    default void announce(List<ByteRange> ranges) {}

    /** Says that nothing before the offset will be read any more. */
    default void pass(long offset) {}

    /** Whether every read costs a request, so that nothing is read only to be sure. */
    default boolean isFar() {
        return false;
    }

    /** Frees what the source holds. */
    @Override
    void close() throws IOException;

    /** A file, open until {@link #close}; its length is the one it has now. */
    static ByteSource of(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        long length;
        try {
            length = channel.size();
        } catch (IOException failed) {
            channel.close();
            throw failed;
        }
        return new ByteSource() {
            @Override
            public long length() {
                return length;
            }

            @Override
            public void read(long offset, byte[] target, int at, int count) throws IOException {
                ByteBuffer buffer = ByteBuffer.wrap(target, at, count);
                long position = offset;
                while (buffer.hasRemaining()) {
                    int read = channel.read(buffer, position);
                    if (read < 0) {
                        throw new EOFException(file + " ends at byte " + position + ", before " + (offset + count));
                    }
                    position += read;
                }
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    /** Bytes in memory, which the caller leaves unchanged from now on. */
    static ByteSource of(byte[] bytes) {
        return new ByteSource() {
            @Override
            public long length() {
                return bytes.length;
            }

            @Override
            public void read(long offset, byte[] target, int at, int count) throws IOException {
                Objects.checkFromIndexSize(at, count, target.length);
                if (offset < 0 || offset > bytes.length - count) {
                    throw new EOFException("The bytes end at " + bytes.length + ", before " + (offset + count));
                }
                System.arraycopy(bytes, (int) offset, target, at, count);
            }

            @Override
            public void close() {}
        };
    }
}
