package dev.candlewick.source.binance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A file of the archive made by hand. */
final class PublishedFile {

    private PublishedFile() {}

    /** Zips the lines as a file of {@code BTCUSDT} of USD-margined futures, {@code BTCUSDT-} and the rest of its name. */
    static void write(Path root, String folder, String rest, String header, List<String> lines) throws IOException {
        String stem = "BTCUSDT-" + rest;
        Path path = root.resolve("data/futures/um/" + folder + "/BTCUSDT/" + stem + ".zip");
        Files.createDirectories(path.getParent());
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
            zip.putNextEntry(new ZipEntry(stem + ".csv"));
            zip.write((header + "\n" + String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
    }
}
