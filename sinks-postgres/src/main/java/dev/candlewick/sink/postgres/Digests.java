package dev.candlewick.sink.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Numbers and names that follow from a text alone, the same in every process. */
final class Digests {

    private Digests() {}

    static String hex(String text) {
        return HexFormat.of().formatHex(sha256(text));
    }

    /** The key of the advisory lock for what the text names; two texts that meet only wait for each other. */
    static long lockKey(String text) {
        return ByteBuffer.wrap(sha256(text)).getLong();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }
}
