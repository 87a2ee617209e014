package dev.candlewick.feature;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Provenance;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Series;
import dev.candlewick.TextColumn;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One pass over an options chain that gives a surface at the end of each interval. Keeps one record per option and open
 * interval, whatever the number of rows. For one thread.
 */
final class SurfaceRows implements Iterator<Batch> {

    private static final int BATCH_ROWS = 8_192;
    // Late rows are listed up to here and counted beyond: an outage of clocks may make millions.
    private static final int LATE_LISTED = 100;

    private final Batches chain;
    private final Iterator<Batch> iterator;
    private final Series series;
    private final TimeRange range;
    private final TimeRange slots;
    private final Cadence.Grid grid;
    private final long lateness;
    private final String underlying;
    private final OptionSurface surface;
    private final Map<Long, Map<String, OptionQuote>> open = new HashMap<>();
    private final BatchBuilder builder;
    private final List<TimeRange> empty = new ArrayList<>();
    private final List<QuarantinedRow> late = new ArrayList<>();

    private long lateCount;
    private long rowNumber;
    private long slot;
    private long slotEnd;
    private boolean ended;

    private SurfaceRows(
            Batches chain,
            Series series,
            TimeRange range,
            TimeRange slots,
            OptionSurface.Settings settings,
            long lateness) {
        this.chain = chain;
        this.iterator = chain.iterator();
        this.series = series;
        this.range = range;
        this.slots = slots;
        this.grid = (Cadence.Grid) series.cadence();
        this.lateness = lateness;
        this.underlying = series.subject().code();
        this.surface = OptionSurface.with(settings);
        this.builder = new BatchBuilder(series, 1_024);
        this.slot = grid.floor(chain.range().startMicros());
        this.slotEnd = grid.next(slot);
    }

    /** A cursor over the surfaces; closing it closes the chain. */
    static Batches read(
            Batches chain,
            Series series,
            TimeRange range,
            TimeRange slots,
            OptionSurface.Settings settings,
            long lateness) {
        SurfaceRows rows = new SurfaceRows(chain, series, range, slots, settings, lateness);
        return Batches.of(series, range, rows, rows::provenance, chain::close);
    }

