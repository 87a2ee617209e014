package dev.candlewick.examples;

import dev.candlewick.Dataset;
import dev.candlewick.Interval;
import dev.candlewick.feature.HftDatasets;
import dev.candlewick.feature.HftSettings;
import dev.candlewick.instrument.InstrumentType;
import dev.candlewick.instrument.Shard;
import dev.candlewick.instrument.Venues;
import dev.candlewick.source.tardis.TardisSource;
import dev.candlewick.tick.DataType;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a run of {@code candlewick ticks} is to do, and where. Every value is checked before anything is touched.
 */
final class TicksSettings {

    static final List<String> TIMEFRAMES = List.of("15s", "1m", "5m", "15m", "1h", "4h", "24h");

    static final List<String> EXCHANGES = List.of(
            "binance", "binance-futures", "deribit", "bybit", "bybit-spot", "okex", "okex-futures", "okex-swap");

    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final int MOST_DAYS = 10_000;
    private static final int MOST_WORKERS = 256;
    private static final int MINUTES_OF_A_DAY = 1_440;
    private static final int MOST_SECONDS_KEPT = 30 * 86_400;

    private final LayeredSettings settings;
    private final Clock clock;
    private final Map<String, String> environment;

    private TicksSettings(LayeredSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.environment = new HashMap<>(settings.environment());
        environment.putIfAbsent("PARQUET_LAYOUT", "by-date");
        environment.putIfAbsent("BIGQUERY_LAYOUT", "timeframes");
    }

    /**
     * Reads and checks them.
     *
     * @throws UsageException naming the value that cannot be meant
     */
    static TicksSettings of(Arguments arguments, Console console) throws IOException {
        TicksSettings settings =
                new TicksSettings(LayeredSettings.of(arguments, console.environment()), console.clock());
        settings.checkAll();
        return settings;
    }

    private void checkAll() {
        logLevel();
        venues();
        instrumentTypes();
        dataTypes();
        maxInstruments();
        workers();
        shard();
        timeframes();
        vpinVolume();
        format();
        requests();
        uploadsAtOnce();
        requestsPerMinute();
        catalogueAge();
        metrics();
        Flags.meaning(() -> TardisSource.builder().fromEnvironment(environment));
        for (Flag flag : TicksFlags.OPTIONAL) {
            settings.has(flag);
        }
    }

    /** What sources and stores may look into. */
    Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    /** A variable of the environment that is set. */
    Optional<String> variable(String name) {
        return settings.variable(name);
    }

    /** The days to work on; empty when none was given. */
    Optional<List<LocalDate>> days() {
        Optional<LocalDate> first = settings.value(TicksFlags.START_DATE).map(TicksSettings::date);
        Optional<LocalDate> last = settings.value(TicksFlags.END_DATE).map(TicksSettings::date);
        if (first.isEmpty() && last.isEmpty()) {
            return Optional.empty();
        }
        if (first.isEmpty() || last.isEmpty()) {
            throw new UsageException("Both days are needed: " + TicksFlags.START_DATE + " and " + TicksFlags.END_DATE);
        }
        if (last.get().isBefore(first.get())) {
            throw new UsageException("--end-date " + last.get() + " is before --start-date " + first.get());
        }
        List<LocalDate> days = first.get()
                .datesUntil(last.get().plusDays(1))
                .limit(MOST_DAYS + 1L)
                .toList();
        if (days.size() > MOST_DAYS) {
            throw new UsageException("At most " + MOST_DAYS + " days at a time; take a shorter range");
        }
        return Optional.of(days);
    }

