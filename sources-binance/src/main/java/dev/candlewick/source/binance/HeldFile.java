package dev.candlewick.source.binance;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * A file that is held open: whoever puts another in its place changes nothing of what is read here. Safe for many threads;
 * closing it ends every stream. Not a channel, which an interrupted thread would close for all others.
 */
final class HeldFile implements ZipBytes, AutoCloseable {

    private static final int BUFFER_BYTES = 64 << 10;

    private final Path path;
    private final RandomAccessFile file;

    HeldFile(Path path) throws IOException {
        this.path = path;
        this.file = new RandomAccessFile(path.toFile(), "r");
    }

    @Override
    public long size() throws IOException {
        return file.length();
    }

    @Override
    public InputStream open() {
        return new InputStream() {
            private long position;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] target, int from, int count) throws IOException {
                int read;
                synchronized (file) {
                    file.seek(position);
                    read = file.read(target, from, count);
                }
                position += Math.max(0, read);
                return read;
            }
        };
    }

    /** The hash of all of it. */
    String sha256() throws IOException {
        MessageDigest digest = Sha256.digest();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream input = open()) {
            for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException lost) {
            // Nothing was written, so nothing is lost by not having closed it well.
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
