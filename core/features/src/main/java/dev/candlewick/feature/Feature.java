package dev.candlewick.feature;

import java.util.List;

/**
 * One feature: its columns, and the state that it keeps while ticks go by. Ticks come in the order of their venue times,
 * those of one time in the order of arrival, and only between the start and the end of the bucket they belong to. To add
 * one, extend this and add a line to {@link HftFeatureList}.
 *
 * <p>The objects handed in are used again for the next tick: take values out of them, keep none. For one thread.
 */
abstract class Feature {

    /** The columns that {@link #emit} gives, in order. */
    abstract List<FeatureColumn> columns();

    /** A bucket begins. */
    void begin(Bucket bucket) {}

    /** A trade happened; the bucket has counted it already. */
    void trade(Bucket bucket, TradeTick trade) {}

    /** The book changed; {@link Bucket#book()} is still the one before, where there is one. */
    void book(Bucket bucket, BookTick next) {}

    /** The book is not known any more until it comes anew. */
    void bookLost(Bucket bucket, long timestamp) {}

    /** A derivative's ticker changed. */
    void ticker(Bucket bucket, TickerTick ticker) {}

    /** A position was closed by force. */
    void liquidation(Bucket bucket, TradeTick order) {}

    /** The bucket is over: gives one value to each column. */
    abstract void emit(Bucket bucket, FeatureRow row);
}
