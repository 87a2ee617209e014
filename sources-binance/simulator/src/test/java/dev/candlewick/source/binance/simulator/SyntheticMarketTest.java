package dev.candlewick.source.binance.simulator;

import static dev.candlewick.source.binance.simulator.Visitor.millis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyntheticMarketTest {
    private final SyntheticMarket market = SyntheticMarket.ofEverything(42);

    private List<PublishedCandle> spot(String symbol, String interval, String start, String end) {
        return market.candles(MarketType.SPOT, symbol, interval, millis(start), millis(end));
    }

    @Test
    void twoMarketsOfOneSeedHaveTheSameCandles() {
        SyntheticMarket again = SyntheticMarket.ofEverything(42);

        for (SyntheticInstrument each : market.instruments()) {
            long start = each.listedSince().toEpochMilli();
            assertThat(again.candles(each.market(), each.symbol(), "1m", start, start + 36_000_000))
                    .isEqualTo(market.candles(each.market(), each.symbol(), "1m", start, start + 36_000_000))
                    .hasSize(600);
        }
    }

    @Test
    void anotherSeedHasOtherCandles() {
        assertThat(SyntheticMarket.ofEverything(43)
                        .candles(
                                MarketType.SPOT,
                                "BTCUSDT",
                                "1d",
                                millis("2024-01-01T00:00:00Z"),
                                millis("2024-02-01T00:00:00Z")))
                .doesNotContainAnyElementsOf(spot("BTCUSDT", "1d", "2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z"));
    }

    @Test
    void theCandlesOfASeedNeverChange() {
        // Pinned: users keep checksums of what they stored, so a change of the model is a breaking change.
        PublishedCandle first = spot("BTCUSDT", "1m", "2024-01-01T00:00:00Z", "2024-01-01T00:01:00Z")
                .get(0);

        assertThat(first)
                .isEqualTo(new PublishedCandle(
                        1704067200000L,
                        1704067259999L,
                        new BigDecimal("57532.90000000"),
                        new BigDecimal("57556.78000000"),
                        new BigDecimal("57526.43000000"),
                        new BigDecimal("57542.08000000"),
                        new BigDecimal("10.90187000"),
                        new BigDecimal("627288.58477580"),
                        310,
                        new BigDecimal("7.23952000"),
                        new BigDecimal("416558.56186160")));
    }

    @ParameterizedTest
    @CsvSource({"BTCUSDT,SPOT", "PEPEUSDT,SPOT", "ALGOUSDT,SPOT", "BTCUSDT,USD_MARGINED", "BTCUSD_PERP,COIN_MARGINED"})
    void everyCandleObeysTheRulesOfCandles(String symbol, MarketType type) {
        List<PublishedCandle> candles =
                market.candles(type, symbol, "1m", millis("2024-02-28T00:00:00Z"), millis("2024-03-02T00:00:00Z"));

        assertThat(candles).hasSize(3 * 1440).allSatisfy(candle -> {
            assertThat(candle.high()).isGreaterThanOrEqualTo(candle.open().max(candle.close()));
            assertThat(candle.low())
                    .isLessThanOrEqualTo(candle.open().min(candle.close()))
                    .isPositive();
            assertThat(candle.takerBuyVolume()).isBetween(BigDecimal.ZERO, candle.volume());
            assertThat(candle.takerBuyQuoteVolume()).isBetween(BigDecimal.ZERO, candle.quoteVolume());
            assertThat(candle.trades() == 0).isEqualTo(candle.volume().signum() == 0);
            assertThat(candle.closeMillis()).isEqualTo(candle.openMillis() + 59_999);
        });
    }

    @ParameterizedTest
    @CsvSource({"3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w", "1M"})
    void everyLongerCandleIsTheExactSumOfItsMinutes(String interval) {
        for (PublishedCandle whole : spot("ALGOUSDT", interval, "2024-02-01T00:00:00Z", "2024-02-09T00:00:00Z")) {
            assertAggregates(
                    whole,
                    market.candles(MarketType.SPOT, "ALGOUSDT", "1m", whole.openMillis(), whole.closeMillis() + 1));
        }
    }

    @Test
    void sixtySecondsAddUpToTheirMinute() {
        for (PublishedCandle minute : spot("ALGOUSDT", "1m", "2024-02-01T00:00:00Z", "2024-02-01T12:00:00Z")) {
            List<PublishedCandle> seconds =
                    market.candles(MarketType.SPOT, "ALGOUSDT", "1s", minute.openMillis(), minute.closeMillis() + 1);
            assertThat(seconds).hasSize(60);
            assertAggregates(minute, seconds);
        }
    }

    private static void assertAggregates(PublishedCandle whole, List<PublishedCandle> parts) {
        assertThat(whole.open()).isEqualTo(parts.get(0).open());
        assertThat(whole.close()).isEqualTo(parts.get(parts.size() - 1).close());
        assertThat(whole.high()).isEqualTo(fold(parts, PublishedCandle::high, BigDecimal::max));
        assertThat(whole.low()).isEqualTo(fold(parts, PublishedCandle::low, BigDecimal::min));
        assertThat(whole.volume()).isEqualTo(fold(parts, PublishedCandle::volume, BigDecimal::add));
        assertThat(whole.quoteVolume()).isEqualTo(fold(parts, PublishedCandle::quoteVolume, BigDecimal::add));
        assertThat(whole.takerBuyVolume()).isEqualTo(fold(parts, PublishedCandle::takerBuyVolume, BigDecimal::add));
        assertThat(whole.takerBuyQuoteVolume())
                .isEqualTo(fold(parts, PublishedCandle::takerBuyQuoteVolume, BigDecimal::add));
        assertThat(whole.trades())
                .isEqualTo(parts.stream().mapToLong(PublishedCandle::trades).sum());
    }

    private static BigDecimal fold(
            List<PublishedCandle> parts, Function<PublishedCandle, BigDecimal> field, BinaryOperator<BigDecimal> by) {
        return parts.stream().map(field).reduce(by).orElseThrow();
    }

    @Test
    void weeksOpenOnMondaysAndMonthsOnTheFirst() {
        assertThat(spot("BTCUSDT", "1w", "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"))
                .hasSize(53)
                .allMatch(week -> KlineInterval.dateOf(week.openMillis()).getDayOfWeek() == DayOfWeek.MONDAY);
        assertThat(spot("BTCUSDT", "1M", "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"))
                .hasSize(12)
                .allMatch(month -> KlineInterval.dateOf(month.openMillis()).getDayOfMonth() == 1);
    }

    @Test
    void anIdleMinuteIsFlatAtTheLastPrice() {
        List<PublishedCandle> minutes = spot("ALGOUSDT", "1m", "2024-02-01T00:00:00Z", "2024-02-02T00:00:00Z");

        assertThat(minutes).filteredOn(minute -> minute.trades() == 0).hasSizeBetween(120, 320);
        for (int i = 1; i < minutes.size(); i++) {
            if (minutes.get(i).trades() == 0) {
                assertThat(minutes.get(i).high()).isEqualTo(minutes.get(i - 1).close());
                assertThat(minutes.get(i).low()).isEqualTo(minutes.get(i - 1).close());
            }
        }
    }

    @Test
    void neighbouringMinutesStayWithinATenthOfAPercent() {
        List<PublishedCandle> minutes = spot("BTCUSDT", "1m", "2024-02-01T00:00:00Z", "2024-02-02T00:00:00Z");

        for (int i = 1; i < minutes.size(); i++) {
            BigDecimal before = minutes.get(i - 1).close();
            assertThat(minutes.get(i).open().subtract(before).abs()).isLessThan(before.movePointLeft(3));
        }
    }

    @Test
    void bitcoinStaysInTheTensOfThousands() {
        assertThat(spot("BTCUSDT", "1w", "2020-01-01T00:00:00Z", "2026-01-01T00:00:00Z"))
                .allSatisfy(
                        week -> assertThat(week.close()).isBetween(new BigDecimal(25_000), new BigDecimal(110_000)));
    }

    @Test
    void anOutageHasNoCandleOnAnyMarket() {
        assertThat(spot("BTCUSDT", "1m", "2023-03-24T12:40:00Z", "2023-03-24T14:00:00Z"))
                .isEmpty();
        assertThat(spot("BTCUSDT", "1h", "2023-03-24T12:00:00Z", "2023-03-24T15:00:00Z"))
                .extracting(PublishedCandle::openMillis)
                .containsExactly(millis("2023-03-24T12:00:00Z"), millis("2023-03-24T14:00:00Z"));
        assertThat(market.candles(
                        MarketType.COIN_MARGINED,
                        "BTCUSD_PERP",
                        "1h",
                        millis("2023-03-24T13:00:00Z"),
                        millis("2023-03-24T14:00:00Z")))
                .isEmpty();
    }

    @Test
    void aDeadSymbolEndsOrStaysFlat() {
        assertThat(spot("FTTUSDT", "1m", "2024-02-20T02:58:00Z", "2024-02-20T03:10:00Z"))
                .hasSize(2);
        List<PublishedCandle> tail = market.candles(
                MarketType.USD_MARGINED,
                "FTTUSDT",
                "1m",
                millis("2024-02-20T02:59:00Z"),
                millis("2024-02-20T03:10:00Z"));
        assertThat(tail).hasSize(11);
        assertThat(tail.subList(1, 11)).allSatisfy(candle -> {
            assertThat(candle.trades()).isZero();
            assertThat(candle.close()).isEqualTo(tail.get(0).close());
        });
    }

    @Test
    void nothingTradesBeforeTheListing() {
        assertThat(spot("BTCUSDT", "1m", "2017-08-17T03:00:00Z", "2017-08-17T04:02:00Z"))
                .hasSize(2);
        assertThat(spot("BTCUSDT", "1d", "2017-08-01T00:00:00Z", "2017-08-18T00:00:00Z"))
                .extracting(PublishedCandle::openMillis)
                .containsExactly(millis("2017-08-17T00:00:00Z"));
    }

    @Test
    void aTinyPriceHasEightDecimalsAndVolumesOfEighteenDigits() {
        PublishedCandle minute = spot("PEPEUSDT", "1m", "2024-01-01T15:00:00Z", "2024-01-01T15:01:00Z")
                .get(0);

        assertThat(minute.close()).isBetween(new BigDecimal("0.00000300"), new BigDecimal("0.00002000"));
        assertThat(minute.volume().precision()).isGreaterThanOrEqualTo(17);
    }

    @Test
    void anUnknownSymbolIsNamedWithTheOnesThereAre() {
        assertThatThrownBy(() -> spot("NOPE", "1m", "2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NOPE")
                .hasMessageContaining("BTCUSDT");
    }
}