    /** The last day that is over. */
    LocalDate yesterday() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).minusDays(1);
    }

    /** The exchanges to define instruments of, as Tardis calls them. */
    List<String> exchanges() {
        // What is typed of either wins over what the environment says of the other.
        boolean onlyVenuesTyped = settings.isTyped(TicksFlags.VENUES) && !settings.isTyped(TicksFlags.EXCHANGES);
        List<String> asked = onlyVenuesTyped ? List.of() : settings.words(TicksFlags.EXCHANGES, "INSTRUMENT_EXCHANGES");
        if (asked.isEmpty()) {
            asked = List.copyOf(venues());
        }
        return (asked.isEmpty() ? EXCHANGES : asked)
                .stream()
                        .map(venue -> Venues.tardisExchange(Venues.canonical(venue)))
                        .distinct()
                        .toList();
    }

    /** The venues whose data is worked on, as keys have them; all when none is named. */
    Set<String> venues() {
        boolean onlyExchangesTyped = settings.isTyped(TicksFlags.EXCHANGES) && !settings.isTyped(TicksFlags.VENUES);
        List<String> asked = onlyExchangesTyped ? List.of() : settings.words(TicksFlags.VENUES, "DOWNLOAD_VENUES");
        if (asked.isEmpty()) {
            asked = settings.words(TicksFlags.EXCHANGES);
        }
        Set<String> venues = new TreeSet<>();
        asked.forEach(venue -> venues.add(Venues.canonical(venue)));
        return venues;
    }

    /** The kinds of instruments; all when none is named. */
    Set<InstrumentType> instrumentTypes() {
        Set<InstrumentType> types = new TreeSet<>();
        for (String word : settings.words(TicksFlags.INSTRUMENT_TYPES)) {
            types.add(
                    word.equalsIgnoreCase("spot")
                            ? InstrumentType.SPOT_PAIR
                            : Flags.meaning(() -> InstrumentType.parse(word)));
        }
        return types;
    }

    /** The data types; the usual ones of each kind when none is named. */
    List<Dataset> dataTypes() {
        Set<Dataset> types = new LinkedHashSet<>();
        for (String word : settings.words(TicksFlags.DATA_TYPES, "DOWNLOAD_DATA_TYPES")) {
            types.add(Flags.meaning(() -> DataType.parse(word)));
        }
        return List.copyOf(types);
    }

    /** How many instruments of a day at the most. */
    int maxInstruments() {
        return number(TicksFlags.MAX_INSTRUMENTS, 1, Integer.MAX_VALUE).orElse(Integer.MAX_VALUE);
    }

    /** How many units are worked on at once, as far as memory goes. */
    int workers() {
        int asked = number(TicksFlags.MAX_WORKERS, 1, MOST_WORKERS, "DOWNLOAD_MAX_WORKERS")
                .orElse(4);
        int threshold = whole("MEMORY_THRESHOLD_PERCENT", 1, 100).orElse(90);
        return MemoryGuard.workers(asked, threshold, Runtime.getRuntime().maxMemory());
    }

    boolean isForced() {
        return settings.has(TicksFlags.FORCE);
    }

    boolean acceptsBoundary() {
        return settings.has(TicksFlags.ACCEPT_BOUNDARY);
    }

    boolean acceptsMissingFeeds() {
        return settings.has(TicksFlags.ACCEPT_MISSING_FEEDS);
    }

    boolean makesAllFromTicks() {
        return settings.has(TicksFlags.FROM_TICKS);
    }

    boolean crossChecks() {
        return settings.has(TicksFlags.CROSS_CHECK);
    }

    /** This worker's share, typed or from the array job that runs it. */
    Shard shard() {
        Optional<Integer> index = number(TicksFlags.SHARD_INDEX, 0, Integer.MAX_VALUE);
        // Alone, a count in the environment belongs to an index there.
        Optional<Integer> total = index.isPresent()
                ? number(TicksFlags.TOTAL_SHARDS, 1, Integer.MAX_VALUE, "TOTAL_SHARDS")
                : number(TicksFlags.TOTAL_SHARDS, 1, Integer.MAX_VALUE);
        if (index.isPresent() && total.isEmpty()) {
            throw new UsageException(
                    "--shard-index needs " + TicksFlags.TOTAL_SHARDS + ", or the variable TOTAL_SHARDS");
        }
        return Flags.meaning(() -> {
            if (index.isPresent()) {
                return Shard.of(index.get(), total.orElseThrow());
            }
            Optional<Shard> job = total.isPresent()
                    ? Shard.fromEnvironment(environment, total.get())
                    : Shard.fromEnvironment(environment);
            if (job.isEmpty() && total.isPresent() && total.get() > 1) {
                throw new UsageException("--total-shards needs " + TicksFlags.SHARD_INDEX
                        + ", or the variable of an array job such as JOB_COMPLETION_INDEX");
            }
            return job.orElse(Shard.all());
        });
    }

    /** The address of the store that all is kept in. */
    String data() {
        return settings.value(TicksFlags.DATA)
                .orElseGet(() -> settings.variable("GCS_BUCKET").isPresent() ? "gcs:" : "parquet:data");
    }

    /** The address of the store that candles are uploaded to. */
    String bigQuery() {
        return settings.value(TicksFlags.BIGQUERY).orElse("bigquery:");
    }

    /** Whether there is a BigQuery to upload to. */
    boolean uploads() {
        return settings.value(TicksFlags.BIGQUERY).isPresent()
                || settings.variable("BIGQUERY_DATASET").isPresent();
    }

    /** The timeframes of candles and features, the shortest first. */
    List<Interval> timeframes() {
        List<String> asked = settings.words(TicksFlags.TIMEFRAMES);
        return (asked.isEmpty() ? TIMEFRAMES : asked)
                .stream().map(TicksSettings::timeframe).distinct().toList();
    }

    private static Interval timeframe(String text) {
        return Flags.meaning(() -> {
            Interval interval = Interval.parse(text);
            try {
                HftDatasets.hft(interval);
            } catch (IllegalArgumentException noTimeframe) {
                throw new UsageException(
                        "--timeframes " + TerminalText.typed(text) + " cannot be made: a timeframe is a part of a day"
                                + " or a whole one, such as " + String.join(" ", TIMEFRAMES),
                        noTimeframe);
            }
            return interval;
        });
    }

    /** The volume of a bucket of VPIN, in the units of amounts. */
    Optional<BigDecimal> vpinVolume() {
        return settings.value(TicksFlags.VPIN_VOLUME).map(text -> {
            try {
                BigDecimal volume = new BigDecimal(text);
                HftSettings.builder().vpinVolume(volume);
                return volume;
            } catch (IllegalArgumentException noVolume) {
                throw new UsageException(
                        "--vpin-volume is an amount above 0 and below 10^15 with at most 12 places, not '"
                                + TerminalText.typed(text) + "'",
                        noVolume);
            }
        });
    }

    /** How reports are printed: {@code text} or {@code json}. */
    String format() {
        String format = settings.value(TicksFlags.FORMAT).orElse("text").toLowerCase(Locale.ROOT);
        if (!List.of("text", "json").contains(format)) {
            throw new UsageException("Unknown format '" + format + "'; expected one of text, json");
        }
        return format;
    }

    LogLevel logLevel() {
        return settings.has(TicksFlags.VERBOSE)
                ? LogLevel.DEBUG
                : settings.value(TicksFlags.LOG_LEVEL, "LOG_LEVEL")
                        .map(LogLevel::parse)
                        .orElse(LogLevel.INFO);
    }

    /** How many requests to Tardis may run at once, if that is said. */
    Optional<Integer> requests() {
        return whole("MAX_CONCURRENT_REQUESTS", 1, 1_000);
    }

    /** How many requests a minute may be sent to Tardis, if so many are allowed a day. */
    Optional<Integer> requestsPerMinute() {
        return whole("RATE_LIMIT_PER_VM", MINUTES_OF_A_DAY, Integer.MAX_VALUE).map(aDay -> aDay / MINUTES_OF_A_DAY);
    }

    /** How long what Tardis says of exchanges and instruments is kept, if that is said. */
    Optional<Duration> catalogueAge() {
        return whole("CACHE_TTL", 0, MOST_SECONDS_KEPT).map(Duration::ofSeconds);
    }

    /** Where the run's counts go, if anybody wants them. */
    Optional<MetricsEndpoint> metrics() {
        return MetricsEndpoint.of(settings);
    }

    /** What to tell of variables that are set and not used; empty when there are none. */
    String unused() {
        return UnusedVariables.note(settings);
    }

    /** How many units may be uploaded at once, if that is said. */
    Optional<Integer> uploadsAtOnce() {
        return whole("MAX_PARALLEL_UPLOADS", 1, 256);
    }

    private Optional<Integer> whole(String variable, int least, int most) {
        return settings.variable(variable).map(text -> within(variable, text, least, most));
    }

    private Optional<Integer> number(Flag flag, int least, int most, String... variables) {
        return settings.value(flag, variables).map(text -> within("--" + flag.name(), text, least, most));
    }

    private static int within(String name, String text, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException noNumber) {
            // said below
        }
        throw new UsageException(name + " needs a whole number "
                + (most == Integer.MAX_VALUE ? "of " + least + " or more" : "from " + least + " to " + most) + ", not '"
                + TerminalText.typed(text) + "'");
    }

    private static LocalDate date(String text) {
        try {
            if (DATE.matcher(text).matches()) {
                return LocalDate.parse(text);
            }
        } catch (DateTimeException noSuchDay) {
            // said below
        }
        throw new UsageException("Invalid date '" + TerminalText.typed(text) + "': use YYYY-MM-DD");
    }
}
