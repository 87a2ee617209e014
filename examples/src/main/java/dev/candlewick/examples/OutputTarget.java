package dev.candlewick.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code --out} names, checked before any work.
 *
 * @param given the path as it was typed
 * @param file what is written: symbolic links followed, so that the link stays a link
 * @param kind how it is written
 */
record OutputTarget(String given, Path file, Kind kind) {

    /** As many as Linux follows before it calls links a loop. */
    private static final int MOST_LINKS = 40;

    /** How a result gets to where it belongs. */
    enum Kind {
        /** A regular file, or none yet: written beside it, then moved onto its name. */
        MOVED_INTO_PLACE,
        /** A pipe, a device or an open stream: there is nothing that could be replaced. */
        WRITTEN_STRAIGHT
    }

    /**
     * Follows and judges a path.
     *
     * @param store the directory of the store that is read, which must not be written into
     * @throws UsageException naming the path as typed, and why nothing can be written there
     */
    static OutputTarget of(String given, Optional<Path> store) throws IOException {
        Path file = followed(given);
        if (Files.isDirectory(file)) {
            throw refused(given, "is a directory; give the name of a file");
        }
        if (leadsToAStream(file) || (Files.exists(file) && !Files.isRegularFile(file))) {
            return new OutputTarget(given, file, Kind.WRITTEN_STRAIGHT);
        }
        Path parent = file.getParent();
        if (parent == null || !Files.exists(parent)) {
            throw refused(given, "cannot be written: there is no directory " + parent);
        }
        if (!Files.isDirectory(parent)) {
            throw refused(given, "cannot be written: " + parent + " is no directory");
        }
        if (!Files.isWritable(parent)) {
            throw refused(given, "cannot be written: nothing may be created in " + parent);
        }
        Path real = parent.toRealPath().resolve(file.getFileName());
        if (store.isPresent()
                && Files.exists(store.get())
                && real.startsWith(store.get().toRealPath())) {
            throw refused(given, "lies in the store " + store.get() + "; choose a file outside of it");
        }
        return new OutputTarget(given, real, Kind.MOVED_INTO_PLACE);
    }

    private static Path followed(String given) throws IOException {
        try {
            Path file = Path.of(given).toAbsolutePath();
            for (int links = 0; Files.isSymbolicLink(file) && !leadsToAStream(file); links++) {
                if (links == MOST_LINKS) {
                    throw refused(given, "is a symbolic link that leads round in a circle");
                }
                file = file.resolveSibling(Files.readSymbolicLink(file)).normalize();
            }
            return file;
        } catch (InvalidPathException unnameable) {
            throw new UsageException("--out " + given + " is no path: " + unnameable.getReason(), unnameable);
        }
    }

    // What lies there are streams that are open already, whatever they were opened on; only the system can follow them.
    private static boolean leadsToAStream(Path file) {
        return file.startsWith("/proc") || file.startsWith("/dev/fd");
    }

    private static UsageException refused(String given, String why) {
        return new UsageException("--out " + given + " " + why);
    }
}
