package dev.candlewick.source.binance.simulator;

/**
 * One trade or aggregate as scaled longs, in the scales of its instrument.
 *
 * @param firstId the first trade of the aggregate; the trade itself
 * @param turnover price times quantity, of all trades of an aggregate
 * @param takerBuys whether the taker bought, so that the buyer was not the maker
 */
record Trade(
        long id, long firstId, long lastId, long millis, long price, long quantity, long turnover, boolean takerBuys) {}
