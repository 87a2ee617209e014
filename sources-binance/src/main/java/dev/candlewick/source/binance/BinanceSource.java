package dev.candlewick.source.binance;

import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Estimate;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Refused;
import dev.candlewick.Revisable;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.http.BanFiles;
import dev.candlewick.http.BaseUrl;
import dev.candlewick.http.HttpTransport;
import dev.candlewick.http.RateBudget;
import dev.candlewick.http.RateLimit;
import dev.candlewick.instrument.InstrumentCatalog;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Candles and ticks of Binance: the past from the public archive, the recent edge and what the archive lacks from the REST
 * API.
 *
 * <pre>{@code
 * try (BinanceSource binance = BinanceSource.spot();
 *         Batches candles = binance.read(
 *                 Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/candles:1m"), TimeRange.month("2024-01"))) {
 *     for (Batch batch : candles) {
 *         ...
 *     }
 * }
 * }</pre>
 *
 * <p>Only candles that have closed by the venue's clock are given. All values are exactly those published, close times
 * too: where Binance counts in milliseconds a candle ends 1 ms before the next (…59.999), where it counts in microseconds
 * 1 µs before (…59.999999). REST and the archive may so differ on one candle below the millisecond, in its close time
 * only; tell candles by their open time. On coin-margined markets {@code volume} and {@code taker_buy_volume} are contracts, {@code quote_volume} and
 * {@code taker_buy_quote_volume} amounts of the base asset, as Binance publishes them.
 *
 * <p>Candles that do not exist are explained in the provenance: before listing, after delisting (flat candles that the
 * venue goes on publishing are given as rows, too), a known outage, confirmed empty by archive and REST, set aside, or not
 * published yet. Where REST cannot be asked, what the archive lacks is a hole of the archive; where neither can, that is an
 * error, never an empty answer.
 *
 * <p>Besides candles there are {@code trades} and {@code agg_trades} on every market and, of futures, {@code funding},
 * {@code metrics}, {@code book_depth}, {@code book_ticker} and {@code liquidations}. Trades are read a UTC day at a time,
 * from a file that may have gigabytes and lies in a temporary directory meanwhile. Binance numbers them without a hole, so
 * a number that is missing is seen: it is looked for in the month's file and, where REST still serves it (all of spot; of
 * futures aggregates of the last 24 hours, and with a {@linkplain Builder#apiKey key} trades of a month), asked for, and
 * else is a gap that names it. Both times of a tick are the venue's.
 *
 * <p>Requests draw on a budget that all sources of the same server pool in this JVM share; USD- and coin-margined are one
 * pool. Thread-safe.
 */
public final class BinanceSource implements Source, Revisable {

    /** Bytes per candle in a zip and in JSON, measured on 1m files and pages. */
    private static final long ZIPPED_ROW_BYTES = 50;

    private static final long JSON_ROW_BYTES = 170;

    private final Market market;
    private final BinanceRoutes routes;
    private final HttpTransport http;
    private final String lane;

    private BinanceSource(Builder builder) {
        this.market = builder.market;
        this.lane = builder.pool();
        HttpTransport given = builder.transport;
        this.http = given != null ? given : builder.ownTransport();
        this.routes = BinanceRoutes.of(
                market,
                builder.apiBaseUrl,
                builder.archiveBaseUrl,
                http,
                builder.budget(lane),
                builder.apiKey,
                builder.checksumPolicy,
                builder.lag,
                builder.clock);
    }

    /** Spot candles from Binance itself. */
    public static BinanceSource spot() {
        return builder(Market.SPOT).build();
    }

    /** Candles of USD-margined futures from Binance itself. */
    public static BinanceSource usdMargined() {
        return builder(Market.USD_MARGINED).build();
    }

    /** Candles of coin-margined futures from Binance itself. */
    public static BinanceSource coinMargined() {
        return builder(Market.COIN_MARGINED).build();
    }

    /** Starts a source of a market with settings of its own. */
    public static Builder builder(Market market) {
        return new Builder(market);
    }

    /** {@code binance:spot}, {@code binance:um} or {@code binance:cm}. */
    @Override
    public String name() {
        return "binance:" + market;
    }

    @Override
    public boolean serves(Series series) {
        return ticks(series).isPresent()
                || (Symbols.belongs(market, series.subject())
                        && series.cadence() instanceof Cadence.Grid grid
                        && grid.zone().equals(ZoneOffset.UTC)
                        && market.intervals().contains(grid.interval())
                        && series.dataset().equals(Dataset.candles(grid.interval())));
    }

    /** Which subjects, intervals and datasets there are instead. */
    @Override
    public String refusal(Series series) {
        try {
            request(series);
            return Source.super.refusal(series);
        } catch (Refused why) {
            return String.valueOf(why.getMessage());
        }
    }

    /**
     * Reads candles by open time, everything else by the venue's time. Nothing is asked before the first batch is.
     *
     * @throws Refused when the subject is of another market, or the interval or dataset not one that this market has; while
     *     iterating when the symbol is unknown, with near matches
     */
    @Override
    public Batches read(Series series, TimeRange range) {
        Optional<TickRequest> ticks = ticks(series);
        if (ticks.isPresent()) {
            return ticks.get().kind().isLarge()
                    ? TradeReader.batches(name(), ticks.get(), range)
                    : EventReader.batches(name(), ticks.get(), range);
        }
        return KlineReader.batches(name(), routes, request(series), range);
    }

    /**
     * What reading the range would ask for if nothing is missing, by this machine's clock. How many ticks there are nobody
     * knows beforehand.
     */
    @Override
    public Estimate estimate(Series series, TimeRange range) {
        Optional<TickRequest> ticks = ticks(series);
        if (ticks.isPresent()) {
            return TickEstimate.of(ticks.get(), range, lane);
        }
        KlineRequest request = request(series);
        Cadence.Grid grid = request.grid();
        Instant now = routes.clock().instant();
        long closed = grid.floor(Epoch.micros(now));
        Optional<TimeRange> slots = grid.slots(range)
                .filter(all -> all.startMicros() < closed)
                .map(all -> TimeRange.ofEpochMicros(all.startMicros(), Math.min(all.endMicros(), closed)));
        if (slots.isEmpty()) {
            return new Estimate(Map.of(), 0, 0, OptionalLong.of(0), lane);
        }
        Map<String, Long> requests = new HashMap<>();
        long weight = 0;
        long bytes = 0;
        for (Piece piece : new ReadPlan(market, request.symbol(), grid, now, routes.lag()).pieces(slots.get())) {
            if (piece.routes().get(0) instanceof Route.Files files) {
                requests.merge(files.span().route(), 2L * files.files().size(), Long::sum);
                bytes += ZIPPED_ROW_BYTES
                        * files.files().stream()
                                .mapToLong(file -> grid.opens(file.period()))
                                .sum();
            } else {
                long rows = grid.opens(piece.range());
                long pages = RestKlines.pages(market, grid, piece.range());
                requests.merge(RestKlines.ROUTE, pages, Long::sum);
                weight += pages * market.klinesWeight((int) Math.min(rows, market.pageRows()));
                bytes += JSON_ROW_BYTES * rows;
            }
        }
        return new Estimate(requests, weight, grid.opens(slots.get()), OptionalLong.of(bytes), lane);
    }

    /**
     * What Binance lists on this market now, delisted instruments included as long as it names them. One request. Of spot
     * pairs it does not say since when they have been listed.
     */
    public InstrumentCatalog instruments() {
        return new BinanceInstruments(market).listed(routes.api().freshExchangeInfo());
    }

    /**
     * {@link #instruments} and those that Binance names no more but whose candles the archive still holds. Each of these,
     * and each that is no longer traded without a date of its end, has the days of the archive's files as its window. One
     * request for each, to the archive's listing, which may lag behind by months.
     *
     * @throws dev.candlewick.Unavailable when the listing cannot be had now
     */
    public InstrumentCatalog everListed() {
        ExchangeInfo info = routes.api().freshExchangeInfo();
        return new BinanceInstruments(market).everListed(info, routes.archive());
    }

    /**
     * Compares the checksums that are published now with those that the unit's files had, and looks for files of months
     * that came from REST or daily files because theirs was not published yet.
     */
    @Override
    public Optional<String> changed(LedgerEntry entry) {
        Optional<TickRequest> ticks = ticks(entry.series());
        if (ticks.isPresent()) {
            return new TickRevisions(ticks.get(), routes).changed(entry);
        }
        return serves(entry.series())
                ? new Revisions(request(entry.series()), routes).changed(entry)
                : Optional.empty();
    }

    /** Ends readings under way with {@link dev.candlewick.Cancelled}. A client that was handed in stays open. */
    @Override
    public void close() {
        http.close();
    }

    @Override
    public String toString() {
        return name();
    }

    private Optional<TickRequest> ticks(Series series) {
        if (!Symbols.belongs(market, series.subject())) {
            return Optional.empty();
        }
        return TickKind.of(series.dataset())
                .filter(kind -> kind.isOn(market))
                .map(kind -> new TickRequest(
                        series,
                        kind,
                        market,
                        Symbols.symbol(market, series.subject()),
                        routes.ticks(),
                        Optional.of(routes),
                        routes.lag(),
                        routes.clock()));
    }

    private KlineRequest request(Series series) {
        String symbol = Symbols.symbol(market, series.subject());
        if (!(series.cadence() instanceof Cadence.Grid grid)
                || !series.dataset()
                        .name()
                        .equals(Dataset.candles(grid.interval(), grid.zone()).name())) {
            throw new Refused(name() + " has no " + series + "; it has candles of " + market.intervals() + " and "
                    + TickKind.servedOn(market));
        }
        if (!grid.zone().equals(ZoneOffset.UTC)) {
            throw new Refused(name() + " publishes " + grid.interval() + " candles of UTC days only, not those of "
                    + grid.zone() + "; read candles:1h or candles:1m and resample them");
        }
        if (!market.intervals().contains(grid.interval())) {
            throw new Refused(name() + " has no candles of " + grid.interval() + "; it has " + market.intervals());
        }
        return new KlineRequest(routes, series, grid, symbol);
    }

    /** Collects the settings of a source. Not thread-safe. */
    public static final class Builder {

        private static final String STATE_VARIABLE = "CANDLEWICK_STATE_DIR";
        private static final String KEY_VARIABLE = "BINANCE_API_KEY";

        /** Of all clients of an address together, in five minutes. */
        private static final int FUNDING_REQUESTS = 500;

        private final Market market;
        private String apiBaseUrl;
        private String archiveBaseUrl = Market.ARCHIVE_URL;
        private String poolHosts = "";
        private Clock clock = Clock.systemUTC();
        private ChecksumPolicy checksumPolicy = ChecksumPolicy.QUARANTINE;
        private ArchiveLag lag = ArchiveLag.USUAL;
        private @Nullable OkHttpClient client;
        private @Nullable HttpTransport transport;
        private @Nullable RateBudget budget;
        private Optional<Path> stateDirectory = Optional.empty();
        private Optional<String> apiKey = Optional.empty();

        private Builder(Market market) {
            this.market = market;
            this.apiBaseUrl = market.defaultApiUrl();
        }

        /** Asks this address in place of Binance's REST host, for example {@code http://localhost:8080}. */
        public Builder apiBaseUrl(String url) {
            this.apiBaseUrl = address(url);
            return this;
        }

        /** Asks this address in place of {@code https://data.binance.vision}. */
        public Builder archiveBaseUrl(String url) {
            this.archiveBaseUrl = address(url);
            return this;
        }

        /**
         * Takes base URLs from {@code BINANCE_API_BASE_URL} (spot), {@code BINANCE_FAPI_BASE_URL} (USD-margined),
         * {@code BINANCE_DAPI_BASE_URL} (coin-margined) and {@code BINANCE_ARCHIVE_BASE_URL}, the
         * {@linkplain #stateDirectory state directory} from {@code CANDLEWICK_STATE_DIR} and the {@linkplain #apiKey key}
         * from {@code BINANCE_API_KEY}, where they are set.
         *
         * @param environment usually {@link System#getenv()}
         */
        public Builder fromEnvironment(Map<String, String> environment) {
            setting(environment, market.variable()).ifPresent(this::apiBaseUrl);
            setting(environment, Market.ARCHIVE_VARIABLE).ifPresent(this::archiveBaseUrl);
            setting(environment, STATE_VARIABLE).map(Path::of).ifPresent(this::stateDirectory);
            setting(environment, KEY_VARIABLE).ifPresent(this::apiKey);
            if (market != Market.SPOT) {
                // Both futures hosts count together, so both name the pool.
                poolHosts = futuresHost(environment, Market.USD_MARGINED)
                        + "+"
                        + futuresHost(environment, Market.COIN_MARGINED);
            }
            return this;
        }

        /**
         * Keeps the end of a ban in this directory, so that a program started again during a ban stays silent. The default
         * is {@code .cache/candlewick} in the user's home, or nowhere when the REST host is this machine. The first source
         * of a server pool in this JVM decides.
         */
        public Builder stateDirectory(Path directory) {
            this.stateDirectory = Optional.of(directory);
            return this;
        }

        /**
         * Sends this key where Binance wants one: for single trades of futures of the last month. One without any rights
         * will do; everything else is read without.
         */
        public Builder apiKey(String key) {
            this.apiKey = Optional.of(key);
            return this;
        }

        /** Sets this machine's clock, which only decides what is too old for the venue's clock to matter. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /** Sets what becomes of files whose checksum does not prove them (default {@link ChecksumPolicy#QUARANTINE}). */
        public Builder checksumPolicy(ChecksumPolicy policy) {
            this.checksumPolicy = policy;
            return this;
        }

        /**
         * Sets how long after its end a day's and a month's file is first asked for (default 9 hours and 2 days); what is
         * younger comes from REST.
         */
        public Builder archiveLag(Duration daily, Duration monthly) {
            if (daily.isNegative() || monthly.isNegative()) {
                throw new IllegalArgumentException(
                        "Files are not published before their period ends: " + daily + ", " + monthly);
            }
            this.lag = new ArchiveLag(daily, monthly);
            return this;
        }

        /** Uses this client's connections, proxy and TLS trust; it stays open when the source is closed. */
        public Builder client(OkHttpClient client) {
            this.client = client;
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

        /** The source. */
        public BinanceSource build() {
            return new BinanceSource(this);
        }

        private String pool() {
            if (market == Market.SPOT) {
                return "binance-spot@" + URI.create(apiBaseUrl).getAuthority();
            }
            boolean usual = apiBaseUrl.equals(market.defaultApiUrl());
            String hosts = !poolHosts.isEmpty()
                    ? poolHosts
                    : usual
                            ? futuresHost(Map.of(), Market.USD_MARGINED) + "+"
                                    + futuresHost(Map.of(), Market.COIN_MARGINED)
                            : URI.create(apiBaseUrl).getAuthority();
            return "binance-futures@" + hosts;
        }

        private RateBudget budget(String pool) {
            RateBudget given = budget;
            return given != null
                    ? given
                    : RateBudget.pool(pool)
                            .limit(RateLimit.weight(market.weightPerMinute(), Duration.ofMinutes(1))
                                    .reportedBy("X-MBX-USED-WEIGHT-1M"))
                            .limit(RateLimit.requests(FUNDING_REQUESTS, Duration.ofMinutes(5))
                                    .inLane(VenueApi.FUNDING_LANE))
                            .reservePercent(5)
                            .bans(BanFiles.usual(stateDirectory, apiBaseUrl))
                            .shared();
        }

        private HttpTransport ownTransport() {
            OkHttpClient given = client;
            return given == null
                    ? HttpTransport.create()
                    : HttpTransport.builder().client(given).build();
        }

        private static String futuresHost(Map<String, String> environment, Market market) {
            return URI.create(setting(environment, market.variable())
                            .map(Builder::address)
                            .orElse(market.defaultApiUrl()))
                    .getAuthority();
        }

        static Optional<String> setting(Map<String, String> environment, String name) {
            return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
        }

        static String address(String url) {
            return BaseUrl.of(url, "http://localhost:8080");
        }
    }
}
