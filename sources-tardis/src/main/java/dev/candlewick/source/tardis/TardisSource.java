package dev.candlewick.source.tardis;

import dev.candlewick.Batches;
import dev.candlewick.CalendarUnit;
import dev.candlewick.Estimate;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Refused;
import dev.candlewick.Revisable;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.csv.CsvOptions;
import dev.candlewick.http.BanFiles;
import dev.candlewick.http.BaseUrl;
import dev.candlewick.http.HttpTransport;
import dev.candlewick.http.RateBudget;
import dev.candlewick.http.RateLimit;
import dev.candlewick.http.Sleeper;
import dev.candlewick.instrument.Instrument;
import dev.candlewick.instrument.InstrumentCatalog;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Ticks of Tardis: trades, books, quotes, tickers, liquidations and options chains of every exchange that it records, from
 * its daily files.
 *
 * <pre>{@code
 * try (TardisSource tardis = TardisSource.builder().apiKey(key).build();
 *         Batches trades = tardis.read(
 *                 Series.parse("BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN/trades"), TimeRange.day("2024-01-01"))) {
 *     for (Batch batch : trades) {
 *         ...
 *     }
 * }
 * }</pre>
 *
 * <p>Rows are in the order of their arrival at Tardis, and ranges speak of it ({@code local_timestamp}): a file holds what
 * arrived in one UTC day. The venue's own {@code timestamp} may lie in the day before or after. Without a key, the first
 * day of each month is free.
 *
 * <p>An instrument is named by its key; what its files are called says a {@linkplain Builder#instruments catalogue} where
 * one is given, else the rules of its venue or, where they leave it open, Tardis' own metadata. Or it is named as the files name it, {@code BINANCE-FUTURES:RAW:BTCUSDT}. The files of whole groups are {@code
 * DERIBIT:GROUP:OPTIONS/trades:grouped}; each of their rows has its symbol.
 *
 * <p>Files are kept in a cache directory under the names that Tardis' own clients give them, and read from there when they
 * are there. A day without a file is explained in the provenance: not listed yet or any more, not offered, not exported
 * yet, an incident that Tardis reports, or a hole of the archive. A key that is locked to another address, a limit and a
 * server in trouble are waited for; an error is never an empty answer. Thread-safe.
 */
public final class TardisSource implements Source, Revisable {

    private static final String NAME = "tardis";

    private final HttpTransport transport;
    private final TardisFiles files;
    private final TardisCatalogue catalogue;
    private final Optional<InstrumentCatalog> instruments;
    private final CsvOptions options;
    private final String lane;
    private final int requestsPerMinute;

    private TardisSource(Builder builder) {
        HttpTransport given = builder.transport;
        this.transport = given != null ? given : builder.ownTransport();
        this.lane = builder.pool();
        this.requestsPerMinute = builder.requestsPerMinute;
        TardisHttp http = new TardisHttp(
                transport,
                builder.budget(lane),
                builder.key,
                builder.baseUrl,
                builder.apiUrl,
                builder.concurrentDownloads,
                builder.retries + 1,
                builder.clock,
                builder.sleeper,
                builder.random);
        Path directory = builder.cache.orElseGet(() -> home("tardis"));
        this.catalogue = new TardisCatalogue(http, directory.resolve("catalogue"), builder.catalogueAge);
        this.files = new TardisFiles(http, new FileCache(directory, builder.clock), catalogue);
        this.instruments = builder.instruments;
        this.options = builder.options;
    }

    /** Tardis without a key: the first day of each month. */
    public static TardisSource ofDefaults() {
        return builder().build();
    }

    /** Starts a source with settings of its own. */
    public static Builder builder() {
        return new Builder();
    }

    /** {@code tardis}. */
    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean serves(Series series) {
        return Target.refusal(series).isEmpty();
    }

    @Override
    public String refusal(Series series) {
        return Target.refusal(series)
                .map(why -> NAME + " does not serve " + series + ": " + why)
                .orElseGet(() -> Source.super.refusal(series));
    }

