package dev.candlewick.source.binance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Tells whether two files of one period hold the same, by the length and checksum of what is packed in them. */
final class SameCandles {

    private SameCandles() {}

    private record Content(long length, long crc) {}

    /** Whether both hold the same bytes, packed or not; what cannot be read is the same as nothing. */
    static boolean in(Path one, Path other) {
        try {
            return content(one).equals(content(other));
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static Content content(Path file) throws IOException {
        if (!file.toString().endsWith(".zip")) {
            CRC32 crc = new CRC32();
            byte[] bytes = Files.readAllBytes(file);
            crc.update(bytes);
            return new Content(bytes.length, crc.getValue());
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry entry =
                    zip.stream().findFirst().orElseThrow(() -> new IOException(file + " is an archive of nothing"));
            return new Content(entry.getSize(), entry.getCrc());
        }
    }
}
