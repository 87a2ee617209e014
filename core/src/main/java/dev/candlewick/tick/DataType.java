package dev.candlewick.tick;

import dev.candlewick.Dataset;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Datasets of ticks by the names that recorders of ticks give them, as flags, settings and folders have them:
 * {@code book_snapshot_5} is {@code book:5}, {@code incremental_book_L2} is {@code book:l2}; the others have one name.
 */
public final class DataType {

    private static final String SNAPSHOT = "book_snapshot_";
    private static final String CHANGES = "incremental_book_L2";

    private static final Map<String, Dataset> NAMED = Stream.of(
                    Dataset.TRADES,
                    Dataset.QUOTES,
                    Dataset.BOOK_TICKER,
                    Dataset.DERIVATIVE_TICKER,
                    Dataset.LIQUIDATIONS,
                    Dataset.OPTIONS_CHAIN)
            .collect(Collectors.toUnmodifiableMap(Dataset::name, dataset -> dataset));

    private DataType() {}

    /**
     * The dataset of a name; names of datasets themselves, such as {@code book:5}, are read too.
     *
     * @throws IllegalArgumentException when it is no data type, listing those that there are
     */
    public static Dataset parse(String name) {
        String plain = name.strip().toLowerCase(Locale.ROOT);
        if (plain.equals(CHANGES.toLowerCase(Locale.ROOT)) || plain.equals(Dataset.BOOK_CHANGES.name())) {
            return Dataset.BOOK_CHANGES;
        }
        Dataset named = NAMED.get(plain);
        if (named != null) {
            return named;
        }
        String levels = plain.startsWith(SNAPSHOT)
                ? plain.substring(SNAPSHOT.length())
                : plain.startsWith("book:") ? plain.substring("book:".length()) : "";
        if (levels.matches("[1-9][0-9]{0,2}")) {
            return Dataset.book(Integer.parseInt(levels));
        }
        throw new IllegalArgumentException(
                "'" + name + "' is no data type; there are trades, " + CHANGES + ", " + SNAPSHOT + "5, " + SNAPSHOT
                        + "25, quotes, book_ticker, derivative_ticker, liquidations, options_chain");
    }

    /** The name of a dataset: of one that is no data type of a recorder, its own. */
    public static String name(Dataset dataset) {
        String name = dataset.name();
        if (name.equals(Dataset.BOOK_CHANGES.name())) {
            return CHANGES;
        }
        return name.matches("book:[0-9]+") ? SNAPSHOT + name.substring("book:".length()) : name;
    }
}