    /**
     * Reads ticks by their arrival. Nothing is asked before the first batch is; then each day's file is brought to the
     * cache as a whole and read from there.
     *
     * @throws Refused when there can be no files of the series, or nothing says what they are called; while iterating as
     *     {@link TardisRefused} when the key is missing, wrong or does not cover a day, and when the symbol is not known
     */
    @Override
    public Batches read(Series series, TimeRange range) {
        return TickReader.batches(NAME, files, target(series), range, options);
    }

    /** One request per day; how many rows and bytes that is, nobody can say beforehand. */
    @Override
    public Estimate estimate(Series series, TimeRange range) {
        Instant now = files.now();
        long days = CalendarUnit.DAY.touching(range).stream()
                .filter(day -> !day.end().isAfter(now))
                .count();
        return new Estimate(
                days == 0 ? Map.of() : Map.of(TardisFiles.ROUTE, days), days, 0, OptionalLong.empty(), lane);
    }

    @Override
    public OptionalLong weightPerMinute(String lane) {
        return lane.equals(this.lane) ? OptionalLong.of(requestsPerMinute) : OptionalLong.empty();
    }

    /**
     * Asks for the version of each file that the unit was made from. One that was published anew is not read from the
     * cache any more.
     */
    @Override
    public Optional<String> changed(LedgerEntry entry) {
        return serves(entry.series()) ? files.changed(target(entry.series()), entry) : Optional.empty();
    }

    /** The exchanges that Tardis records. Needs no key; kept on disk for some hours. */
    public List<TardisExchange> exchanges() {
        return catalogue.exchanges();
    }

    /**
     * Symbols, files and incidents of an exchange. Needs no key; kept on disk for some hours.
     *
     * @param id as Tardis calls it: {@code binance-futures}
     * @throws TardisRefused when there is no such exchange
     */
    public TardisExchangeDetails exchange(String id) {
        return catalogue.exchange(id);
    }

    /**
     * The instruments of an exchange, delisted ones included, as Tardis describes them. Needs a key whose plan has it;
     * kept on disk for some hours. {@link InstrumentCatalog#of} finds them by name.
     *
     * @param exchange as Tardis calls it: {@code binance-futures}
     * @throws TardisRefused when there is no such exchange, or the key gives no right to it
     */
    public List<Instrument> instruments(String exchange) {
        return catalogue.instruments(exchange);
    }

    /** What the key gives a right to; asked each time. */
    public List<TardisAccess> apiKeyInfo() {
        return catalogue.access();
    }

    /** Ends readings under way with {@link dev.candlewick.Cancelled}. A client that was handed in stays open. */
    @Override
    public void close() {
        transport.close();
    }

    @Override
    public String toString() {
        return NAME;
    }

    private Target target(Series series) {
        return Target.of(NAME, series, instruments, catalogue::instrumentCatalog);
    }

    private static Path home(String folder) {
        return Path.of(System.getProperty("user.home", "."), ".cache", "candlewick", folder);
    }

    /** Collects the settings of a source. Not thread-safe. */
    public static final class Builder {

        static final String KEY_VARIABLE = "TARDIS_API_KEY";
        static final String BASE_URL_VARIABLE = "TARDIS_BASE_URL";
        static final String API_URL_VARIABLE = "TARDIS_API_URL";
        static final String CACHE_VARIABLE = "TARDIS_CACHE_DIR";
        static final String TIMEOUT_VARIABLE = "TARDIS_TIMEOUT";
        static final String RETRIES_VARIABLE = "TARDIS_MAX_RETRIES";

        private static final String STATE_VARIABLE = "CANDLEWICK_STATE_DIR";
        private static final String DATASETS_URL = "https://datasets.tardis.dev/v1";
        private static final String API_URL = "https://api.tardis.dev/v1";

        /** A throttle that names no end lasts at least so long: what Tardis' own clients add to their pause. */
        private static final Duration LEAST_THROTTLE = Duration.ofSeconds(60);

        /** As often as Tardis' own clients try. */
        private static final int MOST_RETRIES = 30;

        private static final int MOST_SECONDS = 86_400;

