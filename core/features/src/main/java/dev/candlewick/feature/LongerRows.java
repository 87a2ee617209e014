package dev.candlewick.feature;

import dev.candlewick.Answer;
import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Field;
import dev.candlewick.Gap;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.spi.BucketGaps;
import dev.candlewick.spi.SlotRuns;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/** One pass over features of a short interval that gives those of a longer one. For one thread. */
final class LongerRows implements Iterator<Batch> {

    private static final int BATCH_ROWS = 8_192;

    private final Batches parts;
    private final Iterator<Batch> iterator;
    private final Series series;
    private final TimeRange slots;
    private final Cadence.Grid grid;
    private final BatchBuilder builder;
    private final LongerRow row;
    private final SlotRuns given;
    private final List<LongerFeatures.Part> bucket = new ArrayList<>();
    private Optional<BucketGaps> missing;
    private long bucketStart = Long.MIN_VALUE;
    private final List<Batch> held = new ArrayList<>();
    private boolean ended;

    LongerRows(Batches parts, Series series, TimeRange slots, Optional<List<Gap>> known, HftSettings settings) {
        this.parts = parts;
        this.iterator = parts.iterator();
        this.series = series;
        this.slots = slots;
        this.grid = (Cadence.Grid) series.cadence();
        this.builder = new BatchBuilder(series, 1_024);
        this.row = new LongerRow(
                (Cadence.Grid) parts.series().cadence(),
                new FeatureRow(
                        builder,
                        series.schema().fields().stream().map(Field::type).toList()),
                settings);
        this.given = new SlotRuns(grid);
        this.missing = known.map(gaps -> BucketGaps.of(grid, slots, gaps, 0, 0));
    }

    @Override
    public boolean hasNext() {
        // A source that is no store tells what it lacks at its end, so rows are held until then.
        while (!ended && (held.isEmpty() || missing.isEmpty())) {
            if (iterator.hasNext()) {
                add(iterator.next());
            } else {
                ended = true;
                finish();
            }
            if (builder.rows() >= BATCH_ROWS || (ended && builder.rows() > 0)) {
                held.add(builder.build());
            }
            if (ended && missing.isEmpty()) {
                BucketGaps told = BucketGaps.of(grid, slots, parts.provenance().gaps(), 0, 0);
                missing = Optional.of(told);
                List<Batch> kept = held.stream()
                        .flatMap(batch -> HftDays.without(batch, told).stream())
                        .toList();
                held.clear();
                held.addAll(kept);
            }
        }
        return !held.isEmpty();
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("No more features of " + series);
        }
        Batch batch = held.remove(0);
        given.add(batch.times());
        return batch;
    }

    private void add(Batch batch) {
        for (int at = 0; at < batch.rows(); at++) {
            long start = grid.floor(batch.times().epochMicros(at));
            if (start != bucketStart) {
                finish();
                bucketStart = start;
            }
            bucket.add(new LongerFeatures.Part(batch, at));
        }
    }

    private void finish() {
        if (bucket.isEmpty()) {
            return;
        }
        boolean wanted = bucketStart >= slots.startMicros()
                && missing.map(gaps -> !gaps.isWithheld(bucketStart)).orElse(true);
        row.write(bucket, bucketStart, grid.next(bucketStart));
        if (wanted) {
            builder.endRow();
        } else {
            builder.discardRow();
        }
        bucket.clear();
    }

    Provenance provenance() {
        Provenance below = parts.provenance();
        Instant at =
                below.answers().stream().map(Answer::at).max(Instant::compareTo).orElse(Instant.EPOCH);
        return new Provenance(
                below.source(),
                below.answers(),
                missing.orElseThrow().gaps(given.ranges(), "no part of it has a row in " + below.source(), at),
                below.quarantined());
    }

    void close() {
        parts.close();
    }
}
