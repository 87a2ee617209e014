package dev.candlewick.sink.parquet.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Corrupt;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.VerifyReport;
import dev.candlewick.sink.parquet.CombineResult;
import dev.candlewick.sink.parquet.Layout;
import dev.candlewick.sink.parquet.ParquetStore;
import dev.candlewick.sink.parquet.objects.ObjectBytes;
import dev.candlewick.sink.parquet.objects.ObjectHead;
import dev.candlewick.sink.parquet.objects.ObjectStorage;
import dev.candlewick.sink.parquet.objects.Precondition;
import dev.candlewick.testkit.Rows;
import dev.candlewick.testkit.SyntheticCandles;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to a Parquet store on objects. */
class ObjectStoreTest {

    private static final Series HOURS = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1h");
    private static final TimeRange JANUARY = TimeRange.month("2024-01");
    private static final TimeRange QUARTER = TimeRange.of("2024-01-01", "2024-04-01");
    private static final String NAME =
            "dataset=candles%3A1h/venue=BINANCE/kind=SPOT_PAIR/code=BTC-USDT/2024-01.parquet";
    private static final String MANIFEST =
            "_candlewick/manifests/dataset=candles%3A1h/venue=BINANCE/kind=SPOT_PAIR/code=BTC-USDT.json";

    @TempDir(factory = QuickDirectory.class)
    Path directory;

    private ObjectStorage storage = ObjectStorage.inDirectory(Path.of("."));

    @BeforeEach
    void openStorage() {
        storage = ObjectStorage.inDirectory(directory);
    }

    @AfterEach
    void closeStorage() {
        storage.close();
    }

    @Test
    void aUnitIsOneObjectUnderTheNameOfTheLayout() throws IOException {
        write(QUARTER, 0);
        List<String> names = new ArrayList<>();
        try (var files = Files.walk(directory)) {
            files.filter(file -> file.toString().endsWith(".parquet"))
                    .forEach(file -> names.add(directory.relativize(file).toString()));
        }
        assertThat(names)
                .containsExactlyInAnyOrder(
                        NAME, NAME.replace("2024-01", "2024-02"), NAME.replace("2024-01", "2024-03"));
    }

    @Test
    void anotherLayoutThanTheOneBegunWithIsRefused() {
        write(JANUARY, 0);
        Layout other = new Layout() {
            @Override
            public String name() {
                return "flat";
            }

            @Override
            public Path file(Series series, TimeRange unit) {
                return Path.of(series.subject().code() + "-" + unit.startMicros() + ".parquet");
            }
        };
        try (Store store = ParquetStore.builder(storage).layout(other).build()) {
            assertThatThrownBy(store::series).isInstanceOf(Refused.class).hasMessageContaining("'hive'");
        }
    }

    @Test
    void aLayoutOfOnesOwnHoldsSeveralSeries() {
        Layout flat = new Layout() {
            @Override
            public String name() {
                return "flat";
            }

            @Override
            public Path file(Series series, TimeRange unit) {
                return Path.of(series.subject().code() + "-" + unit.startMicros() + ".parquet");
            }
        };
        Series other = Series.candles("BINANCE:SPOT_PAIR:ETH-USDT", "1h");
        try (Store store = ParquetStore.builder(storage).layout(flat).build()) {
            for (Series series : List.of(HOURS, other)) {
                store.write(Batches.of(series, QUARTER, SyntheticCandles.batches(series, QUARTER), Provenance.none()));
            }
            assertThat(store.series()).containsExactly(HOURS, other);
            assertThat(store.ledger(other, QUARTER)).hasSize(3);
            assertThat(Rows.of(store, other, QUARTER)).isEqualTo(Rows.of(SyntheticCandles.batches(other, QUARTER)));
            assertThat(store.verify().isSound()).isTrue();
        }
    }

    @Test
    void withoutItsManifestAStoreIsTheSame() {
        write(QUARTER, 0);
        List<LedgerEntry> before = ledger();
        ObjectHead manifest = storage.head(MANIFEST).orElseThrow();
        storage.delete(MANIFEST, manifest.version());
        assertThat(ledger()).isEqualTo(before);
    }

