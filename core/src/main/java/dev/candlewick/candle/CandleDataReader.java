package dev.candlewick.candle;

import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Interval;
import dev.candlewick.Refused;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Candles of a store by plain text: instrument, interval, start, end. An interval that is not stored is made of the
 * longest stored one that fills it evenly. Every answer carries its coverage.
 *
 * <pre>{@code
 * CandleDataReader reader = CandleDataReader.over(store);
 * Candles hours = reader.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1h", "2024-01-01", "2024-02-01");
 * }</pre>
 *
 * <p>Immutable, safe for many threads; the store stays open.
 */
public final class CandleDataReader {

    private enum Holes {
        LEFT,
        FILLED
    }

    private final Store store;
    private final Holes holes;

    private CandleDataReader(Store store, Holes holes) {
        this.store = store;
        this.holes = holes;
    }

    /** A reader of what a store holds; holes are left open. */
    public static CandleDataReader over(Store store) {
        Objects.requireNonNull(store, "store");
        return new CandleDataReader(store, Holes.LEFT);
    }

    /** The same reader with holes filled forward and flagged, as {@link ForwardFill} does. */
    public CandleDataReader filled() {
        return new CandleDataReader(store, Holes.FILLED);
    }

    /**
     * Candles between two times, each an ISO date (its UTC midnight) or an ISO instant.
     *
     * @throws IllegalArgumentException when a time cannot be read or the start is not before the end
     * @throws Refused when the store has no candles of the instrument that give this interval; the message lists what
     *     it has
     */
    public Candles candles(String subject, String interval, String start, String end) {
        return candles(subject, interval, TimeRange.of(start, end));
    }

    /** As {@link #candles(String, String, TimeRange)}, between two instants. */
    public Candles candles(String subject, String interval, Instant start, Instant end) {
        return candles(subject, interval, TimeRange.of(start, end));
    }

    /**
     * Candles in a range.
     *
     * @param interval such as {@code 1m}, or {@code 1d@Europe/Zurich} for the days of a zone
     * @throws Refused when the store has no candles of the instrument that give this interval; the message lists what
     *     it has
     */
    public Candles candles(String subject, String interval, TimeRange range) {
        Series series = new Series(Subject.parse(subject), Dataset.parse("candles:" + interval));
        if (stored(series.subject()).contains(series)) {
            return Candles.of(
                    holes == Holes.FILLED ? ForwardFill.over(store).read(series, range) : store.read(series, range));
        }
        Resample resample = base(series, range);
        return Candles.of(
                holes == Holes.FILLED ? ForwardFill.over(resample).read(series, range) : resample.read(series, range));
    }

    /** Candles of several instruments in a range, by instrument in the order given. */
    public Map<String, Candles> candles(Collection<String> subjects, String interval, TimeRange range) {
        Map<String, Candles> answers = new LinkedHashMap<>();
        subjects.forEach(subject -> answers.put(subject, candles(subject, interval, range)));
        return Collections.unmodifiableMap(answers);
    }

    /** Candles of one instrument in several intervals, by interval in the order given. */
    public Map<String, Candles> candles(String subject, Collection<String> intervals, TimeRange range) {
        Map<String, Candles> answers = new LinkedHashMap<>();
        intervals.forEach(interval -> answers.put(interval, candles(subject, interval, range)));
        return Collections.unmodifiableMap(answers);
    }

    /**
     * The intervals that can be asked for without naming a zone, shortest first: the stored ones and Binance's that they
     * fill evenly.
     */
    public NavigableSet<Interval> availableIntervals(String subject) {
        NavigableSet<Interval> available = new TreeSet<>();
        for (Series series : stored(Subject.parse(subject))) {
            Interval base = series.dataset().interval().orElseThrow();
            if (!series.dataset().equals(Dataset.candles(base))) {
                continue; // its days are those of a zone
            }
            available.add(base);
            Interval.BINANCE.stream().filter(base::divides).forEach(available::add);
        }
        return Collections.unmodifiableNavigableSet(available);
    }

    /** One line per stored candle series of the instrument: rows, and the time from the first to the last. */
    public String summary(String subject) {
        List<Series> stored = stored(Subject.parse(subject));
        if (stored.isEmpty()) {
            return store.name() + " holds no candles of " + subject;
        }
        TimeRange ever = TimeRange.of(Instant.EPOCH, Instant.parse("2200-01-01T00:00:00Z"));
        return stored.stream()
                .map(series -> {
                    var entries = store.ledger(series, ever);
                    long rows =
                            entries.stream().mapToLong(entry -> entry.rows()).sum();
                    Optional<TimeRange> span = entries.stream()
                            .flatMap(entry -> entry.present().asList().stream())
                            .reduce(TimeRange::span);
                    return series + ": " + rows + " candles"
                            + span.map(range -> ", " + range).orElse("");
                })
                .collect(Collectors.joining("\n"));
    }

    @Override
    public String toString() {
        return "Candles of " + store.name() + (holes == Holes.FILLED ? ", holes filled forward" : "");
    }

    // The longest stored candles of which each one asked for has a whole number. Days are stored in one zone: those of
    // another begin elsewhere, so only shorter candles can make them, and only if one opens at each of its midnights.
    private Resample base(Series wanted, TimeRange range) {
        Cadence.Grid grid = (Cadence.Grid) wanted.cadence();
        List<Series> stored = stored(wanted.subject());
        return stored.stream()
                .map(series -> series.dataset().interval().orElseThrow())
                .distinct()
                .sorted(Comparator.reverseOrder())
                .filter(base -> base.divides(grid.interval()))
                .filter(base -> stored.contains(
                        wanted.with(base.isCalendar() ? Dataset.candles(base, grid.zone()) : Dataset.candles(base))))
                .map(base -> Resample.over(store, base))
                .filter(resample -> resample.opensWith(wanted, range))
                .findFirst()
                .orElseThrow(() -> new Refused(store.name() + " has no candles that give " + wanted + "; "
                        + (stored.isEmpty() ? "it has none of this instrument" : "it has " + stored)));
    }

    private List<Series> stored(Subject subject) {
        return store.series().stream()
                .filter(series -> series.subject().equals(subject))
                .filter(series -> series.schema().equals(Schema.CANDLES))
                .filter(series -> series.dataset().interval().isPresent())
                .toList();
    }
}
