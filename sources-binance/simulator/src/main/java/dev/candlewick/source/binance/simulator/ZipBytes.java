package dev.candlewick.source.binance.simulator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Zips whose bytes follow from their content alone, so that checksums are stable. */
final class ZipBytes {
    /** Any fixed moment will do; a local one, because zip entries know no zone. */
    private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(2023, 7, 17, 7, 48);

    private ZipBytes() {}

    /** How hard the members are squeezed. */
    enum Compression {
        FAST(Deflater.BEST_SPEED),
        NONE(Deflater.NO_COMPRESSION);

        private final int level;

        Compression(int level) {
            this.level = level;
        }
    }

    static byte[] of(String member, byte[] content) {
        return of(member, content, Compression.FAST);
    }

    static byte[] of(String member, byte[] content, Compression compression) {
        return of(Map.of(member, content), compression);
    }

    /** Members in the order of the map. */
    static byte[] of(Map<String, byte[]> members) {
        return of(members, Compression.FAST);
    }

    private static byte[] of(Map<String, byte[]> members, Compression compression) {
        int size = members.values().stream().mapToInt(content -> content.length).sum();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(size / 2 + 512);
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setLevel(compression.level);
            for (Map.Entry<String, byte[]> member : members.entrySet()) {
                ZipEntry entry = new ZipEntry(member.getKey());
                entry.setTimeLocal(ENTRY_TIME);
                zip.putNextEntry(entry);
                zip.write(member.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Memory does not fail to be written to", e);
        }
        return bytes.toByteArray();
    }

    static String sha256(byte[] bytes) {
        return digest("SHA-256", bytes);
    }

    static String md5(byte[] bytes) {
        return digest("MD5", bytes);
    }

    private static String digest(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has " + algorithm, e);
        }
    }
}
