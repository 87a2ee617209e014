package dev.candlewick.feature;

import static dev.candlewick.feature.FeatureColumn.number;

import dev.candlewick.spi.ExactSum;
import java.util.List;

/** How far a traded sum moves the price. */
final class AmihudFeature extends Feature {

    private final ExactSum change = new ExactSum();

    @Override
    List<FeatureColumn> columns() {
        return List.of(number(
                "amihud",
                "1 / (price × amount)",
                "|ln(close / the close before)| / quote_volume",
                "no trade, none before, or quote_volume 0",
                "Amihud 2002",
                FeatureLaw.RECOMPUTED));
    }

    @Override
    void emit(Bucket bucket, FeatureRow row) {
        if (bucket.trades == 0 || !bucket.hasPreviousClose) {
            row.none();
            return;
        }
        change.clear();
        change.add(bucket.closeHigh, bucket.closeLow);
        change.subtract(bucket.previousCloseHigh, bucket.previousCloseLow);
        double before = ExactSum.doubleValue(bucket.previousCloseHigh, bucket.previousCloseLow, TradeTick.PLACES);
        double change = Math.abs(Math.log1p(this.change.doubleValue(TradeTick.PLACES) / before));
        row.number(change / bucket.quoteVolume.doubleValue(2 * TradeTick.PLACES));
    }
}
