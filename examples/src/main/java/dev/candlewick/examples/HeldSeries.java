package dev.candlewick.examples;

import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What is in a store that somebody says is there, and clear words where it is not. */
final class HeldSeries {

    private static final String OWN = "_candlewick";

    private HeldSeries() {}

    /**
     * Checks that an address that is read from names a store.
     *
     * @throws Refused naming the directory when it does not exist or is no store
     */
    static void requireStore(String address) {
        Optional<Path> directory = StoreAddress.directory(address);
        if (directory.isEmpty()) {
            return;
        }
        Path path = directory.get();
        if (!Files.exists(path)) {
            throw new Refused("There is no store at " + path + ": no such directory. 'candlewick backfill' begins one");
        }
        if (!Files.isDirectory(path)) {
            throw new Refused("There is no store at " + path + ": it is a file, and a Parquet store is a directory");
        }
        if (!Files.isDirectory(path.resolve(OWN))) {
            throw new Refused("There is no store at " + path + ": it has no directory " + OWN
                    + ", which every store has. 'candlewick backfill' begins one");
        }
    }

    /**
     * Checks that a database that is read from is a store: one without any series is as likely to be another database.
     *
     * @throws Refused naming the store when it holds nothing
     */
    static void requireBegun(String address, Store store) {
        if (StoreAddress.directory(address).isEmpty() && store.series().isEmpty()) {
            throw new Refused("There is no store in " + store.name()
                    + ": nothing of Candlewick is there. 'candlewick backfill' begins one");
        }
    }

    /**
     * The series asked for, all of them held; everything that the store holds when none was asked for.
     *
     * @throws Refused as {@link #require}
     */
    static List<Series> of(Store store, Arguments arguments) {
        if (!arguments.has(Flags.SERIES)) {
            return store.series();
        }
        List<Series> asked = asked(store, arguments);
        asked.forEach(series -> require(store, series));
        return asked;
    }

    /**
     * The series asked for, each once, in the order typed. What is no kind of data that everybody knows the columns of,
     * such as candles, is one that the store knows them of.
     */
    static List<Series> asked(Store store, Arguments arguments) {
        return asked(List.of(store), arguments);
    }

    /** As {@link #asked(Store, Arguments)}, where one of several stores may know the columns. */
    static List<Series> asked(List<Store> stores, Arguments arguments) {
        return Flags.seriesTexts(arguments).stream()
                .map(text -> named(stores, text))
                .distinct()
                .toList();
    }

    private static Series named(List<Store> stores, String text) {
        try {
            return Series.parse(text);
        } catch (IllegalArgumentException unknown) {
            return stores.stream()
                    .flatMap(store -> store.series().stream())
                    .filter(series -> series.toString().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new UsageException(String.valueOf(unknown.getMessage()), unknown));
        }
    }

    /**
     * Checks that a store holds something of a series.
     *
     * @throws Refused naming what it holds instead
     */
    static void require(Store store, Series series) {
        if (!holds(store, series)) {
            throw new Refused(store.name() + " holds nothing of " + series + "; " + instead(series, store.series()));
        }
    }

    /** Whether a store holds something of a series. */
    static boolean holds(Store store, Series series) {
        return store.series().stream().anyMatch(one -> one.toString().equals(series.toString()));
    }

    /** As {@link #require(Store, Series)}, without looking through the whole store where a range answers. */
    static void require(Store store, Series series, TimeRange range) {
        if (store.ledger(series, range).isEmpty()) {
            require(store, series);
        }
    }

    private static String instead(Series series, List<Series> held) {
        if (held.isEmpty()) {
            return "it is empty. Fetch something with 'candlewick backfill' first";
        }
        return NearMatches.nearest(
                                series.toString(),
                                held.stream().map(Series::toString).toList())
                        .map(near -> "did you mean " + near + "? ")
                        .orElse("")
                + "it holds " + Shortened.list(held);
    }
}
