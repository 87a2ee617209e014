package dev.candlewick.sink.gcp.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The content of an object with its checksums: in memory when it is small, else in a file.
 *
 * @param memory the bytes; empty when they are in the file
 * @param file where they are when not in memory
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record StoredContent(byte[] memory, Optional<Path> file, long length, String crc32c, String md5) {

    private static final int LARGEST_IN_MEMORY = 1 << 20;

    InputStream open(long offset) throws IOException {
        if (file.isEmpty()) {
            int from = Math.toIntExact(Math.min(offset, memory.length));
            return new ByteArrayInputStream(memory, from, memory.length - from);
        }
        InputStream stream = Files.newInputStream(file.get());
        stream.skipNBytes(offset);
        return stream;
    }

    /** Content that arrives bit by bit. For one thread. */
    static final class Arriving implements AutoCloseable {

        private final Path folder;
        private final CRC32C crc = new CRC32C();
        private final MessageDigest md5 = md5();
        private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
        private Optional<Path> file = Optional.empty();
        private Optional<OutputStream> out = Optional.empty();
        private long length;

        Arriving(Path folder) {
            this.folder = folder;
        }

        long length() {
            return length;
        }

        void append(byte[] bytes, int offset, int count) throws IOException {
            crc.update(bytes, offset, count);
            md5.update(bytes, offset, count);
            length += count;
            if (out.isEmpty() && length > LARGEST_IN_MEMORY) {
                Path path = Files.createTempFile(folder, "object", "");
                OutputStream stream = Files.newOutputStream(path);
                memory.writeTo(stream);
                memory.reset();
                file = Optional.of(path);
                out = Optional.of(stream);
            }
            (out.isPresent() ? out.get() : memory).write(bytes, offset, count);
        }

        void append(InputStream in) throws IOException {
            byte[] buffer = new byte[1 << 16];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                append(buffer, 0, count);
            }
        }

        StoredContent done() throws IOException {
            close();
            return new StoredContent(memory.toByteArray(), file, length, base64(crc), base64(md5.digest()));
        }

        @Override
        public void close() throws IOException {
            if (out.isPresent()) {
                out.get().close();
            }
        }

        private static MessageDigest md5() {
            try {
                return MessageDigest.getInstance("MD5");
            } catch (NoSuchAlgorithmException never) {
                throw new IllegalStateException("Every Java has MD5", never);
            }
        }
    }

    /** As Cloud Storage writes it: four bytes, the greatest first, in Base64. */
    static String base64(CRC32C crc) {
        int value = (int) crc.getValue();
        return base64(new byte[] {(byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value});
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
