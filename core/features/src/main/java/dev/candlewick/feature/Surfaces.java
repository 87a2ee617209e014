package dev.candlewick.feature;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.DoubleColumn;
import dev.candlewick.Estimate;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.Store;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What options say at the end of each bucket: one small row a bucket, read beforehand or made live. For one thread. */
final class Surfaces {

    private static final Set<GapReason> OPEN = EnumSet.of(GapReason.NOT_FETCHED, GapReason.NOT_YET_PUBLISHED);

    private final NavigableMap<Long, Row> rows = new TreeMap<>();
    private final List<Gap> open = new ArrayList<>();
    private Provenance provenance = Provenance.none();

    private record Row(double atmMarkIv, double skew, long availableAt) {}

    /** Where rows of surfaces come from, and of which underlying. */
    record Origin(Source source, Subject underlying) {

        Estimate estimate(Cadence.Grid grid, TimeRange range) {
            return source.estimate(series(grid), range);
        }

        private Series series(Cadence.Grid grid) {
            return new Series(underlying, Dataset.parse("features:options:" + grid.interval()));
        }

        Surfaces read(Cadence.Grid grid, TimeRange range) {
            Surfaces surfaces = new Surfaces();
            Series series = series(grid);
            Optional<List<Gap>> known = source instanceof Store store
                    ? Optional.of(store.coverage(series, range).gaps())
                    : Optional.empty();
            try (Batches batches = source.read(series, range)) {
                batches.forEach(surfaces::add);
                surfaces.provenance = batches.provenance();
            }
            known.orElseGet(() -> surfaces.provenance.gaps()).stream()
                    .filter(gap -> OPEN.contains(gap.reason()))
                    .map(gap -> open(gap, series))
                    .forEach(surfaces.open::add);
            return surfaces;
        }
    }

    private static Gap open(Gap gap, Series series) {
        String said = gap.evidence().isEmpty() ? "" : ": " + gap.evidence();
        return new Gap(
                gap.range(),
                gap.reason(),
                series + " of these buckets is not there yet" + said,
                gap.provenAt(),
                gap.recheckAt());
    }

    static Surfaces none() {
        return new Surfaces();
    }

    /** Puts what options say at the bucket's end into it. */
    void fill(Bucket bucket) {
        Row row = rows.get(bucket.start);
        bucket.atmMarkIv = row == null ? Double.NaN : row.atmMarkIv();
        bucket.skew = row == null ? Double.NaN : row.skew();
        bucket.optionsArrival = row == null ? Long.MIN_VALUE : row.availableAt();
    }

    /** Takes a surface, as a live engine makes them. */
    void add(long start, long end, SurfacePoint point) {
        if (point.quotes() > 0) {
            rows.put(
                    start,
                    new Row(
                            point.atmMarkIv().orElse(Double.NaN),
                            point.skew25dPutCallRatio().orElse(Double.NaN),
                            Math.max(end, point.arrivedMicros())));
        }
    }

    /** Forgets what no bucket will ask for any more. */
    void forgetBefore(long start) {
        rows.headMap(start).clear();
    }

    /** The buckets whose options are still to come. */
    List<Gap> open() {
        return open;
    }

    /** Which chains answered; their gaps are the surfaces' own. */
    Provenance provenance() {
        return provenance;
    }

    private void add(Batch batch) {
        DoubleColumn atm = batch.doubles("atm_mark_iv");
        DoubleColumn skew = batch.doubles("skew_25d_put_call_ratio");
        for (int row = 0; row < batch.rows(); row++) {
            rows.put(
                    batch.times().epochMicros(row),
                    new Row(
                            atm.isNull(row) ? Double.NaN : atm.value(row),
                            skew.isNull(row) ? Double.NaN : skew.value(row),
                            batch.times("available_at").epochMicros(row)));
        }
    }
}
