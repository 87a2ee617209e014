package dev.candlewick.feature;

import static dev.candlewick.feature.FeatureColumn.amount;
import static dev.candlewick.feature.FeatureColumn.count;
import static dev.candlewick.feature.FeatureColumn.number;

import dev.candlewick.spi.ExactSum;
import java.util.List;

/** What takers bought and sold. */
final class SidesFeature extends Feature {

    private final ExactSum sum = new ExactSum();

    @Override
    List<FeatureColumn> columns() {
        return List.of(
                amount("buy_volume_sum", "amount", "Σ amount where the taker bought", FeatureLaw.SUM),
                amount("sell_volume_sum", "amount", "Σ amount where the taker sold", FeatureLaw.SUM),
                amount("unknown_volume_sum", "amount", "volume − buy_volume_sum − sell_volume_sum", FeatureLaw.SUM),
                amount("signed_volume", "amount", "buy_volume_sum − sell_volume_sum", FeatureLaw.SUM),
                number(
                        "trade_imbalance",
                        "−1 to 1",
                        "(buy − sell) / (buy + sell) of the volumes",
                        "nothing bought or sold",
                        "",
                        FeatureLaw.RECOMPUTED),
                count("inferred_sides", "how many trades had their side inferred (Lee, Ready 1991)", FeatureLaw.SUM));
    }

    @Override
    void emit(Bucket bucket, FeatureRow row) {
        row.sum(bucket.buyVolume, TradeTick.PLACES);
        row.sum(bucket.sellVolume, TradeTick.PLACES);
        sum.clear();
        sum.add(bucket.volume);
        sum.subtract(bucket.buyVolume);
        sum.subtract(bucket.sellVolume);
        row.sum(sum, TradeTick.PLACES);
        sum.clear();
        sum.add(bucket.buyVolume);
        sum.subtract(bucket.sellVolume);
        row.sum(sum, TradeTick.PLACES);
        double signed = sum.doubleValue(TradeTick.PLACES);
        sum.clear();
        sum.add(bucket.buyVolume);
        sum.add(bucket.sellVolume);
        row.number(signed / sum.doubleValue(TradeTick.PLACES));
        row.count(bucket.inferredSides);
    }
}
