package dev.candlewick.source.tardis;

import dev.candlewick.Dataset;
import java.util.List;
import java.util.Optional;

/** The types of files that Tardis publishes, and the datasets that they are here. */
enum TardisData {
    TRADES("trades", Dataset.TRADES),
    INCREMENTAL_BOOK("incremental_book_L2", Dataset.BOOK_CHANGES),
    BOOK_SNAPSHOT_5("book_snapshot_5", Dataset.book(5)),
    BOOK_SNAPSHOT_25("book_snapshot_25", Dataset.book(25)),
    QUOTES("quotes", Dataset.QUOTES),
    BOOK_TICKER("book_ticker", Dataset.BOOK_TICKER),
    DERIVATIVE_TICKER("derivative_ticker", Dataset.DERIVATIVE_TICKER),
    LIQUIDATIONS("liquidations", Dataset.LIQUIDATIONS),
    OPTIONS_CHAIN("options_chain", Dataset.OPTIONS_CHAIN);

    private final String type;

    @SuppressWarnings("ImmutableEnumChecker") // records all the way down
    private final Dataset dataset;

    TardisData(String type, Dataset dataset) {
        this.type = type;
        this.dataset = dataset;
    }

    /** What holds the rows of a dataset, those of one instrument or of a group. */
    static Optional<TardisData> of(Dataset dataset) {
        for (TardisData data : values()) {
            if (dataset.equals(data.dataset) || dataset.equals(data.dataset.grouped())) {
                return Optional.of(data);
            }
        }
        return Optional.empty();
    }

    /** The names of all datasets served. */
    static List<String> names() {
        return List.of(values()).stream().map(data -> data.dataset.name()).toList();
    }

    /** As addresses write it. */
    String type() {
        return type;
    }

    Dataset dataset() {
        return dataset;
    }

    /** How many levels a row of a book has; 0 for what is no book. */
    int levels() {
        return this == BOOK_SNAPSHOT_5 ? 5 : this == BOOK_SNAPSHOT_25 ? 25 : 0;
    }

    @Override
    public String toString() {
        return type;
    }
}
