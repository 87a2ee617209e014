package dev.candlewick.instrument;

/**
 * The names of venues in keys and those that Tardis gives its exchanges: capital letters here, small letters there, and
 * {@code OKX} here for {@code okex} there. Holds for every exchange, known or not.
 */
public final class Venues {

    private Venues() {}

    /** The venue as keys write it: {@code okex-swap}, {@code OKEX-SWAP} and {@code okx-swap} are {@code OKX-SWAP}. */
    public static String canonical(String venue) {
        return renamed(Ascii.upper(venue), "OKEX", "OKX");
    }

    /** The exchange as Tardis calls it: {@code OKX-SWAP} is {@code okex-swap}. */
    public static String tardisExchange(String venue) {
        return renamed(Ascii.lower(venue), "okx", "okex");
    }

    // Only the whole first word counts: "OKXX" would be another venue.
    private static String renamed(String venue, String from, String to) {
        boolean first = venue.equals(from) || venue.startsWith(from + "-");
        return first ? to + venue.substring(from.length()) : venue;
    }
}
