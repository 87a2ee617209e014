package dev.candlewick.book;

/** A side of an order book. */
public enum Side {
    /** Who wants to buy; the highest price is the best. */
    BID,
    /** Who wants to sell; the lowest price is the best. */
    ASK
}
