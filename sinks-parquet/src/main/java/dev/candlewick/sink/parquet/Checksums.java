package dev.candlewick.sink.parquet;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

/** SHA-256 of files, as receipts name them. */
final class Checksums {

    private static final int BUFFER_BYTES = 1 << 16;

    private Checksums() {}

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
