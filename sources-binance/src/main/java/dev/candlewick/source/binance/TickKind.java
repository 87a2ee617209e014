package dev.candlewick.source.binance;

import dev.candlewick.Dataset;
import java.util.Arrays;
import java.util.Optional;

/** What Binance publishes besides candles, by its folder in the archive. */
enum TickKind {
    TRADES(Dataset.TRADES, "trades"),
    AGG_TRADES(Dataset.AGG_TRADES, "aggTrades"),
    FUNDING(Dataset.FUNDING, "fundingRate"),
    METRICS(Dataset.METRICS, "metrics"),
    BOOK_DEPTH(Dataset.BOOK_DEPTH, "bookDepth"),
    BOOK_TICKER(Dataset.BOOK_TICKER, "bookTicker"),
    LIQUIDATIONS(Dataset.LIQUIDATIONS, "liquidationSnapshot");

    @SuppressWarnings("ImmutableEnumChecker") // datasets are immutable records
    private final Dataset dataset;

    private final String folder;

    TickKind(Dataset dataset, String folder) {
        this.dataset = dataset;
        this.folder = folder;
    }

    static Optional<TickKind> of(Dataset dataset) {
        return Arrays.stream(values())
                .filter(kind -> kind.dataset.equals(dataset))
                .findFirst();
    }

    /** What the market has of these, for messages. */
    static String servedOn(Market market) {
        return Arrays.stream(values())
                .filter(kind -> kind.isOn(market))
                .map(kind -> kind.dataset.name())
                .collect(java.util.stream.Collectors.joining(", "));
    }

    Dataset dataset() {
        return dataset;
    }

    String folder() {
        return folder;
    }

    boolean isOn(Market market) {
        return market != Market.SPOT || this == TRADES || this == AGG_TRADES;
    }

    boolean hasFilesOfDays() {
        return this != FUNDING;
    }

    boolean hasFilesOfMonths() {
        return this == FUNDING || isLarge();
    }

    /** Whether a day may have tens of millions of rows, which are never held together. */
    boolean isLarge() {
        return this == TRADES || this == AGG_TRADES || this == BOOK_TICKER;
    }

    /** Whether every row has a number that is one more than that of the row before. */
    boolean isNumbered() {
        return this == TRADES || this == AGG_TRADES;
    }
}
