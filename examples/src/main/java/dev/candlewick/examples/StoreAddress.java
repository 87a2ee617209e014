package dev.candlewick.examples;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the text after {@code --store}, {@code --from} or {@code --to} says about directories. */
final class StoreAddress {

    private static final String SCHEME = "parquet:";

    private static final Set<String> CLOUD = Set.of("gcs:", "bigquery:", "s3:");

    private StoreAddress() {}

    /**
     * Checks that an address is none of a store in the cloud where this build leaves these out, as the launcher's usual one
     * does.
     *
     * @param forms how the addresses look that can be opened
     * @throws UsageException saying how to have them
     */
    static void requireBuilt(String address, List<String> forms) {
        String scheme = address.substring(0, address.indexOf(':') + 1);
        if (CLOUD.contains(scheme) && forms.stream().noneMatch(form -> form.startsWith(scheme))) {
            throw new UsageException(
                    "A store of " + scheme + " is in the cloud, and what these need is not in this build;"
                            + " with CANDLEWICK_CLOUD=1 in the environment the launcher adds it");
        }
    }

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
