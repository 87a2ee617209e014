package dev.candlewick.candle;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Column;
import dev.candlewick.Estimate;
import dev.candlewick.Gap;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeColumn;
import dev.candlewick.TimeRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Candles labelled with their end, as Tardis and many charts label them: a {@link Source} of {@code candles_by_end:INTERVAL}
 * over any source of {@code candles:INTERVAL}, be it a store, {@link TradeCandles}, {@link Resample} or {@link ForwardFill}.
 *
 * <pre>{@code
 * EndLabels.over(store).read(Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/candles_by_end:1m"), TimeRange.day("2024-01-01"))
 * }</pre>
 *
 * <p>{@code end_time} stands in the place of {@code open_time}: the first instant after the candle, where the next one opens,
 * by the calendar of the interval. Nothing else of a row changes. Ranges ask for labels: a day has the candle that ends at its
 * midnight, which opened the day before, and not the one that ends with it. Gaps lie where the labels do.
 *
 * <p>Candles are stored by their start. These are a dataset of their own with a time column of its own name, so that nobody
 * takes the one for the other where they are stored as well. Safe for many threads; the source stays open.
 */
public final class EndLabels implements Source {

    private final Source source;

    private EndLabels(Source source) {
        this.source = source;
    }

    /** The candles of a source, labelled with their end. */
    public static EndLabels over(Source candles) {
        return new EndLabels(Objects.requireNonNull(candles, "candles"));
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public boolean serves(Series series) {
        return series.dataset().isByEnd() && source.serves(byStart(series));
    }

    @Override
    public String refusal(Series series) {
        return series.dataset().isByEnd() ? source.refusal(byStart(series)) : noLabels(series);
    }

    @Override
    public Batches read(Series series, TimeRange range) {
        if (!series.dataset().isByEnd()) {
            throw new Refused(noLabels(series));
        }
        Cadence.Grid grid = (Cadence.Grid) series.cadence();
        Optional<TimeRange> opens = opens(grid, range);
        if (opens.isEmpty()) {
            return Batches.of(series, range, List.of(), Provenance.none());
        }
        Batches candles = source.read(byStart(series), opens.get());
        Series labelled = series.with(candles.series().dataset().byEnd());
        Iterator<Batch> rows = candles.iterator();
        return Batches.of(
                labelled,
                range,
                new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return rows.hasNext();
                    }

                    @Override
                    public Batch next() {
                        return label(rows.next(), labelled, grid);
                    }
                },
                () -> label(candles.provenance(), grid),
                candles::close);
    }

    @Override
    public Estimate estimate(Series series, TimeRange range) {
        if (!series.dataset().isByEnd()) {
            return Estimate.unknown();
        }
        return opens((Cadence.Grid) series.cadence(), range)
                .map(opens -> source.estimate(byStart(series), opens))
                .orElse(Estimate.unknown());
    }

    @Override
    public String toString() {
        return source + ", labelled with their end";
    }

    private static Series byStart(Series series) {
        return series.with(series.dataset().byStart());
    }

    // Where candles open whose ends lie in the range: a slot before each of these.
    private static Optional<TimeRange> opens(Cadence.Grid grid, TimeRange range) {
        return grid.slots(range)
                .map(ends ->
                        TimeRange.ofEpochMicros(grid.floor(ends.startMicros() - 1), grid.floor(ends.endMicros() - 1)));
    }

    private static Batch label(Batch candles, Series labelled, Cadence.Grid grid) {
        TimeColumn opens = candles.times();
        long[] ends = new long[candles.rows()];
        for (int row = 0; row < ends.length; row++) {
            ends[row] = grid.next(opens.epochMicros(row));
        }
        List<Column> columns = new ArrayList<>(candles.columns());
        columns.set(0, TimeColumn.adopt(labelled.schema().time(), ends));
        return Batch.of(labelled, columns);
    }

    private static Provenance label(Provenance candles, Cadence.Grid grid) {
        List<Gap> inOrder = new ArrayList<>(candles.gaps());
        inOrder.sort(Comparator.comparing(gap -> gap.range().startMicros()));
        List<Gap> gaps = new ArrayList<>();
        long taken = Long.MIN_VALUE; // a candle that two gaps meet in has one label, and the reason of the first
        for (Gap gap : inOrder) {
            long start = Math.max(taken, grid.next(gap.range().startMicros()));
            long end = grid.next(grid.ceiling(gap.range().endMicros()));
            if (start < end) {
                gaps.add(gap.over(TimeRange.ofEpochMicros(start, end)));
                taken = end;
            }
        }
        return new Provenance(candles.source(), candles.answers(), gaps, candles.quarantined());
    }

    private static String noLabels(Series series) {
        return series + " is not labelled with the end of its candles; for example " + series.subject()
                + "/candles_by_end:1m is";
    }
}