    @Test
    void aDamagedManifestIsNotBelieved() {
        write(QUARTER, 0);
        List<LedgerEntry> before = ledger();
        for (String damaged : List.of("", "{}", "no json", "{\"format\":1,\"objects\":[]}", "\u0000".repeat(1_000))) {
            overwrite(MANIFEST, damaged.getBytes(StandardCharsets.UTF_8));
            assertThat(ledger()).isEqualTo(before);
        }
        byte[] text = content(MANIFEST);
        write(QUARTER, 1);
        byte[] now = content(MANIFEST);
        assertThat(now).isNotEqualTo(text);
        now[now.length / 2] ^= 1;
        List<LedgerEntry> after = ledger();
        overwrite(MANIFEST, now);
        assertThat(ledger()).isEqualTo(after);
    }

    @Test
    void aStaleManifestIsNotBelievedOfWhatWasReplacedSince() {
        write(QUARTER, 0);
        byte[] stale = content(MANIFEST);
        write(JANUARY, 1);
        List<LedgerEntry> now = ledger();
        assertThat(now.get(0).revision()).isEqualTo(2);
        overwrite(MANIFEST, stale);
        assertThat(ledger()).isEqualTo(now);
    }

    @Test
    void aManifestIsWrittenAnewFromTheObjects() {
        write(QUARTER, 0);
        byte[] manifest = content(MANIFEST);
        storage.delete(MANIFEST, storage.head(MANIFEST).orElseThrow().version());
        try (ParquetStore store = ParquetStore.on(storage)) {
            store.writeManifest();
        }
        assertThat(content(MANIFEST)).isEqualTo(manifest);
    }

    @Test
    void aForeignFileUnderAUnitsNameIsNotGuessedAt() throws SQLException {
        write(QUARTER, 0);
        storage.delete(NAME, storage.head(NAME).orElseThrow().version());
        query("COPY (SELECT 1 AS open_time) TO '" + directory.resolve(NAME) + "' (FORMAT parquet)");
        try (Store store = ParquetStore.on(storage)) {
            assertThatThrownBy(() -> store.ledger(HOURS, QUARTER))
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining(NAME)
                    .hasMessageContaining("no receipt")
                    .hasMessageContaining("quarantine");
            assertThatThrownBy(() -> Rows.of(store, HOURS, QUARTER)).isInstanceOf(Corrupt.class);
            TimeRange day = TimeRange.day("2024-01-05");
            assertThatThrownBy(() -> store.write(
                            Batches.of(HOURS, day, SyntheticCandles.batches(HOURS, day), Provenance.none())))
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining("write the unit whole");
            VerifyReport report = store.verify();
            assertThat(report.isSound()).isFalse();
            assertThat(report.refetch()).containsExactly(new VerifyReport.Unit(HOURS, JANUARY));
            assertThat(store.forget(HOURS, JANUARY)).hasSize(1).allMatch(kept -> kept.contains("quarantine"));
        }
        write(JANUARY, 0);
        try (Store store = ParquetStore.on(storage)) {
            assertThat(store.verify().isSound()).isTrue();
            assertThat(Rows.of(store, HOURS, QUARTER)).isEqualTo(Rows.of(SyntheticCandles.batches(HOURS, QUARTER)));
        }
    }

    @Test
    void aUnitThatIsWrittenWholeHealsADamagedObjectAndKeepsItAside() {
        write(QUARTER, 0);
        byte[] damaged = content(NAME);
        damaged[damaged.length - 20] ^= 1;
        overwrite(NAME, damaged);
        write(JANUARY, 0);
        try (Store store = ParquetStore.on(storage)) {
            assertThat(store.verify().isSound()).isTrue();
        }
        assertThat(content("_candlewick/quarantine/" + NAME.replace("2024-01.parquet", "_2024-01.parquet.1.damaged")))
                .isEqualTo(damaged);
    }

    @Test
    void theSameRowsHealAnObjectOfWhichARowWasDamaged() {
        write(QUARTER, 0);
        byte[] damaged = content(NAME);
        damaged[damaged.length / 3] ^= 1;
        overwrite(NAME, damaged);
        try (Store store = ParquetStore.on(storage)) {
            assertThat(store.verify().refetch()).containsExactly(new VerifyReport.Unit(HOURS, JANUARY));
            assertThatThrownBy(() -> Rows.of(store, HOURS, JANUARY)).isInstanceOf(Corrupt.class);
        }
        write(JANUARY, 0);
        try (Store store = ParquetStore.on(storage)) {
            assertThat(store.verify().isSound()).isTrue();
        }
    }

