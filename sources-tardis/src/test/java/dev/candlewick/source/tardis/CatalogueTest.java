package dev.candlewick.source.tardis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Corrupt;
import dev.candlewick.TimeRange;
import dev.candlewick.source.tardis.TardisExchangeDetails.DatasetSymbol;
import dev.candlewick.source.tardis.simulator.Fault;
import dev.candlewick.source.tardis.simulator.TardisSimulator;
import dev.candlewick.testkit.RecordedData;
import dev.candlewick.testkit.SimulatedTime;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Tardis says of exchanges, symbols, incidents and keys. */
final class CatalogueTest {

    private final SimulatedTime time = new SimulatedTime("2025-07-02T12:00:00Z");
    private final TardisSimulator tardis = TardisSimulator.builder()
            .key("secret")
            .incident(
                    "binance",
                    Instant.parse("2024-02-03T04:05:06Z"),
                    Instant.parse("2024-02-03T05:00:00Z"),
                    "wontfix",
                    "Disk full.")
            .start();

    @TempDir
    private Path cache;

    @AfterEach
    void stop() {
        tardis.close();
    }

    private TardisSource open() {
        return Opening.source(tardis.baseUrl(), cache, time).apiKey("secret").build();
    }

    @Test
    void exchangesSymbolsAndIncidentsAreToldWithoutAKey() {
        try (TardisSource source = Opening.source(tardis.baseUrl(), cache, time).build()) {
            assertThat(source.exchanges())
                    .extracting(TardisExchange::id)
                    .containsExactly("binance", "binance-futures", "deribit");
            TardisExchangeDetails binance = source.exchange("binance");
            assertThat(binance.symbols())
                    .extracting(TardisExchangeDetails.Symbol::id)
                    .contains("btcusdt");
            assertThat(binance.incidents())
                    .containsExactly(new TardisExchangeDetails.Incident(
                            TimeRange.of("2024-02-03T04:05:06Z", "2024-02-03T05:00:00Z"), "wontfix", "Disk full."));
            assertThat(binance.datasetSymbol("SPOT").orElseThrow().dataTypes()).containsExactly("trades");
        }
    }

    @Test
    void theCatalogueIsKeptForSomeHoursAlsoOverARestart() {
        try (TardisSource source = open()) {
            source.exchange("binance");
            source.exchange("binance");
            source.exchanges();
        }
        try (TardisSource source = open()) {
            source.exchange("binance");
            source.exchanges();
            assertThat(tardis.requests()).hasSize(2);
            time.sleep(Duration.ofHours(7));
            source.exchange("binance");
            source.exchanges();
            assertThat(tardis.requests()).hasSize(4);
        }
    }

    @Test
    void aKeySaysWhatItCoversAndAWrongOneIsRefused() {
        try (TardisSource source = open()) {
            assertThat(source.apiKeyInfo()).extracting(TardisAccess::dataPlan).containsExactly("spot");
        }
        try (TardisSource source = Opening.source(tardis.baseUrl(), cache, time)
                .apiKey("wrong-one")
                .build()) {
            assertThatThrownBy(source::apiKeyInfo)
                    .isInstanceOf(TardisRefused.class)
                    .hasMessageContaining("Check the key")
                    .hasMessageNotContaining("wrong-one");
        }
    }

    @Test
    void anUnreadableDocumentIsCorruptAndNotKept() {
        tardis.fail("/exchanges", new Fault(200, "{\"id\":", Map.of(), Fault.Delivery.WHOLE, 0, Duration.ZERO), 1);
        try (TardisSource source = open()) {
            assertThatThrownBy(() -> source.exchange("binance")).isInstanceOf(Corrupt.class);
            assertThat(source.exchange("binance").exchange().id()).isEqualTo("binance");
            assertThatThrownBy(() -> source.exchange("nowhere")).isInstanceOf(TardisRefused.class);
        }
    }

    @Test
    void theEndOfTheFilesOfWhatIsStillListedIsNoDelisting() throws IOException {
        byte[] recorded = RecordedData.bytes("tardis/api/exchange.hyperliquid.json");
        TardisExchangeDetails details = MetadataJson.details(new ByteArrayInputStream(recorded));
        DatasetSymbol bitcoin = details.datasetSymbol("BTC").orElseThrow();
        assertThat(bitcoin.availableTo()).contains(Instant.parse("2026-07-03T00:00:00Z"));
        assertThat(details.ended(bitcoin)).isEmpty();
        assertThat(bitcoin.dataTypes()).contains("trades", "incremental_book_L2", "derivative_ticker");
    }

    @Test
    void theRecordedListOfExchangesIsRead() throws IOException {
        List<TardisExchange> exchanges = MetadataJson.exchanges(
                new ByteArrayInputStream(RecordedData.bytes("tardis/api/exchanges.2025-09-17.json")));
        assertThat(exchanges).hasSizeGreaterThan(50);
        assertThat(exchanges).extracting(TardisExchange::id).contains("binance-futures", "deribit", "okex-swap");
        assertThat(exchanges)
                .allSatisfy(each -> assertThat(each.availableSince()).isAfter(Instant.EPOCH));
    }

    @Test
    void membersNobodyKnowsNullsAndMissingOnesAreTolerated() throws IOException {
        String json = """
                {"id":"x","new":{"deep":[1,{"a":null}]},"enabled":true,"availableTo":null,"availableSymbols":null,
                 "incidentReports":[{"from":"2024-01-02T00:00:00.000Z","to":"2024-01-01T00:00:00.000Z","status":"resolved"},
                                    {"from":"2024-01-02T00:00:00.000Z","status":"unresolved","details":"going on"}],
                 "datasets":{"exportedUntil":"2024-01-05","symbols":[{"id":"A","dataTypes":"trades"},{"id":"B"}]}}
                """;
        TardisExchangeDetails details =
                MetadataJson.details(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
        assertThat(details.incidents()).hasSize(1);
        assertThat(details.datasetSymbol("A").orElseThrow().dataTypes()).containsExactly("trades");
        assertThat(details.datasets().orElseThrow().exportedUntil()).isEqualTo("2024-01-05T00:00:00Z");
    }

    @Test
    void aTimeBeyondEveryCalendarIsADefectOfTheDocument() {
        String json = """
                {"id":"x","incidentReports":[{"from":"-999999999-01-01T00:00:00Z","to":"2024-01-01T00:00:00Z","status":"resolved"}]}
                """;
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> MetadataJson.details(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8))))
                .withMessageContaining("from")
                .withMessageContaining("-999999999");
    }
}
