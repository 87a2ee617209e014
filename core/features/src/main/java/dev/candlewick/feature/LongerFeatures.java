package dev.candlewick.feature;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Gap;
import dev.candlewick.Interval;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Features of longer intervals made of stored ones: a {@link Source} of {@code features:hft:INTERVAL} over a source of those of
 * a shorter interval, without reading ticks again.
 *
 * <pre>{@code
 * LongerFeatures.over(store, Interval.parse("15s")).read(Series.parse("…/features:hft:1h"), TimeRange.day("2024-01-01"))
 * }</pre>
 *
 * <p>Each column follows its {@link FeatureLaw}; where that says so it equals the column made of ticks, sums of floating-point
 * numbers but for their last digits. Columns that only ticks can tell are empty. Where a part has no row because nothing was
 * traded in it, columns that are not made of trades are empty too: store parts {@linkplain EmptyBuckets#DENSE dense}. A bucket
 * that lacks a part for another reason is not given, and listed with that reason.
 *
 * <p>Safe for many threads; the source stays open.
 */
public final class LongerFeatures implements Source {

    private final Source source;
    private final Interval base;
    private final HftSettings settings;

    private LongerFeatures(Source source, Interval base, HftSettings settings) {
        this.source = source;
        this.base = base;
        this.settings = settings;
    }

    /** Features made of those of the base interval, which were made with default settings. */
    public static LongerFeatures over(Source features, Interval base) {
        return over(features, base, HftSettings.defaults());
    }

    /** Features made of those of the base interval, and the settings that these were made with. */
    public static LongerFeatures over(Source features, Interval base, HftSettings settings) {
        return new LongerFeatures(
                Objects.requireNonNull(features, "features"),
                Objects.requireNonNull(base, "base"),
                Objects.requireNonNull(settings, "settings"));
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public boolean serves(Series series) {
        return isLonger(series) && source.serves(parts(series));
    }

    @Override
    public String refusal(Series series) {
        return isLonger(series) ? source.refusal(parts(series)) : notLonger(series);
    }

    @Override
    public Batches read(Series series, TimeRange range) {
        if (!isLonger(series)) {
            throw new Refused(notLonger(series));
        }
        Cadence.Grid grid = (Cadence.Grid) series.cadence();
        if (grid.interval().equals(base)) {
            return source.read(series, range);
        }
        Optional<TimeRange> slots = grid.slots(range);
        if (slots.isEmpty()) {
            return Batches.of(series, range, List.of(), Provenance.none());
        }
        // What came before tells the first bucket's changes of price and open interest.
        long day = 86_400_000_000L;
        TimeRange whole = TimeRange.ofEpochMicros(
                Math.floorDiv(slots.get().startMicros(), day) * day - settings.history(),
                slots.get().endMicros());
        Optional<List<Gap>> known = source instanceof Store store
                ? Optional.of(store.coverage(parts(series), whole).gaps())
                : Optional.empty();
        LongerRows rows = new LongerRows(source.read(parts(series), whole), series, slots.get(), known, settings);
        return Batches.of(series, range, rows, rows::provenance, rows::close);
    }

    @Override
    public String toString() {
        return "Features made of those of " + base + " of " + source.name();
    }

    private Series parts(Series series) {
        return series.with(HftDatasets.hft(base));
    }

    private boolean isLonger(Series series) {
        return series.schema().equals(HftDatasets.schema())
                && series.cadence() instanceof Cadence.Grid grid
                && base.divides(grid.interval());
    }

    private String notLonger(Series series) {
        return series + " cannot be made of " + HftDatasets.PREFIX + base
                + "; its interval must be a multiple of that, as in " + series.subject() + "/" + HftDatasets.PREFIX
                + "1h";
    }

    /** The row of a part: a batch and a place in it. */
    record Part(Batch batch, int row) {}
}
