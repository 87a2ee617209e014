package dev.candlewick;

import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Brings a store up to date from a source: finds what is missing, says what fetching it costs, fetches it unit by unit,
 * and reports what is missing still.
 *
 * <pre>{@code
 * Backfiller backfiller = Backfiller.from(binance).to(store).parallelism(4).build();
 * BackfillPlan plan = backfiller.plan(btc, TimeRange.year(2024));   // touches nothing; print it
 * BackfillReport report = backfiller.run(plan);                     // blocks; or fill(btc, TimeRange.year(2024))
 * }</pre>
 *
 * <p>Each calendar unit is fetched, written and committed by itself: what is committed stays whatever happens next, a
 * second run asks only for what is missing, and one failing unit never stops the others. Stores whose commits are dear
 * ({@link Sink#group()}) commit several units together; each still succeeds or fails by itself. Gaps whose absence is proven are
 * not asked for again before their re-check time.
 *
 * <p>Immutable and safe for many threads; runs side by side over the same units are harmless. Source and store stay open.
 */
public final class Backfiller {

    private final Source source;
    private final Store store;
    private final BackfillPlanning planning;
    private final Builder settings;

    private Backfiller(Builder settings) {
        this.source = settings.source;
        this.store = settings.store;
        this.settings = new Builder(settings);
        this.planning = new BackfillPlanning(source, store, settings.detector, settings.clock);
    }

    /** Starts with the source that is asked. */
    public static Origin from(Source source) {
        Objects.requireNonNull(source, "source");
        return new Origin(source);
    }

    /** What is missing of a series in a range. Reads the store's ledger and asks nobody else. */
    public BackfillPlan plan(Series series, TimeRange range) {
        return plan(List.of(series), range);
    }

    /**
     * What is missing of several series in a range. Reads the store's ledger and asks nobody else.
     *
     * @throws Refused when the source does not serve one of the series
     */
    public BackfillPlan plan(Collection<Series> series, TimeRange range) {
        return planning.missing(series, range);
    }

    /** As {@link #refresh(Collection, TimeRange)}, for one series. */
    public BackfillPlan refresh(Series series, TimeRange range) {
        return refresh(List.of(series), range);
    }

    /**
     * What has to be looked at again: stored units whose upstream was published anew, where the source is
     * {@link Revisable} and is asked here, and proven gaps whose re-check time has come. Parts that nobody has fetched
     * yet are left to {@link #plan(Collection, TimeRange)}.
     *
     * @throws Unavailable when upstream cannot be asked now
     */
    public BackfillPlan refresh(Collection<Series> series, TimeRange range) {
        return planning.stale(series, range);
    }

    /**
     * Fetches and commits every unit of the plan; blocks until all are done or have failed.
     *
     * <p>When the calling thread is interrupted the run ends within five seconds, keeps what is committed, and throws with
     * the interrupt still set.
     *
     * @throws Cancelled when the calling thread was interrupted
     * @throws IllegalArgumentException when the plan was made for another source or store
     */
    public BackfillReport run(BackfillPlan plan) {
        if (!plan.source().equals(source.name()) || !plan.store().equals(store.name())) {
            throw new IllegalArgumentException("The plan goes from " + plan.source() + " to " + plan.store()
                    + ", this backfiller from " + source.name() + " to " + store.name());
        }
        return new BackfillRun(source, store, plan, settings.parallelism, settings.ticker, settings.listener).run();
    }

    /** {@link #run Runs} the {@link #plan(Series, TimeRange) plan} of a series over a range. */
    public BackfillReport fill(Series series, TimeRange range) {
        return run(plan(series, range));
    }

    /** {@link #run Runs} the {@link #plan(Collection, TimeRange) plan} of several series over a range. */
    public BackfillReport fill(Collection<Series> series, TimeRange range) {
        return run(plan(series, range));
    }

    @Override
    public String toString() {
        return "Backfiller from " + source.name() + " to " + store.name();
    }

    /** Where rows come from. */
    public static final class Origin {
        private final Source source;

        private Origin(Source source) {
            this.source = source;
        }

        /** Names the store that is filled. */
        public Builder to(Store store) {
            Objects.requireNonNull(store, "store");
            return new Builder(source, store);
        }

        @Override
        public String toString() {
            return "Backfiller from " + source.name() + "; to(store) names what is filled";
        }
    }

    /** Collects the options of a backfiller; all have defaults. Not safe for many threads. */
    public static final class Builder {

        // Two keep a connection busy while the other unit is parsed and written; venues' budgets bind long before more.
        private static final int DEFAULT_PARALLELISM = 2;
        // Every running unit holds buffers and perhaps a connection; more threads than this only queue for budgets.
        private static final int MOST_PARALLELISM = 256;

        private final Source source;
        private final Store store;
        private GapDetector detector = GapDetector.byCadence();
        private int parallelism = DEFAULT_PARALLELISM;
        private Clock clock = Clock.systemUTC();
        private LongSupplier ticker = System::nanoTime;
        private BackfillListener listener = new BackfillListener() {};

        private Builder(Source source, Store store) {
            this.source = source;
            this.store = store;
        }

        private Builder(Builder other) {
            this(other.source, other.store);
            this.detector = other.detector;
            this.parallelism = other.parallelism;
            this.clock = other.clock;
            this.ticker = other.ticker;
            this.listener = other.listener;
        }

        /** How gaps are found; by the series' cadence unless told otherwise. */
        public Builder detecting(GapDetector chosen) {
            this.detector = chosen;
            return this;
        }

        /** How many units are worked on at once, 1 to 256; 2 unless told otherwise. */
        public Builder parallelism(int units) {
            if (units < 1 || units > MOST_PARALLELISM) {
                throw new IllegalArgumentException(
                        "Parallelism is 1 to " + MOST_PARALLELISM + " units at once, not " + units);
            }
            this.parallelism = units;
            return this;
        }

        /** The clock that decides whether a gap's re-check time has come. */
        public Builder clock(Clock chosen) {
            this.clock = chosen;
            return this;
        }

        /** A monotonic count of nanoseconds for durations and time left; {@link System#nanoTime} unless told otherwise. */
        public Builder ticker(LongSupplier nanoseconds) {
            this.ticker = nanoseconds;
            return this;
        }

        /** Who hears how a run goes. */
        public Builder listener(BackfillListener chosen) {
            this.listener = chosen;
            return this;
        }

        /** The backfiller. */
        public Backfiller build() {
            return new Backfiller(this);
        }

        @Override
        public String toString() {
            return "Backfiller from " + source.name() + " to " + store.name() + ", " + Words.count(parallelism, "unit")
                    + " at once; build() makes it";
        }
    }
}
