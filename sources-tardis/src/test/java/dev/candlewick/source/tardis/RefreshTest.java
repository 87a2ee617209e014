package dev.candlewick.source.tardis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Backfiller;
import dev.candlewick.ContentHash;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.source.tardis.simulator.Fault;
import dev.candlewick.source.tardis.simulator.ServedRequest;
import dev.candlewick.source.tardis.simulator.TardisSimulator;
import dev.candlewick.testkit.MemoryStore;
import dev.candlewick.testkit.Rows;
import dev.candlewick.testkit.SimulatedTime;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are published anew, groups, and names that only metadata knows (R4, S4.30). */
final class RefreshTest {

    private static final Series SERIES = Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/trades");
    private static final TimeRange DAY = TimeRange.day("2024-01-02");
    private static final String FILE = "/binance/trades/2024/01/02/BTCUSDT.csv.gz";
    private static final String LATER = "binance,BTCUSDT,1704239999999999,1704239999999999,9,buy,1,1\n";

    private final TardisSimulator tardis = TardisSimulator.builder()
            .key("secret")
            .spot(
                    "gate-io",
                    "AAA_BBB",
                    "AAA",
                    "BBB",
                    Instant.parse("2024-01-01T00:00:00Z"),
                    Instant.parse("2025-01-01T00:00:00Z"))
            .start();
    private final SimulatedTime time = new SimulatedTime("2025-07-02T12:00:00Z");

    @TempDir
    private Path cache;

    @AfterEach
    void stop() {
        tardis.close();
    }

    private TardisSource open() {
        return Opening.source(tardis.baseUrl(), cache, time).apiKey("secret").build();
    }

    private static LedgerEntry entry(MemoryStore store) {
        return store.ledger(SERIES, DAY).get(0);
    }

    @Test
    void aFileThatIsPublishedAnewIsNoticedAndReplacesExactlyItsUnit() {
        MemoryStore store = MemoryStore.create();
        try (TardisSource source = open()) {
            store.write(source.read(SERIES, TimeRange.of("2024-01-01", "2024-01-04")));
            LedgerEntry before = entry(store);
            assertThat(source.changed(before)).isEmpty();
            assertThat(tardis.fileRequests())
                    .last()
                    .extracting(ServedRequest::status)
                    .isEqualTo(304);

            tardis.publish(FILE, tardis.published(FILE).orElseThrow() + LATER);
            assertThat(source.changed(before))
                    .hasValueSatisfying(
                            why -> assertThat(why).contains("binance trades BTCUSDT of 2024-01-02 was published anew"));
            store.write(source.read(SERIES, DAY));
            LedgerEntry after = entry(store);
            assertThat(after.rows()).isEqualTo(before.rows() + 1);
            assertThat(after.revision()).isEqualTo(2);
            assertThat(source.changed(after)).isEmpty();
            for (String untouched : List.of("2024-01-01", "2024-01-03")) {
                assertThat(store.ledger(SERIES, TimeRange.day(untouched)).get(0).revision())
                        .isEqualTo(1);
            }
        }
    }

