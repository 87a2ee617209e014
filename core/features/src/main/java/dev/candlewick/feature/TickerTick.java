package dev.candlewick.feature;

/** A row of a derivative's ticker: what of it is there. Unscaled integers of 128 bits. */
final class TickerTick extends Tick {

    static final int FUNDING_RATE = 0;
    static final int PREDICTED_FUNDING_RATE = 1;
    static final int OPEN_INTEREST = 2;
    static final int LAST_PRICE = 3;
    static final int INDEX_PRICE = 4;
    static final int MARK_PRICE = 5;

    /** The columns as a ticker's schema names them. */
    static final String[] NAMES = {
        "funding_rate", "predicted_funding_rate", "open_interest", "last_price", "index_price", "mark_price"
    };

    static final int[] SCALES = {24, 24, 18, 18, 18, 18};

    final boolean[] present = new boolean[NAMES.length];
    final long[] high = new long[NAMES.length];
    final long[] low = new long[NAMES.length];

    boolean hasFundingTimestamp;
    long fundingTimestamp;
}