    @Test
    void everyByteThatIsFlippedIsFoundOrHarmless() {
        write(JANUARY, 0);
        byte[] sound = content(NAME);
        List<List<String>> rows = Rows.of(SyntheticCandles.batches(HOURS, JANUARY));
        for (int at = 3; at < sound.length; at += 211) {
            byte[] damaged = sound.clone();
            damaged[at] ^= 0x10;
            overwrite(NAME, damaged);
            try (Store store = ParquetStore.on(storage)) {
                if (store.verify().isSound()) {
                    assertThat(Rows.of(store, HOURS, JANUARY)).as("byte %s", at).isEqualTo(rows);
                }
            }
        }
    }

    @Test
    void aCopyOfAnObjectBesideItIsFoundAndNotRead() {
        write(QUARTER, 0);
        storage.write(NAME.replace("2024-01", "2024-01 (1)"), ObjectBytes.of(content(NAME)), Precondition.absent());
        storage.write(NAME.replace("2024-01", "2025-01"), ObjectBytes.of(content(NAME)), Precondition.absent());
        try (Store store = ParquetStore.on(storage)) {
            assertThat(store.ledger(HOURS, QUARTER)).hasSize(3);
            assertThat(Rows.of(store, HOURS, QUARTER)).isEqualTo(Rows.of(SyntheticCandles.batches(HOURS, QUARTER)));
            assertThatThrownBy(() -> store.ledger(HOURS, TimeRange.month("2025-01")))
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining("copy of");
            assertThat(store.verify().findings()).hasSize(2);
        }
    }

    @Test
    void twoStoresWithClocksThatDifferWriteOneSeriesAtOnce() throws Exception {
        List<TimeRange> weeks = QUARTER.split(Duration.ofDays(7));
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (Store fast = store(Instant.parse("2031-01-01T00:00:00Z"));
                Store slow = store(Instant.parse("2019-01-01T00:00:00Z"))) {
            List<Callable<Void>> writers = new ArrayList<>();
            for (int parity = 0; parity < 2; parity++) {
                Store store = parity == 0 ? fast : slow;
                int first = parity;
                writers.add(() -> {
                    for (int i = first; i < weeks.size(); i += 2) {
                        TimeRange week = weeks.get(i);
                        store.write(Batches.of(HOURS, week, SyntheticCandles.batches(HOURS, week), Provenance.none()));
                    }
                    return null;
                });
            }
            for (Future<Void> writer : threads.invokeAll(writers)) {
                writer.get();
            }
        } finally {
            threads.shutdownNow();
        }
        try (Store store = ParquetStore.on(storage)) {
            assertThat(Rows.of(store, HOURS, QUARTER)).isEqualTo(Rows.of(SyntheticCandles.batches(HOURS, QUARTER)));
            assertThat(store.coverage(HOURS, QUARTER).isComplete()).isTrue();
            assertThat(store.verify().isSound()).isTrue();
        }
    }

    @Test
    void aReadOfALargeUnitThatIsReplacedMeanwhileSaysSo() {
        Series minutes = TwoYears.SERIES;
        TimeRange month = TwoYears.MONTHS.get(0);
        try (ParquetStore store = ParquetStore.builder(storage).memory(1 << 16).build()) {
            store.write(Batches.of(minutes, month, TwoYears.rows(month), Provenance.none()));
            TimeRange most = TimeRange.of(month.start().plus(Duration.ofHours(1)), month.end());
            try (Batches cursor = store.read(minutes, most)) {
                Iterator<Batch> batches = cursor.iterator();
                batches.next();
                store.write(Batches.of(minutes, month, SyntheticCandles.batches(minutes, month, 1), Provenance.none()));
                assertThatThrownBy(() -> batches.forEachRemaining(batch -> {}))
                        .isInstanceOf(Unavailable.class)
                        .hasMessageContaining("replaced")
                        .hasMessageContaining("read it again");
            }
            assertThat(Rows.of(store, minutes, most)).isEqualTo(Rows.of(SyntheticCandles.batches(minutes, most, 1)));
        }
    }