        private String key = "";
        private String baseUrl = DATASETS_URL;
        private String apiUrl = API_URL;
        private Optional<Path> cache = Optional.empty();
        private Optional<Path> stateDirectory = Optional.empty();
        private Optional<InstrumentCatalog> instruments = Optional.empty();
        private int concurrentDownloads = 4;
        private int requestsPerMinute = 600;
        private Duration stallTimeout = Duration.ofSeconds(60);
        private int retries = 3;
        private Duration patience = Duration.ofMinutes(30);
        private Duration catalogueAge = Duration.ofHours(6);
        private CsvOptions options = CsvOptions.DEFAULT;
        private Clock clock = Clock.systemUTC();
        private Sleeper sleeper = Sleeper.SYSTEM;
        private RandomGenerator random = RandomGenerator.getDefault();
        private @Nullable OkHttpClient client;
        private @Nullable HttpTransport transport;
        private @Nullable RateBudget budget;

        private Builder() {}

        /**
         * Asks with this key. It is sent to the hosts of the base URLs only and never printed.
         *
         * @throws IllegalArgumentException when it holds what no key can; the message does not repeat it
         */
        public Builder apiKey(String key) {
            String stripped = key.strip();
            if (!stripped.chars().allMatch(c -> c > ' ' && c < 127)) {
                throw new IllegalArgumentException("The key for Tardis holds a character that no key has");
            }
            this.key = stripped;
            return this;
        }

        /** Asks this address for files in place of {@code https://datasets.tardis.dev/v1}. */
        public Builder baseUrl(String url) {
            this.baseUrl = address(url);
            return this;
        }

        /** Asks this address for the catalogue in place of {@code https://api.tardis.dev/v1}. */
        public Builder apiUrl(String url) {
            this.apiUrl = address(url);
            return this;
        }

        /**
         * Keeps files and the catalogue in this directory, which is created when needed; the default is {@code
         * .cache/candlewick/tardis} in the user's home. May be shared by processes, and with Tardis' own clients.
         */
        public Builder cache(Path directory) {
            this.cache = Optional.of(directory);
            return this;
        }

        /** Names instruments as this catalogue does; the rules of the venues are not used then. */
        public Builder instruments(InstrumentCatalog instruments) {
            this.instruments = Optional.of(instruments);
            return this;
        }

        /** Sets how many files may be on their way at once (default 4; Tardis' own clients ask for 20). */
        public Builder concurrentDownloads(int files) {
            this.concurrentDownloads = positive(files, "downloads at once");
            return this;
        }

        /** Sets how many requests a minute are sent at most with this key by this JVM (default 600). */
        public Builder requestsPerMinute(int requests) {
            this.requestsPerMinute = positive(requests, "requests a minute");
            return this;
        }

        /** Sets how long a connection may be silent (default 60 s); how long a file takes as a whole is not bounded. */
        public Builder stallTimeout(Duration timeout) {
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("A connection may be silent for some time, not for " + timeout);
            }
            this.stallTimeout = timeout;
            return this;
        }

        /**
         * Sets how often a request is sent again that broke or met a server in trouble (default 3). A download that gets
         * further each time is not counted; limits and a locked key are waited for as {@link #patience} says.
         */
        public Builder retries(int retries) {
            if (retries < 0 || retries > MOST_RETRIES) {
                throw new IllegalArgumentException(
                        "A request is sent again 0 to " + MOST_RETRIES + " times, not " + retries);
            }
            this.retries = retries;
            return this;
        }

        /**
         * Sets how long a request waits for limits and for a locked key (default 30 min; Tardis locks keys for a quarter of
         * an hour). What lasts longer is {@link dev.candlewick.Unavailable} at once and says until when.
         */
        public Builder patience(Duration patience) {
            this.patience = patience;
            return this;
        }

        /** Sets how long the catalogue is used before it is asked again (default 6 h). */
        public Builder catalogueAge(Duration age) {
            this.catalogueAge = age;
            return this;
        }

        /** Keeps the end of a lock in this directory, so that a program started again during one stays silent. */
        public Builder stateDirectory(Path directory) {
            this.stateDirectory = Optional.of(directory);
            return this;
        }

        /** Sets this machine's clock, which decides which days are over and how old the catalogue is. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /** Uses this client's connections, proxy and TLS trust; it stays open when the source is closed. */
        public Builder client(OkHttpClient client) {
            this.client = client;
            return this;
        }

