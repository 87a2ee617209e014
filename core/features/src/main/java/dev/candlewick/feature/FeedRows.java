package dev.candlewick.feature;

import dev.candlewick.Batch;
import dev.candlewick.DecimalColumn;
import dev.candlewick.TextColumn;
import dev.candlewick.TimeColumn;

/** The columns of one batch of ticks, ready to be put row by row into the objects that features see. For one thread. */
abstract class FeedRows {

    final long[] timestamps;
    final long[] arrivals;

    FeedRows(Batch batch) {
        TimeColumn times = batch.times("timestamp");
        this.timestamps = new long[batch.rows()];
        times.copy(0, batch.rows(), timestamps, 0);
        TimeColumn local = batch.times("local_timestamp");
        this.arrivals = new long[batch.rows()];
        local.copy(0, batch.rows(), arrivals, 0);
    }

    /** Gives the engine a row. */
    abstract void push(int row, BucketEngine engine);

    int rows() {
        return arrivals.length;
    }

    /** Rows of trades, or of liquidations. */
    static final class Trades extends FeedRows {

        private final DecimalColumn prices;
        private final DecimalColumn amounts;
        private final int[] sides;
        private final int buy;
        private final int sell;
        private final boolean liquidations;

        Trades(Batch batch, boolean liquidations) {
            super(batch);
            this.prices = batch.decimals("price");
            this.amounts = batch.decimals("amount");
            TextColumn side = batch.texts("side");
            this.sides = new int[batch.rows()];
            side.copyCodes(0, batch.rows(), sides, 0);
            this.buy = side.dictionary().indexOf("buy");
            this.sell = side.dictionary().indexOf("sell");
            this.liquidations = liquidations;
        }

        @Override
        void push(int row, BucketEngine engine) {
            if (liquidations) {
                engine.liquidation(this, row);
            } else {
                engine.trade(this, row);
            }
        }

        boolean hasNegativeAmount(int row) {
            return amounts.high(row) < 0;
        }

        String amount(int row) {
            return amounts.text(row);
        }

        void load(int row, TradeTick tick) {
            tick.timestamp = timestamps[row];
            tick.arrival = arrivals[row];
            tick.priceHigh = prices.high(row);
            tick.priceLow = prices.low(row);
            tick.amountHigh = amounts.high(row);
            tick.amountLow = amounts.low(row);
            int side = sides[row];
            tick.side = side == buy ? 1 : side == sell ? -1 : 0;
            tick.inferred = false;
        }
    }

    /** Rows of a book, or of its top alone. */
    static final class Books extends FeedRows {

        private static final String[] TOP = {"ask_price", "ask_amount", "bid_price", "bid_amount"};
        private static final String[] LEVEL = {"ask_price_", "ask_volume_", "bid_price_", "bid_volume_"};

        private final DecimalColumn[] cells;

        Books(Batch batch, int levels) {
            super(batch);
            boolean top = batch.series().schema().names().contains(TOP[0]);
            cells = new DecimalColumn[4 * levels];
            for (int i = 0; i < cells.length; i++) {
                cells[i] = batch.decimals(top ? TOP[i] : LEVEL[i % 4] + (i / 4 + 1));
            }
        }

        @Override
        void push(int row, BucketEngine engine) {
            engine.book(this, row);
        }

        void load(int row, BookTick tick) {
            tick.arrival = arrivals[row];
            tick.lost = false;
            tick.asks = 0;
            tick.bids = 0;
            for (int i = 0; i < cells.length; i++) {
                tick.high[i] = cells[i].high(row);
                tick.low[i] = cells[i].low(row);
            }
            for (int level = 0; 4 * level < cells.length; level++) {
                if (has(4 * level, row)) {
                    tick.asks |= 1 << level;
                }
                if (has(4 * level + 2, row)) {
                    tick.bids |= 1 << level;
                }
            }
        }

        private boolean has(int cell, int row) {
            return !cells[cell].isNull(row) && !cells[cell + 1].isNull(row);
        }
    }

    /** Rows of a derivative's ticker. */
    static final class Tickers extends FeedRows {

        private final DecimalColumn[] values = new DecimalColumn[TickerTick.NAMES.length];
        private final TimeColumn fundingTimes;

        Tickers(Batch batch) {
            super(batch);
            for (int i = 0; i < values.length; i++) {
                values[i] = batch.decimals(TickerTick.NAMES[i]);
            }
            fundingTimes = batch.times("funding_timestamp");
        }

        @Override
        void push(int row, BucketEngine engine) {
            engine.ticker(this, row);
        }

        void load(int row, TickerTick tick) {
            tick.timestamp = timestamps[row];
            tick.arrival = arrivals[row];
            for (int i = 0; i < values.length; i++) {
                tick.present[i] = !values[i].isNull(row);
                tick.high[i] = values[i].high(row);
                tick.low[i] = values[i].low(row);
            }
            tick.hasFundingTimestamp = !fundingTimes.isNull(row);
            tick.fundingTimestamp = fundingTimes.epochMicros(row);
        }
    }
}
