package dev.candlewick.feature;

import static dev.candlewick.feature.FeatureColumn.number;

import dev.candlewick.spi.ExactSum;
import java.math.BigInteger;
import java.util.List;

/** How far a signed amount moves the price. */
final class KyleFeature extends Feature {

    private static final int PAIRS = 10;

    private final SecondGrid grid = new SecondGrid();
    private final ExactSum signed = new ExactSum();
    private final ExactSum x = new ExactSum();
    private final ExactSum y = new ExactSum();
    private final ExactSum xx = new ExactSum();
    private final ExactSum xy = new ExactSum();
    private int pairs;

    @Override
    List<FeatureColumn> columns() {
        return List.of(number(
                "kyle_lambda_1s",
                "price / amount",
                "slope, by least squares with an intercept, of the price's change in a second on the signed volume of that"
                        + " second",
                "fewer than 10 seconds with a price before, or the same volume in all",
                "Kyle 1985; Hasbrouck 2009",
                FeatureLaw.TICKS));
    }

    @Override
    void begin(Bucket bucket) {
        x.clear();
        y.clear();
        xx.clear();
        xy.clear();
        signed.clear();
        pairs = 0;
        grid.begin(bucket.start);
    }

    @Override
    void trade(Bucket bucket, TradeTick trade) {
        while (grid.next() <= trade.timestamp) {
            step();
        }
        grid.price(trade.priceHigh, trade.priceLow);
        if (trade.side > 0) {
            signed.add(trade.amountHigh, trade.amountLow);
        } else if (trade.side < 0) {
            signed.subtract(trade.amountHigh, trade.amountLow);
        }
    }

    private void step() {
        if (grid.step()) {
            x.add(signed);
            y.add(grid.exactChange());
            xx.addProduct(signed, signed);
            xy.addProduct(signed, grid.exactChange());
            pairs++;
        }
        signed.clear();
    }

    @Override
    void emit(Bucket bucket, FeatureRow row) {
        while (grid.next() <= bucket.end) {
            step();
        }
        if (pairs < PAIRS) {
            row.none();
            return;
        }
        // Both have the same scale, so that the slope has none; signs and zeros are exact.
        BigInteger count = BigInteger.valueOf(pairs);
        BigInteger variance = count.multiply(xx.value()).subtract(x.value().multiply(x.value()));
        if (variance.signum() == 0) {
            row.none();
            return;
        }
        BigInteger covariance = count.multiply(xy.value()).subtract(x.value().multiply(y.value()));
        row.number(covariance.doubleValue() / variance.doubleValue());
    }
}
