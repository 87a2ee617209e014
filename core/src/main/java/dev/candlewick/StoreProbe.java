package dev.candlewick;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Tries whether a store can be used from here: writes a handful of candles of a series that nobody else has, lists it,
 * reads it back, verifies it, and deletes it.
 *
 * <pre>{@code
 * System.out.println(StoreProbe.of(store).random(new SecureRandom()).build().run());
 * }</pre>
 *
 * <p>No series of anybody else is read or touched, so it can be run beside writers and readers. Tables or directories that
 * the store makes for its first candles stay, and so does what the store keeps of rows that it deletes: a Parquet store
 * sets their files aside in its quarantine. Safe for many threads: every run has a series of its own. The store stays
 * open.
 */
public final class StoreProbe {

    // Before anything was traded that this library knows of: no real candle can be meant.
    private static final TimeRange RANGE = TimeRange.of("2001-02-03T00:00:00Z", "2001-02-03T05:00:00Z");

    private final Store store;
    private final RandomGenerator random;
    private final LongSupplier ticker;
    private final boolean keeps;

    private StoreProbe(Builder settings) {
        this.store = settings.store;
        this.random = settings.random;
        this.ticker = settings.ticker;
        this.keeps = settings.keeps;
    }

    /** Starts with the store that is tried. */
    public static Builder of(Store store) {
        Objects.requireNonNull(store, "store");
        return new Builder(store);
    }

    /**
     * Goes through the steps; blocks until they are done. A step that fails is told in the report, and what was written is
     * deleted all the same.
     *
     * @throws Cancelled when the calling thread was interrupted; the probe's series may then be left
     */
    public Report run() {
        Series series = Series.candles(String.format("CANDLEWICK:PROBE:%016x", random.nextLong()), "1h");
        return new Run(series).report();
    }

    @Override
    public String toString() {
        return "Probe of " + store.name();
    }

    /**
     * What came out.
     *
     * @param store the name of the store
     * @param series the series that was written
     * @param steps what was done, in order; ends early where going on made no sense
     * @param kept whether the series was meant to stay
     */
    public record Report(String store, Series series, List<Step> steps, boolean kept) {

        /** Copies the list. */
        public Report {
            steps = List.copyOf(steps);
        }

        /** Whether every step went well. */
        public boolean isUsable() {
            return failure().isEmpty();
        }

        /** The first step that failed. */
        public Optional<Step> failure() {
            return steps.stream().filter(step -> step.failure().isPresent()).findFirst();
        }

        /** A line per step, and what to make of it. */
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("Probe of ")
                    .append(store)
                    .append(" with ")
                    .append(series);
            steps.forEach(step -> text.append("\n  ").append(step));
            text.append('\n').append(failure().map(this::advice).orElseGet(this::verdict));
            return text.toString();
        }

        private String verdict() {
            return kept
                    ? "The store can be written, listed, read and verified from here. The probe stays: drop it with"
                            + " forget when it is no longer looked at."
                    : "The store can be written, listed, read, verified and deleted from, and shows nothing of the probe any"
                            + " more. What it keeps of deleted rows, such as files in a quarantine, stays.";
        }

