package dev.candlewick;

import dev.candlewick.spi.DatasetProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Datasets by name: those that ship with core, then those of providers on the class path. */
final class KnownDatasets {

    private static final Pattern BOOK = Pattern.compile("book:([1-9][0-9]{0,2})");

    private static final List<Dataset> STANDARD = List.of(
            Dataset.TRADES,
            Dataset.AGG_TRADES,
            Dataset.BOOK_CHANGES,
            Dataset.QUOTES,
            Dataset.BOOK_TICKER,
            Dataset.DERIVATIVE_TICKER,
            Dataset.LIQUIDATIONS,
            Dataset.OPTIONS_CHAIN,
            Dataset.FUNDING,
            Dataset.METRICS,
            Dataset.BOOK_DEPTH,
            Dataset.INSTRUMENTS,
            Dataset.MISSING_TICKS,
            Dataset.AVAILABLE_TICKS,
            Dataset.FAILED_TICKS);

    // Found once: what is on the class path does not change while a program runs.
    private static final List<DatasetProvider> PROVIDERS = providers();

    private KnownDatasets() {}

    static Dataset parse(String name) {
        for (Dataset standard : STANDARD) {
            if (standard.name().equals(name)) {
                return standard;
            }
        }
        Matcher book = BOOK.matcher(name);
        if (book.matches()) {
            return Dataset.book(Integer.parseInt(book.group(1)));
        }
        for (DatasetProvider provider : PROVIDERS) {
            Optional<Dataset> found = provider.dataset(name);
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new IllegalArgumentException("Unknown dataset '" + name
                + "'; candles are written candles:INTERVAL, for example candles:1m or candles:1d@Europe/Zurich; others are "
                + String.join(", ", names()));
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>();
        STANDARD.forEach(dataset -> names.add(dataset.name()));
        names.add("book:LEVELS");
        names.add("candles_by_end:INTERVAL");
        PROVIDERS.forEach(provider -> names.addAll(provider.forms()));
        return names;
    }

    private static List<DatasetProvider> providers() {
        List<DatasetProvider> found = new ArrayList<>();
        ServiceLoader.load(DatasetProvider.class, DatasetProvider.class.getClassLoader())
                .forEach(found::add);
        return List.copyOf(found);
    }
}
