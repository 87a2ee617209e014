package dev.candlewick.feature;

import dev.candlewick.BatchBuilder;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Series;
import dev.candlewick.spi.ExactSum;

/**
 * Buckets of features from ticks of all feeds in the order of their arrival: what {@link HftDay} and {@link HftEngine} run,
 * one of them for each beginning of what lasts. Gives rows of buckets from an instant to another. For one thread.
 */
final class BucketEngine {

    private static final long SEED_DELAY = 200_000;

    private final HftSettings settings;
    private final Cadence.Grid grid;
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
    private final long lateness;
    private final long earliness;
    private final long wait;
    private final boolean infers;
    private final boolean looksLater;
    private final int levels;

    private final SetAside aside;

    private long from = Long.MAX_VALUE;
    private long until = Long.MIN_VALUE;
    private boolean notes = true;
    private boolean started;
    private long newest = Long.MIN_VALUE;
    private long bookTime = Long.MIN_VALUE;
    private long nextDrain = Long.MIN_VALUE;
    // The tick test: the last price, and which way the last change of price went.
    private boolean hasLastPrice;
    private long lastPriceHigh;
    private long lastPriceLow;
    private int lastMove;

    BucketEngine(
            Series series, HftSettings settings, Feeds feeds, Surfaces surfaces, BatchBuilder builder, SetAside aside) {
        this.surfaces = surfaces;
        this.settings = settings;
        this.grid = (Cadence.Grid) series.cadence();
        this.feeds = feeds;
        this.features = HftFeatureList.of(settings).toArray(Feature[]::new);
        this.builder = builder;
        this.aside = aside;
        this.row = new FeatureRow(
                builder, series.schema().fields().stream().map(Field::type).toList());
        this.levels = settings.bookLevels();
        this.bucket = new Bucket(levels);
        this.books = new ReorderBuffer<>(() -> new BookTick(levels), BookTick[]::new);
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

    /** Gives rows of the buckets that begin from the one time on and before the other; none before this is said. */
    void give(long first, long end) {
        from = Math.min(from, first);
        until = end;
    }

    /** Says whether ticks that are left out are noted; not where another engine takes the same ticks and does. */
    void noting(boolean noted) {
        notes = noted;
    }

    void trade(FeedRows.Trades feed, int at) {
        if (notes) {
            aside.next(SetAside.TRADES);
        }
        long timestamp = feed.timestamps[at];
        long arrival = feed.arrivals[at];
        if (isLate(timestamp, arrival)) {
            if (notes) {
                aside.late(SetAside.TRADES, timestamp, arrival);
            }
        } else if (feed.hasNegativeAmount(at)) {
            if (notes) {
                aside.negative(SetAside.TRADES, feed.amount(at));
            }
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
        if (notes) {
            aside.next(SetAside.LIQUIDATIONS);
        }
        if (isLate(feed.timestamps[at], feed.arrivals[at])) {
            if (notes) {
                aside.late(SetAside.LIQUIDATIONS, feed.timestamps[at], feed.arrivals[at]);
            }
        } else if (feed.hasNegativeAmount(at)) {
            if (notes) {
                aside.negative(SetAside.LIQUIDATIONS, feed.amount(at));
            }
        } else {
            feed.load(at, liquidations.claim());
            liquidations.add();
        }
        advance(feed.arrivals[at]);
    }

    void ticker(FeedRows.Tickers feed, int at) {
        if (notes) {
            aside.next(SetAside.TICKERS);
        }
        if (isLate(feed.timestamps[at], feed.arrivals[at])) {
            if (notes) {
                aside.late(SetAside.TICKERS, feed.timestamps[at], feed.arrivals[at]);
            }
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

    /**
     * When a change of the book counts, after those of a time before. A book's time only goes forward. A change that comes
     * too late counts from the earliest time that is still open, one from too far ahead as if it had happened when it came.
     */
    static long bookTime(long before, long timestamp, long arrival, HftSettings settings) {
        long plausible = timestamp > arrival + settings.earliness() ? arrival : timestamp;
        return Math.max(before, Math.max(plausible, arrival - settings.lateness()));
    }

    private void addBook(BookTick tick, long timestamp) {
        bookTime = bookTime(bookTime, timestamp, tick.arrival, settings);
        tick.timestamp = bookTime;
        mids.add(tick.arrival, tick);
        long arrival = tick.arrival;
        books.add();
        advance(arrival);
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

    /** Where the earliest bucket begins whose row is not complete; the end of time before the first tick. */
    long openFrom() {
        return started ? bucket.start : Long.MAX_VALUE;
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
                && bucket.start < until
                && (bucket.trades > 0 || (bucket.hasPreviousClose && settings.emptyBuckets() != EmptyBuckets.SPARSE));
        if (wanted && bucket.trades == 0 && settings.emptyBuckets() == EmptyBuckets.FILL_FORWARD) {
            bucket.fill();
        }
        row.begin();
        row.time(bucket.start);
        row.time(Math.max(bucket.end, Math.max(bucket.newestArrival, bucket.optionsArrival)));
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
