package dev.candlewick.sink.parquet.objects;

import java.nio.charset.StandardCharsets;

/** Which names objects may have: the same in every storage, so that what one holds can be copied to any other. */
public final class ObjectNames {

    // Google and Amazon allow 1,024 bytes with the prefix that a storage puts before.
    private static final int LONGEST_BYTES = 900;

    private ObjectNames() {}

    /**
     * The name, if it is one.
     *
     * @throws IllegalArgumentException when it is empty, too long, leaves the storage, or has empty parts or control
     *     characters
     */
    public static String checked(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("An object's name is never empty");
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_BYTES) {
            throw new IllegalArgumentException("An object's name has at most " + LONGEST_BYTES + " bytes: " + name);
        }
        if (name.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new IllegalArgumentException("An object's name has no control characters: " + name);
        }
        for (String part : name.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..")) {
                throw new IllegalArgumentException("'" + name
                        + "' is no name of an object: its parts are neither empty nor '.' nor '..', so that none leaves"
                        + " the storage");
            }
        }
        return name;
    }

    /**
     * The prefix, if it is one: empty, or a name with {@code /} behind it.
     *
     * @throws IllegalArgumentException when it is neither
     */
    public static String checkedPrefix(String prefix) {
        if (!prefix.isEmpty()) {
            if (!prefix.endsWith("/")) {
                throw new IllegalArgumentException("A prefix is empty or ends in '/': " + prefix);
            }
            checked(prefix.substring(0, prefix.length() - 1));
        }
        return prefix;
    }
}
