package dev.candlewick.source.binance.simulator;

/**
 * The trades of a minute: the first at the open, the next two at the high and the low, the last at the close, all others at
 * the mean price; takers buy in the first of them and sell in the rest. So simple that what they add up to is known without
 * adding up, and yet they give the minute's candle in every field. A minute of fewer than four trades reaches no further
 * than its open and close.
 *
 * @param trades how many
 * @param buys how many of them takers bought
 */
record MinuteTrades(
        long trades,
        long buys,
        long volume,
        long takerVolume,
        long open,
        long high,
        long low,
        long close,
        long meanPrice) {

    private static final int WITH_BOTH_WICKS = 4;

    /** Trades of one aggregate, at most. */
    static final int PER_AGGREGATE = 3;

    static MinuteTrades of(long trades, long volume, long takerVolume, long open, long high, long low, long close) {
        long buys = takerVolume == 0
                ? 0
                : takerVolume == volume
                        ? trades
                        : Math.max(1, Math.min(trades - 1, share(trades, takerVolume, volume)));
        long first = trades == 1 ? close : open;
        boolean wicks = trades >= WITH_BOTH_WICKS;
        long highest = wicks ? high : Math.max(first, close);
        long lowest = wicks ? low : Math.min(first, close);
        long mean = wicks ? (open + high + low + close) >> 2 : lowest;
        return new MinuteTrades(trades, buys, volume, takerVolume, first, highest, lowest, close, mean);
    }

    /** Of a bar that was made by these rules. */
    static MinuteTrades of(Bar bar) {
        return of(bar.trades(), bar.volume(), bar.takerVolume(), bar.open(), bar.high(), bar.low(), bar.close());
    }

    long price(long trade) {
        if (trade == trades - 1) {
            return close;
        }
        if (trade == 0) {
            return open;
        }
        return trades < WITH_BOTH_WICKS ? meanPrice : trade == 1 ? high : trade == 2 ? low : meanPrice;
    }

    long quantity(long trade) {
        return isBuy(trade)
                ? share(takerVolume, trade + 1, buys) - share(takerVolume, trade, buys)
                : share(volume - takerVolume, trade + 1 - buys, trades - buys)
                        - share(volume - takerVolume, trade - buys, trades - buys);
    }

    boolean isBuy(long trade) {
        return trade < buys;
    }

    /** The sum of price times quantity over all trades. */
    long turnover() {
        return turnover(trades, volume);
    }

    /** The sum of price times quantity over those that takers bought. */
    long takerTurnover() {
        return turnover(buys, takerVolume);
    }

    private long turnover(long end, long quantity) {
        long sum = 0;
        long rest = quantity;
        for (long trade = 0; trade < specialStart() + 1; trade++) {
            long each = trade < specialStart() ? trade : trades - 1;
            if (each < end) {
                sum = Math.addExact(sum, Math.multiplyExact(quantity(each), price(each)));
                rest -= quantity(each);
            }
        }
        return Math.addExact(sum, Math.multiplyExact(rest, meanPrice));
    }

    /** How many trades at the start have a price of their own; the last one always has. */
    private long specialStart() {
        return trades == 1 ? 0 : trades < WITH_BOTH_WICKS ? 1 : 3;
    }

    /** How many aggregates the trades make: one of each trade with a price of its own, the others by threes. */
    long aggregates() {
        long bought = Math.max(0, Math.min(buys, trades - 1) - specialStart());
        long sold = trades - 1 - specialStart() - bought;
        return specialStart() + 1 + threes(bought) + threes(sold);
    }

    /** The first trade after the aggregate that begins with this one. */
    long aggregateEnd(long first) {
        if (first < specialStart() || first == trades - 1) {
            return first + 1;
        }
        return Math.min(first + PER_AGGREGATE, first < buys ? Math.min(buys, trades - 1) : trades - 1);
    }

    private static long threes(long run) {
        return (run + PER_AGGREGATE - 1) / PER_AGGREGATE;
    }

    /** {@code whole * part / of}, rounded down, without overflow as long as {@code of} fits 31 bits. */
    private static long share(long whole, long part, long of) {
        return of == 0 ? 0 : whole / of * part + whole % of * part / of;
    }
}
