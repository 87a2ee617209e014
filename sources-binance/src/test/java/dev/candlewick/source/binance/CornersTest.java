package dev.candlewick.source.binance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Backfiller;
import dev.candlewick.GapReason;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.source.binance.simulator.BinanceSimulator;
import dev.candlewick.source.binance.simulator.MarketType;
import dev.candlewick.source.binance.simulator.Misbehaviour;
import dev.candlewick.source.binance.simulator.SyntheticInstrument;
import dev.candlewick.source.binance.simulator.SyntheticMarket;
import dev.candlewick.source.binance.simulator.VenueHost;
import dev.candlewick.testkit.MemoryStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Long and calendar intervals, lives that begin and end inside a range, any script, and the paging of coin-margined. */
final class CornersTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2025-03-12T15:07:30Z"), ZoneOffset.UTC);
    private static final Instant LISTED = Instant.parse("2023-06-15T00:00:00Z");

    private BinanceSimulator venue;

    @BeforeEach
    void open() {
        SyntheticMarket market = SyntheticMarket.seeded(3)
                .spot("BTCUSDT", "BTC", "USDT", LISTED)
                .spot("币安人生USDT", "币安人生", "USDT", LISTED)
                .add(SyntheticInstrument.spot("BCCUSDT", "BCC", "USDT", LISTED)
                        .delistedAt(Instant.parse("2023-09-10T04:00:00Z")))
                .coinMargined("BTCUSD_PERP", "BTC", LISTED)
                .build();
        venue = BinanceSimulator.builder().market(market).clock(CLOCK).start();
    }

    @AfterEach
    void close() {
        venue.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"8h", "12h", "1d", "3d", "1w", "1M"})
    void longCandlesAreTheSameByEitherRoute(String interval) {
        Series series = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", interval);
        TimeRange range = TimeRange.of("2023-07-01", "2025-03-01");
        List<List<String>> rest;
        try (BinanceSource source = source(Market.SPOT)) {
            rest = Reading.of(source, series.toString(), range).rows();
        }
        TimeRange slots =
                ((dev.candlewick.Cadence.Grid) series.cadence()).slots(range).orElseThrow();
        assertThat(rest).isEqualTo(truth(MarketType.SPOT, "BTCUSDT", interval, slots));
        try (var refused = venue.misbehave(Misbehaviour.restrictedLocation().onHost(VenueHost.API));
                BinanceSource source = source(Market.SPOT)) {
            assertThat(Reading.of(source, series.toString(), range).rows()).isEqualTo(rest);
            assertThat(refused.occurrences()).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"4h", "1d", "1w", "1M"})
    void coinMarginedPagesAreCompleteOverMoreThanTwoHundredDays(String interval) {
        Series series = Series.candles("BINANCE-DELIVERY:PERPETUAL:BTC-USD", interval);
        TimeRange range = ((dev.candlewick.Cadence.Grid) series.cadence())
                .slots(TimeRange.of("2024-01-01", "2025-03-01"))
                .orElseThrow();
        try (BinanceSource source = BinanceSource.builder(Market.COIN_MARGINED)
                .fromEnvironment(venue.environment())
                .archiveLag(Duration.ofDays(4_000), Duration.ofDays(4_000))
                .clock(CLOCK)
                .build()) {
            assertThat(Reading.of(source, series.toString(), range).rows())
                    .isEqualTo(truth(MarketType.COIN_MARGINED, "BTCUSD_PERP", interval, range));
        }
    }

    @Test
    void aWholeLifeInsideTheRangeIsExplainedAtBothEnds() {
        try (BinanceSource source = source(Market.SPOT)) {
            TimeRange range = TimeRange.of("2023-05-01", "2023-12-01");
            Reading reading = Reading.of(source, "BINANCE:SPOT_PAIR:BCC-USDT/candles:1h", range);
            assertThat(reading.rows()).isEqualTo(truth(MarketType.SPOT, "BCCUSDT", "1h", range));
            assertThat(reading.reasons()).startsWith(GapReason.BEFORE_LISTING).endsWith(GapReason.AFTER_DELISTING);
            assertThat(reading.reasons()).containsOnly(GapReason.BEFORE_LISTING, GapReason.AFTER_DELISTING);
        }
    }

    @Test
    void aSymbolOfAnyScriptIsBackfilledAndReadBack() {
        Series series = Series.parse("BINANCE:SPOT_PAIR:币安人生-USDT/candles:5m");
        TimeRange range = TimeRange.of("2025-03-09", "2025-03-12T12:00:00Z");
        MemoryStore store = MemoryStore.create(CLOCK);
        try (BinanceSource source = source(Market.SPOT)) {
            Backfiller.from(source).to(store).clock(CLOCK).build().fill(series, range);
        }
        assertThat(Reading.of(store, series.toString(), range).rows())
                .isEqualTo(truth(MarketType.SPOT, "币安人生USDT", "5m", range));
    }

    private List<List<String>> truth(MarketType market, String symbol, String interval, TimeRange range) {
        return Reading.plain(venue.candles(
                market,
                symbol,
                interval,
                range.start().toEpochMilli(),
                range.end().toEpochMilli()));
    }

    private BinanceSource source(Market market) {
        return BinanceSource.builder(market)
                .fromEnvironment(venue.environment())
                .clock(CLOCK)
                .build();
    }
}
