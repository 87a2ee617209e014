package dev.candlewick.feature;

import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Estimate;
import dev.candlewick.Field;
import dev.candlewick.Gap;
import dev.candlewick.Interval;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.Store;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The volatility surface of an underlying at the ends of intervals, {@code features:options:INTERVAL}, made of the options
 * chain ({@code options_chain}) of another source.
 *
 * <pre>{@code
 * OptionFeatures.over(store).read(Series.parse("DERIBIT:UNDERLYING:BTC/features:options:1m"), TimeRange.day("2024-01-01"))
 * }</pre>
 *
 * <p>The subject is {@code VENUE:UNDERLYING:CODE}, the code being what the symbols of its options begin with
 * ({@link OptionSurface#underlying}); the chain is that of {@code VENUE:GROUP:OPTIONS}, all options of the venue. A row stands
 * for the interval that begins at {@code timestamp} and looks at rows with a venue time before its end, as
 * {@link OptionSurface} says; {@code available_at} is the interval's end or, where a row used arrived later, that.
 *
 * <p>Rows that arrive later than the lateness after the end of their interval come too late: they are set aside, also when
 * history is read, so that it says what could be known live. An interval without a fresh row of any option has no row; where
 * the chain was read from what is fresh at the interval's end to that end and the lateness, this is proven. Otherwise the
 * interval is left out with the reason why the chain lacks it, so that after a hole, or a day before that is not there,
 * surfaces are missing until the staleness and the clocks' skew are over: a {@link Store} says that beforehand, and surfaces come while it is read; those of another
 * source are held until its end. Safe for many threads; the source stays open.
 */
public final class OptionFeatures implements Source {

    static final String PREFIX = "features:options:";

    private static final String UNDERLYING = "UNDERLYING";

    private final Source source;
    private final Bounds bounds;

    private OptionFeatures(Source source, Bounds bounds) {
        this.source = source;
        this.bounds = bounds;
    }

    /**
     * What surfaces are made by.
     *
     * @param settings what makes an option usable
     * @param lateness how long rows are waited for after the end of an interval
     * @param skew how far the recorder's clock may be behind the venue's
     * @param boundariesAccepted whether an interval may lack what arrives after its end
     */
    record Bounds(OptionSurface.Settings settings, Duration lateness, Duration skew, boolean boundariesAccepted) {

        static final Bounds DEFAULTS =
                new Bounds(OptionSurface.Settings.DEFAULTS, Duration.ofSeconds(5), Duration.ofSeconds(5), false);
    }

    /** Surfaces of a source's options, with {@link OptionSurface.Settings#DEFAULTS} and five seconds of lateness. */
    public static OptionFeatures over(Source source) {
        Objects.requireNonNull(source, "source");
        return new OptionFeatures(source, Bounds.DEFAULTS);
    }

    /** The same with other bounds of what is usable. */
    public OptionFeatures settings(OptionSurface.Settings usable) {
        Objects.requireNonNull(usable, "usable");
        return new OptionFeatures(
                source, new Bounds(usable, bounds.lateness(), bounds.skew(), bounds.boundariesAccepted()));
    }

    /** The same, waiting so long for rows after an interval has ended by the recorder's clock. */
    public OptionFeatures lateness(Duration wait) {
        return new OptionFeatures(
                source, new Bounds(bounds.settings(), notNegative(wait), bounds.skew(), bounds.boundariesAccepted()));
    }

    /**
     * The same for a recorder whose clock may be so much behind the venue's; five seconds unless told. Rows that arrived
     * longer than that before they happened are set aside.
     */
    public OptionFeatures clockSkew(Duration greatest) {
        return new OptionFeatures(
                source,
                new Bounds(bounds.settings(), bounds.lateness(), notNegative(greatest), bounds.boundariesAccepted()));
    }

    /**
     * The same, giving an interval also where what arrives within the lateness after its end was not there to read, such as
     * the last one of a day when the next day's file is not published, or what is still fresh from before its beginning, such
     * as the first ones of a day when the day before was not fetched: it may lack rows.
     */
    public OptionFeatures acceptingBoundaries() {
        return new OptionFeatures(source, new Bounds(bounds.settings(), bounds.lateness(), bounds.skew(), true));
    }

    Bounds bounds() {
        return bounds;
    }

    /**
     * The dataset of surfaces at the ends of an interval.
     *
     * @throws IllegalArgumentException when the interval does not divide a day
     */
    public static Dataset dataset(Interval interval) {
        Schema schema = new Schema(
                List.of(
                        Field.time("timestamp"),
                        Field.time("available_at"),
                        Field.float64("atm_mark_iv").orNull(),
                        Field.float64("skew_25d_put_call_ratio").orNull(),
                        Field.float64("rr_25d").orNull(),
                        Field.float64("fly_25d").orNull(),
                        Field.time("expiry").orNull(),
                        Field.int64("quotes"),
                        Field.int64("usable_quotes")),
                "timestamp",
                List.of("timestamp"));
        // By the day, as the rows below them: a new day rewrites no month.
        return new Dataset(PREFIX + interval, schema, Cadence.everyByDay(interval));
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public boolean serves(Series series) {
        return isSurface(series) && source.serves(chain(series.subject()));
    }

    @Override
    public String refusal(Series series) {
        return isSurface(series)
                ? source.refusal(chain(series.subject()))
                : "Options give surfaces such as DERIBIT:UNDERLYING:BTC/features:options:1m, not " + series;
    }

    @Override
    public Batches read(Series series, TimeRange range) {
        if (!isSurface(series)) {
            throw new Refused(refusal(series));
        }
        Optional<TimeRange> slots = series.cadence().slots(range);
        if (slots.isEmpty()) {
            return Batches.of(series, range, List.of(), Provenance.none());
        }
        Series chain = chain(series.subject());
        TimeRange needed = needed(slots.get());
        Optional<List<Gap>> known = source instanceof Store store
                ? Optional.of(store.coverage(chain, needed).gaps())
                : Optional.empty();
        return SurfaceRows.read(source.read(chain, needed), series, range, slots.get(), bounds, known);
    }

    @Override
    public Estimate estimate(Series series, TimeRange range) {
        return series.cadence()
                .slots(range)
                .map(slots -> source.estimate(chain(series.subject()), needed(slots)))
                .orElse(Estimate.unknown());
    }

    @Override
    public String toString() {
        return "Option surfaces of " + source.name();
    }

    private TimeRange needed(TimeRange slots) {
        return TimeRange.of(
                slots.start().minus(bounds.settings().staleness()).minus(bounds.skew()),
                slots.end().plus(bounds.lateness()));
    }

    private static boolean isSurface(Series series) {
        return series.subject().kind().equals(UNDERLYING)
                && series.cadence() instanceof Cadence.Grid grid
                && series.dataset().equals(dataset(grid.interval()));
    }

    /** The rows that surfaces of an underlying are made of. */
    static Series chain(Subject underlying) {
        return new Series(new Subject(underlying.venue(), "GROUP", "OPTIONS"), Dataset.OPTIONS_CHAIN);
    }

    private static Duration notNegative(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("Waiting lasts 0 or more, not " + duration);
        }
        return duration;
    }
}
