package dev.candlewick.feature;

import dev.candlewick.Batch;
import dev.candlewick.Dataset;
import dev.candlewick.Series;

/** Tells the feeds that a series of features is made of apart. Immutable. */
record FeedReader(Series series, HftSettings settings) {

    /**
     * The rows of a batch, as those of its feed.
     *
     * @throws IllegalArgumentException when the series is not made of them
     */
    FeedRows read(Batch ticks) {
        Dataset dataset = ticks.series().dataset();
        if (ticks.series().subject().equals(series.subject())) {
            if (dataset.equals(Dataset.TRADES)) {
                return new FeedRows.Trades(ticks, false);
            } else if (dataset.equals(Dataset.LIQUIDATIONS)) {
                return new FeedRows.Trades(ticks, true);
            } else if (dataset.equals(Dataset.DERIVATIVE_TICKER)) {
                return new FeedRows.Tickers(ticks);
            } else if (dataset.equals(settings.book())) {
                return new FeedRows.Books(ticks, settings.bookLevels());
            }
        }
        throw new IllegalArgumentException(series + " is made of trades, " + settings.book()
                + ", derivative_ticker and liquidations of " + series.subject() + ", not of " + ticks.series());
    }
}
