package dev.candlewick.source.binance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.instrument.Instrument;
import dev.candlewick.instrument.InstrumentCatalog;
import dev.candlewick.instrument.ListingWindow;
import dev.candlewick.instrument.TradingState;
import dev.candlewick.source.binance.simulator.BinanceSimulator;
import dev.candlewick.source.binance.simulator.SyntheticInstrument;
import dev.candlewick.source.binance.simulator.SyntheticMarket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Instruments of a venue in this process, those that it has forgotten included. */
class EverListedTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2025-03-12T15:07:30Z"), ZoneOffset.UTC);
    private static final Instant LISTED = Instant.parse("2022-11-10T05:00:00Z");
    private static final Instant DEATH = Instant.parse("2024-05-14T04:00:00Z");

    @Test
    void whatTheVenueHasForgottenIsListedForTheDaysThatTheArchiveHas(@TempDir Path files) throws IOException {
        Path forgotten = Files.createDirectories(files.resolve("data/spot/daily/klines/VENUSDT/1d"));
        Files.createFile(forgotten.resolve("VENUSDT-1d-2017-09-29.zip"));
        Files.createFile(forgotten.resolve("VENUSDT-1d-2018-07-23.zip"));
        Files.createFile(forgotten.resolve("VENUSDT-1d-2018-07-23.zip.CHECKSUM"));
        SyntheticMarket market = SyntheticMarket.seeded(42)
                .spot("BTCUSDT", "BTC", "USDT", LISTED)
                .spot("币安人生USDT", "币安人生", "USDT", LISTED)
                .add(SyntheticInstrument.spot("BCCUSDT", "BCC", "USDT", LISTED).delistedAt(DEATH))
                .build();
        try (BinanceSimulator venue = BinanceSimulator.builder()
                        .market(market)
                        .archiveFiles(files)
                        .clock(CLOCK)
                        .start();
                BinanceSource source = BinanceSource.builder(Market.SPOT)
                        .fromEnvironment(venue.environment())
                        .clock(CLOCK)
                        .build()) {
            InstrumentCatalog now = source.instruments();
            InstrumentCatalog ever = source.everListed();

            assertThat(now.instruments())
                    .extracting(Instrument::datasetId)
                    .containsExactlyInAnyOrder("BTCUSDT", "币安人生USDT", "BCCUSDT");
            assertThat(ever.instruments())
                    .extracting(Instrument::datasetId)
                    .containsExactlyInAnyOrder("BTCUSDT", "币安人生USDT", "BCCUSDT", "VENUSDT");
            assertThat(ever.resolve("BINANCE:SPOT_PAIR:VEN-USDT").window())
                    .isEqualTo(ListingWindow.of(
                            Instant.parse("2017-09-29T00:00:00Z"), Instant.parse("2018-07-24T00:00:00Z")));
            assertThat(ever.resolve("BINANCE:SPOT_PAIR:BTC-USDT").window()).isEqualTo(ListingWindow.unknown());
            Instrument gone = ever.resolve("BINANCE:SPOT_PAIR:BCC-USDT");
            assertThat(gone.window())
                    .isEqualTo(ListingWindow.of(
                            Instant.parse("2022-11-10T00:00:00Z"), Instant.parse("2024-05-15T00:00:00Z")));
            assertThat(gone.terms().state()).contains(TradingState.INACTIVE);
            assertThat(ever.aliveOn(LocalDate.of(2024, 5, 14))).contains(gone);
            assertThat(ever.aliveOn(LocalDate.of(2024, 5, 15))).doesNotContain(gone);
        }
    }
}
