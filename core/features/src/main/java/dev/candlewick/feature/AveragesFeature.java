package dev.candlewick.feature;

import static dev.candlewick.feature.FeatureColumn.number;

import java.util.List;

/** Averages over the bucket's trades. */
final class AveragesFeature extends Feature {

    private double coins;

    @Override
    List<FeatureColumn> columns() {
        return List.of(
                number("size_avg", "amount", "volume / trade_count", "no trade", "", FeatureLaw.RECOMPUTED),
                number("price_vwap", "price", "quote_volume / volume", "volume 0", "", FeatureLaw.RECOMPUTED),
                number(
                        "vwap_inverse",
                        "price",
                        "Σ amount / Σ (amount / price): the true average where amounts are in quote currency",
                        "volume 0",
                        "",
                        FeatureLaw.TICKS),
                number(
                        "trades_per_second",
                        "1/s",
                        "trade_count / seconds of the interval",
                        "never",
                        "",
                        FeatureLaw.RECOMPUTED));
    }

    @Override
    void begin(Bucket bucket) {
        coins = 0;
    }

    @Override
    void trade(Bucket bucket, TradeTick trade) {
        coins += trade.amount / trade.price;
    }

    @Override
    void emit(Bucket bucket, FeatureRow row) {
        double volume = bucket.volume.doubleValue(TradeTick.PLACES);
        row.number(volume / bucket.trades);
        row.number(bucket.quoteVolume.doubleValue(2 * TradeTick.PLACES) / volume);
        row.number(volume / coins);
        row.number(bucket.trades / bucket.seconds());
    }
}
