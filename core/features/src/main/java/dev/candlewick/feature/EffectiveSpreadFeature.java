package dev.candlewick.feature;

import static dev.candlewick.feature.FeatureColumn.number;

import java.util.List;

/** What takers paid against the middle of the book, and how much of it the market took back. */
final class EffectiveSpreadFeature extends Feature {

    private double paid;
    private double amount;
    private double kept;
    private double keptAmount;
    private boolean laterMissing;

    private final boolean later;

    /** With the spread after a while, or without: it makes rows available later. */
    EffectiveSpreadFeature(boolean later) {
        this.later = later;
    }

    @Override
    List<FeatureColumn> columns() {
        String none = "no book, or no trade of known side";
        return List.of(
                number(
                        "effective_spread_bps",
                        "bps",
                        "Σ q·2d(p − m)/m·10⁴ / Σ q, d = 1 bought, −1 sold, m = middle of the last book row that arrived"
                                + " before the trade",
                        none,
                        "Huang, Stoll 1996",
                        FeatureLaw.TICKS),
                number(
                        "realized_spread_bps",
                        "bps",
                        "the same with the middle a while after (5 s) in place of the first m; the row is available when"
                                + " that is known",
                        "not asked for; " + none + "; middle not known then",
                        "Huang, Stoll 1996",
                        FeatureLaw.TICKS),
                number(
                        "price_impact_bps",
                        "bps",
                        "effective_spread_bps − realized_spread_bps",
                        "either absent",
                        "Huang, Stoll 1996",
                        FeatureLaw.TICKS));
    }

    @Override
    void begin(Bucket bucket) {
        paid = 0;
        amount = 0;
        kept = 0;
        keptAmount = 0;
        laterMissing = false;
    }

    @Override
    void trade(Bucket bucket, TradeTick trade) {
        if (trade.side == 0 || !trade.hasMid()) {
            return;
        }
        // With S = 2m, 2d(p − m)/m is 2d(2p − S)/S: no difference of rounded numbers.
        double weight = 2 * trade.side * trade.amount / trade.midDouble;
        paid += weight * trade.fromMidDouble;
        amount += trade.amount;
        if (later) {
            if (Double.isNaN(trade.fromLaterMidDouble)) {
                laterMissing = true;
            } else {
                kept += weight * trade.fromLaterMidDouble;
                keptAmount += trade.amount;
            }
        }
    }

    @Override
    void emit(Bucket bucket, FeatureRow row) {
        double effective = paid * 1e4 / amount;
        double realized = later && !laterMissing ? kept * 1e4 / keptAmount : Double.NaN;
        row.number(effective);
        row.number(realized);
        row.number(effective - realized);
    }
}
