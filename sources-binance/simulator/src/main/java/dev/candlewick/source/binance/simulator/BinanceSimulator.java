package dev.candlewick.source.binance.simulator;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A venue in this process: HTTP servers on the loopback address that answer as Binance's REST API and public archive do,
 * over a market that is known exactly, with a log of everything asked and a switch for everything that goes wrong.
 *
 * <pre>{@code
 * SyntheticMarket market = SyntheticMarket.seeded(42)
 *         .spot("BTCUSDT", "BTC", "USDT", Instant.parse("2020-01-01T00:00:00Z"))
 *         .build();
 * try (BinanceSimulator venue = BinanceSimulator.builder().market(market).clock(clock).start()) {
 *     … point a client at venue.environment() …
 *     venue.misbehave(Misbehaviour.tooManyRequests(Duration.ofSeconds(5)).times(1));
 *     assertThat(venue.requests().unwelcome()).isEmpty();
 * }
 * }</pre>
 *
 * <p>Behind its candles there are trades: over REST ({@code aggTrades}, {@code historicalTrades}) and in archive files they
 * are numbered without a hole and add up to the candles of a minute and longer in every field (of coin-margined contracts
 * but the amounts in coins, which are rounded). Funding is there as well.
 *
 * <p>Safe for use by many threads. {@link #close} ends within a second and leaves no thread behind.
 */
public final class BinanceSimulator implements AutoCloseable {
    /** Closed sockets and interrupts end every thread at once; more waiting would only hide a leak. */
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(1);

    private static final AtomicInteger VENUES = new AtomicInteger();

    private final InstantSource clock;
    private final AtomicReference<Duration> clockOffset;
    private final Catalog catalog;
    private final Archive archive;
    private final Map<WeightPool, WeightBudget> budgets = new EnumMap<>(WeightPool.class);
    private final Misbehaviours misbehaviours = new Misbehaviours();
    private final RequestLog log = new RequestLog();
    private final String threadName = "binance-simulator-" + VENUES.incrementAndGet() + "-";
    private final AtomicInteger started = new AtomicInteger();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final ExecutorService connections;
    private final Map<VenueHost, HttpListener> listeners = new EnumMap<>(VenueHost.class);

    private BinanceSimulator(Builder builder, SyntheticMarket market) {
        clock = builder.clock;
        clockOffset = new AtomicReference<>(Duration.ZERO);
        catalog = new Catalog(market, builder.recordedSeries());
        archive = new Archive(
                new ArchiveContent(catalog, builder.rules, builder.compression),
                new TapeArchive(catalog, builder.rules),
                builder.rules,
                builder.archiveFiles);
        budgets.put(WeightPool.SPOT, new WeightBudget(builder.spotLimit));
        budgets.put(WeightPool.FUTURES, new WeightBudget(builder.futuresLimit));
        VenueDesk desk = new VenueDesk(this::now, catalog, archive, budgets, misbehaviours, log);
        connections = Executors.newCachedThreadPool(this::thread);
        for (VenueHost host : VenueHost.values()) {
            listeners.put(host, new HttpListener(host, desk, connections));
        }
    }

    private Thread thread(Runnable work) {
        threads.removeIf(each -> each.getState() == Thread.State.TERMINATED);
        Thread thread = new Thread(work, threadName + started.incrementAndGet());
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    }

    /** Collects a market and habits; {@link Builder#start} opens the venue. */
    public static Builder builder() {
        return new Builder();
    }

    /** Base URL of spot REST, without a trailing slash. */
    public URI apiUrl() {
        return url(VenueHost.API);
    }

    /** Base URL of USD-margined REST. */
    public URI fapiUrl() {
        return url(VenueHost.FAPI);
    }

    /** Base URL of coin-margined REST. */
    public URI dapiUrl() {
        return url(VenueHost.DAPI);
    }

    /**
     * Base URL of the archive: files under {@code /data/…}; the listing at {@code /?prefix=…&delimiter=/} and, as the
     * page at {@code /} tells in {@code BUCKET_URL}, at {@code /data.binance.vision?prefix=…}.
     */
    public URI archiveUrl() {
        return url(VenueHost.ARCHIVE);
    }

    /** Base URL of a host. */
    public URI url(VenueHost host) {
        return Objects.requireNonNull(listeners.get(host)).uri();
    }

    /** The environment variables that point a client at this venue instead of the real one. */
    public Map<String, String> environment() {
        return Map.of(
                "BINANCE_API_BASE_URL", apiUrl().toString(),
                "BINANCE_FAPI_BASE_URL", fapiUrl().toString(),
                "BINANCE_DAPI_BASE_URL", dapiUrl().toString(),
                "BINANCE_ARCHIVE_BASE_URL", archiveUrl().toString());
    }

    /** Everything the venue was asked so far. */
    public RequestLog requests() {
        return log;
    }

    /** The venue's time. */
    public Instant now() {
        return clock.instant().plus(clockOffset.get());
    }

    /** Sets how far the venue's clock is ahead of the one it was given; negative for behind. */
    public void clockAhead(Duration offset) {
        clockOffset.set(offset);
    }

    /** Starts to misbehave, until the result is closed or it has happened as often as it should. */
    public ActiveMisbehaviour misbehave(Misbehaviour misbehaviour) {
        return misbehaviours.add(misbehaviour);
    }

    /** Ends all misbehaviours. Bans, waits, revisions and the clock stay as they are. */
    public void behave() {
        misbehaviours.clear();
    }

    /** Another program on the caller's address uses this much weight at the start of every minute, this one included. */
    public void foreignTraffic(WeightPool pool, int weightPerMinute) {
        budget(pool).foreign(weightPerMinute, now());
    }

    /** Changes the limit of a pool: announced in exchangeInfo and enforced from now on. */
    public void weightLimit(WeightPool pool, int perMinute) {
        budget(pool).limit(perMinute);
    }

    /** Bans the caller's address from now on; the next ban will be longer. */
    public void ban(WeightPool pool, Duration length) {
        budget(pool).ban(length, now());
    }

    private WeightBudget budget(WeightPool pool) {
        return Objects.requireNonNull(budgets.get(pool));
    }

    /**
     * Publishes an archive file again: the volume of its first and every 97th candle is one quantity step higher, and the
     * checksum changes. REST and other files keep the old rows.
     *
     * @param key path of the zip, such as {@code data/spot/monthly/klines/BTCUSDT/1m/BTCUSDT-1m-2024-01.zip}
     * @throws IllegalArgumentException if the key names no candle file
     */
    public void republish(String key) {
        archive.republish(file(key), now());
    }

    /** The candles that an archive file holds as last published, empty if it does not exist. */
    public List<PublishedCandle> archivedCandles(String key) {
        ArchiveFile file = file(key);
        List<Bar> bars = archive.bars(file);
        if (bars.isEmpty()) {
            return List.of();
        }
        Scales scales = catalog.find(file.market(), file.symbol())
                .orElseThrow()
                .candles()
                .scales();
        return bars.stream().map(bar -> PublishedCandle.of(bar, scales)).toList();
    }

    private static ArchiveFile file(String key) {
        return ArchiveFile.parse(key)
                .orElseThrow(() -> new IllegalArgumentException("Not the key of a candle file: " + key
                        + "; one looks like data/spot/monthly/klines/BTCUSDT/1m/BTCUSDT-1m-2024-01.zip"));
    }

    /**
     * Every candle the venue has for an instrument that opens in {@code [startMillis, endMillis)}, recorded ones in place
     * of synthetic ones, as if all had closed.
     *
     * @throws IllegalArgumentException if there is no such symbol or interval
     */
    public List<PublishedCandle> candles(
            MarketType market, String symbol, String interval, long startMillis, long endMillis) {
        CandleSeries candles = catalog.find(market, symbol)
                .orElseThrow(() -> new IllegalArgumentException("No " + market + " symbol '" + symbol + "'"))
                .candles();
        return candles.all(KlineInterval.of(interval), startMillis, endMillis).stream()
                .map(bar -> PublishedCandle.of(bar, candles.scales()))
                .toList();
    }

    /** Stops listening and cuts every connection. */
    @Override
    public void close() {
        listeners.values().forEach(HttpListener::close);
        connections.shutdownNow();
        long deadline = System.nanoTime() + LONGEST_CLOSE.toNanos();
        try {
            // The pool counts a thread as gone a moment before it is, and leak checks look at threads.
            for (Thread thread : List.copyOf(threads)) {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "Binance simulator " + environment() + ", " + log;
    }

    /** Collects what a venue is made of. Not thread-safe. */
    public static final class Builder {
        private Optional<SyntheticMarket> market = Optional.empty();
        private InstantSource clock = Clock.systemUTC();
        private ArchiveRules rules = ArchiveRules.USUAL;
        private Optional<Path> archiveFiles = Optional.empty();
        private ZipBytes.Compression compression = ZipBytes.Compression.FAST;
        private int spotLimit = 6_000;
        private int futuresLimit = 2_400;
        private final Map<Catalog.Key, Map<KlineInterval, List<PublishedCandle>>> recorded = new LinkedHashMap<>();

        private Builder() {}

        /**
         * Packs archive files without compressing them, in a fifth of the time: a demo that serves years of minutes
         * should wait for the client and not for the venue.
         */
        public Builder uncompressedArchive() {
            compression = ZipBytes.Compression.NONE;
            return this;
        }

        /** The instruments and their candles. */
        public Builder market(SyntheticMarket traded) {
            market = Optional.of(traded);
            return this;
        }

        /** The venue's time, which closes candles and minutes; the machine's clock unless given. */
        public Builder clock(InstantSource source) {
            clock = source;
            return this;
        }

        /** From the end of a day to its file in the archive; one hour unless given. */
        public Builder dailyFilesAfter(Duration lag) {
            rules = rules.withDailyLag(lag);
            return this;
        }

        /** From the end of a month to its file in the archive; 52 hours unless given. */
        public Builder monthlyFilesAfter(Duration lag) {
            rules = rules.withMonthlyLag(lag);
            return this;
        }

        /** Futures files of periods from this date on begin with a header line; 2022-05-01 unless given. */
        public Builder futuresHeadersFrom(LocalDate date) {
            rules = rules.withFuturesHeadersFrom(date);
            return this;
        }

        /** Weight per minute of a pool; 6,000 for spot and 2,400 for futures unless given. */
        public Builder weightLimit(WeightPool pool, int perMinute) {
            if (pool == WeightPool.SPOT) {
                spotLimit = perMinute;
            } else {
                futuresLimit = perMinute;
            }
            return this;
        }

        /**
         * Serves files on disk in place of synthetic ones: {@code root/data/spot/…} at {@code /data/spot/…}, whatever
         * the venue's clock says, and adds them to the listing.
         */
        public Builder archiveFiles(Path root) {
            archiveFiles = Optional.of(root);
            return this;
        }

        /**
         * Serves these candles for an instrument, over REST and in archive files built from them. An instrument with
         * recorded candles has none of its synthetic ones, and intervals that are not given are empty.
         *
         * @param candles in any order, closed; {@link RecordedCandles} reads them from files
         */
        public Builder recorded(MarketType type, String symbol, String interval, List<PublishedCandle> candles) {
            recorded.computeIfAbsent(new Catalog.Key(type, symbol), any -> new EnumMap<>(KlineInterval.class))
                    .put(KlineInterval.of(interval), List.copyOf(candles));
            return this;
        }

        private Map<Catalog.Key, CandleSeries> recordedSeries() {
            Map<Catalog.Key, CandleSeries> series = new LinkedHashMap<>();
            recorded.forEach((key, candles) -> series.put(key, new RecordedSeries(key.market(), candles)));
            return series;
        }

        /**
         * Opens the venue on free ports of the loopback address.
         *
         * @throws IllegalStateException if no market was given, or recorded candles name an instrument it does not list
         */
        public BinanceSimulator start() {
            SyntheticMarket traded = market.orElseThrow(
                    () -> new IllegalStateException("A venue needs a market: call market(SyntheticMarket.…)"));
            for (Catalog.Key key : recorded.keySet()) {
                if (traded.instrument(key.market(), key.symbol()).isEmpty()) {
                    throw new IllegalStateException("Recorded candles for " + key.market() + " " + key.symbol()
                            + ", which the market does not list: add the instrument to it");
                }
            }
            return new BinanceSimulator(this, traded);
        }
    }
}
