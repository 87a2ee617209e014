package dev.candlewick.sink.parquet;

import dev.candlewick.sink.parquet.file.ByteRange;
import dev.candlewick.sink.parquet.file.ByteSource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 as receipts name it. */
final class Checksums {

    private static final int BUFFER_BYTES = 1 << 16;

    private Checksums() {}

    /** Of the first bytes of a source, which is told that all of them will be read, once. */
    static String sha256(ByteSource source, long length) throws IOException {
        MessageDigest digest = DurableFiles.sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        source.announce(List.of(new ByteRange(0, length)));
        for (long at = 0; at < length; ) {
            int count = (int) Math.min(buffer.length, length - at);
            source.read(at, buffer, 0, count);
            digest.update(buffer, 0, count);
            at += count;
            source.pass(at);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static String sha256(Path file) throws IOException {
        MessageDigest digest = DurableFiles.sha256();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream bytes = Files.newInputStream(file)) {
            for (int count = bytes.read(buffer); count >= 0; count = bytes.read(buffer)) {
                digest.update(buffer, 0, count);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