        private String advice(Step failed) {
            boolean deleted = kept || steps.stream().anyMatch(step -> step.kind() == Kind.GONE && step.isDone());
            boolean written = steps.size() > 1;
            return "NOT usable from here. " + failed.kind().advice
                    + (written && !kept && !deleted
                            ? " Rows of " + series.subject() + " may be left; they are in nobody's way."
                            : "");
        }
    }

    /**
     * One thing that was tried.
     *
     * @param kind what
     * @param outcome what came of it; empty when it failed
     * @param duration how long it took
     * @param failure why it failed
     */
    public record Step(Kind kind, String outcome, Duration duration, Optional<RuntimeException> failure) {

        /** Whether it went well. */
        public boolean isDone() {
            return failure.isEmpty();
        }

        @Override
        public String toString() {
            String took = Words.duration(duration);
            return failure.map(why -> String.format("%-6s  FAILED after %s: %s", kind, took, why.getMessage()))
                    .orElseGet(() -> String.format("%-6s  %8s  %s", kind, took, outcome));
        }
    }

    /** The steps, in order. */
    public enum Kind {
        /** Rows are committed. */
        WRITE("What writes here must exist, be reachable, and be allowed to create what it needs: directories, tables,"
                + " objects. Mend what the line above names, then run the check again."),
        /** The series and its unit are in the store's lists. */
        LIST(
                "Writing works and listing does not: allow the reader to list directories or objects, or to select from the"
                        + " ledger, and run the check again."),
        /** The rows come back as they were written. */
        READ("Writing works and reading does not: allow the reader to read what the writer writes, and run the check"
                + " again."),
        /** Rows and ledger agree. */
        VERIFY("What was read does not agree with the ledger: something between here and the store changes rows. Do not"
                + " use it before 'candlewick verify' finds it sound."),
        /** Rows and ledger entries are dropped. */
        FORGET(
                "Writing and reading work and deleting does not: allow it to delete, which replacing damaged units needs,"
                        + " and run the check again."),
        /** Readers see nothing of it any more. */
        GONE(
                "What was deleted is still to be seen: somebody reads from a copy that lags behind, or a cache. Run the check"
                        + " against the primary.");

        private final String advice;

        Kind(String advice) {
            this.advice = advice;
        }

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** One run; used once. */
    private final class Run {

        private final Series series;
        private final List<Step> steps = new ArrayList<>();

        Run(Series series) {
            this.series = series;
        }

        Report report() {
            List<Batch> rows = rows();
            boolean written = step(Kind.WRITE, () -> write(rows));
            boolean fine = written
                    && step(Kind.LIST, this::list)
                    && step(Kind.READ, () -> read(rows))
                    && step(Kind.VERIFY, this::verify);
            // After a failed write there may be something, unless the store knows that there is not.
            if (!keeps && (fine || written || isUnknown()) && step(Kind.FORGET, this::forget)) {
                step(Kind.GONE, this::gone);
            }
            return new Report(store.name(), series, steps, keeps);
        }

        private boolean isUnknown() {
            return steps.get(0).failure().filter(Unconfirmed.class::isInstance).isPresent();
        }

        private boolean step(Kind kind, Supplier<String> work) {
            long start = ticker.getAsLong();
            Optional<RuntimeException> failure = Optional.empty();
            String outcome = "";
            try {
                outcome = work.get();
            } catch (Cancelled stopped) {
                throw stopped;
            } catch (RuntimeException why) {
                failure = Optional.of(why);
            }
            Duration took = Duration.ofNanos(Math.max(0, ticker.getAsLong() - start));
            steps.add(new Step(kind, outcome, took, failure));
            return failure.isEmpty();
        }

        private String write(List<Batch> rows) {
            WriteResult result = store.write(Batches.of(series, RANGE, rows, Provenance.none()));
            return Words.count(result.rows(), "row") + " committed";
        }

        private String list() {
            List<Series> all = store.series();
            List<LedgerEntry> entries = store.ledger(series, RANGE);
            if (!all.contains(series) || entries.size() != 1) {
                throw new Unavailable(store.name() + " does not list " + series + " after it was committed: "
                        + entries.size() + " entries of it are in the ledger");
            }
            return "among " + Words.grouped(all.size()) + " series";
        }

        private String read(List<Batch> rows) {
            List<Batch> found = new ArrayList<>();
            try (Batches cursor = store.read(series, RANGE)) {
                cursor.forEach(found::add);
            }
            long count = found.stream().mapToLong(Batch::rows).sum();
            if (!ContentHash.of(series.schema(), found).equals(ContentHash.of(series.schema(), rows))) {
                throw new Corrupt(store.name() + " gives other rows of " + series + " over " + RANGE
                        + " than were written: " + Words.count(count, "row"));
            }
            return Words.count(count, "row") + ", the same as were written";
        }

        private String verify() {
            VerifyReport report = store.verify(series);
            if (!report.isSound()) {
                throw new Corrupt(report.toString());
            }
            return "sound";
        }

        private String forget() {
            return String.join("; ", store.forget(series, RANGE));
        }

        private String gone() {
            List<Batch> found = new ArrayList<>();
            try (Batches cursor = store.read(series, RANGE)) {
                cursor.forEach(found::add);
            }
            if (!found.isEmpty()
                    || !store.ledger(series, RANGE).isEmpty()
                    || store.series().contains(series)) {
                throw new Unavailable(store.name() + " still shows " + series + " after it was forgotten");
            }
            return "nothing is left to be seen: no row, no ledger entry, no series";
        }

        private List<Batch> rows() {
            BatchBuilder builder = new BatchBuilder(series, 5);
            long hours = RANGE.split(Duration.ofHours(1)).size();
            for (int i = 0; i < hours; i++) {
                java.time.Instant open = RANGE.start().plus(Duration.ofHours(i));
                String price = "1." + i + "2345678";
                builder.row(
                        open,
                        price,
                        "2",
                        "1",
                        price,
                        "7",
                        open.plus(Duration.ofHours(1)).minusMillis(1),
                        "9",
                        3L,
                        "2",
                        "4");
            }
            return List.of(builder.build());
        }
    }

    /** Collects the options of a probe; all have defaults. Not safe for many threads. */
    public static final class Builder {

        private final Store store;
        private RandomGenerator random = RandomGenerator.getDefault();
        private LongSupplier ticker = System::nanoTime;
        private boolean keeps;

        private Builder(Store store) {
            this.store = store;
        }

        /** What names the probe's series, so that probes side by side do not meet. */
        public Builder random(RandomGenerator chosen) {
            this.random = chosen;
            return this;
        }

        /** A monotonic count of nanoseconds for durations; {@link System#nanoTime} unless told otherwise. */
        public Builder ticker(LongSupplier nanoseconds) {
            this.ticker = nanoseconds;
            return this;
        }

        /** Leaves the probe in the store, for others to look at. */
        public Builder keeping() {
            this.keeps = true;
            return this;
        }

        /** The probe. */
        public StoreProbe build() {
            return new StoreProbe(this);
        }

        @Override
        public String toString() {
            return "Probe of " + store.name() + "; build() makes it";
        }
    }
}
