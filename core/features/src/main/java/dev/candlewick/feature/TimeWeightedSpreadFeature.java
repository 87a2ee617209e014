package dev.candlewick.feature;

import static dev.candlewick.feature.FeatureColumn.number;

import java.util.List;

/** The spread, weighted by how long it lasted. */
final class TimeWeightedSpreadFeature extends Feature {

    private double weighted;
    private long covered;
    private long since;

    @Override
    List<FeatureColumn> columns() {
        return List.of(number(
                "tw_spread_bps",
                "bps",
                "Σ spread_bps · time / Σ time, over the book rows and the book carried into the bucket",
                "no book with both sides at any time",
                "",
                FeatureLaw.TICKS));
    }

    @Override
    void begin(Bucket bucket) {
        weighted = 0;
        covered = 0;
        since = bucket.start;
    }

    @Override
    void book(Bucket bucket, BookTick next) {
        cover(bucket, next.timestamp);
    }

    @Override
    void bookLost(Bucket bucket, long timestamp) {
        cover(bucket, timestamp);
    }

    private void cover(Bucket bucket, long until) {
        if (bucket.hasTop()) {
            weighted += bucket.book().spreadBps() * (until - since);
            covered += until - since;
        }
        since = until;
    }

    @Override
    void emit(Bucket bucket, FeatureRow row) {
        cover(bucket, bucket.end);
        row.number(covered == 0 ? Double.NaN : weighted / covered);
    }
}
