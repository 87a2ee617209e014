package dev.candlewick.feature;

import static dev.candlewick.feature.FeatureColumn.number;

import java.util.List;

/** Variance of prices on a grid of seconds. */
final class RealizedFeature extends Feature {

    private final SecondGrid grid = new SecondGrid();
    private final boolean annualized;
    private double squares;
    private double products;
    private double previous;
    private int returns;

    /** Volatility of a bucket, or of a year at its rate. */
    RealizedFeature(boolean annualized) {
        this.annualized = annualized;
    }

    @Override
    List<FeatureColumn> columns() {
        String grid = "; r = ln(P/P of a second before), P the last price before each second of the bucket and its end";
        return List.of(
                number(
                        "realized_variance_1s",
                        "1",
                        "Σ r²" + grid,
                        "no trade, or no price before",
                        "Andersen, Bollerslev, Diebold, Labys 2003",
                        FeatureLaw.SUM),
                number(
                        "realized_vol_1s",
                        "1",
                        "√ realized_variance_1s; where asked for a year's, × √(31 536 000 s / interval)",
                        "as the variance",
                        "Andersen, Bollerslev, Diebold, Labys 2003",
                        FeatureLaw.RECOMPUTED),
                number(
                        "bipower_1s",
                        "1",
                        "π/2 · Σ |r| · |r of a second before|" + grid,
                        "no trade, or fewer than 2 r",
                        "Barndorff-Nielsen, Shephard 2004",
                        FeatureLaw.TICKS),
                number(
                        "jump_variance_1s",
                        "1",
                        "max(0, realized_variance_1s − bipower_1s)",
                        "either absent",
                        "Barndorff-Nielsen, Shephard 2004",
                        FeatureLaw.TICKS));
    }

    @Override
    void begin(Bucket bucket) {
        squares = 0;
        products = 0;
        returns = 0;
        grid.begin(bucket.start);
    }

    @Override
    void trade(Bucket bucket, TradeTick trade) {
        while (grid.next() <= trade.timestamp) {
            step();
        }
        grid.price(trade.priceHigh, trade.priceLow);
    }

    private void step() {
        if (grid.step()) {
            double r = Math.log1p(grid.change() / grid.before());
            squares += r * r;
            if (returns > 0) {
                products += Math.abs(r) * previous;
            }
            previous = Math.abs(r);
            returns++;
        }
    }

    @Override
    void emit(Bucket bucket, FeatureRow row) {
        while (grid.next() <= bucket.end) {
            step();
        }
        double variance = bucket.trades > 0 && returns > 0 ? squares : Double.NaN;
        double bipower = bucket.trades > 0 && returns > 1 ? Math.PI / 2 * products : Double.NaN;
        row.number(variance);
        row.number(Math.sqrt(variance) * (annualized ? Math.sqrt(31_536_000 / bucket.seconds()) : 1));
        row.number(bipower);
        row.number(Math.max(0, variance - bipower));
    }
}
