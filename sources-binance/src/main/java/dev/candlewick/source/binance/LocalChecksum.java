package dev.candlewick.source.binance;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** The {@code .CHECKSUM} file that lies beside a file on disk. */
final class LocalChecksum {

    static final String EXTENSION = ".CHECKSUM";

    /** A checksum has 64 digits and a name; what is longer is none. */
    private static final int LONGEST = 4_096;

    private LocalChecksum() {}

    /** What lies beside a file. */
    enum State {
        /** Nothing: the file has to speak for itself. */
        MISSING,
        /** Something that is no checksum of the file. */
        UNREADABLE,
        /** A checksum. */
        THERE
    }

    /** A sibling, and what it says if it is one. */
    record Sibling(State state, Optional<PublishedChecksum> published) {}

    static Path of(Path file) {
        return file.resolveSibling(file.getFileName() + EXTENSION);
    }

    static Sibling read(Path file) throws IOException {
        Path sibling = of(file);
        byte[] bytes;
        // One look, as another job may be replacing the file, and its checksum with it.
        try {
            if (!Files.readAttributes(sibling, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .isRegularFile()) {
                return new Sibling(State.UNREADABLE, Optional.empty());
            }
            try (InputStream input = Files.newInputStream(sibling, LinkOption.NOFOLLOW_LINKS)) {
                bytes = input.readNBytes(LONGEST);
            }
        } catch (NoSuchFileException missing) {
            return new Sibling(State.MISSING, Optional.empty());
        }
        Optional<PublishedChecksum> published =
                PublishedChecksum.parse(new String(bytes, StandardCharsets.UTF_8), String.valueOf(file.getFileName()));
        return new Sibling(published.isPresent() ? State.THERE : State.UNREADABLE, published);
    }
}
