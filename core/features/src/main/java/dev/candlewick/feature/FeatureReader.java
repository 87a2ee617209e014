package dev.candlewick.feature;

import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.Interval;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import java.time.Instant;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Features of a store by plain text: instrument, interval, start, end; all that is stored or only what was known at a time.
 * Ranges are half-open and speak of the start of a bucket.
 *
 * <pre>{@code
 * FeatureReader reader = FeatureReader.over(store);
 * Batches minutes = reader.hft("BINANCE:SPOT_PAIR:BTC-USDT", "1m", "2024-01-01", "2024-01-02");
 * Batches then = reader.knownAt(Instant.parse("2024-01-01T12:00:00Z")).mft("BINANCE:SPOT_PAIR:BTC-USDT", "1m",
 *         "2024-01-01", "2024-01-02");
 * }</pre>
 *
 * <p>Immutable, safe for many threads; the store stays open.
 */
public final class FeatureReader {

    private static final String FEATURES = "features:";

    private final Store store;
    private final Optional<Instant> knownAt;

    private FeatureReader(Store store, Optional<Instant> knownAt) {
        this.store = store;
        this.knownAt = knownAt;
    }

    /** A reader of everything that a store holds. */
    public static FeatureReader over(Store store) {
        return new FeatureReader(Objects.requireNonNull(store, "store"), Optional.empty());
    }

    /**
     * The same reader, leaving out every row whose {@code available_at} is later: what a model could have seen at that
     * instant. What it reads has no provenance, so no sink takes it for the whole.
     */
    public FeatureReader knownAt(Instant instant) {
        return new FeatureReader(store, Optional.of(instant));
    }

    /** Rows of {@code features:hft:INTERVAL} between two times, each an ISO date (its UTC midnight) or an ISO instant. */
    public Batches hft(String subject, String interval, String start, String end) {
        return read(subject, "hft", interval, TimeRange.of(start, end));
    }

    /** Rows of {@code features:mft:INTERVAL}, as {@link #hft}. */
    public Batches mft(String subject, String interval, String start, String end) {
        return read(subject, "mft", interval, TimeRange.of(start, end));
    }

    /**
     * Rows of a set of features in a range.
     *
     * @param set such as {@code hft}, {@code mft}, {@code options}, {@code book}
     * @param interval such as {@code 1m}
     * @throws Refused when the store holds none of them; the message lists what it has of the instrument
     */
    public Batches read(String subject, String set, String interval, TimeRange range) {
        Series series = new Series(Subject.parse(subject), Dataset.parse(FEATURES + set + ":" + interval));
        if (!store.series().contains(series)) {
            List<Dataset> has =
                    of(series.subject()).stream().map(Series::dataset).toList();
            throw new Refused(store.name() + " holds no " + series + "; of the features of this instrument it has "
                    + (has.isEmpty() ? "none" : has));
        }
        Batches rows = store.read(series, range);
        return knownAt.<Batches>map(instant -> new KnownBatches(rows, instant)).orElse(rows);
    }

    /** The intervals that a set of features is stored in, shortest first. */
    public NavigableSet<Interval> intervals(String subject, String set) {
        NavigableSet<Interval> intervals = new TreeSet<>();
        String prefix = FEATURES + set + ":";
        for (Series series : of(Subject.parse(subject))) {
            if (series.dataset().name().startsWith(prefix)) {
                intervals.add(Interval.parse(series.dataset().name().substring(prefix.length())));
            }
        }
        return intervals;
    }

    private List<Series> of(Subject subject) {
        return store.series().stream()
                .filter(series -> series.subject().equals(subject))
                .filter(series -> series.dataset().name().startsWith(FEATURES))
                .toList();
    }

    @Override
    public String toString() {
        return "Features of " + store.name()
                + knownAt.map(instant -> ", as known at " + instant).orElse("");
    }
}
