package dev.candlewick.examples;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Lists that stay readable in a message. */
final class Shortened {

    private static final int SHOWN = 10;

    private Shortened() {}

    /** The first few, comma-separated, and how many more there are. */
    static String list(List<?> items) {
        String shown = items.stream().limit(SHOWN).map(Object::toString).collect(Collectors.joining(", "));
        return items.size() <= SHOWN
                ? shown
                : shown + " and " + String.format(Locale.ROOT, "%,d more", items.size() - SHOWN);
    }
}
