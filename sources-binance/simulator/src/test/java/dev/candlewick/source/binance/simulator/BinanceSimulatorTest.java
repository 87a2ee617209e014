package dev.candlewick.source.binance.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BinanceSimulatorTest {
    private static final SyntheticMarket MARKET = SyntheticMarket.seeded(1)
            .spot("BTCUSDT", "BTC", "USDT", Instant.parse("2020-01-01T00:00:00Z"))
            .build();

    @Test
    void closingLeavesNoThreadAndNoListener() throws IOException {
        BinanceSimulator venue = BinanceSimulator.builder().market(MARKET).start();
        Visitor.get(venue.apiUrl(), "/api/v3/ping");
        List<Thread> threads = threads();
        venue.close();

        assertThat(threads).isNotEmpty().noneMatch(Thread::isAlive);
        assertThatThrownBy(() -> Visitor.get(venue.apiUrl(), "/api/v3/ping")).isInstanceOf(ConnectException.class);
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("binance-simulator-"))
                .toList();
    }

    @Test
    void everyHostListensOnTheLoopbackAddressOnly() throws IOException {
        try (BinanceSimulator venue = BinanceSimulator.builder().market(MARKET).start()) {
            for (VenueHost host : VenueHost.values()) {
                assertThat(InetAddress.getByName(venue.url(host).getHost()).isLoopbackAddress())
                        .isTrue();
            }
            assertThat(venue.environment())
                    .containsEntry("BINANCE_API_BASE_URL", venue.apiUrl().toString())
                    .containsEntry(
                            "BINANCE_ARCHIVE_BASE_URL", venue.archiveUrl().toString())
                    .hasSize(4);
        }
    }

    @Test
    void theLogTellsWhatWasAskedAndAnswered() throws IOException {
        try (BinanceSimulator venue = BinanceSimulator.builder().market(MARKET).start()) {
            Visitor.get(venue.apiUrl(), "/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=10");

            assertThat(venue.requests().of(RequestKind.KLINES)).singleElement().satisfies(request -> {
                assertThat(request.host()).isEqualTo(VenueHost.API);
                assertThat(request.rows()).isEqualTo(10);
                assertThat(request.weight()).isEqualTo(2);
                assertThat(request.status()).isEqualTo(200);
                assertThat(request.query()).containsEntry("limit", "10");
            });
            assertThat(venue.requests()).hasToString("requests {KLINES=1}");
            venue.requests().clear();
            assertThat(venue.requests().count()).isZero();
        }
    }

    @Test
    void aVenueWithoutAMarketDoesNotOpen() {
        assertThatThrownBy(() -> BinanceSimulator.builder().start())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("market(");
    }

    @Test
    void recordedCandlesNeedAListedInstrument() {
        BinanceSimulator.Builder builder =
                BinanceSimulator.builder().market(MARKET).recorded(MarketType.SPOT, "ETHUSDT", "1m", List.of());

        assertThatThrownBy(builder::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ETHUSDT");
    }
}
