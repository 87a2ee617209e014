package dev.candlewick.source.binance.simulator;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * The funding of a perpetual: every eight hours for bitcoin and ether, every four for all others, some milliseconds late.
 * A pure function of symbol and time.
 */
final class FundingTape {
    private static final long HOUR_MILLIS = 3_600_000;
    private static final long LATEST_MILLIS = 14;

    private final SyntheticInstrument instrument;
    private final long seed;

    /** One event. */
    record Event(long millis, int hours, BigDecimal rate, BigDecimal markPrice) {
        /** The fields of an archive line. */
        String[] fields() {
            return new String[] {Long.toString(millis), Integer.toString(hours), rate.toPlainString()};
        }
    }

    FundingTape(SyntheticInstrument instrument) {
        this.instrument = instrument;
        this.seed = Hashes.text(Hashes.text(1, instrument.market().name()), instrument.symbol());
    }

    /** The events of a stretch, in order, at most {@code limit}. */
    List<Event> between(long startMillis, long endMillis, int limit) {
        List<Event> events = new ArrayList<>();
        if (instrument.market() == MarketType.SPOT || instrument.deliveryAt().isPresent()) {
            return events;
        }
        int hours =
                instrument.baseAsset().equals("BTC") || instrument.baseAsset().equals("ETH") ? 8 : 4;
        long step = hours * HOUR_MILLIS;
        long first = Math.max(startMillis - step, instrument.listedSince().toEpochMilli() + 1);
        long end = Math.min(
                endMillis, instrument.delistedAt().map(at -> at.toEpochMilli()).orElse(Long.MAX_VALUE));
        for (long due = -Math.floorDiv(-first, step) * step; due < end && events.size() < limit; due += step) {
            long chance = Hashes.mix(seed, due);
            long millis = due + Long.remainderUnsigned(chance, LATEST_MILLIS);
            if (millis >= startMillis && millis < end) {
                BigDecimal rate = BigDecimal.valueOf((chance >> 20) % 10_000, 8);
                BigDecimal mark = BigDecimal.valueOf(5_000_000L + Long.remainderUnsigned(chance >>> 8, 1_000_000), 2);
                events.add(new Event(millis, hours, rate, mark));
            }
        }
        return events;
    }
}
