package dev.candlewick.instrument;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.Store;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The definitions of instruments that a store keeps, day by day: which were alive on a day and what they were then.
 *
 * <pre>{@code
 * InstrumentRegistry registry = InstrumentRegistry.over(store);
 * Source definitions = InstrumentRegistry.source("tardis", catalog, clock.instant());
 * Backfiller.from(definitions).to(store).build().fill(InstrumentRegistry.series("DERIBIT"), TimeRange.year(2024));
 * InstrumentCatalog then = registry.asOf(LocalDate.of(2024, 3, 1));
 * }</pre>
 *
 * <p>Each venue has one series, {@code DERIBIT:REGISTRY:INSTRUMENTS/instruments}, whose unit is a UTC day with a row for
 * each instrument: {@link Dataset#INSTRUMENTS}. As it is rows like any other, plans, gaps, copies and verification work on
 * it. Safe for many threads.
 */
public final class InstrumentRegistry {

    private static final String KIND = "REGISTRY";
    private static final String CODE = "INSTRUMENTS";

    /** No venue: whose rows are those of all venues. */
    private static final String EVERYTHING = "ALL";

    /** Before the first venue there was. */
    private static final Instant BEGINNING = Instant.parse("2009-01-01T00:00:00Z");

    private static final Instant FAR_FUTURE = Instant.parse("2099-12-31T00:00:00Z");

    private final Store store;

    private InstrumentRegistry(Store store) {
        this.store = store;
    }

    /** The registry that a store keeps; the store stays the caller's. */
    public static InstrumentRegistry over(Store store) {
        return new InstrumentRegistry(store);
    }

    /** The series of a venue's definitions. */
    public static Series series(String venue) {
        return new Series(new Subject(Venues.canonical(venue), KIND, CODE), Dataset.INSTRUMENTS);
    }

    /**
     * A catalog's days as a source, to fill a registry from. Serves the series of every venue in the catalog; days that had
     * not ended when it was taken are not published yet.
     *
     * @param name where the definitions come from, for ledgers and messages: {@code tardis}
     * @param catalog with the delisted instruments, so that past days are whole
     * @param takenAt when the venue was asked
     */
    public static Source source(String name, InstrumentCatalog catalog, Instant takenAt) {
        return new InstrumentDefinitions(name, catalog, takenAt);
    }

    /**
     * All venues' instruments alive on a day as rows of one batch, for files of one day that others read: by key, with the
     * terms of the end of the day. Those listed still end in 2099 there, so that a condition on the end holds for them. Its
     * series is {@code ALL:REGISTRY:INSTRUMENTS/instruments}.
     *
     * @throws Refused when a number has more digits than the columns, naming the instrument
     */
    public static Batch rows(InstrumentCatalog catalog, LocalDate day) {
        List<Instrument> alive =
                catalog.aliveOn(day).stream().map(InstrumentRegistry::withEnd).toList();
        return InstrumentRows.write(series(EVERYTHING), start(day), alive, catalog);
    }

    private static Instrument withEnd(Instrument listed) {
        ListingWindow window = listed.window();
        return window.to().isPresent()
                ? listed
                : listed.toBuilder()
                        .window(new ListingWindow(window.from(), Optional.of(FAR_FUTURE)))
                        .build();
    }

    /**
     * Writes a day's definitions of every venue in the catalog, in place of those that were there; of a day that has not
     * ended, what is known of it by now.
     */
    public void write(InstrumentCatalog catalog, LocalDate day) {
        TimeRange range = TimeRange.day(day, ZoneOffset.UTC);
        Source source = source("catalog", catalog, range.end());
        for (String venue : catalog.venues()) {
            store.write(source.read(series(venue), range));
        }
    }

    /** The venues that there are definitions of, sorted. */
    public SortedSet<String> venues() {
        SortedSet<String> venues = new TreeSet<>();
        for (Series each : store.series()) {
            String venue = each.subject().venue();
            if (each.equals(series(venue)) && !venue.equals(EVERYTHING)) {
                venues.add(venue);
            }
        }
        return venues;
    }

    /**
     * The instruments of all venues as they were defined on that day or, where a venue's definitions of that day are
     * missing, on the latest day before it that there are definitions of. Empty when there are none.
     */
    public InstrumentCatalog asOf(LocalDate day) {
        List<Instrument> all = new ArrayList<>();
        for (String venue : venues()) {
            latest(venue, day).ifPresent(entry -> all.addAll(read(series(venue), entry.unit())));
        }
        return InstrumentCatalog.of(all);
    }

    /**
     * The instruments of a venue as they were defined on exactly that day.
     *
     * @throws Refused when the store does not hold that day's definitions, naming the latest day before it that it does
     */
    public InstrumentCatalog on(LocalDate day, String venue) {
        Series series = series(venue);
        TimeRange range = TimeRange.day(day, ZoneOffset.UTC);
        // Of the days before only whoever misses this one hears, as looking through all of them may take long.
        if (store.ledger(series, range).stream().noneMatch(InstrumentRegistry::isKnown)) {
            Optional<LedgerEntry> entry = latest(venue, day);
            throw new Refused(store.name() + " has no definitions of "
                    + series.subject().venue() + " on " + day + "; "
                    + entry.map(before -> "the latest before are of "
                                    + before.unit()
                                            .start()
                                            .atZone(ZoneOffset.UTC)
                                            .toLocalDate())
                            .orElse("it has none before either")
                    + ". Fill " + series + " over " + range + " first");
        }
        return InstrumentCatalog.of(read(series, range));
    }

    private Optional<LedgerEntry> latest(String venue, LocalDate day) {
        TimeRange until = TimeRange.of(BEGINNING, start(day.plusDays(1)));
        List<LedgerEntry> entries = store.ledger(series(venue), until).stream()
                .filter(InstrumentRegistry::isKnown)
                .toList();
        return entries.isEmpty() ? Optional.empty() : Optional.of(entries.get(entries.size() - 1));
    }

    // A day that was asked for too early is in the ledger, but says nothing.
    private static boolean isKnown(LedgerEntry entry) {
        return entry.rows() > 0
                || entry.gaps().stream().anyMatch(gap -> gap.reason() == dev.candlewick.GapReason.CONFIRMED_EMPTY);
    }

    private List<Instrument> read(Series series, TimeRange day) {
        List<Instrument> all = new ArrayList<>();
        try (Batches batches = store.read(series, day)) {
            for (Batch batch : batches) {
                for (int row = 0; row < batch.rows(); row++) {
                    all.add(InstrumentRows.read(batch, row));
                }
            }
        }
        return all;
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
