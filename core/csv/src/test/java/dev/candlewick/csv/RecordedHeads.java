package dev.candlewick.csv;

import dev.candlewick.testkit.RecordedData;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** The first rows of recorded venue data, where this machine has it. */
final class RecordedHeads {

    private static final int HEAD = 3_000;

    private RecordedHeads() {}

    /** Of every recorded file whose name has this in it, some rows; none where nothing is recorded. */
    static List<byte[]> of(String part) throws IOException {
        Optional<Path> root = RecordedData.root();
        if (root.isEmpty()) {
            return List.of();
        }
        List<byte[]> heads = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root.get())) {
            for (Path file : files.filter(each -> each.getFileName().toString().contains(part)
                            && each.getFileName().toString().matches(".*\\.csv(\\.gz)?"))
                    .sorted()
                    .toList()) {
                heads.add(head(file));
            }
        }
        return heads;
    }

    private static byte[] head(Path file) throws IOException {
        try (InputStream raw = Files.newInputStream(file);
                InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
            byte[] head = in.readNBytes(HEAD);
            int end = head.length;
            while (end > 0 && head[end - 1] != '\n') {
                end--;
            }
            return Arrays.copyOf(head, end);
        }
    }
}
