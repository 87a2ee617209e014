package dev.candlewick.source.binance.simulator;

import static dev.candlewick.source.binance.simulator.Visitor.get;
import static dev.candlewick.source.binance.simulator.Visitor.millis;
import static dev.candlewick.source.binance.simulator.Visitor.openTimes;
import static dev.candlewick.source.binance.simulator.Visitor.rows;
import static dev.candlewick.source.binance.simulator.Visitor.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestApiTest {
    private static final String HOURS = "/api/v3/klines?symbol=BTCUSDT&interval=1h";

    private final MovableClock clock = new MovableClock("2026-11-20T10:30:30Z");
    private final BinanceSimulator venue = BinanceSimulator.builder()
            .market(SyntheticMarket.ofEverything(42))
            .clock(clock)
            .start();

    @AfterEach
    void close() {
        venue.close();
    }

    @Test
    void candlesAreTheTruthInTwelveColumns() throws IOException {
        List<String[]> rows =
                rows(get(venue.apiUrl(), HOURS + "&startTime=" + millis("2024-01-01T00:00:00Z") + "&limit=3"));
        List<PublishedCandle> truth = venue.candles(
                MarketType.SPOT, "BTCUSDT", "1h", millis("2024-01-01T00:00:00Z"), millis("2024-01-01T03:00:00Z"));

        assertThat(rows).hasSize(3);
        for (int i = 0; i < 3; i++) {
            String[] row = rows.get(i);
            PublishedCandle candle = truth.get(i);
            assertThat(row).hasSize(12);
            assertThat(Long.parseLong(row[0])).isEqualTo(candle.openMillis());
            assertThat(new BigDecimal(row[1])).isEqualTo(candle.open());
            assertThat(new BigDecimal(row[2])).isEqualTo(candle.high());
            assertThat(new BigDecimal(row[3])).isEqualTo(candle.low());
            assertThat(new BigDecimal(row[4])).isEqualTo(candle.close());
            assertThat(new BigDecimal(row[5])).isEqualTo(candle.volume());
            assertThat(Long.parseLong(row[6])).isEqualTo(candle.closeMillis());
            assertThat(new BigDecimal(row[7])).isEqualTo(candle.quoteVolume());
            assertThat(Long.parseLong(row[8])).isEqualTo(candle.trades());
            assertThat(new BigDecimal(row[9])).isEqualTo(candle.takerBuyVolume());
            assertThat(new BigDecimal(row[10])).isEqualTo(candle.takerBuyQuoteVolume());
        }
    }

    @Test
    void theLastCandleIsStillOpenAndGrowsUntilItCloses() throws IOException {
        String[] early = rows(get(venue.apiUrl(), HOURS + "&limit=1")).get(0);
        clock.advance(Duration.ofMinutes(20));
        String[] late = rows(get(venue.apiUrl(), HOURS + "&limit=1")).get(0);
        PublishedCandle closed = venue.candles(
                        MarketType.SPOT,
                        "BTCUSDT",
                        "1h",
                        millis("2026-11-20T10:00:00Z"),
                        millis("2026-11-20T11:00:00Z"))
                .get(0);

        assertThat(early[0]).isEqualTo(late[0]);
        assertThat(new BigDecimal(early[5])).isPositive().isLessThan(new BigDecimal(late[5]));
        assertThat(new BigDecimal(late[5])).isLessThan(closed.volume());
        assertThat(early[1]).isEqualTo(closed.open().toPlainString());
    }

    @Test
    void startAloneGivesTheOldestFromItAndEndAloneTheNewestUpToIt() throws IOException {
        long noon = millis("2024-01-01T12:00:00Z");

        assertThat(openTimes(get(venue.apiUrl(), HOURS + "&startTime=" + noon + "&limit=2")))
                .containsExactly(noon, noon + 3_600_000);
        assertThat(openTimes(get(venue.apiUrl(), HOURS + "&endTime=" + noon + "&limit=2")))
                .containsExactly(noon - 3_600_000, noon);
        assertThat(openTimes(get(venue.apiUrl(), HOURS + "&startTime=" + noon + "&endTime=" + noon)))
                .containsExactly(noon);
    }

    @Test
    void spotAnswersFiveHundredRowsAndNeverMoreThanAThousand() throws IOException {
        assertThat(openTimes(get(venue.apiUrl(), HOURS))).hasSize(500);
        assertThat(openTimes(get(venue.apiUrl(), HOURS + "&limit=5000"))).hasSize(1000);
    }

    @Test
    void futuresAnswerUpToFifteenHundredRowsAndRefuseMore() throws IOException {
        String target = "/fapi/v1/klines?symbol=BTCUSDT&interval=1h&limit=";

        assertThat(openTimes(get(venue.fapiUrl(), target + 1500))).hasSize(1500);
        assertThat(text(get(venue.fapiUrl(), target + 1501))).contains("-1130");
    }

    @Test
    void coinMarginedAnswersTheNewestRowsOfTheRange() throws IOException {
        long start = millis("2024-01-01T00:00:00Z");
        long end = millis("2024-01-31T00:00:00Z");
        String target = "/dapi/v1/klines?symbol=BTCUSD_PERP&interval=1h&limit=2";

        assertThat(openTimes(get(venue.dapiUrl(), target + "&startTime=" + start + "&endTime=" + end)))
                .containsExactly(end - 3_600_000, end);
        assertThat(openTimes(get(venue.dapiUrl(), target + "&startTime=" + start)))
                .endsWith(start + Duration.ofDays(200).toMillis());
        assertThat(text(get(
                        venue.dapiUrl(),
                        target + "&startTime=" + start + "&endTime=" + millis("2024-12-31T00:00:00Z"))))
                .contains("-1127");
    }

    @ParameterizedTest
    @CsvSource({
        "symbol=NOPE&interval=1h, -1121",
        "symbol=BTCUSDT&interval=1H, -1120",
        "symbol=BTCUSDT, -1102",
        "symbol=BTCUSDT&interval=1h&startTime=yesterday, -1100",
        "symbol=BTCUSDT&interval=1h&limit=-5, -1100",
        "symbol=BTCUSDT&interval=1h&colour=red, -1101"
    })
    void aBadParameterIsRefusedWithItsNumber(String query, String code) throws IOException {
        var response = get(venue.apiUrl(), "/api/v3/klines?" + query);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(text(response)).contains("\"code\":" + code);
    }

    @Test
    void futuresKnowNoSecondsAndRefuseAStartAfterTheEnd() throws IOException {
        assertThat(text(get(venue.fapiUrl(), "/fapi/v1/klines?symbol=BTCUSDT&interval=1s")))
                .contains("-1120");
        assertThat(text(get(venue.fapiUrl(), "/fapi/v1/klines?symbol=BTCUSDT&interval=1h&startTime=2&endTime=1")))
                .contains("-1023");
    }

    @Test
    void secondsSentAsMillisecondsFindNothing() throws IOException {
        var response = get(venue.apiUrl(), HOURS + "&startTime=1704067200&endTime=1704153600");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(text(response)).isEqualTo("[]");
    }

    @Test
    void spotPrintsMicrosecondsWhenAsked() throws IOException {
        long start = millis("2024-01-01T00:00:00Z");
        String[] row = rows(get(
                        venue.apiUrl(),
                        HOURS + "&startTime=" + start + "000&limit=1",
                        "X-MBX-TIME-UNIT",
                        "MICROSECOND"))
                .get(0);

        assertThat(row[0]).isEqualTo(start + "000");
        assertThat(row[6]).isEqualTo((start + 3_599_999) + "999");
    }

    @Test
    void aSymbolOutsideAsciiIsServed() throws IOException {
        assertThat(openTimes(get(
                        venue.apiUrl(),
                        "/api/v3/klines?interval=1d&limit=2&symbol=%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT")))
                .hasSize(2);
        assertThat(venue.requests().all().get(0).query()).containsEntry("symbol", "币安人生USDT");
    }

    @Test
    void theDateHeaderAndServerTimeFollowTheVenuesClock() throws IOException {
        venue.clockAhead(Duration.ofMinutes(-5));
        var response = get(venue.apiUrl(), "/api/v3/time");

        assertThat(text(response)).isEqualTo("{\"serverTime\":" + millis("2026-11-20T10:25:30Z") + "}");
        assertThat(response.headers().firstValue("Date")).contains("Fri, 20 Nov 2026 10:25:30 GMT");
    }

    @Test
    void exchangeInfoTellsEachMarketInItsOwnWords() throws IOException {
        String spot = text(get(venue.apiUrl(), "/api/v3/exchangeInfo"));
        String um = text(get(venue.fapiUrl(), "/fapi/v1/exchangeInfo"));
        String cm = text(get(venue.dapiUrl(), "/dapi/v1/exchangeInfo"));

        assertThat(spot)
                .contains(
                        "\"symbol\":\"FTTUSDT\",\"status\":\"BREAK\"", "\"limit\":6000", "\"tickSize\":\"0.01000000\"")
                .doesNotContain("BCCUSDT");
        assertThat(um)
                .contains("\"status\":\"SETTLING\"", "\"deliveryDate\":4133404800000", "\"contractType\":\"\"")
                .contains("\"status\":\"PENDING_TRADING\"", "\"limit\":2400")
                .doesNotContain("BTCUSDT_250627");
        assertThat(cm).contains("\"contractStatus\":\"TRADING\"", "\"contractSize\":100", "\"pair\":\"BTCUSD\"");
    }

    @Test
    void anUnknownPathIsAJson404() throws IOException {
        var response = get(venue.apiUrl(), "/api/v9/nothing");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(text(response)).startsWith("{\"code\"");
    }

    @Test
    void aDelistedSymbolGoesOnFlatInTheApiButNotInTheArchive() throws IOException {
        String query = "&interval=1d&startTime=" + millis("2024-03-01T00:00:00Z") + "&limit=5";

        assertThat(openTimes(get(venue.fapiUrl(), "/fapi/v1/klines?symbol=FTTUSDT" + query)))
                .hasSize(5);
        assertThat(get(venue.archiveUrl(), "/data/futures/um/monthly/klines/FTTUSDT/1d/FTTUSDT-1d-2024-03.zip")
                        .statusCode())
                .isEqualTo(404);
    }
}
