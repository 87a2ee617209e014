package dev.candlewick.tick;

import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Ticks of a store by plain text: instrument, dataset, start, end; whole ranges, in pieces that fit memory, or only around
 * some moments. Times are arrival times ({@code local_timestamp}), half-open.
 *
 * <pre>{@code
 * TickReader reader = TickReader.over(store);
 * try (Batches trades = reader.read("BINANCE:SPOT_PAIR:BTC-USDT", "trades", "2024-01-01", "2024-01-02")) {
 *     for (Batch batch : trades) { ... }
 * }
 * reader.around(series, candleOpens, Duration.ofSeconds(1), Duration.ofSeconds(5));
 * }</pre>
 *
 * <p>Immutable, safe for many threads; the store stays open.
 */
public final class TickReader {

    private static final TimeRange EVER = TimeRange.of(Instant.EPOCH, Instant.parse("2200-01-01T00:00:00Z"));

    private final Store store;

    private TickReader(Store store) {
        this.store = store;
    }

    /** A reader of what a store holds. */
    public static TickReader over(Store store) {
        return new TickReader(Objects.requireNonNull(store, "store"));
    }

    /**
     * The ticks of a range, in order of arrival.
     *
     * @param subject such as {@code BINANCE:SPOT_PAIR:BTC-USDT}
     * @param dataset such as {@code trades} or {@code book:5}
     * @param start an ISO date (its UTC midnight) or an ISO instant
     * @param end the first instant after, likewise
     * @throws Refused when the store holds nothing of the series; the message lists what it has of the instrument
     */
    public Batches read(String subject, String dataset, String start, String end) {
        return read(new Series(Subject.parse(subject), Dataset.parse(dataset)), TimeRange.of(start, end));
    }

    /** As {@link #read(String, String, String, String)}. */
    public Batches read(Series series, TimeRange range) {
        return store.read(stored(series), range);
    }

    /**
     * The ticks of a range in pieces of at most so many rows, whatever the store's own batches are: for models and files
     * that take only so much at once.
     *
     * @param rows 1 or more
     */
    public Batches chunks(Series series, TimeRange range, int rows) {
        return new ChunkedBatches(read(series, range), rows);
    }

    /**
     * Only the ticks around some moments, such as the opens of candles: from {@code before} ahead of each to, not including,
     * {@code after} behind it. Windows that meet are read as one; what lies between is not read at all, so a store that can
     * skip pages and files does. The cursor's range is that from the first window to the last; as it leaves most of it out,
     * it has no provenance and no sink takes it for the whole.
     *
     * @param times in any order, at least one
     * @param before zero or more
     * @param after zero or more, both together more than zero
     */
    public Batches around(Series series, Collection<Instant> times, Duration before, Duration after) {
        if (before.isNegative() || after.isNegative() || before.plus(after).isZero()) {
            throw new IllegalArgumentException(
                    "A window reaches from before a moment to after it, not from -" + before + " to " + after);
        }
        if (times.isEmpty()) {
            throw new IllegalArgumentException("There is no moment to read " + series + " around");
        }
        TimeRanges windows = TimeRanges.of(times.stream()
                .map(time -> TimeRange.of(time.minus(before), time.plus(after)))
                .toList());
        return new WindowedBatches(store, stored(series), windows.asList());
    }

    /** The instruments that the store holds any ticks of, sorted. */
    public SortedSet<Subject> instruments() {
        return ticks().stream().map(Series::subject).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The instruments that the store holds that dataset of, sorted. */
    public SortedSet<Subject> instruments(Dataset dataset) {
        return ticks().stream()
                .filter(series -> series.dataset().equals(dataset))
                .map(Series::subject)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** One line per stored dataset of the instrument: rows, days, and the time from the first to the last. */
    public String summary(String subject) {
        Subject who = Subject.parse(subject);
        String lines = ticks().stream()
                .filter(series -> series.subject().equals(who))
                .map(this::line)
                .collect(Collectors.joining("\n"));
        return lines.isEmpty() ? store.name() + " holds no ticks of " + who : lines;
    }

    private String line(Series series) {
        List<LedgerEntry> entries = store.ledger(series, EVER);
        long rows = entries.stream().mapToLong(LedgerEntry::rows).sum();
        Optional<TimeRange> span = entries.stream()
                .flatMap(entry -> entry.present().asList().stream())
                .reduce(TimeRange::span);
        return series + ": " + rows + (rows == 1 ? " row in " : " rows in ") + entries.size()
                + (entries.size() == 1 ? " day" : " days")
                + span.map(range -> ", " + range).orElse("");
    }

    private Series stored(Series series) {
        List<Series> known = store.series();
        if (!known.contains(series)) {
            List<Series> same = known.stream()
                    .filter(other -> other.subject().equals(series.subject()))
                    .toList();
            throw new Refused(store.name() + " holds nothing of " + series + "; of the instrument it has "
                    + (same.isEmpty()
                            ? "nothing at all"
                            : same.stream().map(Series::dataset).toList()));
        }
        return series;
    }

    private List<Series> ticks() {
        return store.series().stream()
                .filter(series -> series.schema().names().contains("local_timestamp"))
                .toList();
    }

    @Override
    public String toString() {
        return "Ticks of " + store.name();
    }
}
