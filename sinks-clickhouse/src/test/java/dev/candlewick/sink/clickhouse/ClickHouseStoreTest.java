package dev.candlewick.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.ContentHash;
import dev.candlewick.Corrupt;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.VerifyReport;
import dev.candlewick.WriteResult;
import dev.candlewick.sink.clickhouse.testing.ClickHouseServer;
import dev.candlewick.spi.Addresses;
import dev.candlewick.testkit.Rows;
import dev.candlewick.testkit.SyntheticCandles;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ClickHouseStoreTest {

    private static final Series BTC = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    private static final TimeRange DAY = TimeRange.day("2024-01-01");

    private final ClickHouseServer server = ClickHouseServer.shared();
    private final String database = server.freshDatabase();
    private final String name = database.substring(database.lastIndexOf('/') + 1);
    private ClickHouseStore store = ClickHouseStore.at(database);

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void theViewHasExactlyTheRowsOfTheStore() {
        write(BTC, DAY, 0);
        write(BTC, DAY, 1);
        write(Series.candles("BINANCE:SPOT_PAIR:ETH-USDT", "1m"), DAY, 0);
        List<List<String>> expected = Rows.of(SyntheticCandles.batches(BTC, DAY, 1));
        String sql = "SELECT open_time, close, volume FROM " + name
                + ".candles_1m WHERE subject = 'BINANCE:SPOT_PAIR:BTC-USDT' ORDER BY open_time";
        List<List<String>> seen = Arrays.stream(server.execute(sql).split("\n"))
                .map(line -> List.of(line.split("\t")))
                .toList();
        assertThat(seen).hasSize(1_440);
        for (int row = 0; row < seen.size(); row++) {
            assertThat(Instant.parse(seen.get(row).get(0).replace(' ', 'T') + "Z")
                            .toString())
                    .isEqualTo(expected.get(row).get(0));
            assertThat(seen.get(row).get(1)).isEqualTo(expected.get(row).get(4));
            assertThat(seen.get(row).get(2)).isEqualTo(expected.get(row).get(5));
        }
        assertThat(sql("SELECT count() FROM candles_1m")).isEqualTo("2880");
    }

    @Test
    void aUnitThatIsReplacedWithFewerRowsHasOnlyThose() {
        write(BTC, DAY, 0);
        TimeRange hour = TimeRange.of("2024-01-01T05:00:00Z", "2024-01-01T06:00:00Z");
        store.write(Batches.of(BTC, DAY, SyntheticCandles.batches(BTC, hour, 1), Provenance.none()));
        assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, hour, 1)));
        assertThat(sql("SELECT count() FROM candles_1m")).isEqualTo("60");
    }

    @Test
    void replacedRowsAreDeletedWhenTheStoreCloses() {
        write(BTC, DAY, 0);
        write(BTC, DAY, 1);
        assertThat(sql("SELECT count() FROM candles_1m_rows")).isEqualTo("2880");
        store.close();
        awaitRows("candles_1m_rows", 1_440);
        store = ClickHouseStore.at(database);
        assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY, 1)));
    }

    @Tag("slow")
    @Test
    void aUnitThatChangesAllTheTimeKeepsItsLedgerShort() {
        TimeRange hour = TimeRange.of("2024-01-01T05:00:00Z", "2024-01-01T06:00:00Z");
        for (int edition = 1; edition <= 2 * Ledger.ROWS_KEPT + 10; edition++) {
            write(BTC, hour, edition);
        }
        store.close();
        awaitRows("candles_1m_rows", 60);
        assertThat(Integer.parseInt(sql("SELECT count() FROM candlewick_ledger")))
                .isLessThan(2 * Ledger.ROWS_KEPT);
        store = ClickHouseStore.at(database);
        assertThat(store.ledger(BTC, DAY).get(0).revision()).isEqualTo(2L * Ledger.ROWS_KEPT + 10);
        assertThat(Rows.of(store, BTC, DAY))
                .isEqualTo(Rows.of(SyntheticCandles.batches(BTC, hour, 2 * Ledger.ROWS_KEPT + 10)));
    }

    @Test
    void aUnitOfSeveralInsertsIsOneUnit() {
        Series wide = new Series(
                BTC.subject(),
                new Dataset(
                        "texts",
                        new Schema(List.of(Field.time("at"), Field.text("note"), Field.int64("n")), "at", List.of("n")),
                        Cadence.events()));
        int rows = new RowsTable(wide.dataset(), ClickHouseLayout.standard()).pieceRows() * 2 + 17;
        List<Batch> batches = new ArrayList<>();
        BatchBuilder builder = new BatchBuilder(wide, 100_000);
        for (int row = 0; row < rows; row++) {
            builder.row(DAY.start().plusSeconds(row / 20), "note " + row % 3, (long) row);
            if (builder.rows() == 99_991) {
                batches.add(builder.build());
            }
        }
        batches.add(builder.build());
        store.write(Batches.of(wide, DAY, batches, Provenance.none()));
        assertThat(Rows.hash(store, wide, DAY)).isEqualTo(ContentHash.of(wide.schema(), batches));
        assertThat(sql("SELECT count() FROM texts_rows")).isEqualTo(Integer.toString(rows));
        assertThat(store.verify(wide).isSound()).isTrue();
    }

    @Test
    void lostRowsAreNoticedByEveryReadAndHealedByWritingAgain() throws Exception {
        write(BTC, DAY, 0);
        sql("DELETE FROM candles_1m_rows WHERE open_time = '2024-01-01 05:00:00'");
        TimeRange elsewhere = TimeRange.of("2024-01-01T07:00:00Z", "2024-01-01T08:00:00Z");
        for (TimeRange range : List.of(DAY, elsewhere, TimeRange.month("2024-01"))) {
            assertThatThrownBy(() -> Rows.of(store, BTC, range))
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining("1439 rows")
                    .hasMessageContaining("1440");
        }
        assertThat(store.verify(BTC).isSound()).isFalse();
        TimeRange month = TimeRange.month("2024-01");
        store.write(Batches.of(BTC, month, SyntheticCandles.batches(BTC, DAY), Provenance.none()));
        assertThat(Rows.of(store, BTC, month)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY)));
    }

    @Test
    void changedRowsAreNoticedByVerifyAndNeverKeptBesideNewOnes() {
        write(BTC, DAY, 0);
        sql("ALTER TABLE candles_1m_rows UPDATE volume = volume + 1 WHERE open_time = '2024-01-01 05:00:00'"
                + " SETTINGS mutations_sync = 2");
        assertThat(store.verify(BTC).refetch()).hasSize(1);
        TimeRange hour = TimeRange.of("2024-01-01T07:00:00Z", "2024-01-01T08:00:00Z");
        assertThatThrownBy(() -> write(BTC, hour, 1))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("Nothing was changed");
        assertThat(store.forget(BTC, DAY)).hasSize(1);
        assertThat(store.ledger(BTC, DAY)).isEmpty();
        assertThat(Rows.of(store, BTC, DAY)).isEmpty();
        assertThat(sql("SELECT count() FROM candles_1m")).isEqualTo("0");
        assertThat(write(BTC, DAY, 0).entries().get(0).revision()).isEqualTo(1);
        assertThat(store.verify(BTC).isSound()).isTrue();
    }

    @Test
    void aDamagedLedgerRowIsNamedAndHealedByWritingTheUnitWhole() {
        write(BTC, DAY, 0);
        sql("ALTER TABLE candlewick_ledger UPDATE text = concat('x', text) WHERE 1 SETTINGS mutations_sync = 2");
        assertThatThrownBy(() -> store.ledger(BTC, DAY))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("2024-01");
        assertThatThrownBy(() -> write(BTC, DAY, 0))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("write the unit whole");
        TimeRange month = TimeRange.month("2024-01");
        write(BTC, month, 0);
        assertThat(Rows.of(store, BTC, month)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, month)));
    }

    @Test
    void aUnitWhoseLedgerRowWasDeletedByHandIsWrittenAgain() {
        for (int deleted = 1; deleted <= 3; deleted++) {
            write(BTC, DAY, deleted);
            sql("ALTER TABLE candlewick_ledger DELETE WHERE 1 SETTINGS mutations_sync = 2");
            assertThat(store.ledger(BTC, DAY)).isEmpty();
        }
        TimeRange month = TimeRange.month("2024-01");
        assertThat(write(BTC, month, 1).entries().get(0).revision()).isEqualTo(1);
        assertThat(Rows.of(store, BTC, month)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, month, 1)));
        sql("ALTER TABLE candlewick_ledger DELETE WHERE 1 SETTINGS mutations_sync = 2");
        write(BTC, month, 2);
        assertThat(store.forget(BTC, month)).hasSize(1);
        assertThat(store.ledger(BTC, month)).isEmpty();
    }

    @Test
    void ofWritersAfterADeletedLedgerRowEveryOneIsToldTheTruth() throws Exception {
        write(BTC, DAY, 0);
        sql("ALTER TABLE candlewick_ledger DELETE WHERE 1 SETTINGS mutations_sync = 2");
        TimeRange month = TimeRange.month("2024-01");
        List<ClickHouseStore> stores = List.of(ClickHouseStore.at(database), ClickHouseStore.at(database));
        List<SinkWriter> writers =
                stores.stream().map(each -> each.open(BTC, month)).toList();
        ExecutorService pool = Executors.newFixedThreadPool(writers.size());
        List<Future<Boolean>> commits = new ArrayList<>();
        for (int edition = 1; edition <= writers.size(); edition++) {
            SinkWriter writer = writers.get(edition - 1);
            SyntheticCandles.batches(BTC, DAY, edition).forEach(writer::append);
            commits.add(pool.submit(() -> {
                try {
                    writer.commit();
                    return true;
                } catch (Unavailable overtaken) {
                    return false;
                }
            }));
        }
        int winner = 0;
        for (int edition = 1; edition <= commits.size(); edition++) {
            if (commits.get(edition - 1).get()) {
                assertThat(winner).as("the winner before").isZero();
                winner = edition;
            }
        }
        pool.shutdown();
        stores.forEach(ClickHouseStore::close);
        assertThat(Rows.of(store, BTC, month)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY, winner)));
    }

    @Test
    void writingAUnitWholeAgainHealsAValueThatWasChangedAndElseWritesNothing() {
        TimeRange month = TimeRange.month("2024-01");
        store.write(Batches.of(BTC, month, SyntheticCandles.batches(BTC, DAY), Provenance.none()));
        sql("ALTER TABLE candles_1m_rows UPDATE volume = volume + 1 WHERE open_time = '2024-01-01 05:00:00'"
                + " SETTINGS mutations_sync = 2");
        store.write(Batches.of(BTC, month, SyntheticCandles.batches(BTC, DAY), Provenance.none()));
        assertThat(store.verify(BTC).isSound()).isTrue();
        assertThat(Rows.of(store, BTC, month)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY)));
        String ledger = sql("SELECT count() FROM candlewick_ledger");
        assertThat(store.write(Batches.of(BTC, month, SyntheticCandles.batches(BTC, DAY), Provenance.none()))
                        .unchanged())
                .isEqualTo(1);
        assertThat(sql("SELECT count() FROM candlewick_ledger")).isEqualTo(ledger);
    }

    @Test
    void klinesHaveTheShapeThatItsUsersKnow() {
        store.close();
        store = ClickHouseStore.builder(database)
                .layout(ClickHouseLayout.klines())
                .build();
        write(BTC, DAY, 0);
        write(BTC, DAY, 1);
        Series days = Series.candles("BINANCE:UM_PERP:BTC-USDT", "1d");
        TimeRange year = TimeRange.year(2023);
        write(days, year, 0);
        assertThat(sql("SELECT count(), min(symbol), max(symbol) FROM klines_1m"))
                .isEqualTo("1440\tBTCUSDT\tBTCUSDT");
        assertThat(sql("SELECT engine, partition_key, sorting_key FROM system.tables WHERE database = '" + name
                        + "' AND name = 'klines_1m_rows'"))
                .isEqualTo("ReplacingMergeTree\ttoYYYYMM(open_time)\tsymbol, subject, open_time, version");
        assertThat(sql("SELECT name, type FROM system.columns WHERE database = '" + name
                        + "' AND table = 'klines_1m_rows' AND name IN ('symbol', 'open', 'version') ORDER BY name"))
                .isEqualTo("open\tDecimal(18, 8)\nsymbol\tLowCardinality(String)\nversion\tUInt64");
        assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY, 1)));
        assertThat(Rows.of(store, days, year)).isEqualTo(Rows.of(SyntheticCandles.batches(days, year)));
        assertThat(sql("SELECT count() FROM klines_1d WHERE symbol = 'BTCUSDT' AND toYear(open_time) = 2023"))
                .isEqualTo("365");
        assertThat(store.series()).containsExactlyInAnyOrder(BTC, days);
    }

    @Test
    void aTableOfAnotherShapeIsRefusedNamingTheDifference() {
        write(BTC, DAY, 0);
        sql("ALTER TABLE candles_1m_rows MODIFY COLUMN trades Int32");
        try (ClickHouseStore fresh = ClickHouseStore.at(database)) {
            assertThatThrownBy(() -> fresh.open(BTC, DAY))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("lacks trades Int64")
                    .hasMessageContaining("has trades Int32");
        }
    }

    @Test
    void aTableOfSomebodyElseIsLeftAlone() {
        sql("CREATE TABLE candles_1m_rows (x UInt8) ENGINE = Memory");
        assertThatThrownBy(() -> store.open(BTC, DAY))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("something else has made");
    }

    @Test
    void twoDatasetsNeverShareATable() {
        Set<String> tables = new HashSet<>();
        List<String> names = List.of(
                "candles:1m",
                "candles_1m",
                "a:b",
                "a_b",
                "a:b_c",
                "a_b:c",
                "a b",
                "A_b",
                "x:1m",
                "x_1m",
                "d_x_1m",
                "a_rows",
                "candles:1d@Europe/Zurich",
                "candlewick:x",
                "é",
                "x".repeat(300),
                "x".repeat(301),
                "a",
                "klines_1m");
        for (String each : names) {
            Series series = BTC.with(new Dataset(each, Schema.CANDLES, BTC.cadence()));
            RowsTable table = new RowsTable(series.dataset(), ClickHouseLayout.standard());
            assertThat(table.name()).matches("[A-Za-z][A-Za-z0-9_]{0,99}");
            assertThat(tables.add(table.name())).as(each).isTrue();
            assertThat(tables.add(table.view())).as(each).isTrue();
        }
        for (String each : List.of("candles:1m", "candles_1m", "a:b", "a_b", "x".repeat(300))) {
            Series series = BTC.with(new Dataset(each, Schema.CANDLES, BTC.cadence()));
            write(series, DAY, each.length());
            assertThat(Rows.of(store, series, DAY))
                    .isEqualTo(Rows.of(SyntheticCandles.batches(series, DAY, each.length())));
        }
    }

    @Test
    void fieldsMayBeCalledWhatTheStoreCallsItsOwnColumns() {
        Schema schema = new Schema(
                List.of(
                        Field.time("at"),
                        Field.text("subject"),
                        Field.int64("version"),
                        Field.int64("row_in_unit"),
                        Field.text("symbol")),
                "at",
                List.of("version"));
        Series series = BTC.with(new Dataset("notes", schema, Cadence.events()));
        Batch rows = new BatchBuilder(series, 2)
                .row(DAY.start(), "a", 1L, 7L, "x")
                .row(DAY.start(), "b", 2L, 6L, "y")
                .build();
        store.write(Batches.of(series, DAY, List.of(rows), Provenance.none()));
        assertThat(Rows.of(store, series, DAY)).isEqualTo(Rows.of(List.of(rows)));
        assertThat(store.verify().isSound()).isTrue();
        assertThat(server.execute("SELECT groupArray(subject), groupArray(version) FROM " + name + ".notes"))
                .isEqualTo("['a','b']\t[1,2]");
    }

    @Test
    void aDatasetIsHeldInOneLayoutOnly() {
        write(BTC, DAY, 0);
        try (ClickHouseStore other = ClickHouseStore.builder(database)
                .layout(ClickHouseLayout.klines())
                .build()) {
            for (ThrowingCallable use : List.<ThrowingCallable>of(
                    () -> other.open(BTC, DAY), () -> Rows.of(other, BTC, DAY), () -> other.forget(BTC, DAY))) {
                assertThatThrownBy(use)
                        .isInstanceOf(Refused.class)
                        .hasMessageContaining("is held in the table 'candles_1m_rows'")
                        .hasMessageContaining("layout 'klines'");
            }
        }
        assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY)));
    }

    @Test
    void aTableOfAnothersIsNotTakenForTheViewOfKlines() {
        server.execute("CREATE TABLE " + name + ".klines_1m (x UInt8) ENGINE = Memory");
        try (ClickHouseStore klines = ClickHouseStore.builder(database)
                .layout(ClickHouseLayout.klines())
                .build()) {
            assertThatThrownBy(() -> klines.open(BTC, DAY))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("something else has made");
        }
    }

    @Test
    void rowsWithoutALedgerAreFoundAndALostLedgerIsMadeAnew() {
        write(BTC, DAY, 0);
        sql("ALTER TABLE candlewick_ledger DELETE WHERE 1 SETTINGS mutations_sync = 2");
        assertOrphans("1440 rows of BINANCE:SPOT_PAIR:BTC-USDT/candles:1m in the month of 2024-01");
        server.execute("DROP TABLE " + name + ".candlewick_ledger SYNC");
        assertOrphans("'candlewick_ledger' is not there");
        SinkWriter writer;
        try (ClickHouseStore fresh = ClickHouseStore.at(database)) {
            fresh.write(Batches.of(BTC, DAY, SyntheticCandles.batches(BTC, DAY), Provenance.none()));
            assertThat(fresh.verify().isSound()).isTrue();
            writer = store.open(BTC, DAY);
            server.execute("DROP TABLE " + name + ".candlewick_ledger SYNC");
        }
        SyntheticCandles.batches(BTC, DAY, 1).forEach(writer::append);
        assertThatThrownBy(writer::commit)
                .isInstanceOf(Refused.class)
                .hasMessageContaining("'candlewick_ledger'")
                .hasMessageContaining("not there any more");
        write(BTC, DAY, 1);
        assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY, 1)));
        assertThat(store.verify().isSound()).isTrue();
    }

    private void assertOrphans(String message) {
        assertThat(store.verify().isSound()).isFalse();
        assertThat(store.verify().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(VerifyReport.Kind.ORPHAN);
            assertThat(finding.place()).isEqualTo("candles_1m_rows");
            assertThat(finding.message()).contains(message);
        });
    }

    @Test
    void columnsThatWereChangedMeanwhileAreRefusedWithTheDifference() {
        write(BTC, DAY, 0);
        sql("ALTER TABLE candles_1m_rows MODIFY COLUMN trades Int32 SETTINGS mutations_sync = 2");
        assertThatThrownBy(() -> Rows.of(store, BTC, DAY))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("has trades Int32");
        sql("ALTER TABLE candles_1m_rows DROP COLUMN trades");
        for (ThrowingCallable use :
                List.<ThrowingCallable>of(() -> Rows.of(store, BTC, DAY), () -> write(BTC, DAY, 1))) {
            assertThatThrownBy(use).isInstanceOf(Refused.class).hasMessageContaining("lacks trades Int64");
        }
    }

    @Tag("slow")
    @Test
    void aUnitThatGrowsAllTheTimeLeavesFewReplacedRows() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2024-02-01T00:00:00Z"));
        Clock clock = new Clock() {
            @Override
            public Instant instant() {
                return now.get();
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
        store.close();
        store = ClickHouseStore.builder(database).clock(clock).build();
        TimeRange month = TimeRange.month("2024-01");
        write(BTC, month, 0);
        for (int append = 1; append <= 30; append++) {
            now.set(now.get().plusMillis(200));
            write(BTC, TimeRange.ofEpochMicros(month.endMicros() - 60_000_000L, month.endMicros()), append);
        }
        Duration patience = Duration.ofSeconds(20);
        long deadline = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < deadline && Long.parseLong(sql("SELECT count() FROM candles_1m_rows")) > 900_000) {
            Thread.onSpinWait();
        }
        assertThat(Long.parseLong(sql("SELECT count() FROM candles_1m_rows")))
                .as("of 1.4 million that were written")
                .isLessThanOrEqualTo(900_000);
        assertThat(Rows.of(store, BTC, month)).hasSize(44_640);
    }

    @Test
    void timesThatClickHouseCannotHoldAreRefused() {
        assertThatThrownBy(() -> store.open(BTC, TimeRange.day("2300-01-01")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("1900 to 2299");
        Series events = new Series(
                BTC.subject(),
                new Dataset(
                        "events",
                        new Schema(List.of(Field.time("at"), Field.time("seen")), "at", List.of("seen")),
                        Cadence.events()));
        Batch late = new BatchBuilder(events, 1)
                .row(DAY.start(), Instant.parse("2300-01-01T00:00:00Z"))
                .build();
        try (SinkWriter writer = store.open(events, DAY)) {
            assertThatThrownBy(() -> writer.append(late))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("Row 0")
                    .hasMessageContaining("'seen'");
            writer.append(late.slice(0, 0));
            assertThat(writer.commit().rows()).isZero();
        }
    }

    @Test
    void theDatabaseIsCreatedByTheFirstWriteAndReadingBeforeIsRefused() {
        String fresh = server.url() + "/" + name + "_new";
        try (ClickHouseStore created = ClickHouseStore.at(fresh)) {
            assertThat(created.ledger(BTC, DAY))
                    .as("asked before the first write")
                    .isEmpty();
            for (ThrowingCallable read : List.<ThrowingCallable>of(
                    created::series,
                    created::verify,
                    () -> created.verify(BTC),
                    () -> created.latest(BTC),
                    () -> Rows.of(created, BTC, DAY))) {
                assertThatThrownBy(read)
                        .isInstanceOf(Refused.class)
                        .hasMessageContaining("there is no database '" + name + "_new'");
            }
            assertThat(server.execute("SELECT count() FROM system.databases WHERE name = '" + name + "_new'"))
                    .isEqualTo("0");
            created.write(Batches.of(BTC, DAY, SyntheticCandles.batches(BTC, DAY), Provenance.none()));
            assertThat(created.series()).containsExactly(BTC);
        } finally {
            server.execute("DROP DATABASE IF EXISTS " + name + "_new SYNC");
        }
    }

    @Test
    void checkOnlyRefusesToCreateAndSaysHow() {
        try (ClickHouseStore strict =
                ClickHouseStore.builder(database).checkOnly().build()) {
            assertThatThrownBy(() -> strict.open(BTC, DAY))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("CREATE TABLE IF NOT EXISTS `candles_1m_rows`");
            write(BTC, DAY, 0);
            strict.open(BTC, DAY).close();
        }
    }

    @Test
    void aStoreIsOpenedByAddress() {
        try (Store opened = Addresses.store("clickhouse:" + database, Map.of())) {
            assertThat(opened.name()).isEqualTo("clickhouse:" + database);
            opened.write(Batches.of(BTC, DAY, SyntheticCandles.batches(BTC, DAY), Provenance.none()));
        }
        assertThat(Rows.of(store, BTC, DAY)).hasSize(1_440);
    }

    @Test
    void readsThatAreLeftHalfWayHoldNoConnections() {
        Series hours = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1s");
        TimeRange days = TimeRange.of("2024-01-01", "2024-01-02");
        write(hours, days, 0);
        for (int read = 0; read < 100; read++) { // more than the connections that a store may have
            try (Batches batches = store.read(hours, days)) {
                assertThat(batches.iterator().next().rows()).isPositive();
            }
        }
        assertThat(store.verify(hours).isSound()).isTrue();
    }

    @Test
    void aClosedStoreSaysSo() {
        SinkWriter writer = store.open(BTC, DAY);
        store.close();
        assertThatThrownBy(writer::commit).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store.read(BTC, DAY)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store.series()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void compressedOrNotTheRowsAreTheSame() {
        write(BTC, DAY, 0);
        try (ClickHouseStore compressed =
                ClickHouseStore.builder(database).compressed().build()) {
            assertThat(Rows.of(compressed, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY)));
            compressed.write(Batches.of(BTC, DAY, SyntheticCandles.batches(BTC, DAY, 1), Provenance.none()));
        }
        assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY, 1)));
    }

    private WriteResult write(Series series, TimeRange range, int edition) {
        return store.write(
                Batches.of(series, range, SyntheticCandles.batches(series, range, edition), Provenance.none()));
    }

    private String sql(String statement) {
        return server.execute(statement
                .replace("FROM candle", "FROM " + name + ".candle")
                .replace("FROM klines", "FROM " + name + ".klines")
                .replace("FROM texts", "FROM " + name + ".texts")
                .replace("TABLE candle", "TABLE " + name + ".candle"));
    }

    private void awaitRows(String table, long rows) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < deadline
                && !sql("SELECT count() FROM " + table).equals(Long.toString(rows))) {
            Thread.onSpinWait();
        }
        assertThat(sql("SELECT count() FROM " + table)).isEqualTo(Long.toString(rows));
    }
}
