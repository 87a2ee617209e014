package dev.candlewick.feature;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Features from ticks as they arrive, for whoever has a live feed: the rows that {@link HftFeatures} gives of the same ticks.
 *
 * <pre>{@code
 * HftEngine engine = HftEngine.of(series, HftSettings.defaults(), now, Set.of(Dataset.TRADES, Dataset.book(5)));
 * engine.accept(batch);            // whenever ticks arrive
 * Batch rows = engine.take();      // those that are complete by now
 * }</pre>
 *
 * <p>Ticks are taken in the order of {@code local_timestamp}, of all feeds together. A bucket is complete when a tick has
 * arrived that is more than the lateness after its end, or {@link #advanceTo} says that time has passed. Ticks that took
 * longer are left out and counted by {@link #late}. Columns of options stay empty unless {@link #withOptions} names them.
 *
 * <p>What lasts, such as the close before or the volumes of {@code vpin_50}, begins anew with each UTC day, from the
 * {@linkplain HftSettings.Builder#history history} before its midnight on, as in {@link HftFeatures}: around midnight two
 * engines run side by side. So rows of a whole day that was listened to are the batch's to the last bit; those of the day
 * that the engine begins in are so when the ticks since that day's history came first, and know less otherwise. For one
 * thread.
 */
public final class HftEngine {

    private static final long DAY = 86_400_000_000L;
    private static final int MOST_BUCKETS = 100_000;

    private final Series series;
    private final HftSettings settings;
    private final BucketEngine.Feeds feeds;
    private final long from;
    private final long interval;
    private final long warmth;
    private final long lookBack;
    private final BatchBuilder builder;
    private final SetAside aside;
    private final FeedReader reader;
    private final Optional<LiveOptions> options;

    // By the day each was begun for, earlier first.
    private final List<Run> runs = new ArrayList<>();
    private @Nullable Run giving;
    private long nextDay;
    private long nextBeginning;
    private long newest = Long.MIN_VALUE;

    /** An engine that began at the history before a day, and when nobody needs it any more. */
    private static final class Run {

        final long day;
        final BucketEngine engine;
        boolean traded;
        long end = Long.MAX_VALUE;

        Run(long day, BucketEngine engine) {
            this.day = day;
            this.engine = engine;
        }
    }

    private HftEngine(
            Series series, HftSettings settings, long from, BucketEngine.Feeds feeds, Optional<LiveOptions> options) {
        this.series = series;
        this.settings = settings;
        this.feeds = feeds;
        this.from = from;
        this.options = options;
        Cadence.Grid grid = (Cadence.Grid) series.cadence();
        this.interval = grid.next(grid.floor(from)) - grid.floor(from);
        this.warmth = settings.history() + settings.earliness();
        this.lookBack = settings.lookBackDays() * DAY;
        this.builder = new BatchBuilder(series, 1_024);
        this.aside = new SetAside(series);
        this.reader = new FeedReader(series, settings);
        this.nextDay = day(from);
        this.nextBeginning = nextDay - lookBack;
    }

    /**
     * An engine that gives rows of buckets from an instant on; what arrives before it is what they begin with.
     *
     * @param series whose {@code features:hft:INTERVAL}
     * @param from any instant, taken down to the microsecond
     * @param feeds the datasets that will be given: columns of others stay empty
     */
    public static HftEngine of(Series series, HftSettings settings, Instant from, Set<Dataset> feeds) {
        if (!series.schema().equals(HftDatasets.schema())) {
            throw new IllegalArgumentException(
                    series + " holds no features of ticks; those are named " + HftDatasets.PREFIX + "INTERVAL");
        }
        Set<Dataset> there = Set.copyOf(feeds);
        return new HftEngine(
                series, settings, micros(from), (feed, start, end) -> there.contains(feed), Optional.empty());
    }

    /** As {@link #withOptions(Subject, OptionFeatures)} with the bounds that {@link OptionFeatures} begin with. */
    public HftEngine withOptions(Subject underlying) {
        return withOptions(underlying, OptionFeatures.Bounds.DEFAULTS);
    }

    /**
     * An engine like this one with {@code atm_mark_iv} and {@code skew_25d_put_call_ratio} of an underlying's options. It
     * also takes rows of {@code VENUE:GROUP:OPTIONS/options_chain}, in the order of arrival with all others.
     *
     * @param underlying whose options, such as {@code DERIBIT:UNDERLYING:BTC}
     * @param bounds by whose bounds surfaces are made, those that the batch uses; their source is not read
     * @throws IllegalArgumentException when options would be waited for longer than rows are
     * @throws IllegalStateException when this engine has taken ticks
     */
    public HftEngine withOptions(Subject underlying, OptionFeatures bounds) {
        return withOptions(underlying, bounds.bounds());
    }

    private HftEngine withOptions(Subject underlying, OptionFeatures.Bounds bounds) {
        if (newest != Long.MIN_VALUE) {
            throw new IllegalStateException("Options belong to the beginning: this engine of " + series
                    + " has taken ticks until " + TimeRange.instant(newest));
        }
        long wait = settings.lateness() + settings.realizedSpreadMicros();
        if (OptionSurface.micros(bounds.lateness()) > wait) {
            throw new IllegalArgumentException("Rows of " + series + " are given " + wait / 1e6
                    + " s after their end and cannot wait for options until " + bounds.lateness()
                    + " after it; settings with more lateness can");
        }
        return new HftEngine(
                series,
                settings,
                from,
                feeds,
                Optional.of(new LiveOptions(underlying, (Cadence.Grid) series.cadence(), bounds)));
    }

    /**
     * Takes rows of trades, of the book, of the ticker, of liquidations or of an options chain that was named, which
     * arrived after all that were taken.
     *
     * @throws IllegalArgumentException for rows of another subject or dataset, that arrived before earlier ones, or so long
     *     after them that more than 100 000 buckets lie between; the rows before those were taken
     */
    public void accept(Batch ticks) {
        if (options.isPresent() && options.get().areChain(ticks)) {
            acceptOptions(ticks, options.get());
            return;
        }
        FeedRows feed = reader.read(ticks);
        boolean trades = ticks.series().dataset().equals(Dataset.TRADES);
        for (int at = 0; at < feed.rows(); at++) {
            long arrival = feed.arrivals[at];
            requireOrder(ticks, at, arrival);
            reach(arrival);
            for (int i = 0; i < runs.size(); i++) {
                Run run = runs.get(i);
                run.traded |= trades;
                run.engine.noting(i == 0);
                feed.push(at, run.engine);
            }
        }
    }

    private void acceptOptions(Batch chain, LiveOptions live) {
        OptionRows rows = new OptionRows(chain);
        boolean[] wanted = live.wanted(chain);
        for (int at = 0; at < chain.rows(); at++) {
            long arrival = rows.arrived(at);
            requireOrder(chain, at, arrival);
            reach(arrival);
            live.accept(rows, at, wanted);
        }
        if (chain.rows() > 0) {
            runs.forEach(run -> run.engine.completeTo(newest));
        }
    }

    private void requireOrder(Batch ticks, int row, long arrival) {
        if (arrival < newest) {
            throw new IllegalArgumentException("Row " + row + " of " + ticks.series() + " arrived at "
                    + TimeRange.instant(arrival) + ", before a tick of " + TimeRange.instant(newest)
                    + "; give ticks in the order of their arrival");
        }
    }

    /**
     * Says that nothing else arrived until then, down to the microsecond: completes buckets although no tick comes.
     *
     * @throws IllegalArgumentException when that completes more than 100 000 buckets at once
     */
    public void advanceTo(Instant arrival) {
        long micros = micros(arrival);
        reach(micros);
        runs.forEach(run -> run.engine.completeTo(micros));
    }

    /**
     * Says that the book is not known from then on, down to the microsecond, until its next row: the feed was cut off.
     *
     * @throws IllegalArgumentException when that completes more than 100 000 buckets at once
     */
    public void bookLost(Instant arrival) {
        long micros = micros(arrival);
        reach(micros);
        runs.forEach(run -> run.engine.loseBook(micros));
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
        List<QuarantinedRow> all = new ArrayList<>(aside.rows());
        options.ifPresent(live -> all.addAll(live.late()));
        return all;
    }

    // Says which engine gives the rows of each day that has begun by then, and begins those of days to come.
    private void reach(long arrival) {
        // A clock that is set wrong must not fill the memory with empty buckets.
        if (newest != Long.MIN_VALUE && (arrival - newest) / interval > MOST_BUCKETS) {
            throw new IllegalArgumentException("From the last tick of " + series + " at " + TimeRange.instant(newest)
                    + " to " + TimeRange.instant(arrival) + " there are more than " + MOST_BUCKETS
                    + " buckets; begin a new engine where a feed was off for so long");
        }
        options.ifPresent(live -> live.reach(arrival, earliestOpen(arrival)));
        newest = Math.max(newest, arrival);
        for (; arrival >= nextDay; nextDay += DAY) {
            choose(nextDay);
        }
        // Earlier days first: rows leave in order.
        for (Run run : runs) {
            if (arrival >= run.end) {
                run.engine.completeTo(run.end);
            }
        }
        runs.removeIf(run -> arrival >= run.end);
        // Engines that begin with the same tick are the same: of those for days gone by, the latest will do.
        nextBeginning = Math.max(nextBeginning, day(arrival));
        for (; arrival >= nextBeginning - warmth; nextBeginning += DAY) {
            begin(nextBeginning);
        }
    }

    // The first bucket that may still ask what options say: of an engine at work, or of one that begins now.
    private long earliestOpen(long arrival) {
        long earliest = arrival - settings.lateness() - settings.realizedSpreadMicros() - interval;
        for (Run run : runs) {
            earliest = Math.min(earliest, run.engine.openFrom());
        }
        return earliest;
    }

    // The engine with the shortest past that holds a trade, as a batch looks for the last one day after day; else none
    // of it.
    private void choose(long midnight) {
        Run chosen = null;
        for (Run run : runs) {
            if (run.traded && run.end == Long.MAX_VALUE && run.day <= midnight && run.day >= midnight - lookBack) {
                chosen = run;
            }
        }
        if (chosen == null) {
            chosen = begin(midnight);
        }
        Run before = giving;
        if (before != null && before != chosen) {
            before.end = midnight + settings.lateness() + settings.realizedSpreadMicros() + 1;
        }
        giving = chosen;
        chosen.engine.give(Math.max(from, midnight), midnight + DAY);
        long day = chosen.day;
        runs.removeIf(run ->
                run != giving && run.end == Long.MAX_VALUE && (run.day < day || (run.day > day && run.day < midnight)));
    }

    private Run begin(long day) {
        int at = 0;
        for (; at < runs.size() && runs.get(at).day <= day; at++) {
            if (runs.get(at).day == day && runs.get(at).end == Long.MAX_VALUE) {
                return runs.get(at);
            }
        }
        Run run = new Run(
                day,
                new BucketEngine(
                        series,
                        settings,
                        feeds,
                        options.map(LiveOptions::surfaces).orElseGet(Surfaces::none),
                        builder,
                        aside));
        runs.add(at, run);
        return run;
    }

    private static long day(long micros) {
        return Math.floorDiv(micros, DAY) * DAY;
    }

    private static long micros(Instant instant) {
        Instant floor = instant.truncatedTo(ChronoUnit.MICROS);
        return TimeRange.of(floor, floor.plusSeconds(1)).startMicros();
    }
}
