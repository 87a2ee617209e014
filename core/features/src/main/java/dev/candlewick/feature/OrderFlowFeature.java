package dev.candlewick.feature;

import static dev.candlewick.feature.FeatureColumn.number;

import dev.candlewick.Field;
import dev.candlewick.spi.ExactSum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How orders pressed on the first five levels during the bucket. */
final class OrderFlowFeature extends Feature {

    private static final int LEVELS = 5;

    private final ExactSum[] flows = new ExactSum[LEVELS];
    private final int levels;
    private boolean known;
    private long updates;

    /** For a feed of so many levels: flows of further levels are absent. */
    OrderFlowFeature(int levels) {
        this.levels = levels;
        Arrays.setAll(flows, level -> new ExactSum());
    }

    @Override
    List<FeatureColumn> columns() {
        List<FeatureColumn> columns = new ArrayList<>();
        for (int level = 1; level <= LEVELS; level++) {
            columns.add(number(
                    "ofi_l" + level,
                    "amount",
                    "Σ over book rows: B·[b ≥ b'] − B'·[b ≤ b'] − A·[a ≤ a'] + A'·[a ≥ a'], with price b and amount B of"
                            + " the bid and a, A of the ask on level " + level + ", ' of the row before; pairs with an"
                            + " empty side or across a loss of the book are skipped",
                    "no book, or a feed of fewer levels",
                    level == 1 ? "Cont, Kukanov, Stoikov 2014" : "Xu, Gould, Howison 2018",
                    FeatureLaw.SUM));
        }
        columns.add(new FeatureColumn(
                Field.int64("quote_updates").orNull(),
                "count",
                "how many rows the book's feed had",
                "no such feed then",
                "",
                FeatureLaw.SUM));
        return columns;
    }

    @Override
    void begin(Bucket bucket) {
        for (ExactSum flow : flows) {
            flow.clear();
        }
        known = bucket.hasBook();
        updates = 0;
    }

    @Override
    void book(Bucket bucket, BookTick next) {
        updates++;
        if (!bucket.hasBook()) {
            return;
        }
        known = true;
        BookTick before = bucket.book();
        for (int level = 0; level < levels && level < LEVELS; level++) {
            if (!next.hasBoth(level) || !before.hasBoth(level)) {
                continue;
            }
            ExactSum flow = flows[level];
            int bid = next.compareBidPrice(level, before);
            int ask = next.compareAskPrice(level, before);
            if (bid >= 0) {
                next.addBidAmount(level, flow);
            }
            if (bid <= 0) {
                before.subtractBidAmount(level, flow);
            }
            if (ask <= 0) {
                next.subtractAskAmount(level, flow);
            }
            if (ask >= 0) {
                before.addAskAmount(level, flow);
            }
        }
    }

    @Override
    void emit(Bucket bucket, FeatureRow row) {
        for (int level = 0; level < LEVELS; level++) {
            row.number(known && level < levels ? flows[level].doubleValue(TradeTick.PLACES) : Double.NaN);
        }
        if (bucket.hasBookFeed) {
            row.count(updates);
        } else {
            row.none();
        }
    }
}
