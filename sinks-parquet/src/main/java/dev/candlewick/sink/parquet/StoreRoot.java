package dev.candlewick.sink.parquet;

import dev.candlewick.Corrupt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Where the parts of a store lie. Everything that is no data lies in one directory whose name begins with {@code _}, which
 * engines that look for data files pass over.
 *
 * @param path the root, absolute and normalized
 */
record StoreRoot(Path path) {

    StoreRoot {
        path = path.toAbsolutePath().normalize();
    }

    Path own() {
        return path.resolve("_candlewick");
    }

    Path description() {
        return own().resolve("store.json");
    }

    Path manifest() {
        return own().resolve("manifest.json");
    }

    Path receipts() {
        return own().resolve("receipts");
    }

    Path locks() {
        return own().resolve("locks");
    }

    Path sessions() {
        return own().resolve("sessions");
    }

    Path quarantine() {
        return own().resolve("quarantine");
    }

    /** The text that names a file below the root, the same on every system. */
    String relative(Path file) {
        return path.relativize(file).toString().replace('\\', '/');
    }

    /** The file that a relative text names; anything that leaves the root, by name or by a link, is {@link Corrupt}. */
    Path resolve(String relative) {
        try {
            Path file = path.resolve(relative).normalize();
            if (!relative.isEmpty() && file.startsWith(path) && !file.equals(path) && isInsideReally(file)) {
                return file;
            }
        } catch (InvalidPathException unnameable) {
            throw new Corrupt("'" + relative + "' is no file below " + path, unnameable);
        }
        throw new Corrupt("'" + relative + "' leads out of the store at " + path + "; it is not followed");
    }

    // A link inside the root could point anywhere; what does not exist yet is judged by the directory it will be in.
    private boolean isInsideReally(Path file) {
        Path existing = file;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        try {
            return existing == null
                    || !existing.startsWith(path)
                    || existing.toRealPath().startsWith(path.toRealPath());
        } catch (IOException goneMeanwhile) {
            return true; // opening it will say so
        }
    }
}
