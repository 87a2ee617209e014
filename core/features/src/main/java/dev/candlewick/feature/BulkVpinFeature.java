package dev.candlewick.feature;

import dev.candlewick.spi.ExactSum;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How one-sided the last fifty equal volumes were, by how the price changed from bar to bar of time: for feeds whose sides
 * nobody knows or trusts. A bar counts once it is over, so its length does not depend on that of the bucket.
 */
final class BulkVpinFeature extends Feature {

    private static final int CHANGES = 60;
    private static final int FEWEST = 10;
    // Beyond eight deviations the normal distribution has nothing left that a double could tell from all.
    private static final double FAR = 8;
    private static final double HALF_LOG_OF_TWO_PI = 0.918_938_533_204_672_7;

    private final Optional<VpinVolumes> volumes;
    private final long length;

    private final ExactSum volume = new ExactSum();
    private long barEnd = Long.MIN_VALUE;
    private double close;
    private double closeBefore = Double.NaN;
    private final double[] changes = new double[CHANGES];
    private long counted;

    BulkVpinFeature(Optional<BigDecimal> bucketVolume, Duration bar) {
        this.volumes = bucketVolume.map(VpinVolumes::new);
        this.length = bar.toNanos() / 1_000;
    }

    @Override
    List<FeatureColumn> columns() {
        return List.of(VpinFeature.column());
    }

    @Override
    void trade(Bucket bucket, TradeTick trade) {
        if (volumes.isEmpty()) {
            return;
        }
        completeUntil(trade.timestamp);
        if (barEnd == Long.MIN_VALUE) {
            barEnd = (Math.floorDiv(trade.timestamp, length) + 1) * length;
        }
        volume.add(trade.amountHigh, trade.amountLow);
        close = trade.price;
    }

    @Override
    void emit(Bucket bucket, FeatureRow row) {
        completeUntil(bucket.end);
        row.number(volumes.isPresent() ? volumes.get().value() : Double.NaN);
    }

    private void completeUntil(long time) {
        if (barEnd == Long.MIN_VALUE || barEnd > time) {
            return;
        }
        if (!Double.isNaN(closeBefore)) {
            double change = close - closeBefore;
            changes[(int) (counted++ % CHANGES)] = change;
            if (counted >= FEWEST) {
                volumes.orElseThrow().add(volume.decimal(TradeTick.PLACES), boughtLessSold(change / deviation()));
            }
        }
        closeBefore = close;
        volume.clear();
        barEnd = Long.MIN_VALUE;
    }

    private double deviation() {
        int n = (int) Math.min(counted, CHANGES);
        double mean = 0;
        for (int i = 0; i < n; i++) {
            mean += changes[i] / n;
        }
        double squares = 0;
        for (int i = 0; i < n; i++) {
            squares += (changes[i] - mean) * (changes[i] - mean);
        }
        return Math.sqrt(squares / (n - 1));
    }

    /**
     * 2Φ(x) − 1, by the series x + x³/3 + x⁵/15 + … times the density (Marsaglia 2004), good to the last digits. No change of
     * a price that never changed says nothing: 0.
     */
    static double boughtLessSold(double deviations) {
        if (Double.isNaN(deviations)) {
            return 0;
        }
        if (Math.abs(deviations) > FAR) {
            return Math.signum(deviations);
        }
        double square = deviations * deviations;
        double term = deviations;
        double sum = 0;
        for (int odd = 3; sum + term != sum; odd += 2) {
            sum += term;
            term *= square / odd;
        }
        return 2 * sum * Math.exp(-square / 2 - HALF_LOG_OF_TWO_PI);
    }
}
