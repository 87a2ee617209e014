package dev.candlewick.sink.s3;

import dev.candlewick.Refused;
import dev.candlewick.Unavailable;
import dev.candlewick.sink.parquet.objects.ObjectBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * Content with what it is known by.
 *
 * @param bytes the content itself
 * @param sha256 in hexadecimal: what tells this content from any other
 * @param crc32c as S3 writes it
 * @param md5 as {@code Content-MD5} writes it
 */
record Content(ObjectBytes bytes, String sha256, String crc32c, String md5) {

    private static final int BUFFER = 1 << 16;

    /** Reads it once. */
    static Content of(ObjectBytes bytes) {
        MessageDigest sha256 = digest("SHA-256");
        MessageDigest md5 = digest("MD5");
        CRC32C crc = new CRC32C();
        long length = 0;
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = bytes.open()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                sha256.update(buffer, 0, count);
                md5.update(buffer, 0, count);
                crc.update(buffer, 0, count);
                length += count;
            }
        } catch (IOException failed) {
            throw unreadable(failed);
        }
        if (length != bytes.length()) {
            throw new Refused("Content of " + bytes.length() + " bytes gave " + length + "; nothing was written");
        }
        return new Content(
                bytes,
                HexFormat.of().formatHex(sha256.digest()),
                text(crc),
                Base64.getEncoder().encodeToString(md5.digest()));
    }

    /** When what is to be written cannot be read, which is a matter of this machine. */
    static Unavailable unreadable(IOException failed) {
        return new Unavailable(
                "What is to be written could not be read from this machine's temporary files (" + failed.getMessage()
                        + "). What was stored before stands; run again",
                failed);
    }

    /** The CRC32C of bytes as S3 writes it: Base64 of four bytes, the highest first. */
    static String crc32c(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return text(crc);
    }

    static String md5(byte[] bytes) {
        return Base64.getEncoder().encodeToString(digest("MD5").digest(bytes));
    }

    private static String text(CRC32C crc) {
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(Integer.BYTES)
                        .putInt((int) crc.getValue())
                        .array());
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("Every Java has " + algorithm, impossible);
        }
    }
}
