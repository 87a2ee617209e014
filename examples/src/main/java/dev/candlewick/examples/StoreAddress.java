package dev.candlewick.examples;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** What the text after {@code --store}, {@code --from} or {@code --to} says about directories. */
final class StoreAddress {

    private static final String SCHEME = "parquet:";

    private StoreAddress() {}

    /** The directory that an address names; empty for what is no directory, such as a venue. */
    static Optional<Path> directory(String address) {
        if (!address.startsWith(SCHEME) || address.length() == SCHEME.length()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(address.substring(SCHEME.length())));
        } catch (InvalidPathException unnameable) {
            return Optional.empty(); // opening it explains
        }
    }
}
