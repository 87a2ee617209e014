package dev.candlewick.feature;

import static dev.candlewick.feature.FeatureColumn.number;

import java.util.ArrayList;
import java.util.List;

/** How the first five levels lie around the middle at the end of the bucket. */
final class DistanceFeature extends Feature {

    private static final int LEVELS = 5;

    private final int levels;

    /** For a feed of so many levels: what needs five is absent where it has fewer. */
    DistanceFeature(int levels) {
        this.levels = levels;
    }

    @Override
    List<FeatureColumn> columns() {
        List<FeatureColumn> columns = new ArrayList<>();
        String none = "no book, or the level or a best side empty";
        for (int level = 1; level <= LEVELS; level++) {
            columns.add(number(
                    "bid_distance_" + level,
                    "bps",
                    "10⁴ · (mid − bid price of level " + level + ") / mid",
                    none,
                    "",
                    FeatureLaw.STATE));
            columns.add(number(
                    "ask_distance_" + level,
                    "bps",
                    "10⁴ · (ask price of level " + level + " − mid) / mid",
                    none,
                    "",
                    FeatureLaw.STATE));
        }
        columns.add(number(
                "bid_vwap",
                "price",
                "Σ bid price · amount / Σ bid amount, levels 1 to 5",
                "no bids, or a feed of fewer than 5 levels",
                "",
                FeatureLaw.STATE));
        columns.add(number(
                "ask_vwap",
                "price",
                "Σ ask price · amount / Σ ask amount, levels 1 to 5",
                "no asks, or a feed of fewer than 5 levels",
                "",
                FeatureLaw.STATE));
        columns.add(number("vwap_spread", "price", "ask_vwap − bid_vwap", "either absent", "", FeatureLaw.STATE));
        columns.add(number(
                "bid_levels_filled",
                "count",
                "how many of the bid levels 1 to 5 are there",
                "no book, or a feed of fewer than 5 levels",
                "",
                FeatureLaw.STATE));
        columns.add(number(
                "ask_levels_filled",
                "count",
                "how many of the ask levels 1 to 5 are there",
                "no book, or a feed of fewer than 5 levels",
                "",
                FeatureLaw.STATE));
        return columns;
    }

    @Override
    void emit(Bucket bucket, FeatureRow row) {
        BookTick book = bucket.book();
        double mid = bucket.hasTop() ? book.mid() : Double.NaN;
        double bidPaid = 0;
        double bidAmount = 0;
        double askPaid = 0;
        double askAmount = 0;
        int bids = 0;
        int asks = 0;
        for (int level = 0; level < LEVELS; level++) {
            boolean bid = bucket.hasBook() && book.hasBid(level);
            boolean ask = bucket.hasBook() && book.hasAsk(level);
            row.number(bid ? 1e4 * (mid - book.bidPrice(level)) / mid : Double.NaN);
            row.number(ask ? 1e4 * (book.askPrice(level) - mid) / mid : Double.NaN);
            if (bid) {
                bidPaid += book.bidPrice(level) * book.bidAmount(level);
                bidAmount += book.bidAmount(level);
                bids++;
            }
            if (ask) {
                askPaid += book.askPrice(level) * book.askAmount(level);
                askAmount += book.askAmount(level);
                asks++;
            }
        }
        if (!bucket.hasBook() || levels < LEVELS) {
            for (int i = 0; i < 5; i++) {
                row.none();
            }
            return;
        }
        row.number(bidPaid / bidAmount);
        row.number(askPaid / askAmount);
        row.number(askPaid / askAmount - bidPaid / bidAmount);
        row.number(bids);
        row.number(asks);
    }
}