    @Test
    void aUnitOfAnySizePassesThroughLittleMemory() {
        Series minutes = TwoYears.SERIES;
        TimeRange months = TwoYears.MONTHS.get(0).span(TwoYears.MONTHS.get(2));
        try (ParquetStore store = ParquetStore.builder(storage).memory(1 << 16).build()) {
            store.write(Batches.of(minutes, months, TwoYears.rows(months), Provenance.none()));
            assertThat(Rows.of(store, minutes, months)).isEqualTo(Rows.of(TwoYears.rows(months)));
            assertThat(store.verify().isSound()).isTrue();
        }
    }

    @Test
    void unitsAreCombinedIntoOneFileOfTheDisk() {
        write(QUARTER, 0);
        try (ParquetStore store = ParquetStore.on(storage)) {
            Path target = directory.resolveSibling(directory.getFileName() + "-all.parquet");
            CombineResult combined = store.combine(HOURS, QUARTER, target);
            assertThat(combined.rows()).isEqualTo(91 * 24);
            assertThat(combined.contentHash()).isEqualTo(Rows.hash(store, HOURS, QUARTER));
            assertThat(target).exists().satisfies(file -> Files.delete(file));
        }
    }

    @Test
    void enginesReadExactlyTheStoredRows() throws SQLException {
        write(QUARTER, 0);
        write(TimeRange.day("2024-02-10"), 1);
        try (Store store = ParquetStore.on(storage)) {
            store.forget(HOURS, TimeRange.month("2024-03"));
            store.write(Batches.of(HOURS, TimeRange.month("2024-04"), List.of(), Provenance.none()));
            List<String> counted = query("SELECT count(*) || ' ' || count(DISTINCT open_time) || ' ' || min(code) FROM"
                    + " read_parquet('" + directory + "/*/*/*/*/*.parquet', hive_partitioning = true)");
            assertThat(counted).containsExactly("1440 1440 BTC-USDT");
            List<String> closes = query(
                    "SELECT close::VARCHAR FROM read_parquet('" + directory + "/**/*.parquet') ORDER BY open_time");
            int close = HOURS.schema().indexOf("close");
            List<String> expected = new ArrayList<>();
            try (Batches batches = store.read(HOURS, QUARTER)) {
                for (Batch batch : batches) {
                    for (int row = 0; row < batch.rows(); row++) {
                        expected.add(plain(batch.columns().get(close).text(row)));
                    }
                }
            }
            assertThat(closes.stream().map(ObjectStoreTest::plain).toList())
                    .hasSize(1_440)
                    .isEqualTo(expected);
        }
    }

    private static String plain(String decimal) {
        return new BigDecimal(decimal).stripTrailingZeros().toPlainString();
    }

    private Store store(Instant now) {
        return ParquetStore.builder(storage)
                .clock(Clock.fixed(now, ZoneOffset.UTC))
                .build();
    }

    private List<LedgerEntry> ledger() {
        try (Store store = ParquetStore.on(storage)) {
            return store.ledger(HOURS, QUARTER);
        }
    }

    private void write(TimeRange range, int edition) {
        try (Store store = ParquetStore.on(storage)) {
            store.write(Batches.of(HOURS, range, SyntheticCandles.batches(HOURS, range, edition), Provenance.none()));
        }
    }

    private byte[] content(String name) {
        return storage.read(name, Optional.empty(), 0, 1 << 24).orElseThrow().bytes();
    }

    private void overwrite(String name, byte[] content) {
        Precondition precondition = storage.head(name)
                .map(ObjectHead::version)
                .map(Precondition::unchangedSince)
                .orElseGet(Precondition::absent);
        assertThat(storage.write(name, ObjectBytes.of(content), precondition)).isPresent();
    }

    private static List<String> query(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            if (statement.execute(sql)) {
                try (ResultSet result = statement.getResultSet()) {
                    while (result.next()) {
                        rows.add(result.getString(1));
                    }
                }
            }
        }
        return rows;
    }
}
