package dev.candlewick.csv;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The first stage of reading a file alone. */
public final class GunzipStage {

    private GunzipStage() {}

    /** Gunzips the file to nowhere; gives how many bytes came out. */
    public static long bytes(Path file, CsvInflate inflate) throws IOException {
        try (FileBlocks blocks = new FileBlocks(new RawInput(Files.newInputStream(file), file.toString()), inflate)) {
            long all = 0;
            for (ByteBlock block = blocks.next(); block != null; block = blocks.next()) {
                all += block.to - block.from;
            }
            return all;
        }
    }
}