    @Override
    public boolean hasNext() {
        while (builder.rows() < BATCH_ROWS && !ended) {
            if (iterator.hasNext()) {
                accept(iterator.next());
            } else {
                closeCovered();
                ended = true;
            }
        }
        return builder.rows() > 0;
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("No more rows of " + series);
        }
        return builder.build();
    }

    private void accept(Batch batch) {
        OptionRows rows = new OptionRows(batch);
        TextColumn symbols = batch.texts("symbol");
        List<String> dictionary = symbols.dictionary();
        boolean[] wanted = new boolean[dictionary.size()];
        for (int code = 0; code < wanted.length; code++) {
            wanted[code] = OptionSurface.underlying(dictionary.get(code)).equals(underlying);
        }
        for (int row = 0; row < batch.rows(); row++) {
            rowNumber++;
            if (!wanted[symbols.code(row)]) {
                continue;
            }
            closeUntil(rows.arrived(row) - lateness);
            keep(rows, row);
        }
    }

    private void keep(OptionRows rows, int row) {
        long timestamp = rows.timestamp(row);
        if (timestamp < slot) {
            // Rows from before the first slot of the warm-up are not late, only too old to matter.
            if (timestamp >= chain.range().startMicros()) {
                setAside(rows, row);
            }
            return;
        }
        if (timestamp >= slots.endMicros()) {
            return; // of no interval that was asked for, however far a broken clock is ahead
        }
        Map<String, OptionQuote> quotes = open.computeIfAbsent(grid.floor(timestamp), unseen -> new HashMap<>());
        OptionQuote quote = quotes.computeIfAbsent(rows.symbol(row), unseen -> new OptionQuote());
        if (timestamp >= quote.timestamp) {
            rows.read(row, quote);
        }
    }

    private void setAside(OptionRows rows, int row) {
        if (!range.contains(TimeRange.instant(rows.timestamp(row)))) {
            return;
        }
        lateCount++;
        if (late.size() < LATE_LISTED) {
            late.add(new QuarantinedRow(
                    chain.series().toString(),
                    rowNumber,
                    "timestamp",
                    "it arrived at " + TimeRange.instant(rows.arrived(row))
                            + ", more than the lateness after the end of" + " the interval of "
                            + TimeRange.instant(rows.timestamp(row)),
                    rows.symbol(row)));
        }
    }

    private void closeUntil(long time) {
        while (slotEnd <= time && slot < slots.endMicros()) {
            close();
        }
    }

    private void close() {
        Map<String, OptionQuote> quotes = open.remove(slot);
        if (quotes != null) {
            quotes.forEach(surface::accept);
        }
        SurfacePoint point = surface.at(slotEnd);
        if (slot >= slots.startMicros()) {
            if (point.quotes() > 0) {
                append(point);
            } else {
                empty.add(TimeRange.ofEpochMicros(slot, slotEnd));
            }
        }
        slot = slotEnd;
        slotEnd = grid.next(slot);
    }

    // The chain ended. What it says it lacks may hold rows of the intervals that are still open: those wait for it.
    private void closeCovered() {
        long end = chain.provenance().gaps().stream()
                .filter(gap -> gap.reason() != GapReason.CONFIRMED_EMPTY)
                .filter(gap -> gap.range().endMicros() > slot)
                .mapToLong(gap -> gap.range().startMicros())
                .min()
                .orElse(chain.range().endMicros());
        closeUntil(end - lateness);
    }

    private void append(SurfacePoint point) {
        builder.time(0).append(slot);
        builder.time(1).append(Math.max(slotEnd, point.arrivedMicros()));
        append(2, point.atmMarkIv());
        append(3, point.skew25dPutCallRatio());
        append(4, point.riskReversal25d());
        append(5, point.fly25d());
        if (point.expiryMicros().isPresent()) {
            builder.time(6).append(point.expiryMicros().getAsLong());
        } else {
            builder.time(6).appendNull();
        }
        builder.int64(7).append(point.quotes());
        builder.int64(8).append(point.usable());
        builder.endRow();
    }

    private void append(int column, OptionalDouble value) {
        if (value.isPresent()) {
            builder.float64(column).append(value.getAsDouble());
        } else {
            builder.float64(column).appendNull();
        }
    }

    private Provenance provenance() {
        Provenance below = chain.provenance();
        List<Gap> gaps = new ArrayList<>();
        TimeRanges closed = slot <= slots.startMicros()
                ? TimeRanges.none()
                : TimeRanges.of(TimeRange.ofEpochMicros(slots.startMicros(), slot));
        for (Gap gap : below.gaps()) {
            waiting(gap)
                    .ifPresent(
                            waiting -> TimeRanges.of(waiting).minus(closed).forEach(part -> gaps.add(gap.over(part))));
        }
        for (TimeRange none : TimeRanges.of(empty)) {
            gaps.add(new Gap(
                    none,
                    GapReason.CONFIRMED_EMPTY,
                    "no option of " + underlying + " had a fresh row",
                    none.end(),
                    Gap.NEVER));
        }
        List<QuarantinedRow> asideAll = new ArrayList<>(late);
        if (lateCount > late.size()) {
            asideAll.add(new QuarantinedRow(
                    chain.series().toString(),
                    rowNumber,
                    "timestamp",
                    (lateCount - late.size()) + " more rows arrived too late",
                    ""));
        }
        return new Provenance(below.source(), below.answers(), gaps, below.quarantined())
                .plus(new Provenance("", List.of(), List.of(), asideAll));
    }

    // An interval waits for all that arrives until its end and the lateness.
    private Optional<TimeRange> waiting(Gap gap) {
        long from = grid.floor(gap.range().startMicros() - lateness);
        return TimeRange.ofEpochMicros(from, gap.range().endMicros()).intersection(range);
    }
}
