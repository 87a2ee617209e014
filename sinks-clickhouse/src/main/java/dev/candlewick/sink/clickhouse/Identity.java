package dev.candlewick.sink.clickhouse;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Stable numbers for what is written: the same on every machine, in every attempt. */
final class Identity {

    private static final int SEQUENCE_BITS = 16;
    static final long SEQUENCE_MASK = (1L << SEQUENCE_BITS) - 1;

    private Identity() {}

    /** The first 64 bits of the SHA-256 of some texts. */
    static long of(String... parts) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\n", parts).getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }

    /**
     * The version that the rows of one attempt carry: 48 bits of what they are, then 16 bits of the sequence that they
     * were written for. The latter tell rows that can never count any more from rows that are on their way.
     */
    static long version(String series, long unitStartMicros, long sequence, String contentHash, int attempt) {
        long hash = of(series, Long.toString(unitStartMicros), Long.toString(sequence), contentHash, attempt + "");
        return (hash << SEQUENCE_BITS) | (sequence & SEQUENCE_MASK);
    }
}
