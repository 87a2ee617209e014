package dev.candlewick.spi;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * Bytes that are written once and read as often as needed: the first ones in memory, all others in a temporary file, so
 * that a heap of any size can hold a unit of any size between append and commit. For one thread.
 */
public final class SpillBuffer extends OutputStream {

    private static final int FIRST_BYTES = 1 << 13;
    private static final int FILE_BUFFER_BYTES = 1 << 16;

    private final int memoryBytes;
    private byte[] memory = new byte[0];
    private int inMemory;
    private long size;
    private Optional<Spilled> spilled = Optional.empty();

    private record Spilled(Path file, OutputStream out) {}

    /**
     * An empty buffer.
     *
     * @param memoryBytes how much it may hold in memory
     */
    public SpillBuffer(int memoryBytes) {
        this.memoryBytes = memoryBytes;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        int kept = Math.min(count, memoryBytes - inMemory);
        if (kept > 0) {
            if (inMemory + kept > memory.length) {
                long doubled = Math.max(FIRST_BYTES, 2L * memory.length);
                memory = Arrays.copyOf(memory, (int) Math.min(memoryBytes, Math.max(inMemory + kept, doubled)));
            }
            System.arraycopy(bytes, from, memory, inMemory, kept);
            inMemory += kept;
        }
        if (count > kept) {
            file().write(bytes, from + kept, count - kept);
        }
        size += count;
    }

    private OutputStream file() throws IOException {
        if (spilled.isEmpty()) {
            Path file = Files.createTempFile("candlewick", ".unit");
            spilled = Optional.of(
                    new Spilled(file, new BufferedOutputStream(Files.newOutputStream(file), FILE_BUFFER_BYTES)));
        }
        return spilled.get().out();
    }

    /** Bytes written so far. */
    public long size() {
        return size;
    }

    /** Everything written so far, from the start; the caller closes the stream. */
    public InputStream read() throws IOException {
        InputStream first = new ByteArrayInputStream(memory, 0, inMemory);
        if (spilled.isEmpty()) {
            return first;
        }
        spilled.get().out().flush();
        return new SequenceInputStream(first, Files.newInputStream(spilled.get().file()));
    }

    /**
     * Copies written bytes from any place.
     *
     * @throws EOFException when fewer were written
     */
    public void read(long offset, byte[] target, int at, int count) throws IOException {
        Objects.checkFromIndexSize(at, count, target.length);
        if (offset < 0 || offset > size - count) {
            throw new EOFException(size + " bytes were written, not " + (offset + count));
        }
        int fromMemory = (int) Math.max(0, Math.min(count, inMemory - offset));
        if (fromMemory > 0) {
            System.arraycopy(memory, (int) offset, target, at, fromMemory);
        }
        if (fromMemory < count && spilled.isPresent()) {
            spilled.get().out().flush();
            ByteBuffer rest = ByteBuffer.wrap(target, at + fromMemory, count - fromMemory);
            long position = offset + fromMemory - inMemory;
            try (FileChannel file = FileChannel.open(spilled.get().file())) {
                while (rest.hasRemaining()) {
                    int read = file.read(rest, position);
                    if (read < 0) {
                        throw new EOFException(spilled.get().file() + " became shorter");
                    }
                    position += read;
                }
            }
        }
    }

    /** Forgets everything; calling it twice does nothing. */
    @Override
    public void close() throws IOException {
        memory = new byte[0];
        inMemory = 0;
        size = 0;
        if (spilled.isPresent()) {
            Spilled gone = spilled.get();
            spilled = Optional.empty();
            try {
                gone.out().close();
            } finally {
                Files.deleteIfExists(gone.file());
            }
        }
    }

    @Override
    public String toString() {
        return size + " bytes"
                + spilled.map(to -> ", the later ones in " + to.file()).orElse("");
    }
}
