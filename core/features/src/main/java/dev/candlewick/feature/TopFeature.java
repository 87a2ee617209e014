package dev.candlewick.feature;

import static dev.candlewick.feature.FeatureColumn.number;

import java.util.List;

/** The best bid and ask at the end of the bucket. */
final class TopFeature extends Feature {

    private static final String EMPTY = "no book, or a side of it empty";

    @Override
    List<FeatureColumn> columns() {
        return List.of(
                number("mid", "price", "(best ask + best bid) / 2", EMPTY, "", FeatureLaw.STATE),
                number("spread_abs", "price", "best ask − best bid", EMPTY, "", FeatureLaw.STATE),
                number("spread_bps", "bps", "10⁴ · spread_abs / mid", EMPTY, "", FeatureLaw.STATE),
                number(
                        "microprice",
                        "price",
                        "(ask price · bid amount + bid price · ask amount) / (ask amount + bid amount), of the best: the"
                                + " middle weighted by size, without the adjustment of Stoikov 2018",
                        EMPTY,
                        "",
                        FeatureLaw.STATE));
    }

    @Override
    void emit(Bucket bucket, FeatureRow row) {
        if (!bucket.hasTop()) {
            for (int i = 0; i < 4; i++) {
                row.none();
            }
            return;
        }
        BookTick book = bucket.book();
        row.number(book.mid());
        row.number(book.spread());
        row.number(book.spreadBps());
        row.number((book.askPrice(0) * book.bidAmount(0) + book.bidPrice(0) * book.askAmount(0))
                / (book.askAmount(0) + book.bidAmount(0)));
    }
}
