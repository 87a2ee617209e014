package dev.candlewick.feature;

import static dev.candlewick.feature.FeatureColumn.amount;
import static dev.candlewick.feature.FeatureColumn.count;
import static dev.candlewick.feature.FeatureColumn.traded;

import dev.candlewick.Field;
import java.util.List;

/** The candle of the bucket's trades. */
final class CandleFeature extends Feature {

    private static final String EMPTY = "no trade";

    @Override
    List<FeatureColumn> columns() {
        return List.of(
                traded("open", "price", "price of the first trade", EMPTY, FeatureLaw.FIRST),
                traded("high", "price", "highest price", EMPTY, FeatureLaw.MAXIMUM),
                traded("low", "price", "lowest price", EMPTY, FeatureLaw.MINIMUM),
                traded("close", "price", "price of the last trade", EMPTY, FeatureLaw.LAST),
                amount("volume", "amount", "Σ amount", FeatureLaw.SUM),
                new FeatureColumn(
                        Field.decimal("quote_volume", 38, 18),
                        "price × amount",
                        "Σ price · amount, exact, then rounded once, half to even, to 18 places",
                        "never",
                        "",
                        FeatureLaw.SUM),
                count("trade_count", "how many trades", FeatureLaw.SUM));
    }

    @Override
    void emit(Bucket bucket, FeatureRow row) {
        if (bucket.trades == 0 && !bucket.filled) {
            for (int i = 0; i < 4; i++) {
                row.none();
            }
        } else {
            row.unscaled(bucket.openHigh, bucket.openLow);
            row.unscaled(bucket.highHigh, bucket.highLow);
            row.unscaled(bucket.lowHigh, bucket.lowLow);
            row.unscaled(bucket.closeHigh, bucket.closeLow);
        }
        row.sum(bucket.volume, TradeTick.PLACES);
        row.sum(bucket.quoteVolume, 2 * TradeTick.PLACES);
        row.count(bucket.trades);
    }
}
