package dev.candlewick.examples;

import dev.candlewick.BackfillListener;
import dev.candlewick.Refused;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.instrument.Instrument;
import dev.candlewick.instrument.InstrumentCatalog;
import dev.candlewick.instrument.InstrumentRegistry;
import dev.candlewick.instrument.InstrumentType;
import dev.candlewick.instrument.Shard;
import dev.candlewick.instrument.Venues;
import dev.candlewick.source.tardis.TardisSource;
import dev.candlewick.spi.Addresses;
import dev.candlewick.tick.ExpectedTicks;
import dev.candlewick.tick.TickExpectation;
import dev.candlewick.tick.TickReports;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the steps of one run share: its settings, its days, and the store, which is opened by the first that needs it. For
 * one thread.
 */
final class TicksJob implements AutoCloseable {

    static final String KEY = "TARDIS_API_KEY";

    private final TicksSettings settings;
    private final List<LocalDate> days;
    private final Console console;
    private final RunMetrics metrics;
    private @Nullable Store store;
    private @Nullable Set<String> venues;

    TicksJob(TicksMode mode, TicksSettings settings, List<LocalDate> days, Console console) {
        this.metrics = new RunMetrics(mode, settings.shard());
        this.settings = settings;
        this.days = List.copyOf(days);
        this.console = console;
    }

    TicksSettings settings() {
        return settings;
    }

    /** The days to work on, in order. */
    List<LocalDate> days() {
        return days;
    }

    /** From the midnight before the first day to that after the last. */
    TimeRange range() {
        return day(days.get(0)).span(day(days.get(days.size() - 1)));
    }

    static TimeRange day(LocalDate day) {
        return TimeRange.day(day, ZoneOffset.UTC);
    }

    Console console() {
        return console;
    }

    /** Tells something on standard error, when the log level lets it. */
    void note(LogLevel level, String text) {
        if (settings.logLevel().tells(level)) {
            console.note(text);
        }
    }

    /** Tells what failed for good, where the listener of the units has not told it. */
    void noteFailed(Object what) {
        if (!settings.logLevel().tells(LogLevel.WARNING)) {
            note(LogLevel.ERROR, "failed " + what);
        }
    }

    /** Prints a result on standard output. */
    void print(String text) {
        console.print(text.endsWith("\n") ? text : text + "\n");
    }

    boolean printsJson() {
        return settings.format().equals("json");
    }

    /** The store that all is kept in. It stays open until the job is closed. */
    Store store() {
        if (store == null) {
            store = opened(settings.data());
        }
        return store;
    }

    /** Another store, with the settings of this run; the caller closes it. */
    Store opened(String address) {
        StoreAddress.requireBuilt(address, Addresses.storeForms());
        return Flags.meaning(() -> Addresses.store(address, settings.environment()));
    }

    InstrumentRegistry registry() {
        return InstrumentRegistry.over(store());
    }

    /** What the run did so far. */
    RunMetrics metrics() {
        return metrics;
    }

    /** Shows how the units of a step go, and counts them. */
    BackfillListener listener() {
        return new TicksListener(ProgressReport.on(console, settings.logLevel()), metrics);
    }

    /** The venues that there are definitions of; looked for once, as the whole store is looked through. */
    Set<String> definedVenues() {
        if (venues == null) {
            venues = registry().venues();
        }
        return venues;
    }

    /** Forgets which venues are defined, after definitions were made. */
    void venuesChanged() {
        venues = null;
    }

    /** The reports of this worker's share. */
    TickReports reports() {
        return TickReports.over(store(), console.clock()).of(settings.shard());
    }

    /**
     * Tardis, asked with the key of the environment; the caller closes it.
     *
     * @param instruments how instruments are called there
     */
    TardisSource tardis(InstrumentCatalog instruments) {
        return tardis().instruments(instruments).build();
    }

    /** Tardis before any instrument is known; the caller closes it. */
    TardisSource.Builder tardis() {
        return Flags.meaning(() -> {
            TardisSource.Builder builder = TardisSource.builder()
                    .fromEnvironment(settings.environment())
                    .clock(console.clock());
            settings.requestsPerMinute().ifPresent(builder::requestsPerMinute);
            settings.catalogueAge().ifPresent(builder::catalogueAge);
            settings.requests().ifPresent(most -> builder.concurrentDownloads(Math.min(most, settings.workers())));
            return builder;
        });
    }

    /**
     * Checks that there is a key for Tardis.
     *
     * @param what cannot be done without
     */
    void requireKey(String what) {
        if (settings.variable(KEY).isEmpty()) {
            throw new UsageException(KEY + " is not set, and " + what
                    + " needs a key of Tardis. Set it in the environment or in a file for --env-file;"
                    + " 'candlewick ticks demo' shows all of it without one");
        }
    }

    /**
     * The definitions of a day of the venues that are worked on.
     *
     * @throws Refused when there are none, naming the command that makes them
     */
    InstrumentCatalog catalog(LocalDate day) {
        Set<String> asked = settings.venues();
        InstrumentRegistry registry = registry();
        List<Instrument> all = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String venue : asked.isEmpty() ? definedVenues() : asked) {
            if (Definitions.isKnown(store(), venue, day)) {
                all.addAll(registry.on(day, venue).instruments());
            } else {
                missing.add(venue);
            }
        }
        if (asked.isEmpty() ? all.isEmpty() : !missing.isEmpty()) {
            LocalDate first = days.contains(day) ? days.get(0) : day;
            LocalDate last = days.contains(day) ? days.get(days.size() - 1) : day;
            boolean isOver = !day(day).end().isAfter(console.clock().instant());
            throw new Refused("There are no definitions of instruments"
                    + (missing.isEmpty() ? "" : " of " + String.join(", ", missing)) + " on " + day + " in "
                    + store().name() + ". Make them with 'candlewick ticks instruments --start-date "
                    + first + " --end-date " + last
                    + (asked.isEmpty()
                            ? ""
                            : " --exchanges "
                                    + String.join(
                                            " ",
                                            missing.stream()
                                                    .map(Venues::tardisExchange)
                                                    .toList()))
                    + "'" + (isOver ? "" : ", once the day is over: until then nothing is published of it"));
        }
        return InstrumentCatalog.of(all);
    }

    /** What ought to be there of this worker's share of a day. */
    List<ExpectedTicks> expected(InstrumentCatalog catalog, LocalDate day) {
        Shard shard = settings.shard();
        return TickExpectation.of(settings.dataTypes()).on(day, asked(catalog, day)).stream()
                .filter(each -> shard.takes(each.series()))
                .toList();
    }

    /** This worker's share of the instruments of a day that are asked for, by key. */
    List<Instrument> instruments(InstrumentCatalog catalog, LocalDate day) {
        Shard shard = settings.shard();
        return asked(catalog, day).stream().filter(shard::takes).toList();
    }

    // Cut before it is shared out, so that all shards together work on what one worker would.
    private List<Instrument> asked(InstrumentCatalog catalog, LocalDate day) {
        Set<InstrumentType> types = settings.instrumentTypes();
        return catalog.aliveOn(day).stream()
                .filter(each -> types.isEmpty() || types.contains(each.key().type()))
                .limit(settings.maxInstruments())
                .toList();
    }

    @Override
    public void close() {
        if (store != null) {
            store.close();
        }
    }
}
