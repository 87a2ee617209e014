package dev.candlewick.source.binance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batches;
import dev.candlewick.Cancelled;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.source.binance.simulator.BinanceSimulator;
import dev.candlewick.source.binance.simulator.Misbehaviour;
import dev.candlewick.source.binance.simulator.SyntheticMarket;
import dev.candlewick.spi.Addresses;
import dev.candlewick.spi.UnitLedger;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Files that are published anew, addresses, and readings that are closed under way. */
final class RevisionsTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2024-06-12T15:07:30Z"), ZoneOffset.UTC);
    private static final Series SERIES = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1h");

    @Test
    void aRepublishedFileIsNoticed() {
        try (BinanceSimulator venue = venue();
                BinanceSource source = source(venue)) {
            TimeRange month = TimeRange.month("2024-02");
            Provenance provenance = Reading.of(source, SERIES.toString(), month).provenance();
            LedgerEntry entry =
                    new UnitLedger(SERIES, month).entry(Optional.empty(), month, provenance, CLOCK.instant());
            assertThat(source.changed(entry)).isEmpty();
            venue.republish("data/spot/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2024-02.zip");
            assertThat(source.changed(entry))
                    .hasValueSatisfying(
                            reason -> assertThat(reason).contains("BTCUSDT-1h-2024-02.zip was published anew", "→"));
        }
    }

    @Test
    void anAddressOpensTheMarketItNames() {
        try (BinanceSimulator venue = venue();
                Source source = Addresses.source("binance:spot", venue.environment())) {
            assertThat(source.name()).isEqualTo("binance:spot");
            assertThat(source.serves(SERIES)).isTrue();
        }
        assertThatThrownBy(() -> Addresses.source("binance:options", java.util.Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("spot, um, cm");
    }

    @Test
    void closingFromAnotherThreadEndsABlockedReading() throws InterruptedException {
        try (BinanceSimulator venue = venue();
                BinanceSource source = source(venue)) {
            venue.misbehave(Misbehaviour.blackHole());
            Batches batches = source.read(SERIES, TimeRange.month("2024-02"));
            Thread closer = new Thread(() -> {
                while (venue.requests().count() == 0) {
                    Thread.onSpinWait();
                }
                batches.close();
            });
            closer.start();
            assertThatThrownBy(() -> batches.iterator().hasNext()).isInstanceOf(Cancelled.class);
            closer.join();
            assertThat(Thread.currentThread().isInterrupted()).isFalse();
        }
    }

    private static BinanceSimulator venue() {
        SyntheticMarket market = SyntheticMarket.seeded(7)
                .spot("BTCUSDT", "BTC", "USDT", Instant.parse("2023-01-01T00:00:00Z"))
                .build();
        return BinanceSimulator.builder().market(market).clock(CLOCK).start();
    }

    private static BinanceSource source(BinanceSimulator venue) {
        return BinanceSource.builder(Market.SPOT)
                .fromEnvironment(venue.environment())
                .clock(CLOCK)
                .build();
    }
}
