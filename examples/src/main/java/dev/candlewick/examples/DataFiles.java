package dev.candlewick.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The Parquet files below a directory.
 *
 * @param count how many
 * @param bytes how long they are together
 */
record DataFiles(long count, long bytes) {

    /** Those of a store's address; empty for a store that has no directory. */
    static Optional<DataFiles> of(String address) throws IOException {
        Optional<Path> directory = StoreAddress.directory(address).filter(Files::isDirectory);
        if (directory.isEmpty()) {
            return Optional.empty();
        }
        try (Stream<Path> paths = Files.walk(directory.get())) {
            List<Path> files = paths.filter(DataFiles::isData).toList();
            long bytes = 0;
            for (Path file : files) {
                bytes += Files.size(file);
            }
            return Optional.of(new DataFiles(files.size(), bytes));
        }
    }

    // Names with a leading dot or underscore are the store's own, as every Parquet engine takes them.
    private static boolean isData(Path path) {
        String name = path.getFileName().toString();
        return name.endsWith(".parquet")
                && !name.startsWith(".")
                && !path.toString().contains("/_");
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%,d %s, %,d bytes", count, count == 1 ? "file" : "files", bytes);
    }
}
