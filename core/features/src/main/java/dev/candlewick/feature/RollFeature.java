package dev.candlewick.feature;

import static dev.candlewick.feature.FeatureColumn.number;

import dev.candlewick.spi.ExactSum;
import java.math.BigInteger;
import java.util.List;

/** The spread that bouncing between bid and ask shows. */
final class RollFeature extends Feature {

    private final ExactSum change = new ExactSum();
    private final ExactSum before = new ExactSum();
    private final ExactSum sum = new ExactSum();
    private final ExactSum sumBefore = new ExactSum();
    private final ExactSum products = new ExactSum();
    private long high;
    private long low;
    private long pairs;

    @Override
    List<FeatureColumn> columns() {
        return List.of(number(
                "roll_spread",
                "price",
                "2 √−c, c the covariance of each price change from trade to trade with the change before it",
                "fewer than 4 trades, or c ≥ 0",
                "Roll 1984",
                FeatureLaw.TICKS));
    }

    @Override
    void begin(Bucket bucket) {
        sum.clear();
        sumBefore.clear();
        products.clear();
        pairs = 0;
    }

    @Override
    void trade(Bucket bucket, TradeTick trade) {
        if (bucket.trades > 1) {
            before.clear();
            before.add(change);
            change.clear();
            change.add(trade.priceHigh, trade.priceLow);
            change.subtract(high, low);
            if (bucket.trades > 2) {
                sum.add(change);
                sumBefore.add(before);
                products.addProduct(change, before);
                pairs++;
            }
        }
        high = trade.priceHigh;
        low = trade.priceLow;
    }

    @Override
    void emit(Bucket bucket, FeatureRow row) {
        if (bucket.trades < 4) {
            row.none();
            return;
        }
        BigInteger covariance = BigInteger.valueOf(pairs)
                .multiply(products.value())
                .subtract(sum.value().multiply(sumBefore.value()));
        if (covariance.signum() >= 0) {
            row.none();
            return;
        }
        row.number(2 * Math.sqrt(-covariance.doubleValue()) / pairs / 1e12);
    }
}
