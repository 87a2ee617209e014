package dev.candlewick.feature;

import dev.candlewick.Dataset;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Series;
import dev.candlewick.spi.LateRows;
import java.util.ArrayList;
import java.util.List;

/** The ticks that no row is made of, and why; the first thousand of each kind by name. For one thread. */
final class SetAside {

    static final int TRADES = 0;
    static final int LIQUIDATIONS = 1;
    static final int TICKERS = 2;

    private static final int NAMED = 1_000;

    private final List<Series> feeds;
    private final List<LateRows> late;
    private final List<QuarantinedRow> bad = new ArrayList<>();
    private final long[] rows = new long[3];
    private long negative;

    SetAside(Series series) {
        feeds = List.of(
                series.with(Dataset.TRADES), series.with(Dataset.LIQUIDATIONS), series.with(Dataset.DERIVATIVE_TICKER));
        late = feeds.stream().map(LateRows::new).toList();
    }

    /** Counts a row of a feed, which the next call may set aside. */
    void next(int feed) {
        rows[feed]++;
    }

    /** The feed's last row arrived too late or too early. */
    void late(int feed, long timestamp, long arrival) {
        late.get(feed).add(rows[feed], timestamp, arrival);
    }

    /** The feed's last row has a negative amount. */
    void negative(int feed, String amount) {
        negative++;
        if (bad.size() < NAMED) {
            bad.add(new QuarantinedRow(
                    feeds.get(feed).toString(), rows[feed], "amount", "nobody trades a negative amount", amount));
        }
    }

    List<QuarantinedRow> rows() {
        List<QuarantinedRow> all = new ArrayList<>();
        late.forEach(some -> all.addAll(some.rows()));
        all.addAll(bad);
        if (negative > bad.size()) {
            all.add(new QuarantinedRow(
                    feeds.get(TRADES).toString(),
                    0,
                    "amount",
                    (negative - bad.size()) + " more rows of trades or liquidations have a negative amount",
                    ""));
        }
        return all;
    }
}
