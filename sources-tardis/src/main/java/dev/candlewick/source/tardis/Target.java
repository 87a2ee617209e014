package dev.candlewick.source.tardis;

import dev.candlewick.Dataset;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.instrument.Instrument;
import dev.candlewick.instrument.InstrumentCatalog;
import dev.candlewick.instrument.InstrumentKey;
import dev.candlewick.instrument.InstrumentType;
import dev.candlewick.instrument.Venues;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which files a series is read from.
 *
 * @param series whose rows
 * @param exchange as Tardis calls it
 * @param data which type of file
 * @param group the group whose file it is; empty where each symbol has its own
 * @param names what files call the instrument; nothing for the whole of a group
 */
record Target(Series series, String exchange, TardisData data, Optional<String> group, Names names) {

    /** The kind of a subject that is a whole group of instruments: {@code DERIBIT:GROUP:OPTIONS}. */
    static final String GROUP = "GROUP";

    private static final String OPTIONS = "OPTIONS";

    /** What files call an instrument on a day; venues give names away again. */
    @FunctionalInterface
    interface Names {
        String on(LocalDate day);
    }

    /** The file of a day. */
    DatasetFile file(LocalDate day) {
        return new DatasetFile(exchange, data, group.orElseGet(() -> names.on(day)), day);
    }

    /** The only symbol that is wanted of a group's file; empty: all. */
    Optional<String> wanted(LocalDate day) {
        return group.isPresent() && !isWhole() ? Optional.of(names.on(day)) : Optional.empty();
    }

    private boolean isWhole() {
        return series.subject().kind().equals(GROUP);
    }

    /** Why there can be no files of a series; empty when there may be. Asks nobody. */
    static Optional<String> refusal(Series series) {
        Optional<TardisData> data = TardisData.of(series.dataset());
        if (data.isEmpty()) {
            return Optional.of("there is no " + series.dataset() + "; there are "
                    + String.join(", ", TardisData.names()) + ", and each as :grouped");
        }
        boolean chain = data.get() == TardisData.OPTIONS_CHAIN;
        if (series.subject().kind().equals(GROUP)) {
            if (!series.subject().code().matches("[A-Z0-9_-]+")) {
                return Optional.of("groups are named in capital letters: SPOT, FUTURES, PERPETUALS, OPTIONS");
            }
            return series.dataset().isGrouped() || chain
                    ? Optional.empty()
                    : Optional.of("rows of a group need their symbols: read " + series.dataset() + ":grouped");
        }
        if (series.dataset().isGrouped()) {
            return Optional.of(
                    "only a group such as " + series.subject().venue() + ":GROUP:OPTIONS has " + series.dataset());
        }
        try {
            return TardisSymbols.isTraded(InstrumentKey.of(series.subject()).type())
                    ? Optional.empty()
                    : Optional.of("a " + series.subject().kind() + " is not traded");
        } catch (IllegalArgumentException notAnInstrument) {
            return Optional.of(String.valueOf(notAnInstrument.getMessage()));
        }
    }

    /**
     * The files of a series.
     *
     * @param catalog what knows the names of instruments, if the caller gave something
     * @param published what Tardis knows of the instruments of an exchange; asked only while reading, and only where the
     *     rules of the venue leave the name open
     * @throws Refused when no files can be of it
     */
    static Target of(
            String source,
            Series series,
            Optional<InstrumentCatalog> catalog,
            Function<String, InstrumentCatalog> published) {
        refusal(series).ifPresent(why -> {
            throw new Refused(source + " does not serve " + series + ": " + why);
        });
        Dataset dataset = series.dataset();
        TardisData data = TardisData.of(dataset).orElseThrow();
        String exchange = Venues.tardisExchange(series.subject().venue());
        if (series.subject().kind().equals(GROUP)) {
            return new Target(
                    series, exchange, data, Optional.of(series.subject().code()), day -> "");
        }
        Optional<String> group = data == TardisData.OPTIONS_CHAIN ? Optional.of(OPTIONS) : Optional.empty();
        return new Target(series, exchange, data, group, names(source, series, exchange, catalog, published));
    }

    private static Names names(
            String source,
            Series series,
            String exchange,
            Optional<InstrumentCatalog> catalog,
            Function<String, InstrumentCatalog> published) {
        InstrumentKey key = InstrumentKey.of(series.subject());
        if (key.type() == InstrumentType.RAW) {
            // As it stands: a few files are named in small letters.
            String symbol = series.subject().code().replace(':', '-');
            return day -> symbol;
        }
        if (catalog.isPresent()) {
            return new CatalogNames(catalog.get(), key)::on;
        }
        Optional<String> symbol = TardisSymbols.of(exchange, key);
        return symbol.isPresent()
                ? day -> symbol.get()
                : day -> published(source, series, exchange, key, published).on(day);
    }

    private static Names published(
            String source,
            Series series,
            String exchange,
            InstrumentKey key,
            Function<String, InstrumentCatalog> published) {
        try {
            return new CatalogNames(published.apply(exchange), key)::on;
        } catch (Refused unknown) {
            throw new Refused(
                    source + " cannot tell what the files of " + exchange + " call " + series.subject() + ": "
                            + unknown.getMessage()
                            + " Give it a catalogue with instruments(…), or name the instrument as"
                            + " its files do, " + series.subject().venue() + ":RAW:SYMBOL.",
                    unknown);
        }
    }

    /** The names that a catalogue knows: by day, as a name may have been given to several instruments in turn. */
    private record CatalogNames(InstrumentCatalog catalog, List<Instrument> definitions) {

        CatalogNames(InstrumentCatalog catalog, InstrumentKey key) {
            this(catalog, definitions(catalog, key));
        }

        private static List<Instrument> definitions(InstrumentCatalog catalog, InstrumentKey key) {
            if (key.isQualified()) {
                List<Instrument> found = catalog.definitions(key);
                return found.isEmpty() ? List.of(catalog.resolve(key)) : found;
            }
            Set<InstrumentKey> same = catalog.instruments().stream()
                    .map(Instrument::key)
                    .filter(each -> each.seedForm().equals(key))
                    .collect(Collectors.toSet());
            return same.size() == 1
                    ? catalog.definitions(same.iterator().next())
                    : List.of(catalog.resolve(key)); // which says what it might mean
        }

        String on(LocalDate day) {
            TimeRange range = TimeRange.day(day, ZoneOffset.UTC);
            Instrument named = definitions.stream()
                    .filter(each -> each.window().contains(range.start()))
                    .findFirst()
                    .or(() -> definitions.stream()
                            .filter(each -> each.window().touches(day))
                            .findFirst())
                    .orElse(definitions.get(0));
            return named.datasetId().isEmpty() ? TardisSymbols.datasetId(named.rawSymbol()) : named.datasetId();
        }
    }
}
