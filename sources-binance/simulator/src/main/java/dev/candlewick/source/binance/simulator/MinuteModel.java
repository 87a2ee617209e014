package dev.candlewick.source.binance.simulator;

import java.math.BigInteger;

/**
 * The one-minute bars of an instrument, each a pure function of seed, symbol and minute: no state, so any minute from
 * listing on costs the same.
 */
final class MinuteModel {
    static final long MINUTE_MILLIS = 60_000;

    /** Activity by hour of the UTC day in percent: quiet Asian morning, busy American afternoon. */
    private static final int[] HOURLY_ACTIVITY = {
        95, 90, 85, 75, 70, 65, 65, 75, 95, 100, 100, 95, 105, 135, 160, 165, 150, 130, 115, 105, 100, 100, 95, 95
    };

    private final SyntheticInstrument instrument;
    private final PriceWalk walk;
    private final long seed;
    private final long baseTicks;
    private final long firstMinute;

    MinuteModel(SyntheticInstrument instrument, long marketSeed) {
        this.instrument = instrument;
        // Markets of one asset share the path, so that spot, perpetual and coin-margined prices stay together.
        this.walk = new PriceWalk(Hashes.text(marketSeed, instrument.baseAsset()));
        this.seed = Hashes.text(Hashes.text(marketSeed, instrument.market().name()), instrument.symbol());
        this.baseTicks = instrument.profile().priceTicks();
        this.firstMinute = Math.floorDiv(instrument.listedSince().toEpochMilli(), MINUTE_MILLIS);
    }

    long firstMinute() {
        return firstMinute;
    }

    long seed() {
        return seed;
    }

    /** The bar of a minute at or after listing; without a trade it is flat at the last price. */
    Bar bar(long minute) {
        if (isIdle(minute)) {
            return flat(minute, lastPriceBefore(minute));
        }
        long chance = Hashes.mix(seed, minute);
        long close = closePrice(minute);
        long open = Math.max(1, walk.priceAt(minute, baseTicks) + (chance & 3) - 1);
        long wick = (close >> 11) + 1; // wicks of up to some 5 basis points
        long high = Math.max(open, close) + ((((chance >>> 2) & 255) * wick) >> 8);
        long low = Math.max(1, Math.min(open, close) - ((((chance >>> 10) & 255) * wick) >> 8));
        return traded(minute, Hashes.mix(seed ^ chance, minute), open, high, low, close);
    }

    Bar flat(long minute, long price) {
        long openMillis = minute * MINUTE_MILLIS;
        return Bar.flat(openMillis, openMillis + MINUTE_MILLIS - 1, price);
    }

    /** The price of the last trade before a minute after listing. */
    long lastPriceBefore(long minute) {
        long last = minute - 1;
        while (isIdle(last)) {
            last--;
        }
        return closePrice(last);
    }

    private long closePrice(long minute) {
        return walk.priceAt(minute + 1, baseTicks);
    }

    private boolean isIdle(long minute) {
        if (minute <= firstMinute || instrument.idlePerThousand() == 0) {
            return false;
        }
        return Long.remainderUnsigned(Hashes.mix(~seed, minute), 1000) < instrument.idlePerThousand();
    }

    private Bar traded(long minute, long chance, long open, long high, long low, long close) {
        int hour = (int) (minute / 60 % 24);
        AssetProfile profile = instrument.profile();
        // Larger moves come with more trades: every basis point between open and close adds one percent.
        long surge = 100 + Math.min(300, Math.abs(close - open) * 10_000 / open);
        long spread = 40 + (chance & 127);
        long trades =
                Math.max(1, (long) profile.tradesPerMinute() * HOURLY_ACTIVITY[hour] * surge * spread / 1_000_000);
        long averageSteps = profile.averageTradeSteps();
        long volume = trades
                + trades * ((averageSteps * (128 + ((chance >>> 8) & 255))) >> 8)
                + Long.remainderUnsigned(chance >>> 16, averageSteps + 1);
        long takerVolume = (volume * (77 + ((chance >>> 24) & 127))) >> 8;
        if (trades == 1) {
            takerVolume = (chance & 1) == 0 ? 0 : volume;
        }
        MinuteTrades split = MinuteTrades.of(trades, volume, takerVolume, open, high, low, close);
        long openMillis = minute * MINUTE_MILLIS;
        return new Bar(
                openMillis,
                openMillis + MINUTE_MILLIS - 1,
                split.open(),
                split.high(),
                split.low(),
                close,
                volume,
                amount(split.turnover(), split.meanPrice(), volume),
                trades,
                takerVolume,
                amount(split.takerTurnover(), split.meanPrice(), takerVolume));
    }

    /** What was paid, from the sum of price times quantity. */
    private long amount(long turnover, long meanPrice, long volume) {
        Scales scales = instrument.scales();
        if (instrument.market() == MarketType.COIN_MARGINED) {
            return coinAmount(volume, meanPrice, scales);
        }
        int surplusDecimals = scales.price() + scales.quantity() - scales.quote();
        return turnover / powerOfTen(surplusDecimals);
    }

    /** Coin-margined contracts are worth a fixed number of dollars, so the amount in coins is their value over price. */
    private long coinAmount(long contracts, long price, Scales scales) {
        return BigInteger.valueOf(contracts)
                .multiply(BigInteger.valueOf(instrument.contractSize()))
                .multiply(BigInteger.valueOf(powerOfTen(scales.quote() + scales.price())))
                .divide(BigInteger.valueOf(price).multiply(BigInteger.valueOf(powerOfTen(scales.quantity()))))
                .longValueExact();
    }

    private static long powerOfTen(int exponent) {
        long power = 1;
        for (int i = 0; i < exponent; i++) {
            power = Math.multiplyExact(power, 10L);
        }
        return power;
    }
}