        /**
         * Takes the key from {@code TARDIS_API_KEY}, base URLs from {@code TARDIS_BASE_URL} (files) and {@code
         * TARDIS_API_URL} (catalogue), the cache directory from {@code TARDIS_CACHE_DIR}, the state directory from
         * {@code CANDLEWICK_STATE_DIR}, the stall timeout in seconds from {@code TARDIS_TIMEOUT} and the retries from
         * {@code TARDIS_MAX_RETRIES}, where they are set.
         *
         * @param environment usually {@link System#getenv()}
         * @throws IllegalArgumentException naming the variable whose value cannot be meant
         */
        public Builder fromEnvironment(Map<String, String> environment) {
            setting(environment, KEY_VARIABLE).ifPresent(this::apiKey);
            setting(environment, BASE_URL_VARIABLE).ifPresent(this::baseUrl);
            setting(environment, API_URL_VARIABLE).ifPresent(this::apiUrl);
            setting(environment, CACHE_VARIABLE).map(Path::of).ifPresent(this::cache);
            setting(environment, STATE_VARIABLE).map(Path::of).ifPresent(this::stateDirectory);
            number(environment, TIMEOUT_VARIABLE, 1, MOST_SECONDS)
                    .ifPresent(seconds -> stallTimeout(Duration.ofSeconds(seconds)));
            number(environment, RETRIES_VARIABLE, 0, MOST_RETRIES).ifPresent(this::retries);
            return this;
        }

        Builder transport(HttpTransport transport) {
            this.transport = transport;
            return this;
        }

        Builder budget(RateBudget budget) {
            this.budget = budget;
            return this;
        }

        Builder sleeper(Sleeper sleeper) {
            this.sleeper = sleeper;
            return this;
        }

        Builder random(RandomGenerator random) {
            this.random = random;
            return this;
        }

        Builder options(CsvOptions options) {
            this.options = options;
            return this;
        }

        /** The source. */
        public TardisSource build() {
            return new TardisSource(this);
        }

        /** Who asks with the same key is counted, and locked, together; the key itself must not be readable in the name. */
        private String pool() {
            String host = URI.create(baseUrl).getAuthority();
            if (key.isEmpty()) {
                return "tardis@" + host;
            }
            byte[] digest = FileCache.sha256().digest(key.getBytes(StandardCharsets.UTF_8));
            return "tardis-" + HexFormat.of().formatHex(digest, 0, 4) + "@" + host;
        }

        private RateBudget budget(String pool) {
            RateBudget given = budget;
            return given != null
                    ? given
                    : RateBudget.pool(pool)
                            .limit(RateLimit.requests(requestsPerMinute, Duration.ofMinutes(1)))
                            .reservePercent(0)
                            .leastThrottle(LEAST_THROTTLE)
                            .bans(BanFiles.usual(stateDirectory, baseUrl))
                            .shared();
        }

        private HttpTransport ownTransport() {
            HttpTransport.Builder builder = HttpTransport.builder()
                    .readTimeout(stallTimeout)
                    .deadline(Duration.ofMinutes(5))
                    .patience(patience)
                    .attempts(retries + 1)
                    .sleeper(sleeper);
            OkHttpClient given = client;
            return (given == null ? builder : builder.client(given)).build();
        }

        private static int positive(int number, String what) {
            if (number < 1) {
                throw new IllegalArgumentException("There have to be 1 or more " + what + ", not " + number);
            }
            return number;
        }

        private static Optional<String> setting(Map<String, String> environment, String name) {
            return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
        }

        private static OptionalInt number(Map<String, String> environment, String name, int least, int most) {
            Optional<String> text = setting(environment, name);
            if (text.isEmpty()) {
                return OptionalInt.empty();
            }
            try {
                int number = Integer.parseInt(text.get());
                if (number >= least && number <= most) {
                    return OptionalInt.of(number);
                }
            } catch (NumberFormatException noNumber) {
                // said below
            }
            throw new IllegalArgumentException(
                    name + " needs a whole number from " + least + " to " + most + ", not '" + text.get() + "'");
        }

        private static String address(String url) {
            return BaseUrl.of(url, "http://localhost:8080/v1");
        }
    }
}
