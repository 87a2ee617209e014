package dev.candlewick.feature;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.spi.ExactSum;
import dev.candlewick.spi.LateRows;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Features from ticks as they arrive: the engine of {@link HftFeatures}, for whoever has a live feed. The same ticks in the
 * same order give the same rows.
 *
 * <pre>{@code
 * HftEngine engine = HftEngine.of(series, HftSettings.defaults(), now, Set.of(Dataset.TRADES, Dataset.book(5)));
 * engine.accept(batch);            // whenever ticks arrive
 * Batch rows = engine.take();      // those that are complete by now
 * }</pre>
 *
 * <p>Ticks are taken in the order of {@code local_timestamp}, of all feeds together. A bucket is complete when a tick has
 * arrived that is more than the lateness after its end, or {@link #advanceTo} says that time has passed. Ticks that took
 * longer are left out and counted by {@link #late}. Columns of options stay empty: {@link OptionSurface} tells them live.
 * For one thread.
 */
public final class HftEngine {

    private static final long SEED_DELAY = 200_000;
    private static final int MOST_BUCKETS = 100_000;
    private static final int MOST_NAMED = 1_000;

    private final Series series;
    private final HftSettings settings;
    private final Cadence.Grid grid;
    private final long from;
    private final Feeds feeds;
    private final Surfaces surfaces;
    private final Feature[] features;
    private final BatchBuilder builder;
    private final FeatureRow row;
    private final Bucket bucket;
    private final Mids mids = new Mids();
    private final ReorderBuffer<TradeTick> trades = new ReorderBuffer<>(TradeTick::new, TradeTick[]::new);
    private final ReorderBuffer<TradeTick> liquidations = new ReorderBuffer<>(TradeTick::new, TradeTick[]::new);
    private final ReorderBuffer<TickerTick> tickers = new ReorderBuffer<>(TickerTick::new, TickerTick[]::new);
    private final ReorderBuffer<BookTick> books;
    private final LateRows lateTrades;
    private final LateRows lateLiquidations;
    private final LateRows lateTickers;
    private final long lateness;
    private final long earliness;
    private final long wait;
    private final boolean infers;
    private final boolean looksLater;
    private final int levels;

    private boolean started;
    private long newest = Long.MIN_VALUE;
    private long bookTime = Long.MIN_VALUE;
    private long nextDrain = Long.MIN_VALUE;
    private final long[] rows = new long[3];
    private final List<QuarantinedRow> bad = new ArrayList<>();
    private long negative;
    // The tick test: the last price, and which way the last change of price went.
    private boolean hasLastPrice;
    private long lastPriceHigh;
    private long lastPriceLow;
    private int lastMove;

    private HftEngine(Series series, HftSettings settings, long from, Feeds feeds, Surfaces surfaces) {
        this.surfaces = surfaces;
        this.series = series;
        this.settings = settings;
        this.grid = (Cadence.Grid) series.cadence();
        this.from = from;
        this.feeds = feeds;
        this.features = HftFeatureList.of(settings).toArray(Feature[]::new);
        this.builder = new BatchBuilder(series, 1_024);
        this.row = new FeatureRow(
                builder, series.schema().fields().stream().map(Field::type).toList());
        this.levels = settings.bookLevels();
        this.bucket = new Bucket(levels);
        this.books = new ReorderBuffer<>(() -> new BookTick(levels), BookTick[]::new);
        this.lateTrades = new LateRows(series.with(Dataset.TRADES));
        this.lateLiquidations = new LateRows(series.with(Dataset.LIQUIDATIONS));
        this.lateTickers = new LateRows(series.with(Dataset.DERIVATIVE_TICKER));
        this.lateness = settings.lateness();
        this.earliness = settings.earliness();
        this.wait = settings.realizedSpreadMicros();
        this.infers = settings.infersSides();
        this.looksLater = wait > 0;
    }

    /** Which feeds were there to read in a bucket. */
    interface Feeds {

        /** Whether the feed was there all the time from start to end. */
        boolean cover(Dataset feed, long start, long end);
    }

    /**
     * An engine that gives rows of buckets from an instant on; what arrives before it is what they begin with.
     *
     * @param series whose {@code features:hft:INTERVAL}
     * @param feeds the datasets that will be given: columns of others stay empty
     */
    public static HftEngine of(Series series, HftSettings settings, Instant from, Set<Dataset> feeds) {
        if (!series.schema().equals(HftDatasets.schema())) {
            throw new IllegalArgumentException(
                    series + " holds no features of ticks; those are named " + HftDatasets.PREFIX + "INTERVAL");
        }
        Set<Dataset> there = Set.copyOf(feeds);
        return of(
                series,
                settings,
                micros(from),
                (feed, start, end) -> there.contains(feed),
                Surfaces.none());
    }

    static HftEngine of(Series series, HftSettings settings, long from, Feeds feeds, Surfaces surfaces) {
        return new HftEngine(series, settings, from, feeds, surfaces);
    }

    /**
     * Takes rows of trades, of the book, of the ticker or of liquidations, which arrived after all that were taken.
     *
     * @throws IllegalArgumentException for rows of another subject or dataset, that arrived before earlier ones, or so long
     *     after them that more than 100 000 buckets lie between; the rows before those were taken
     */
    public void accept(Batch ticks) {
        FeedRows feed = feed(ticks);
        for (int at = 0; at < feed.rows(); at++) {
            if (feed.arrivals[at] < newest) {
                throw new IllegalArgumentException("Row " + at + " of " + ticks.series() + " arrived at "
                        + TimeRange.instant(feed.arrivals[at]) + ", before a tick of " + TimeRange.instant(newest)
                        + "; give ticks in the order of their arrival");
            }
            checkJump(feed.arrivals[at]);
            feed.push(at, this);
        }
    }

    /**
     * Says that nothing else arrived until then, down to the microsecond: completes buckets although no tick comes.
     *
     * @throws IllegalArgumentException when that completes more than 100 000 buckets at once
     */
    public void advanceTo(Instant arrival) {
        long micros = micros(arrival);
        checkJump(micros);
        completeTo(micros);
    }

    /** Says that the book is not known from then on, down to the microsecond, until its next row: the feed was cut off. */
    public void bookLost(Instant arrival) {
        long micros = micros(arrival);
        checkJump(micros);
        loseBook(micros);
    }

    /** The rows that were completed since they were last taken; may be none. */
    public Batch take() {
        return builder.build();
    }

    /**
     * The ticks left out because they arrived too late or too early, the first thousand of each feed by name, and those with
     * a negative amount, the first thousand by name.
     */
    public List<QuarantinedRow> late() {
        List<QuarantinedRow> all = new ArrayList<>(lateTrades.rows());
        all.addAll(lateLiquidations.rows());
        all.addAll(lateTickers.rows());
        all.addAll(bad);
        if (negative > bad.size()) {
            all.add(new QuarantinedRow(
                    series.toString(), 0, "amount", (negative - bad.size()) + " more rows have a negative amount", ""));
        }
        return all;
    }

    private static long micros(Instant instant) {
        Instant floor = instant.truncatedTo(ChronoUnit.MICROS);
        return TimeRange.of(floor, floor.plusSeconds(1)).startMicros();
    }

    // A clock that is set wrong must not fill the memory with empty buckets.
    private void checkJump(long arrival) {
        if (started && (arrival - bucket.end) / (bucket.end - bucket.start) > MOST_BUCKETS) {
            throw new IllegalArgumentException("From the last tick of " + series + " at " + TimeRange.instant(newest)
                    + " to " + TimeRange.instant(arrival) + " there are more than " + MOST_BUCKETS
                    + " buckets; begin a new engine where a feed was off for so long");
        }
    }

    FeedRows feed(Batch ticks) {
        Dataset dataset = ticks.series().dataset();
        if (ticks.series().subject().equals(series.subject())) {
            if (dataset.equals(Dataset.TRADES)) {
                return new FeedRows.Trades(ticks, false);
            } else if (dataset.equals(Dataset.LIQUIDATIONS)) {
                return new FeedRows.Trades(ticks, true);
            } else if (dataset.equals(Dataset.DERIVATIVE_TICKER)) {
                return new FeedRows.Tickers(ticks);
            } else if (dataset.equals(settings.book())) {
                return new FeedRows.Books(ticks, levels);
            }
        }
        throw new IllegalArgumentException(series + " is made of trades, " + settings.book()
                + ", derivative_ticker and liquidations of " + series.subject() + ", not of " + ticks.series());
    }

    void trade(FeedRows.Trades feed, int at) {
        rows[0]++;
        long timestamp = feed.timestamps[at];
        long arrival = feed.arrivals[at];
        if (isLate(timestamp, arrival)) {
            lateTrades.add(rows[0], timestamp, arrival);
        } else if (feed.hasNegativeAmount(at)) {
            refuse(Dataset.TRADES, rows[0], feed.amount(at));
        } else {
            TradeTick tick = trades.claim();
            feed.load(at, tick);
            tick.amount = ExactSum.doubleValue(tick.amountHigh, tick.amountLow, TradeTick.PLACES);
            tick.price = ExactSum.doubleValue(tick.priceHigh, tick.priceLow, TradeTick.PLACES);
            mids.before(tick);
            if (infers) {
                infer(tick);
            }
            trades.add();
        }
        advance(arrival);
    }

    void liquidation(FeedRows.Trades feed, int at) {
        rows[1]++;
        if (isLate(feed.timestamps[at], feed.arrivals[at])) {
            lateLiquidations.add(rows[1], feed.timestamps[at], feed.arrivals[at]);
        } else if (feed.hasNegativeAmount(at)) {
            refuse(Dataset.LIQUIDATIONS, rows[1], feed.amount(at));
        } else {
            feed.load(at, liquidations.claim());
            liquidations.add();
        }
        advance(feed.arrivals[at]);
    }

    void ticker(FeedRows.Tickers feed, int at) {
        rows[2]++;
        if (isLate(feed.timestamps[at], feed.arrivals[at])) {
            lateTickers.add(rows[2], feed.timestamps[at], feed.arrivals[at]);
        } else {
            feed.load(at, tickers.claim());
            tickers.add();
        }
        advance(feed.arrivals[at]);
    }

    void book(FeedRows.Books feed, int at) {
        BookTick tick = books.claim();
        feed.load(at, tick);
        addBook(tick, feed.timestamps[at]);
    }

    void loseBook(long arrival) {
        BookTick tick = books.claim();
        tick.arrival = arrival;
        tick.lost = true;
        addBook(tick, arrival);
    }

    // A book's time only goes forward. A change that comes too late counts from the earliest time that is still open,
    // one
    // from too far ahead as if it had happened when it came.
    private void addBook(BookTick tick, long timestamp) {
        long plausible = timestamp > tick.arrival + earliness ? tick.arrival : timestamp;
        bookTime = Math.max(bookTime, Math.max(plausible, tick.arrival - lateness));
        tick.timestamp = bookTime;
        mids.add(tick.arrival, tick);
        long arrival = tick.arrival;
        books.add();
        advance(arrival);
    }

    private void refuse(Dataset dataset, long number, String amount) {
        negative++;
        if (bad.size() < MOST_NAMED) {
            bad.add(new QuarantinedRow(
                    series.with(dataset).toString(), number, "amount", "nobody trades a negative amount", amount));
        }
    }

    private boolean isLate(long timestamp, long arrival) {
        long delay = arrival - timestamp;
        return delay > lateness || delay < -earliness;
    }

    private void infer(TradeTick tick) {
        if (tick.side == 0) {
            int against = tick.hasMid() ? (int) Math.signum(tick.fromMidDouble) : 0;
            tick.side = against != 0 ? against : move(tick);
            tick.inferred = tick.side != 0;
        }
        lastMove = move(tick);
        hasLastPrice = true;
        lastPriceHigh = tick.priceHigh;
        lastPriceLow = tick.priceLow;
    }

    private int move(TradeTick tick) {
        if (!hasLastPrice) {
            return 0;
        }
        int change = tick.priceHigh != lastPriceHigh
                ? Long.compare(tick.priceHigh, lastPriceHigh)
                : Long.compareUnsigned(tick.priceLow, lastPriceLow);
        return change != 0 ? Integer.signum(change) : lastMove;
    }

    void completeTo(long arrival) {
        nextDrain = Math.min(nextDrain, arrival);
        advance(arrival);
    }

    private void advance(long arrival) {
        newest = Math.max(newest, arrival);
        if (!started) {
            started = true;
            begin(grid.floor(newest - lateness));
            nextDrain = newest;
        }
        // Ticks wait in their buffers anyway; looking at them a few times a second of arrivals is enough.
        if (newest >= nextDrain) {
            drain(newest - lateness - wait);
            mids.forgetBefore(newest - lateness - wait - earliness);
            nextDrain = newest + 100_000;
        }
    }

    // Everything that happened before the time is known by now.
    private void drain(long complete) {
        while (true) {
            release(Math.min(complete, bucket.end));
            if (complete < bucket.end) {
                return;
            }
            close();
            begin(bucket.end);
        }
    }

    private void release(long before) {
        while (books.hasBefore(before)) {
            release(books.poll());
        }
        while (tickers.hasBefore(before)) {
            TickerTick tick = tickers.poll();
            bucket.newestArrival = Math.max(bucket.newestArrival, tick.arrival);
            for (Feature feature : features) {
                feature.ticker(bucket, tick);
            }
        }
        while (liquidations.hasBefore(before)) {
            TradeTick tick = liquidations.poll();
            bucket.newestArrival = Math.max(bucket.newestArrival, tick.arrival);
            for (Feature feature : features) {
                feature.liquidation(bucket, tick);
            }
        }
        while (trades.hasBefore(before)) {
            TradeTick tick = trades.poll();
            if (looksLater) {
                mids.later(tick, tick.arrival + wait);
                bucket.newestArrival = Math.max(bucket.newestArrival, tick.arrival + wait);
            }
            bucket.count(tick);
            for (Feature feature : features) {
                feature.trade(bucket, tick);
            }
        }
    }

    private void release(BookTick tick) {
        bucket.newestArrival = Math.max(bucket.newestArrival, tick.arrival);
        if (tick.lost) {
            for (Feature feature : features) {
                feature.bookLost(bucket, tick.timestamp);
            }
            bucket.loseBook();
        } else {
            for (Feature feature : features) {
                feature.book(bucket, tick);
            }
            bucket.book(tick);
        }
    }

    private void begin(long start) {
        bucket.begin(start, grid.next(start));
        for (Feature feature : features) {
            feature.begin(bucket);
        }
    }

    private void close() {
        bucket.hasBookFeed = feeds.cover(settings.book(), bucket.start, bucket.end);
        bucket.hasTickerFeed = feeds.cover(Dataset.DERIVATIVE_TICKER, bucket.start, bucket.end);
        bucket.hasLiquidationFeed = feeds.cover(Dataset.LIQUIDATIONS, bucket.start, bucket.end);
        surfaces.fill(bucket);
        boolean wanted = bucket.start >= from
                && (bucket.trades > 0 || (bucket.hasPreviousClose && settings.emptyBuckets() != EmptyBuckets.SPARSE));
        if (wanted && bucket.trades == 0 && settings.emptyBuckets() == EmptyBuckets.FILL_FORWARD) {
            bucket.fill();
        }
        row.begin();
        row.time(bucket.start);
        row.time(Math.max(bucket.end, bucket.newestArrival));
        row.time((bucket.trades > 0 ? bucket.newestTradeArrival : bucket.start) + SEED_DELAY);
        row.flag(bucket.filled);
        for (Feature feature : features) {
            feature.emit(bucket, row); // also where nobody wants the row: what lasts is kept there
        }
        if (wanted) {
            builder.endRow();
        } else {
            builder.discardRow();
        }
    }
}
