package dev.candlewick.source.binance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The bytes of a zip, which can be read from their beginning as often as need be. */
interface ZipBytes {

    /** How many there are. */
    long size() throws IOException;

    /** Reads them from the beginning. */
    InputStream open() throws IOException;

    /** What lies at a path whenever it is opened: for files that nobody else writes. */
    static ZipBytes at(Path path) {
        return new ZipBytes() {
            @Override
            public long size() throws IOException {
                return Files.size(path);
            }

            @Override
            public InputStream open() throws IOException {
                return Files.newInputStream(path);
            }

            @Override
            public String toString() {
                return path.toString();
            }
        };
    }
}
