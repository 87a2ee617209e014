package dev.candlewick.source.binance.simulator;

import static dev.candlewick.source.binance.simulator.Visitor.get;
import static dev.candlewick.source.binance.simulator.Visitor.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WeightBudgetTest {
    private final MovableClock clock = new MovableClock("2026-11-20T10:30:20Z");
    private final BinanceSimulator venue = BinanceSimulator.builder()
            .market(SyntheticMarket.ofEverything(42))
            .clock(clock)
            .weightLimit(WeightPool.FUTURES, 20)
            .start();

    @AfterEach
    void close() {
        venue.close();
    }

    private int status() throws IOException {
        return get(venue.fapiUrl(), "/fapi/v1/ping").statusCode();
    }

    private String used(String target) throws IOException {
        return get(venue.fapiUrl(), target)
                .headers()
                .firstValue("X-MBX-USED-WEIGHT-1M")
                .orElse("none");
    }

    @Test
    void candlesCostByTheirLimitAndBothFuturesHostsShareOnePool() throws IOException {
        String klines = "/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=";

        assertThat(used(klines + 99)).isEqualTo("1");
        assertThat(used(klines + 499)).isEqualTo("3");
        assertThat(used(klines + 1000)).isEqualTo("8");
        assertThat(get(venue.dapiUrl(), "/dapi/v1/ping").headers().firstValue("X-MBX-USED-WEIGHT-1M"))
                .contains("9");
        assertThat(used(klines + 1500)).isEqualTo("19");
        assertThat(get(venue.apiUrl(), "/api/v3/exchangeInfo").headers().firstValue("X-MBX-USED-WEIGHT-1M"))
                .contains("20");
        assertThat(venue.requests().weightByMinute(WeightPool.FUTURES))
                .containsExactly(Map.entry(Instant.parse("2026-11-20T10:30:00Z"), 19));
    }

    @Test
    void aUsedUpMinuteAnswers429UntilTheNextOne() throws IOException {
        venue.foreignTraffic(WeightPool.FUTURES, 19);

        assertThat(status()).isEqualTo(200);
        var refused = get(venue.fapiUrl(), "/fapi/v1/ping");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.headers().firstValue("Retry-After")).contains("40");
        assertThat(text(refused)).contains("-1003");

        clock.advance(Duration.ofSeconds(40));
        assertThat(status()).isEqualTo(200);
        assertThat(venue.requests().unwelcome()).isEmpty();
    }

    @Test
    void callersThatGoOnAreBannedAndThenForLonger() throws IOException {
        venue.weightLimit(WeightPool.FUTURES, 0);
        assertThat(status()).isEqualTo(429);
        for (int call = 1; call < WeightBudget.PATIENCE; call++) {
            assertThat(status()).isEqualTo(429);
        }
        var banned = get(venue.fapiUrl(), "/fapi/v1/ping");

        assertThat(banned.statusCode()).isEqualTo(418);
        assertThat(banned.headers().firstValue("Retry-After")).contains("120");
        assertThat(text(banned))
                .contains("banned until " + clock.instant().plusSeconds(120).toEpochMilli());
        assertThat(venue.requests().unwelcome()).hasSize(WeightBudget.PATIENCE);

        for (int call = 0; call < WeightBudget.PATIENCE; call++) {
            assertThat(status()).isEqualTo(418);
        }
        assertThat(get(venue.fapiUrl(), "/fapi/v1/ping").headers().firstValue("Retry-After"))
                .contains("240");
        assertThat(venue.requests().unwelcome())
                .last()
                .extracting(ServedRequest::standing)
                .isEqualTo(Standing.BANNED);
    }

    @Test
    void aLowerLimitIsAnnouncedAndEnforced() throws IOException {
        venue.weightLimit(WeightPool.SPOT, 21);

        assertThat(text(get(venue.apiUrl(), "/api/v3/exchangeInfo"))).contains("\"limit\":21");
        assertThat(get(venue.apiUrl(), "/api/v3/ping").statusCode()).isEqualTo(200);
        assertThat(get(venue.apiUrl(), "/api/v3/ping").statusCode()).isEqualTo(429);
    }

    @Test
    void theArchiveCostsNothing() throws IOException {
        assertThat(get(venue.archiveUrl(), "/" + Visitor.BTC_JANUARY + ".CHECKSUM")
                        .headers()
                        .map())
                .doesNotContainKey("x-mbx-used-weight-1m");
        assertThat(venue.requests().all())
                .singleElement()
                .extracting(ServedRequest::weight)
                .isEqualTo(0);
    }
}
