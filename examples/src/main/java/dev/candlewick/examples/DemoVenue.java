package dev.candlewick.examples;

import dev.candlewick.TimeRange;
import dev.candlewick.source.binance.simulator.BinanceSimulator;
import dev.candlewick.source.binance.simulator.SyntheticMarket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** The simulated Binance of the demo: three months of one market, with a real outage in them. */
final class DemoVenue {

    static final String SERIES = "BINANCE:SPOT_PAIR:BTC-USDT/candles:1m";
    /** Three months, the last half day of which the archive does not have yet. */
    static final TimeRange RANGE = TimeRange.of("2023-02-01T00:00:00Z", "2023-05-01T12:00:00Z");

    private static final int SEED = 7;
    private static final Instant LISTED = Instant.parse("2019-01-01T00:00:00Z");
    /** Spot trading on Binance stood still then; the hour is on public record. */
    private static final TimeRange OUTAGE = TimeRange.of("2023-03-24T12:40:00Z", "2023-03-24T14:00:00Z");

    private static final Instant NOW = Instant.parse("2023-05-01T12:10:00Z");

    private DemoVenue() {}

    /** Opens it on the loopback address; its clock starts at ten past twelve of the last day and runs like the given one. */
    static BinanceSimulator start(Clock clock) {
        SyntheticMarket market = SyntheticMarket.seeded(SEED)
                .spot("BTCUSDT", "BTC", "USDT", LISTED)
                .outage(OUTAGE.start(), OUTAGE.end())
                .build();
        return BinanceSimulator.builder()
                .market(market)
                .clock(Clock.offset(clock, Duration.between(clock.instant(), NOW)))
                .start();
    }
}
