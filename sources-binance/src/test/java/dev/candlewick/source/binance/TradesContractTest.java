package dev.candlewick.source.binance;

import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.source.binance.simulator.BinanceSimulator;
import dev.candlewick.source.binance.simulator.Misbehaviour;
import dev.candlewick.source.binance.simulator.SyntheticInstrument;
import dev.candlewick.source.binance.simulator.SyntheticMarket;
import dev.candlewick.testkit.SourceContract;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** Aggregated trades keep the contract of sources: two days of files, then some hours of REST. */
final class TradesContractTest extends SourceContract {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2025-03-12T15:07:30Z"), ZoneOffset.UTC);
    private static BinanceSimulator venue;

    @BeforeAll
    static void open() {
        venue = BinanceSimulator.builder()
                .market(SyntheticMarket.seeded(8)
                        .add(SyntheticInstrument.spot("BTCUSDT", "BTC", "USDT", Instant.parse("2025-03-08T05:00:00Z"))
                                .activity(3, "0.02")
                                .idleMinutesPerThousand(700))
                        .build())
                .clock(CLOCK)
                .start();
    }

    @AfterAll
    static void shut() {
        venue.close();
    }

    @AfterEach
    void behave() {
        venue.behave();
    }

    @Override
    protected Source openSource() {
        return BinanceSource.builder(Market.SPOT)
                .fromEnvironment(venue.environment())
                .clock(CLOCK)
                .build();
    }

    @Override
    protected Series series() {
        return Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/agg_trades");
    }

    @Override
    protected Series unservedSeries() {
        return Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/funding");
    }

    @Override
    protected TimeRange fullRange() {
        return TimeRange.of("2025-03-10T12:00:00Z", "2025-03-12T12:00:00Z");
    }

    @Override
    protected TimeRange emptyRange() {
        return TimeRange.of("2025-03-04", "2025-03-06");
    }

    @Override
    protected long requestsSent() {
        return venue.requests().count();
    }

    @Override
    protected void failNextRead() {
        venue.misbehave(
                Misbehaviour.htmlInsteadOfData().onPath("/api/v3/aggTrades").times(1));
    }
}
