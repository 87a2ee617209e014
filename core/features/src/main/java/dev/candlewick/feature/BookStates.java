package dev.candlewick.feature;

import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Estimate;
import dev.candlewick.Field;
import dev.candlewick.Interval;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The order book as it stood at the end of each bucket, with what follows from it: a {@link Source} of
 * {@code features:book:INTERVAL} over a source of {@code book:5}, or of the feed of books that the settings name.
 *
 * <pre>{@code
 * BookStates.over(store).read(
 *         Series.parse("BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN/features:book:1m"), TimeRange.day("2024-01-01"))
 * }</pre>
 *
 * <p>A row stands for the bucket that begins at {@code timestamp} and has the five best levels after the last change that
 * happened before its end, never the one nearest to it; {@code book_timestamp} is that change's venue time, or
 * where that is ahead of its arrival by more than the earliness the time it counts from, its arrival; such rows are counted
 * among the quarantined ones. {@code available_at} is the bucket's end or, where the change arrived later, that. The columns after the levels are those of
 * {@code features:hft} with the same names, worked out by the same code: trades are not needed for them. A book lasts over
 * buckets without a change; it is unknown from the beginning of a hole in its feed to the next row, and each UTC day begins
 * with what the {@linkplain HftSettings.Builder#history history} before its midnight leaves.
 *
 * <p>Buckets of which books were not there to read are not given, and listed as gaps with the source's reason, until
 * the next row; those before a first row as {@code confirmed_empty}. Of the settings, those of the book, of lateness, earliness, history and
 * boundaries matter. Safe for many threads; the source stays open.
 */
public final class BookStates implements Source {

    static final String PREFIX = "features:book:";
    static final int LEVELS = 5;

    private static final Schema SCHEMA = schema();

    private final Source source;
    private final HftSettings settings;

    private BookStates(Source source, HftSettings settings) {
        this.source = source;
        this.settings = settings;
    }

    /** Books of a source with default settings. */
    public static BookStates over(Source books) {
        return over(books, HftSettings.defaults());
    }

    /** Books of a source. */
    public static BookStates over(Source books, HftSettings settings) {
        return new BookStates(Objects.requireNonNull(books, "books"), Objects.requireNonNull(settings, "settings"));
    }

    /**
     * The dataset of books at the ends of an interval.
     *
     * @throws IllegalArgumentException when the interval does not divide a day
     */
    public static Dataset dataset(Interval interval) {
        return new Dataset(PREFIX + interval, SCHEMA, Cadence.everyByDay(interval));
    }

    /** The features that follow the levels in each row. */
    static List<Feature> features(int levels) {
        return List.of(new TopFeature(), new DepthFeature(levels), new DistanceFeature(levels));
    }

    private static Schema schema() {
        List<Field> fields = new ArrayList<>(
                List.of(Field.time("timestamp"), Field.time("available_at"), Field.time("book_timestamp")));
        Dataset.book(LEVELS).schema().fields().stream()
                .filter(field -> !field.name().endsWith("timestamp"))
                .forEach(fields::add);
        features(LEVELS).forEach(feature -> feature.columns().forEach(column -> fields.add(column.field())));
        return new Schema(fields, "timestamp", List.of("timestamp"));
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public boolean serves(Series series) {
        return isState(series) && source.serves(series.with(settings.book()));
    }

    @Override
    public String refusal(Series series) {
        return isState(series)
                ? source.refusal(series.with(settings.book()))
                : series + " holds no books at the ends of intervals; these are, for example " + series.subject() + "/"
                        + PREFIX + "1m";
    }

    @Override
    public Batches read(Series series, TimeRange range) {
        if (!isState(series)) {
            throw new Refused(refusal(series));
        }
        Optional<TimeRange> slots = series.cadence().slots(range);
        if (slots.isEmpty()) {
            return Batches.of(series, range, List.of(), Provenance.none());
        }
        BookStateDays days = new BookStateDays(source, series, slots.get(), settings);
        return Batches.of(series, range, days, days::provenance, days::close);
    }

    @Override
    public Estimate estimate(Series series, TimeRange range) {
        if (!isState(series)) {
            return Estimate.unknown();
        }
        Series books = series.with(settings.book());
        return series.cadence()
                .slots(range)
                .map(slots -> RowsByDay.estimate(
                        slots, part -> source.estimate(books, BookStateDays.arrivals(part, settings))))
                .orElse(Estimate.unknown());
    }

    @Override
    public String toString() {
        return "Books at the ends of intervals, of " + source.name();
    }

    private static boolean isState(Series series) {
        return series.schema().equals(SCHEMA);
    }
}
