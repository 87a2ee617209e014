package dev.candlewick.feature;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.DoubleColumn;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import java.util.HashMap;
import java.util.Map;

/** What options say at the end of each bucket of a range, read beforehand: one small row a bucket. Immutable once read. */
final class Surfaces {

    private final Map<Long, Row> rows = new HashMap<>();
    private Provenance provenance = Provenance.none();

    private record Row(double atmMarkIv, double skew, long availableAt) {}

    /** Where rows of surfaces come from, and of which underlying. */
    record Origin(Source source, Subject underlying) {

        Surfaces read(Cadence.Grid grid, TimeRange range) {
            Surfaces surfaces = new Surfaces();
            Series series = new Series(underlying, Dataset.parse("features:options:" + grid.interval()));
            try (Batches batches = source.read(series, range)) {
                batches.forEach(surfaces::add);
                surfaces.provenance = batches.provenance();
            }
            return surfaces;
        }
    }

    static Surfaces none() {
        return new Surfaces();
    }

    /** Puts what options say at the bucket's end into it. */
    void fill(Bucket bucket) {
        Row row = rows.get(bucket.start);
        bucket.atmMarkIv = row == null ? Double.NaN : row.atmMarkIv();
        bucket.skew = row == null ? Double.NaN : row.skew();
        if (row != null) {
            bucket.newestArrival = Math.max(bucket.newestArrival, row.availableAt());
        }
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