    @Test
    void aFileThatCannotBeAskedForIsNotUnchanged() {
        MemoryStore store = MemoryStore.create();
        try (TardisSource source = open()) {
            store.write(source.read(SERIES, DAY));
            tardis.fail(Fault.serverError(503), 4);
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> source.changed(entry(store)))
                    .isInstanceOf(dev.candlewick.Unavailable.class);
            tardis.withdraw(FILE);
            assertThat(source.changed(entry(store)))
                    .as("what is gone upstream stays here")
                    .isEmpty();
        }
    }

    @Test
    void aBackfillFillsAStoreAndASecondOneAsksForNothing() {
        MemoryStore store = MemoryStore.create();
        try (TardisSource source = open()) {
            TimeRange range = TimeRange.of("2023-12-30", "2024-01-06");
            Backfiller backfiller = Backfiller.from(source).to(store).build();
            assertThat(backfiller.fill(SERIES, range).failed()).isEmpty();
            assertThat(Rows.hash(store, SERIES, range)).isEqualTo(Rows.hash(source, SERIES, range));
            int asked = tardis.fileRequests().size();
            backfiller.fill(SERIES, range);
            assertThat(tardis.fileRequests()).hasSize(asked);
        }
    }

    @Test
    void aGroupsFileHasTheRowsOfItsMembersWithTheirSymbols() {
        Series group = Series.parse("DERIBIT:GROUP:OPTIONS/trades:grouped");
        Series call = Series.parse("DERIBIT:OPTION:BTC-USD@INV-250627-45000-CALL/options_chain");
        try (TardisSource source = open()) {
            List<List<String>> all = Rows.of(source, group, DAY);
            assertThat(all.stream().map(row -> row.get(row.size() - 1)).distinct())
                    .hasSize(6)
                    .contains("BTC-27JUN25-45000-C");
            List<List<String>> one = Rows.of(source, call, DAY);
            assertThat(one).isNotEmpty().allSatisfy(row -> assertThat(row).contains("BTC-27JUN25-45000-C"));
            List<List<String>> chain = Rows.of(source, Series.parse("DERIBIT:GROUP:OPTIONS/options_chain"), DAY);
            assertThat(chain.stream()
                            .filter(row -> row.contains("BTC-27JUN25-45000-C"))
                            .toList())
                    .isEqualTo(one);
            int volatility = call.schema().indexOf("ask_iv");
            int fraction = call.schema().indexOf("ask_iv_fraction");
            assertThat(one.get(0).get(volatility)).isEqualTo("68.94");
            assertThat(Double.parseDouble(one.get(0).get(fraction))).isEqualTo(68.94 / 100);
        }
    }

    @Test
    void everyTypeOfFileIsRead() {
        try (TardisSource source = open()) {
            for (TardisData data : TardisData.values()) {
                Series series = data == TardisData.OPTIONS_CHAIN
                        ? Series.parse("DERIBIT:GROUP:OPTIONS/options_chain")
                        : Series.parse("DERIBIT:PERPETUAL:BTC-USD@INV/" + data.dataset());
                String symbol = data == TardisData.OPTIONS_CHAIN ? "OPTIONS" : "BTC-PERPETUAL";
                String csv = tardis.published("/deribit/" + data + "/2024/01/02/" + symbol + ".csv.gz")
                        .orElseThrow();
                assertThat(ContentHash.of(series.schema(), Rows.read(source, series, DAY)))
                        .isNotEqualTo(ContentHash.of(series.schema(), List.of()));
                assertThat(Rows.of(source, series, DAY))
                        .as(data.type())
                        .hasSize((int) csv.lines().count() - 1);
            }
        }
    }

    @Test
    void aNameThatRulesLeaveOpenIsLookedUpInTheMetadata() {
        try (TardisSource source = open()) {
            assertThat(source.instruments("deribit"))
                    .extracting(each -> each.key() + " " + each.datasetId())
                    .contains("DERIBIT:PERPETUAL:ETH-USD@INV ETH-PERPETUAL");
            assertThat(Rows.of(source, Series.parse("GATE-IO:SPOT_PAIR:AAA-BBB/trades"), DAY))
                    .isNotEmpty();
            assertThat(Rows.of(source, Series.parse("DERIBIT:PERPETUAL:ETH-USD/trades"), DAY))
                    .isNotEmpty();
            assertThat(tardis.requests().stream()
                            .map(ServedRequest::path)
                            .filter(path -> path.contains("/instruments/")))
                    .as("deribit's rules leave nothing open")
                    .containsExactly("/v1/instruments/deribit", "/v1/instruments/gate-io");
            org.assertj.core.api.Assertions.assertThatThrownBy(
                            () -> Rows.of(source, Series.parse("GATE-IO:SPOT_PAIR:AAA-CCC/trades"), DAY))
                    .isInstanceOf(dev.candlewick.Refused.class)
                    .hasMessageContaining("GATE-IO:RAW:SYMBOL");
        }
    }

    @Test
    void notesOfACopySayWhereItIsFromAndCanBeCheckedByEverybody() throws Exception {
        try (TardisSource source = open()) {
            Rows.of(source, SERIES, DAY);
        }
        String notes = java.nio.file.Files.readString(cache.resolve("binance_trades_2024-01-02_BTCUSDT.csv.gz.sha256"));
        assertThat(notes)
                .contains("# from " + tardis.baseUrl() + FILE, "# asked " + Instant.parse("2025-07-02T12:00:00Z"));
        assertThat(notes).containsPattern("\n[0-9a-f]{64}  binance_trades_2024-01-02_BTCUSDT.csv.gz\n");
        Process check = new ProcessBuilder(
                        "sha256sum", "--status", "-c", "binance_trades_2024-01-02_BTCUSDT.csv.gz.sha256")
                .directory(cache.toFile())
                .start();
        assertThat(check.waitFor()).isZero();
    }
}
