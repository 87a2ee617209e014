package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Answer;
import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Cancelled;
import dev.candlewick.Column;
import dev.candlewick.ContentHash;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.LedgerEntry;
import dev.candlewick.MarketDataException;
import dev.candlewick.Provenance;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import dev.candlewick.Unavailable;
import dev.candlewick.VerifyReport;
import dev.candlewick.WriteResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store must do. Extend it, say how an empty store is opened, and run it as a JUnit test. */
public abstract class StoreContract extends StoreSharingContract {

    /** For subclasses. */
    protected StoreContract() {}

    @Test
    void whatWasWrittenIsReadBackExactly() throws Exception {
        write(BTC, DAY, 0);
        store = reopen(store);
        assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY)));
        assertThat(store.coverage(BTC, DAY).isComplete()).isTrue();
        assertThat(store.series()).containsExactly(BTC);
    }

    @Test
    void theLedgerAgreesWithTheRowsAlsoAfterReopening() throws Exception {
        write(BTC, DAY, 0);
        List<LedgerEntry> before = store.ledger(BTC, DAY);
        store = reopen(store);
        LedgerEntry entry = store.ledger(BTC, DAY).get(0);
        assertThat(store.ledger(BTC, DAY)).isEqualTo(before);
        assertThat(entry.rows()).isEqualTo(1_440);
        assertThat(entry.contentHash()).isEqualTo(Rows.hash(store, BTC, entry.unit()));
    }

    @Test
    void committingTheSameRowsAgainChangesNothing() {
        write(BTC, DAY, 0);
        List<LedgerEntry> before = store.ledger(BTC, DAY);
        WriteResult again = write(BTC, DAY, 0);
        assertThat(again.unchanged()).isEqualTo(1);
        assertThat(store.ledger(BTC, DAY)).isEqualTo(before);
    }

    @Test
    void aRangeIsReplacedExactly() {
        write(BTC, DAY, 0);
        TimeRange hour = TimeRange.of("2024-01-01T05:00:00Z", "2024-01-01T06:00:00Z");
        write(BTC, hour, 1);
        List<List<String>> expected =
                new ArrayList<>(Rows.of(SyntheticCandles.batches(BTC, DAY)).subList(0, 300));
        expected.addAll(Rows.of(SyntheticCandles.batches(BTC, hour, 1)));
        expected.addAll(Rows.of(SyntheticCandles.batches(BTC, DAY)).subList(360, 1_440));
        assertThat(Rows.of(store, BTC, DAY)).isEqualTo(expected);
        assertThat(store.ledger(BTC, DAY).get(0).revision()).isEqualTo(2);
    }

    @Test
    void theOrderOfWritesDoesNotMatter() {
        List<TimeRange> days = TimeRange.of("2024-01-01", "2024-01-05").split(Duration.ofHours(36));
        for (int i = days.size() - 1; i >= 0; i--) {
            write(BTC, days.get(i), 0);
        }
        TimeRange all = TimeRange.of("2024-01-01", "2024-01-05");
        assertThat(Rows.hash(store, BTC, all))
                .isEqualTo(ContentHash.of(BTC.schema(), SyntheticCandles.batches(BTC, all)));
    }

    @Test
    void aRangeOverABorderCommitsBothUnits() {
        assertThat(write(BTC, MONTHS_BORDER, 0).entries()).hasSize(2);
        assertThat(store.coverage(BTC, MONTHS_BORDER).isComplete()).isTrue();
    }

    @Test
    void aHoleInTheMiddleIsFound() {
        write(BTC, TimeRange.of("2024-01-01T00:00:00Z", "2024-01-01T06:00:00Z"), 0);
        write(BTC, TimeRange.of("2024-01-01T07:00:00Z", "2024-01-02T00:00:00Z"), 0);
        assertThat(store.coverage(BTC, DAY).gaps())
                .containsExactly(Gap.notFetched(TimeRange.of("2024-01-01T06:00:00Z", "2024-01-01T07:00:00Z")));
    }

    @Test
    void aCommitWithoutRowsRecordsWhatIsProven() throws Exception {
        Gap outage = new Gap(DAY, GapReason.VENUE_OUTAGE, "status page", PROVEN, Gap.NEVER);
        store.write(Batches.of(BTC, DAY, List.of(), new Provenance("s", List.of(), List.of(outage), List.of())));
        store = reopen(store);
        assertThat(store.coverage(BTC, DAY).gaps()).containsExactly(outage);
        assertThat(Rows.of(store, BTC, DAY)).isEmpty();
        try (Batches cursor = store.read(BTC, DAY)) {
            cursor.forEach(batch -> {});
            assertThat(cursor.provenance().gaps()).containsExactly(outage);
        }
    }

    @Test
    void rowsSetAsideAreRemembered() throws Exception {
        QuarantinedRow bad = new QuarantinedRow("a.csv", 7, "close", "not a number", "1,2,x");
        store.write(Batches.of(
                BTC, DAY, SyntheticCandles.batches(BTC, DAY), new Provenance("s", List.of(), List.of(), List.of(bad))));
        store = reopen(store);
        assertThat(store.ledger(BTC, DAY).get(0).quarantined()).containsExactly(bad);
    }

    @Test
    void closingWithoutCommitDropsEverything() throws Exception {
        write(BTC, DAY, 0);
        try (SinkWriter writer = store.open(BTC, DAY)) {
            SyntheticCandles.batches(BTC, DAY, 1).forEach(writer::append);
        }
        store = reopen(store);
        assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY)));
    }

    @Test
    void rowsOutsideTheRangeBackwardsOrTwiceAreRefusedAndNothingIsWritten() {
        Batch batch = SyntheticCandles.batch(BTC, DAY);
        try (SinkWriter writer = store.open(BTC, TimeRange.day("2024-01-02"))) {
            assertThatThrownBy(() -> writer.append(batch)).isInstanceOf(IllegalArgumentException.class);
        }
        try (SinkWriter writer = store.open(BTC, DAY)) {
            writer.append(batch);
            assertThatThrownBy(() -> writer.append(batch)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> writer.append(batch.slice(1_439, 1_440))).hasMessageContaining("repeats");
        }
        assertThat(store.ledger(BTC, DAY)).isEmpty();
    }

    @Test
    void filledRowsAreRefused() {
        assertThatThrownBy(() -> store.open(BTC.with(BTC.dataset().filled()), DAY))
                .isInstanceOf(Refused.class);
    }

    @Test
    void anotherSchemaUnderTheSameNameIsRefused() {
        write(BTC, DAY, 0);
        Series drifted =
                BTC.with(new Dataset(BTC.dataset().name(), BTC.schema().with(Field.int64("extra")), BTC.cadence()));
        assertThatThrownBy(() -> store.open(drifted, DAY))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("BTC-USDT");
    }

    @Test
    void anySymbolWorksAndSeriesDoNotMix() {
        for (String code : List.of("币安人生-USDT", "1000PEPE-USDT", "BTC-USDT:USDT", "..", "con", "a b%2e")) {
            Series series = Series.candles("BINANCE:SPOT_PAIR:" + code, "1m");
            write(series, DAY, 0);
            assertThat(Rows.of(store, series, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(series, DAY)));
        }
        assertThat(store.series()).hasSize(6).isSorted();
    }

    @Test
    void volumesOf38DigitsSurvive() throws Exception {
        TimeRange minute = TimeRange.of("2024-01-01T00:00:00Z", "2024-01-01T00:01:00Z");
        String widest = "9".repeat(30) + "." + "9".repeat(8);
        Batch batch = new BatchBuilder(BTC, 1)
                .row(minute.start(), "1", "1", "1", "1", widest, minute.end().minusMillis(1), widest, 1L, "0", "0")
                .build();
        store.write(Batches.of(BTC, minute, List.of(batch), Provenance.none()));
        store = reopen(store);
        assertThat(Rows.of(store, BTC, minute)).isEqualTo(Rows.of(List.of(batch)));
    }

    @Test
    void aReadOutsideWhatIsThereIsEmptyAndSaysNotFetched() {
        TimeRange elsewhere = TimeRange.day("2019-05-05");
        write(BTC, DAY, 0);
        assertThat(Rows.of(store, BTC, elsewhere)).isEmpty();
        assertThat(store.coverage(BTC, elsewhere).gaps()).containsExactly(Gap.notFetched(elsewhere));
    }

    @Test
    void writersOfOneUnitAtTheSameTimeLeaveOneResult() throws Exception {
        List<TimeRange> hours = DAY.split(Duration.ofHours(3));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<WriteResult>> writes = new ArrayList<>();
            hours.forEach(hour -> writes.add(() -> write(BTC, hour, 0)));
            for (Future<WriteResult> written : threads.invokeAll(writes)) {
                written.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY)));
    }

    @Test
    void aReaderBesideReplacesSeesWhollyOldOrWhollyNewRows() throws Exception {
        write(BTC, DAY, 0);
        List<List<List<String>>> editions =
                List.of(Rows.of(SyntheticCandles.batches(BTC, DAY, 0)), Rows.of(SyntheticCandles.batches(BTC, DAY, 1)));
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            Future<?> replacing = threads.submit(() -> {
                for (int edition = 1; edition <= 20; edition++) {
                    write(BTC, DAY, edition % 2);
                }
            });
            int reads = 0;
            while (!replacing.isDone() || reads < 3) {
                assertThat(editions).contains(Rows.of(store, BTC, DAY));
                reads++;
            }
            replacing.get();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aReaderThatBeganBeforeAReplaceEndsWithOneOfTheTwo() {
        write(BTC, DAY, 0);
        List<Batch> seen = new ArrayList<>();
        try (Batches cursor = store.read(BTC, DAY)) {
            Iterator<Batch> batches = cursor.iterator();
            seen.add(batches.next());
            write(BTC, DAY, 1);
            batches.forEachRemaining(seen::add);
        }
        assertThat(List.of(
                        Rows.of(SyntheticCandles.batches(BTC, DAY, 0)), Rows.of(SyntheticCandles.batches(BTC, DAY, 1))))
                .contains(Rows.of(seen));
    }

    @Test
    void everyOrderAndSplitOfWritesGivesTheSameStore() throws Exception {
        TimeRange range = TimeRange.of("2024-01-30T00:00:00Z", "2024-02-02T00:00:00Z");
        write(BTC, range, 0);
        List<LedgerEntry> expected = store.ledger(BTC, range);
        for (int seed = 0; seed < 5; seed++) {
            Series series = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
            Random random = new Random(seed);
            Store other = MemoryStore.create();
            List<TimeRange> pieces = new ArrayList<>();
            TimeRange left = range;
            while (true) {
                List<TimeRange> cut = left.split(Duration.ofMinutes(1 + random.nextInt(2_000)));
                pieces.add(cut.get(0));
                if (cut.size() == 1) {
                    break;
                }
                left = TimeRange.of(cut.get(1).start(), range.end());
            }
            Collections.shuffle(pieces, random);
            pieces.forEach(piece -> store.write(
                    Batches.of(series, piece, SyntheticCandles.batches(series, piece, 0), Provenance.none())));
            pieces.forEach(piece -> other.write(
                    Batches.of(series, piece, SyntheticCandles.batches(series, piece, 0), Provenance.none())));
            assertSameRows(store.ledger(BTC, range), expected);
            assertSameRows(other.ledger(BTC, range), expected);
            // The next seed starts from rows that all differ.
            write(BTC, range, seed + 1);
            assertThat(store.ledger(BTC, range).get(0).contentHash())
                    .isNotEqualTo(expected.get(0).contentHash());
        }
    }

    @Test
    void anAttemptThatEndsLateWithTheSameRowsChangesNothing() {
        try (SinkWriter late = store.open(BTC, DAY)) {
            SyntheticCandles.batches(BTC, DAY).forEach(late::append);
            write(BTC, DAY, 0);
            List<LedgerEntry> before = store.ledger(BTC, DAY);
            assertThat(late.commit().unchanged()).isEqualTo(1);
            assertThat(store.ledger(BTC, DAY)).isEqualTo(before);
        }
    }

    @Test
    void aReadGivesExactlyTheRowsInside() {
        TimeRange days = TimeRange.of("2024-01-30T00:00:00Z", "2024-02-02T00:00:00Z");
        write(BTC, days, 0);
        List<List<String>> all = Rows.of(SyntheticCandles.batches(BTC, days));
        Random random = new Random(1);
        for (int i = 0; i < 60; i++) {
            long start = days.startMicros() - 3_600_000_000L + random.nextLong(4 * 86_400_000_000L);
            long end = start + 1 + random.nextLong(i % 3 == 0 ? 200_000_000L : 2 * 86_400_000_000L);
            TimeRange range = TimeRange.ofEpochMicros(start, end);
            List<List<String>> inside = all.stream()
                    .filter(row -> range.contains(Instant.parse(row.get(0))))
                    .toList();
            assertThat(Rows.of(store, BTC, range)).as("%s", range).isEqualTo(inside);
        }
    }

    @Test
    void readsOfPiecesTogetherAreTheWhole() {
        write(BTC, DAY, 0);
        List<List<String>> joined = new ArrayList<>();
        for (TimeRange piece : DAY.split(Duration.ofSeconds(12_345))) {
            joined.addAll(Rows.of(store, BTC, piece));
        }
        assertThat(joined).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY)));
    }

    @Test
    void someColumnsAreReadAsTheyAreInWholeRows() throws Exception {
        store.write(Batches.of(EVENTS, DAY, List.of(everyType()), Provenance.none()));
        write(BTC, MONTHS_BORDER, 0);
        for (Series series : List.of(EVENTS, BTC)) {
            TimeRange range = series.equals(BTC) ? MONTHS_BORDER : DAY;
            for (String name : series.schema().names()) {
                List<String> names = series.schema().select(List.of(name)).stream()
                        .map(Field::name)
                        .toList();
                List<List<String>> whole = new ArrayList<>();
                List<List<String>> some = new ArrayList<>();
                try (Batches batches = store.read(series, range)) {
                    batches.forEach(batch -> whole.addAll(Rows.of(List.of(batch.select(names)))));
                }
                try (Batches batches = store.read(series, range, List.of(name))) {
                    for (Batch batch : batches) {
                        assertThat(batch.columns()).extracting(Column::name).isEqualTo(names);
                        some.addAll(Rows.of(List.of(batch)));
                    }
                    assertThat(batches.provenance().gaps()).isEmpty();
                }
                assertThat(some).as("%s of %s", name, series).isNotEmpty().isEqualTo(whole);
            }
        }
    }

    @Test
    void anUnknownColumnIsRefusedNamingThoseThereAre() {
        assertThatThrownBy(() -> store.read(BTC, DAY, List.of("open", "id")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'id'")
                .hasMessageContaining("taker_buy_volume");
    }

    @Test
    void rowsReadWithoutSomeColumnsAreNotWritten() {
        write(BTC, DAY, 0);
        List<LedgerEntry> before = store.ledger(BTC, DAY);
        try (Batches some = store.read(BTC, DAY, List.of("close"))) {
            assertThatThrownBy(() -> store.write(some))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[open_time, close]");
        }
        assertThat(store.ledger(BTC, DAY)).isEqualTo(before);
    }

    @Test
    void manySeriesAreHeldSideBySide() throws Exception {
        TimeRange hour = TimeRange.of("2024-01-01T00:00:00Z", "2024-01-01T01:00:00Z");
        List<Series> many = IntStream.range(0, 60)
                .mapToObj(i -> Series.candles("BINANCE:SPOT_PAIR:C" + i + "-USDT", i % 2 == 0 ? "1m" : "5m"))
                .sorted()
                .toList();
        many.forEach(series -> write(series, hour, 0));
        store = reopen(store);
        assertThat(store.series()).isEqualTo(many);
        for (Series series : many) {
            assertThat(Rows.of(store, series, hour)).isEqualTo(Rows.of(SyntheticCandles.batches(series, hour)));
        }
    }

    @Test
    void subjectsThatDifferOnlyInCaseOrAccentsAreDifferent() {
        TimeRange minute = TimeRange.of("2024-01-01T00:00:00Z", "2024-01-01T00:01:00Z");
        List<Series> alike = new ArrayList<>();
        for (String code :
                List.of("abc", "ABC", "Abc", "é", "e\u0301", "ı", "i", "İ", "a%20b", "a b", "a+b", "a.", "a")) {
            alike.add(Series.candles("BINANCE:SPOT_PAIR:" + code, "1m"));
        }
        alike.forEach(series -> write(series, minute, 0));
        assertThat(store.series()).containsExactlyInAnyOrderElementsOf(alike);
        for (Series series : alike) {
            assertThat(Rows.of(store, series, minute)).isEqualTo(Rows.of(SyntheticCandles.batches(series, minute)));
        }
    }

    @Test
    void hostileSubjectsStayInsideTheStore() {
        TimeRange minute = TimeRange.of("2024-01-01T00:00:00Z", "2024-01-01T00:01:00Z");
        for (String code : List.of(
                "..\\..\\etc",
                "%2e%2e%2f",
                "CON",
                "nul.txt",
                "x'; DROP TABLE units; --",
                "\"quoted\"",
                "<script>",
                "\u200egnp.exe",
                "a\u200db",
                "=cmd|' '!A0",
                "*?",
                "x".repeat(150))) {
            Series series = Series.candles("BINANCE:SPOT_PAIR:" + code, "1m");
            write(series, minute, 0);
            assertThat(store.series()).contains(series);
            assertThat(Rows.of(store, series, minute))
                    .as(code)
                    .isEqualTo(Rows.of(SyntheticCandles.batches(series, minute)));
        }
    }

    @Test
    void aDriftedSchemaIsRefusedNamingTheDifference() {
        write(BTC, DAY, 0);
        Series drifted =
                BTC.with(new Dataset(BTC.dataset().name(), BTC.schema().with(Field.int64("extra")), BTC.cadence()));
        assertThatThrownBy(() -> store.open(drifted, DAY))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("extra");
        assertThat(Rows.of(store, BTC, DAY)).hasSize(1_440);
    }

    @Test
    void theSmallestAndGreatestDecimalsSurvive() throws Exception {
        TimeRange minutes = TimeRange.of("2024-01-01T00:00:00Z", "2024-01-01T00:04:00Z");
        String widest = "9".repeat(30) + "." + "9".repeat(8);
        String highest = "9".repeat(10) + "." + "9".repeat(8);
        BatchBuilder builder = new BatchBuilder(BTC, 4);
        Instant open = minutes.start();
        builder.row(
                open, "0.00000001", highest, "-" + highest, "0", widest, open, "-" + widest, Long.MAX_VALUE, "0", "0");
        open = open.plusSeconds(60);
        builder.row(
                open,
                "1",
                "1",
                "1",
                "1",
                "92233720368.54775807",
                open,
                "92233720368.54775808",
                Long.MIN_VALUE,
                "0",
                "0");
        open = open.plusSeconds(60);
        builder.row(
                open,
                "1",
                "1",
                "1",
                "1",
                "-92233720368.54775808",
                open,
                "-92233720368.54775809",
                0L,
                "0.00000001",
                "-0.00000001");
        open = open.plusSeconds(60);
        builder.row(open, "0", "0", "0", "0", "0", open, "0", 0L, "0", "0");
        Batch batch = builder.build();
        store.write(Batches.of(BTC, minutes, List.of(batch), Provenance.none()));
        store = reopen(store);
        assertThat(Rows.of(store, BTC, minutes)).isEqualTo(Rows.of(List.of(batch)));
        assertThat(Rows.hash(store, BTC, minutes)).isEqualTo(ContentHash.of(BTC.schema(), List.of(batch)));
    }

    @Test
    void everyTypeOfColumnComesBackWithItsNulls() throws Exception {
        Batch batch = everyType();
        store.write(Batches.of(EVENTS, DAY, List.of(batch), Provenance.none()));
        store = reopen(store);
        assertThat(Rows.hash(store, EVENTS, DAY)).isEqualTo(ContentHash.of(EVENTS.schema(), List.of(batch)));
        assertThat(store.coverage(EVENTS, DAY).isComplete()).isTrue();
        assertThat(store.series()).containsExactly(EVENTS);
    }

    @Test
    void aNulInATextComesBackOrIsRefusedNamingTheRow() throws Exception {
        BatchBuilder builder = new BatchBuilder(EVENTS, 2);
        event(builder, DAY.start(), 1, "plain");
        event(builder, DAY.start().plusSeconds(1), 2, "a\u0000b");
        Batch batch = builder.build();
        try {
            store.write(Batches.of(EVENTS, DAY, List.of(batch), Provenance.none()));
        } catch (Refused refused) {
            assertThat(refused).hasMessageContaining("note").hasMessageContaining("2024-01-01T00:00:01Z");
            assertThat(store.ledger(EVENTS, DAY)).isEmpty();
            return;
        }
        store = reopen(store);
        assertThat(Rows.hash(store, EVENTS, DAY)).isEqualTo(ContentHash.of(EVENTS.schema(), List.of(batch)));
    }

    @Test
    void whatIsForgottenIsGoneAndCanBeFetchedAgain() throws Exception {
        write(BTC, MONTHS_BORDER, 0);
        assertThat(store.forget(BTC, TimeRange.day("2024-01-31"))).isNotEmpty();
        store = reopen(store);
        assertThat(store.ledger(BTC, MONTHS_BORDER)).hasSize(1);
        assertThat(Rows.of(store, BTC, TimeRange.day("2024-01-31"))).isEmpty();
        write(BTC, MONTHS_BORDER, 0);
        assertThat(store.coverage(BTC, MONTHS_BORDER).isComplete()).isTrue();
        assertThat(store.verify().isSound()).as("%s", store.verify()).isTrue();
        store.forget(BTC, MONTHS_BORDER);
        assertThat(store.series()).isEmpty();
    }

    @Test
    void whatWasCommittedIsProvenSound() {
        write(BTC, MONTHS_BORDER, 0);
        write(BTC, TimeRange.of("2024-01-31T13:00:00Z", "2024-01-31T14:00:00Z"), 1);
        VerifyReport report = store.verify(BTC);
        assertThat(report.isSound()).as("%s", report).isTrue();
        assertThat(report.units()).isEqualTo(2);
        assertThat(report.rows()).isEqualTo(1_440);
    }

    @Test
    void theLatestRowIsFound() {
        assertThat(store.latest(BTC)).isEmpty();
        write(BTC, MONTHS_BORDER, 0);
        List<List<String>> rows = Rows.of(SyntheticCandles.batches(BTC, MONTHS_BORDER));
        assertThat(Rows.of(List.of(store.latest(BTC).orElseThrow()))).containsExactly(rows.get(rows.size() - 1));
        store.write(Batches.of(BTC, TimeRange.day("2024-02-01"), List.of(), Provenance.none()));
        assertThat(Rows.of(List.of(store.latest(BTC).orElseThrow()))).containsExactly(rows.get(719));
    }

    @Test
    void eventsOfOneInstantKeepTheirOrder() throws Exception {
        BatchBuilder builder = new BatchBuilder(EVENTS, 300);
        for (int i = 0; i < 300; i++) {
            event(builder, DAY.start().plusSeconds(i / 100), i, "order " + i % 7);
        }
        Batch batch = builder.build();
        store.write(Batches.of(EVENTS, DAY, List.of(batch.slice(0, 150), batch.slice(150, 300)), Provenance.none()));
        store = reopen(store);
        assertThat(Rows.of(store, EVENTS, DAY)).isEqualTo(Rows.of(List.of(batch)));
    }

    @Test
    void whatIsKnownComesBackCharacterByCharacter() throws Exception {
        String hostile = "said \"no\", \\ 'nothing'\n\r\t\u0001\u2028 </script> 币安 😀 | ; , {}";
        Gap gap = new Gap(
                TimeRange.of("2024-01-01T00:00:00Z", "2024-01-01T01:00:00Z"),
                GapReason.CONFIRMED_EMPTY,
                hostile,
                PROVEN,
                PROVEN.plusNanos(1_000));
        Answer answer = new Answer(
                DAY, "rest", "https://host/?q=" + hostile, 404, "sha256:00", "etag " + hostile, 0, PROVEN, hostile);
        QuarantinedRow bad = new QuarantinedRow(hostile, Long.MAX_VALUE, "close", hostile, hostile);
        write(BTC, DAY, 0);
        WriteResult written = store.write(
                Batches.of(BTC, DAY, List.of(), new Provenance("s", List.of(answer), List.of(gap), List.of(bad))));
        store = reopen(store);
        LedgerEntry entry = store.ledger(BTC, DAY).get(0);
        assertThat(entry).isEqualTo(written.entries().get(0));
        assertThat(entry.gaps()).containsExactly(gap);
        assertThat(entry.answers()).containsExactly(answer);
        assertThat(entry.quarantined()).containsExactly(bad);
    }

    @Test
    void aCommitWithoutRowsEmptiesItsRange() throws Exception {
        write(BTC, DAY, 0);
        TimeRange hour = TimeRange.of("2024-01-01T05:00:00Z", "2024-01-01T06:00:00Z");
        store.write(Batches.of(BTC, hour, List.of(), Provenance.none()));
        store = reopen(store);
        assertThat(Rows.of(store, BTC, hour)).isEmpty();
        assertThat(Rows.of(store, BTC, DAY)).hasSize(1_380);
        assertThat(store.coverage(BTC, DAY).gaps()).containsExactly(Gap.notFetched(hour));
    }

    @Test
    void whereThereIsARowThereIsNoGap() throws Exception {
        TimeRange hour = TimeRange.of("2024-01-01T05:00:00Z", "2024-01-01T06:00:00Z");
        Gap day = new Gap(DAY, GapReason.VENUE_OUTAGE, "the venue said so", PROVEN, Gap.NEVER);
        try (Batches rows = new SyntheticSource().read(BTC, hour)) {
            List<Batch> batches = new ArrayList<>();
            rows.forEach(batches::add);
            store.write(Batches.of(BTC, DAY, batches, new Provenance("s", List.of(), List.of(day), List.of())));
        }
        store = reopen(store);
        assertThat(Rows.of(store, BTC, DAY)).hasSize(60);
        assertThat(store.coverage(BTC, DAY).present()).isEqualTo(TimeRanges.of(hour));
        assertThat(store.coverage(BTC, DAY).gaps())
                .containsExactly(
                        day.over(TimeRange.of(DAY.start(), hour.start())),
                        day.over(TimeRange.of(hour.end(), DAY.end())));
    }

    @Test
    void theSameRowsHaveTheSameLedgerInEveryStore() {
        Store memory = MemoryStore.create();
        for (TimeRange range :
                List.of(MONTHS_BORDER, DAY, TimeRange.of("2024-01-01T03:00:30Z", "2024-01-01T04:00:30Z"))) {
            write(BTC, range, 1);
            memory.write(Batches.of(BTC, range, SyntheticCandles.batches(BTC, range, 1), Provenance.none()));
        }
        TimeRange all = TimeRange.of("2024-01-01", "2024-03-01");
        assertSameRows(store.ledger(BTC, all), memory.ledger(BTC, all));
    }

    @Test
    void howRowsAreBatchedDoesNotMatter() {
        write(BTC, DAY, 0);
        Batch whole = SyntheticCandles.batch(BTC, DAY);
        try (SinkWriter writer = store.open(BTC, DAY)) {
            for (int row = 0; row < whole.rows(); row += 7) {
                writer.append(whole.slice(row, row));
                writer.append(whole.slice(row, Math.min(whole.rows(), row + 7)));
            }
            assertThat(writer.commit().unchanged()).isEqualTo(1);
        }
    }

    @Test
    void aWriterThatEndedTakesNothing() {
        Batch batch = SyntheticCandles.batch(BTC, DAY);
        SinkWriter committed = store.open(BTC, DAY);
        committed.commit();
        assertThatThrownBy(() -> committed.append(batch)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(committed::commit).isInstanceOf(IllegalStateException.class);
        committed.close();
        committed.close();
        SinkWriter closed = store.open(BTC, DAY);
        closed.append(batch);
        closed.close();
        assertThatThrownBy(() -> closed.append(batch)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(closed::commit).isInstanceOf(IllegalStateException.class);
        assertThat(Rows.of(store, BTC, DAY)).isEmpty();
    }

    @Test
    void twoWritersOfOneUnitOnDisjointRangesBothSurvive() throws Exception {
        TimeRange morning = TimeRange.of("2024-01-01T00:00:00Z", "2024-01-01T12:00:00Z");
        TimeRange evening = TimeRange.of("2024-01-01T12:00:00Z", "2024-01-02T00:00:00Z");
        try (SinkWriter first = store.open(BTC, morning);
                SinkWriter second = store.open(BTC, evening)) {
            SyntheticCandles.batches(BTC, evening).forEach(second::append);
            SyntheticCandles.batches(BTC, morning).forEach(first::append);
            second.commit();
            first.commit();
        }
        store = reopen(store);
        assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY)));
        assertThat(store.coverage(BTC, DAY).isComplete()).isTrue();
    }

    @Test
    void aRangeOverSeveralUnitsIsReadInOnePiece() throws Exception {
        Series hours = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1h");
        TimeRange months = TimeRange.of("2023-11-15T00:00:00Z", "2024-03-02T06:00:00Z");
        WriteResult written = write(hours, months, 0);
        assertThat(written.entries()).hasSize(5);
        assertThat(written.entries()).extracting(entry -> entry.unit()).isSorted();
        store = reopen(store);
        assertThat(Rows.of(store, hours, months)).isEqualTo(Rows.of(SyntheticCandles.batches(hours, months)));
        assertThat(store.ledger(hours, TimeRange.day("2024-01-05"))).hasSize(1);
        assertThat(store.ledger(hours, months)).isEqualTo(written.entries());
    }

    @Test
    void everyIntervalHasUnitsOfItsOwn() throws Exception {
        for (String interval : List.of("1s", "1d", "3d", "1w", "1M", "1d@Europe/Zurich")) {
            Series series = Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/candles:" + interval);
            TimeRange range = interval.equals("1s")
                    ? TimeRange.of("2023-12-31T23:30:00Z", "2024-01-01T00:30:00Z")
                    : TimeRange.of("2023-11-01T00:00:00Z", "2024-04-09T00:00:00Z");
            write(series, range, 0);
            assertThat(Rows.of(store, series, range))
                    .as(interval)
                    .isEqualTo(Rows.of(SyntheticCandles.batches(series, range)));
            assertThat(store.ledger(series, range)).as(interval).hasSize(2);
        }
        store = reopen(store);
        assertThat(store.series()).hasSize(6);
    }

    @Test
    void aRangeOffTheGridCoversTheSlotsThatOpenInside() {
        TimeRange odd = TimeRange.of("2024-01-01T00:00:30Z", "2024-01-01T00:10:30.000001Z");
        write(BTC, odd, 0);
        assertThat(Rows.of(store, BTC, DAY)).hasSize(10);
        assertThat(store.coverage(BTC, odd).isComplete()).isTrue();
        assertThat(store.coverage(BTC, DAY).gaps())
                .containsExactly(
                        Gap.notFetched(TimeRange.of("2024-01-01T00:00:00Z", "2024-01-01T00:01:00Z")),
                        Gap.notFetched(TimeRange.of("2024-01-01T00:11:00Z", "2024-01-02T00:00:00Z")));
    }

    @Test
    void rowsOffTheGridAreKeptAndCoverTheirSlot() throws Exception {
        BatchBuilder builder = new BatchBuilder(BTC, 2);
        for (String time : List.of("2024-01-01T00:00:00.123456Z", "2024-01-01T00:02:59.999999Z")) {
            Instant open = Instant.parse(time);
            builder.row(open, "1", "1", "1", "1", "1", open, "1", 1L, "0", "0");
        }
        Batch batch = builder.build();
        TimeRange minutes = TimeRange.of("2024-01-01T00:00:00Z", "2024-01-01T00:03:00Z");
        store.write(Batches.of(BTC, minutes, List.of(batch), Provenance.none()));
        store = reopen(store);
        assertThat(Rows.of(store, BTC, minutes)).isEqualTo(Rows.of(List.of(batch)));
        assertThat(store.coverage(BTC, minutes).gaps())
                .containsExactly(Gap.notFetched(TimeRange.of("2024-01-01T00:01:00Z", "2024-01-01T00:02:00Z")));
    }

    @Test
    void ofASeriesNeverWrittenNothingIsKnown() {
        write(BTC, DAY, 0);
        Series other = Series.candles("BINANCE:SPOT_PAIR:ETH-USDT", "1m");
        assertThat(store.ledger(other, DAY)).isEmpty();
        assertThat(store.coverage(other, DAY).gaps()).containsExactly(Gap.notFetched(DAY));
        assertThat(Rows.of(store, other, DAY)).isEmpty();
        assertThat(store.series()).containsExactly(BTC);
    }

    @Test
    void filledRowsAreNotServed() {
        Series filled = BTC.with(BTC.dataset().filled());
        assertThat(store.serves(filled)).isFalse();
        assertThatThrownBy(() -> store.read(filled, DAY)).isInstanceOf(Refused.class);
    }

    @Test
    void aRefusedRowIsNamed() {
        Batch batch = SyntheticCandles.batch(BTC, DAY);
        TimeRange later = TimeRange.of("2024-01-01T00:02:00Z", "2024-01-02T00:00:00Z");
        try (SinkWriter writer = store.open(BTC, later)) {
            assertThatThrownBy(() -> writer.append(batch))
                    .hasMessageContaining("2024-01-01T00:00:00Z")
                    .hasMessageContaining("Row 0")
                    .hasMessageContaining("outside");
            writer.append(batch.slice(2, 10));
            assertThatThrownBy(() -> writer.append(batch.slice(5, 10)))
                    .hasMessageContaining("Row 8")
                    .hasMessageContaining("2024-01-01T00:05:00Z")
                    .hasMessageContaining("goes back in time");
            assertThatThrownBy(() -> writer.append(batch.slice(9, 12)))
                    .hasMessageContaining("2024-01-01T00:09:00Z")
                    .hasMessageContaining("repeats");
            writer.append(batch.slice(10, 12));
            assertThat(writer.commit().rows())
                    .as("a refused batch leaves no row behind")
                    .isEqualTo(10);
        }
        assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(List.of(batch.slice(2, 12))));
    }

    @Test
    void rowsOfAnotherSeriesAreRefused() {
        Series other = Series.candles("BINANCE:SPOT_PAIR:ETH-USDT", "1m");
        try (SinkWriter writer = store.open(BTC, DAY)) {
            assertThatThrownBy(() -> writer.append(SyntheticCandles.batch(other, DAY)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("ETH-USDT");
        }
    }

    @Test
    void aSourceThatFailsHalfWayLeavesTheStoreAsItWas() {
        write(BTC, DAY, 0);
        List<LedgerEntry> before = store.ledger(BTC, DAY);
        FaultySource source = FaultySource.over(new SyntheticSource()).dyingAfterRows(700, new Unavailable("cut"));
        assertThatThrownBy(() -> store.write(source.read(BTC, DAY))).isInstanceOf(Unavailable.class);
        assertThat(store.ledger(BTC, DAY)).isEqualTo(before);
        assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY)));
    }

    @Test
    void aReadIsOnePassAndItsProvenanceComesLast() {
        write(BTC, DAY, 0);
        try (Batches cursor = store.read(BTC, DAY)) {
            Iterator<Batch> batches = cursor.iterator();
            assertThatThrownBy(cursor::iterator).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(cursor::provenance).isInstanceOf(IllegalStateException.class);
            batches.forEachRemaining(batch -> {});
            assertThat(cursor.provenance().gaps()).isEmpty();
        }
    }

    @Test
    void aReadThatIsClosedOrInterruptedEndsAsCancelled() {
        write(BTC, DAY, 0);
        Batches closed = store.read(BTC, DAY);
        Iterator<Batch> batches = closed.iterator();
        closed.close();
        closed.close();
        assertThatThrownBy(batches::hasNext).isInstanceOf(Cancelled.class);
        try (Batches cursor = store.read(BTC, DAY)) {
            Iterator<Batch> interrupted = cursor.iterator();
            Thread.currentThread().interrupt();
            assertThatThrownBy(interrupted::hasNext).isInstanceOf(Cancelled.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aReadSaysWhatIsProvenOfItsRangeOnly() {
        Gap outage = new Gap(
                TimeRange.of("2024-01-01T10:00:00Z", "2024-01-01T14:00:00Z"),
                GapReason.VENUE_OUTAGE,
                "e",
                PROVEN,
                Gap.NEVER);
        store.write(Batches.of(BTC, DAY, List.of(), new Provenance("s", List.of(), List.of(outage), List.of())));
        TimeRange noon = TimeRange.of("2024-01-01T12:00:00Z", "2024-01-01T13:00:00Z");
        try (Batches cursor = store.read(BTC, noon)) {
            cursor.forEach(batch -> {});
            assertThat(cursor.provenance().gaps()).containsExactly(outage.over(noon));
        }
    }

    @Test
    void aCopyIsTheSameStore() {
        Gap outage = new Gap(
                TimeRange.of("2024-01-31T13:00:00Z", "2024-01-31T14:00:00Z"),
                GapReason.VENUE_OUTAGE,
                "e",
                PROVEN,
                Gap.NEVER);
        SyntheticSource source = new SyntheticSource().withHole(outage);
        store.write(source.read(BTC, MONTHS_BORDER));
        Store copy = MemoryStore.create();
        copy.write(store.read(BTC, MONTHS_BORDER));
        assertSameRows(copy.ledger(BTC, MONTHS_BORDER), store.ledger(BTC, MONTHS_BORDER));
        assertThat(copy.coverage(BTC, MONTHS_BORDER).gaps()).containsExactly(outage);
    }

    @Test
    void onlyAChangeRaisesTheRevision() {
        write(BTC, DAY, 0);
        for (long revision = 1; revision <= 4; revision++) {
            assertThat(store.ledger(BTC, DAY).get(0).revision()).isEqualTo(revision);
            write(BTC, DAY, (int) revision - 1);
            assertThat(store.ledger(BTC, DAY).get(0).revision()).isEqualTo(revision);
            write(BTC, DAY, (int) revision);
        }
    }

    @Test
    void anUnknownOutcomeIsSettledByWritingAgain() {
        Instant next = DAY.start();
        for (FaultyStore.Fault fault : FaultyStore.Fault.values()) {
            TimeRange day = TimeRange.of(next, next.plus(Duration.ofDays(1)));
            next = day.end();
            FaultyStore faulty = FaultyStore.over(store).nextCommit(fault);
            List<Batch> rows = SyntheticCandles.batches(BTC, day);
            assertThatThrownBy(() -> faulty.write(Batches.of(BTC, day, rows, Provenance.none())))
                    .isInstanceOf(MarketDataException.class);
            faulty.write(Batches.of(BTC, day, rows, Provenance.none()));
            assertThat(Rows.of(store, BTC, day)).as("%s", fault).isEqualTo(Rows.of(rows));
        }
    }

    @Test
    void manyThreadsReadAtOnce() throws Exception {
        write(BTC, DAY, 0);
        String expected = Rows.hash(store, BTC, DAY);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<String> reading = () -> Rows.hash(store, BTC, DAY);
            for (Future<String> read : threads.invokeAll(Collections.nCopies(24, reading))) {
                assertThat(read.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
