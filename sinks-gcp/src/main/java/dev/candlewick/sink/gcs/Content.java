package dev.candlewick.sink.gcs;

import dev.candlewick.Unavailable;
import dev.candlewick.sink.parquet.objects.ObjectBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.zip.CRC32C;

/** What is to be written, with its checksum as Cloud Storage writes it. Immutable as long as the bytes are. */
record Content(ObjectBytes bytes, String crc32c) {

    private static final int BUFFER = 1 << 16;

    /** Reads the bytes once, as a request begins with their checksum. */
    static Content of(String doing, ObjectBytes bytes) {
        CRC32C crc = new CRC32C();
        long[] length = {0};
        try (InputStream in = bytes.open()) {
            byte[] buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                crc.update(buffer, 0, count);
                length[0] += count;
            }
        } catch (IOException failed) {
            throw unreadable(doing, failed);
        }
        if (length[0] != bytes.length()) {
            throw new IllegalStateException(doing + ": there are " + length[0] + " bytes instead of " + bytes.length());
        }
        return new Content(bytes, base64(crc));
    }

    /** What it means that the bytes cannot be read, before the last of them was sent. */
    static Unavailable unreadable(String doing, IOException failed) {
        return new Unavailable(
                doing + ": what is to be written cannot be read (" + failed
                        + "). Nothing was written; see to where it comes from, and run it again",
                failed);
    }

    long length() {
        return bytes.length();
    }

    /** Computed only where two contents of one checksum are to be told apart. */
    String md5() throws IOException {
        try (InputStream in = bytes.open()) {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            byte[] buffer = new byte[BUFFER];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
            }
            return Base64.getEncoder().encodeToString(digest.digest());
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException("Every Java has MD5", never);
        }
    }

    static String crc32c(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return base64(crc);
    }

    private static String base64(CRC32C crc) {
        byte[] four =
                ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
        return Base64.getEncoder().encodeToString(four);
    }
}
