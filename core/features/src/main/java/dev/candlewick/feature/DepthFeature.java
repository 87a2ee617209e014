package dev.candlewick.feature;

import static dev.candlewick.feature.FeatureColumn.number;
import static dev.candlewick.feature.FeatureColumn.traded;

import dev.candlewick.spi.ExactSum;
import java.util.List;

/** How much is offered in the first five levels at the end of the bucket. */
final class DepthFeature extends Feature {

    private static final int LEVELS = 5;

    private final ExactSum bids = new ExactSum();
    private final ExactSum asks = new ExactSum();
    private final int levels;

    /** For a feed of so many levels: what needs five is absent where it has fewer. */
    DepthFeature(int levels) {
        this.levels = levels;
    }

    @Override
    List<FeatureColumn> columns() {
        String source = "Cartea, Jaimungal, Penalva 2015";
        String few = "no book, or a feed of fewer than 5 levels";
        return List.of(
                number(
                        "book_imbalance_1",
                        "−1 to 1",
                        "(bid − ask) / (bid + ask) of the best amounts",
                        "no book, or a side of it empty",
                        source,
                        FeatureLaw.STATE),
                number(
                        "book_imbalance_5",
                        "−1 to 1",
                        "(Σ bids − Σ asks) / (Σ bids + Σ asks) of the amounts of levels 1 to 5",
                        few + ", or both sides empty",
                        source,
                        FeatureLaw.STATE),
                traded("bid_depth_5", "amount", "Σ bid amounts of levels 1 to 5", few, FeatureLaw.STATE),
                traded("ask_depth_5", "amount", "Σ ask amounts of levels 1 to 5", few, FeatureLaw.STATE));
    }

    @Override
    void emit(Bucket bucket, FeatureRow row) {
        BookTick book = bucket.book();
        row.number(
                bucket.hasTop()
                        ? (book.bidAmount(0) - book.askAmount(0)) / (book.bidAmount(0) + book.askAmount(0))
                        : Double.NaN);
        if (!bucket.hasBook() || levels < LEVELS) {
            for (int i = 0; i < 3; i++) {
                row.none();
            }
            return;
        }
        bids.clear();
        asks.clear();
        for (int level = 0; level < LEVELS; level++) {
            if (book.hasBid(level)) {
                book.addBidAmount(level, bids);
            }
            if (book.hasAsk(level)) {
                book.addAskAmount(level, asks);
            }
        }
        double bid = bids.doubleValue(TradeTick.PLACES);
        double ask = asks.doubleValue(TradeTick.PLACES);
        row.number((bid - ask) / (bid + ask));
        row.sum(bids, TradeTick.PLACES);
        row.sum(asks, TradeTick.PLACES);
    }
}
