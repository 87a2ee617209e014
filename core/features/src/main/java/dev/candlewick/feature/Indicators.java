package dev.candlewick.feature;

import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Estimate;
import dev.candlewick.Interval;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Indicators of closed bars, {@code features:mft:INTERVAL} and {@code features:live:INTERVAL}, made of the candles of another
 * source or of its {@code features:hft}, whichever it serves, candles first.
 *
 * <pre>{@code
 * Indicators.over(store).read(Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/features:mft:1m"), TimeRange.month("2024-01"))
 * }</pre>
 *
 * <p>A row says what was known when its bar had closed, and depends on no later bar. Some indicators remember all bars since
 * an anchor; so that a row is the same whatever range is read, the anchor follows from the row's time: the beginning of the
 * day before it for bars of up to three minutes, of the month before for those of up to an hour, of the year before for those of
 * up to a day, and 1970 for longer ones. The bars from there on are read as well. After so many bars averages have
 * forgotten their beginning to less than 10<sup>-9</sup>; on-balance volume has not, and begins at 0 with each anchor:
 * {@link #since} gives one anchor to all rows instead.
 *
 * <p>Bars that are missing between others are filled forward, flagged in the row, or end all memory: {@link MissingBars}. At
 * the end of a range they are filled where the source proves that nothing was traded. Safe for many threads; the source stays
 * open.
 */
public final class Indicators implements Source {

    private final Source source;
    private final List<IndicatorSet> sets;
    private final MissingBars missing;
    private final Optional<Instant> since;

    private Indicators(Source source, List<IndicatorSet> sets, MissingBars missing, Optional<Instant> since) {
        this.source = source;
        this.sets = sets;
        this.missing = missing;
        this.since = since;
    }

    /** Indicators of a source's bars, missing ones filled forward. */
    public static Indicators over(Source source) {
        Objects.requireNonNull(source, "source");
        return new Indicators(
                source, List.of(IndicatorSet.MFT, IndicatorSet.LIVE), MissingBars.FILL_FORWARD, Optional.empty());
    }

    /** The same, doing this about missing bars. */
    public Indicators missing(MissingBars policy) {
        return new Indicators(source, sets, Objects.requireNonNull(policy, "policy"), since);
    }

    /** The same, with one anchor for all rows, and no rows before it: every read begins with the bars there. */
    public Indicators since(Instant anchor) {
        return new Indicators(source, sets, missing, Optional.of(anchor));
    }

    /** The same with these sets of indicators alone. */
    public Indicators sets(IndicatorSet... only) {
        return new Indicators(source, List.of(only), missing, since);
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public boolean serves(Series series) {
        return set(series).isPresent() && source.serves(bars(series));
    }

    @Override
    public String refusal(Series series) {
        return set(series).isPresent()
                ? source.refusal(bars(series))
                : "Bars give "
                        + String.join(
                                " and ",
                                sets.stream()
                                        .map(set -> "features:" + set.name() + ":INTERVAL")
                                        .toList())
                        + ", not " + series;
    }

    @Override
    public Batches read(Series series, TimeRange range) {
        IndicatorSet set = set(series).orElseThrow(() -> new Refused(refusal(series)));
        IndicatorEngine engine = engine(set, interval(series));
        Optional<TimeRange> read = needed(engine, range);
        if (read.isEmpty()) {
            return Batches.of(series, range, List.of(), Provenance.none());
        }
        Series bars = bars(series);
        Batches rows = source.read(bars, read.get());
        return IndicatorRows.read(
                rows,
                series,
                range,
                set,
                engine,
                source instanceof Store store
                        ? () -> store.coverage(bars, read.get()).gaps()
                        : () -> rows.provenance().gaps());
    }

    @Override
    public Estimate estimate(Series series, TimeRange range) {
        return set(series)
                .flatMap(set -> needed(engine(set, interval(series)), range))
                .map(read -> source.estimate(bars(series), read))
                .orElse(Estimate.unknown());
    }

    @Override
    public String toString() {
        return "Indicators of bars of " + source.name();
    }

    private IndicatorEngine engine(IndicatorSet set, Interval interval) {
        return IndicatorEngine.anchored(
                set,
                interval,
                missing,
                since.<IndicatorAnchor>map(IndicatorAnchor.Fixed::new).orElse(IndicatorAnchor.of(interval)));
    }

    private static Optional<TimeRange> needed(IndicatorEngine engine, TimeRange range) {
        Instant first = engine.firstBarFor(range.start());
        return first.isBefore(range.end()) ? Optional.of(TimeRange.of(first, range.end())) : Optional.empty();
    }

    private Optional<IndicatorSet> set(Series series) {
        if (!(series.cadence() instanceof Cadence.Grid)) {
            return Optional.empty();
        }
        return sets.stream()
                .filter(set -> set.dataset(interval(series)).equals(series.dataset()))
                .findFirst();
    }

    private Series bars(Series series) {
        Series candles = series.with(Dataset.candles(interval(series)));
        if (source.serves(candles)) {
            return candles;
        }
        return features(series).filter(source::serves).orElse(candles);
    }

    // Known only where whoever makes them is on the class path.
    private static Optional<Series> features(Series series) {
        try {
            return Optional.of(series.with(Dataset.parse("features:hft:" + interval(series))));
        } catch (IllegalArgumentException unknown) {
            return Optional.empty();
        }
    }

    private static Interval interval(Series series) {
        return ((Cadence.Grid) series.cadence()).interval();
    }
}
