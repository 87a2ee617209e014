package dev.candlewick.sink.parquet;

import static dev.candlewick.sink.parquet.Market.BTC;
import static dev.candlewick.sink.parquet.Market.FEBRUARY;
import static dev.candlewick.sink.parquet.Market.JANUARY;
import static dev.candlewick.sink.parquet.Market.candles;
import static dev.candlewick.sink.parquet.Market.expected;
import static dev.candlewick.sink.parquet.Market.read;
import static dev.candlewick.sink.parquet.Market.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Corrupt;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.VerifyReport;
import dev.candlewick.WriteResult;
import dev.candlewick.sink.parquet.objects.ObjectStorage;
import dev.candlewick.spi.Addresses;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetStoreTest {

    private static final TimeRange BOTH = TimeRange.of("2024-01-01", "2024-03-01");
    private static final Path JANUARY_FILE =
            Path.of("dataset=candles%3A1h/venue=BINANCE/kind=SPOT_PAIR/code=BTC-USDT/2024-01.parquet");

    private static final Series TRADES = Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/trades");
    private static final TimeRange DAY = TimeRange.day("2024-01-31");

    @TempDir
    Path directory;

    @Test
    void givesBackWhatWasWrittenOverSeveralUnits() {
        try (ParquetStore store = ParquetStore.at(directory.resolve("a/b"))) {
            WriteResult result = write(store, BTC, BOTH, 1);
            assertThat(result.entries()).hasSize(2);
            assertThat(result.rows()).isEqualTo(60 * 24);
            assertThat(read(store, BTC, BOTH)).isEqualTo(expected(BTC, BOTH, 1));
            assertThat(store.coverage(BTC, BOTH).isComplete()).isTrue();
            assertThat(store.series()).containsExactly(BTC);
            assertThat(store.verify().isSound()).isTrue();
        }
        try (Store again = Addresses.store("parquet:" + directory.resolve("a/b"), Map.of())) {
            assertThat(read(again, BTC, BOTH)).isEqualTo(expected(BTC, BOTH, 1));
        }
    }

    @Test
    void readingCutsToTheRangeAndSaysWhatAnswered() {
        try (ParquetStore store = ParquetStore.at(directory)) {
            write(store, BTC, BOTH, 1);
            TimeRange asked = TimeRange.of("2024-01-31T12:30:00Z", "2024-02-01T03:00:00Z");
            assertThat(read(store, BTC, asked)).isEqualTo(expected(BTC, asked, 1));
            try (Batches batches = store.read(BTC, asked)) {
                batches.forEach(batch -> assertThat(batch.rows()).isPositive());
                assertThat(batches.provenance().answers())
                        .extracting(answer -> answer.route() + " " + answer.rows())
                        .containsExactly("parquet 11", "parquet 3");
            }
        }
    }

    @Test
    void aStoreIsOpenedWithTheLayoutThatItWasBegunWith() {
        Map<String, String> byDate = Map.of("PARQUET_LAYOUT", "by-date");
        try (Store begun = Addresses.store("parquet:" + directory, byDate)) {
            writeTrade(begun);
        }
        assertThat(directory.resolve(
                        "raw_tick_data/by_date/day-2024-01-31/data_type-trades/BINANCE%3ASPOT_PAIR%3ABTC-USDT.parquet"))
                .exists();
        try (ParquetStore again = ParquetStore.at(directory)) {
            assertThat(again.coverage(TRADES, DAY).isSettled()).isTrue();
            assertThat(again.verify().isSound()).isTrue();
        }
        assertThatThrownBy(() ->
                        ParquetStore.builder(directory).layout(Layout.hive()).build())
                .isInstanceOf(Refused.class)
                .hasMessageContaining("has the layout 'by-date', not 'hive'");
        assertThatThrownBy(() -> Addresses.store("parquet:" + directory, Map.of("PARQUET_LAYOUT", "date")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("There is no layout 'date'; there are hive, by-date");
    }

    @Test
    void aStoreOfObjectsIsOpenedWithTheLayoutThatItWasBegunWith() {
        ObjectStorage storage = ObjectStorage.inDirectory(directory);
        try (ParquetStore begun =
                ParquetStore.builder(storage).beginningWith(Layout.byDate()).build()) {
            writeTrade(begun);
        }
        try (ParquetStore again =
                ParquetStore.builder(storage).beginningWith(Layout.hive()).build()) {
            assertThat(again.coverage(TRADES, DAY).isSettled()).isTrue();
            assertThat(again.series()).containsExactly(TRADES);
        }
        try (ParquetStore wrong =
                ParquetStore.builder(storage).layout(Layout.hive()).build()) {
            assertThatThrownBy(wrong::series).isInstanceOf(Refused.class).hasMessageContaining("'by-date'");
        }
    }

    @Test
    void aMissingDirectoryIsAnEmptyStoreThatReadingDoesNotCreate() {
        Path nowhere = directory.resolve("nowhere");
        try (ParquetStore store = ParquetStore.at(nowhere)) {
            assertThat(store.series()).isEmpty();
            assertThat(read(store, BTC, BOTH)).isEmpty();
            assertThat(store.coverage(BTC, BOTH).unknown().asList()).containsExactly(BOTH);
            assertThat(store.verify().isSound()).isTrue();
        }
        assertThat(nowhere).doesNotExist();
    }

    @Test
    void writingTheSameAgainTouchesNoFile() throws IOException {
        try (ParquetStore store = ParquetStore.at(directory)) {
            write(store, BTC, BOTH, 1);
            Map<String, FileTime> before = modificationTimes();
            WriteResult again = write(store, BTC, BOTH, 1);
            assertThat(again.unchanged()).isEqualTo(2);
            assertThat(again.entries()).allMatch(entry -> entry.revision() == 1);
            assertThat(modificationTimes()).isEqualTo(before);
        }
    }

    @Test
    void theSameRowsFromAnotherAnswerChangeOnlyTheReceipt() throws IOException {
        try (ParquetStore store = ParquetStore.at(directory)) {
            write(store, BTC, JANUARY, 1);
            Map<String, FileTime> before = modificationTimes();
            try (SinkWriter writer = store.open(BTC, JANUARY)) {
                writer.append(candles(BTC, JANUARY, 1));
                assertThat(writer.commit(Market.provenance(JANUARY, 99)).unchanged())
                        .isZero();
            }
            Map<String, FileTime> after = modificationTimes();
            assertThat(after.get(JANUARY_FILE.toString())).isEqualTo(before.get(JANUARY_FILE.toString()));
            assertThat(store.ledger(BTC, JANUARY)).singleElement().satisfies(entry -> {
                assertThat(entry.revision()).isEqualTo(2);
                assertThat(entry.answers())
                        .extracting(answer -> answer.checksum())
                        .containsExactly("sha256:99");
            });
            assertThat(store.verify().isSound()).isTrue();
        }
    }

    @Test
    void aPartialWriteKeepsTheOtherRowsOfItsUnit() {
        try (ParquetStore store = ParquetStore.at(directory)) {
            write(store, BTC, JANUARY, 1);
            TimeRange middle = TimeRange.of("2024-01-10", "2024-01-20");
            write(store, BTC, middle, 2);
            assertThat(read(store, BTC, JANUARY))
                    .isEqualTo(expected(BTC, TimeRange.of("2024-01-01", "2024-01-10"), 1)
                            + expected(BTC, middle, 2)
                            + expected(BTC, TimeRange.of("2024-01-20", "2024-02-01"), 1));
            assertThat(store.verify().isSound()).isTrue();
            assertThat(store.ledger(BTC, JANUARY))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.revision()).isEqualTo(2));
        }
    }

    @Test
    void theSameRowsInOtherPiecesMakeTheSameFile() throws IOException {
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");
        try (ParquetStore whole = ParquetStore.at(first);
                ParquetStore pieces = ParquetStore.at(second)) {
            write(whole, BTC, JANUARY, 1);
            write(pieces, BTC, TimeRange.of("2024-01-20", "2024-02-01"), 1);
            write(pieces, BTC, TimeRange.of("2024-01-01", "2024-01-05"), 1);
            Batch middle = candles(BTC, TimeRange.of("2024-01-05", "2024-01-20"), 1);
            write(
                    pieces,
                    BTC,
                    TimeRange.of("2024-01-05", "2024-01-20"),
                    middle.slice(0, 7),
                    middle.slice(7, middle.rows()));
        }
        assertThat(Files.readAllBytes(second.resolve(JANUARY_FILE)))
                .isEqualTo(Files.readAllBytes(first.resolve(JANUARY_FILE)));
    }

    @Test
    void noRowsAreRecordedWithTheirEvidenceAndWithoutAFile() {
        Gap outage =
                new Gap(JANUARY, GapReason.CONFIRMED_EMPTY, "200 []", Instant.parse("2024-06-01T00:00:00Z"), Gap.NEVER);
        try (ParquetStore store = ParquetStore.at(directory)) {
            write(store, BTC, JANUARY, 1);
            try (SinkWriter writer = store.open(BTC, JANUARY)) {
                writer.commit(new Provenance("test", List.of(), List.of(outage), List.of()));
            }
            assertThat(store.coverage(BTC, JANUARY).gaps()).containsExactly(outage);
            assertThat(directory.resolve(JANUARY_FILE)).doesNotExist();
            try (Batches batches = store.read(BTC, JANUARY)) {
                assertThat(batches).isEmpty();
            }
            assertThat(store.verify().isSound()).isTrue();
        }
    }

    @Test
    void aCommitThatSaysNothingOfAUnitLeavesNoReceiptOfIt() throws IOException {
        TimeRange year = TimeRange.year(2024);
        Gap outage = new Gap(
                TimeRange.day("2024-05-10"),
                GapReason.CONFIRMED_EMPTY,
                "200 []",
                Instant.parse("2024-06-01T00:00:00Z"),
                Gap.NEVER);
        try (ParquetStore store = ParquetStore.at(directory)) {
            try (SinkWriter writer = store.open(BTC, year)) {
                assertThat(writer.commit().entries()).isEmpty();
            }
            assertThat(store.series()).isEmpty();
            try (SinkWriter writer = store.open(BTC, year)) {
                writer.append(candles(BTC, JANUARY, 1));
                assertThat(writer.commit(new Provenance("test", List.of(), List.of(outage), List.of()))
                                .entries())
                        .extracting(entry -> entry.unit())
                        .containsExactly(JANUARY, TimeRange.month("2024-05"));
            }
            assertThat(store.ledger(BTC, year)).hasSize(2);
            assertThat(store.verify().findings()).isEmpty();
        }
    }

    @Test
    void whatIsNotCommittedLeavesNothingBehind() throws IOException {
        try (ParquetStore store = ParquetStore.at(directory)) {
            write(store, BTC, JANUARY, 1);
            Map<String, FileTime> before = modificationTimes();
            try (SinkWriter writer = store.open(BTC, BOTH)) {
                writer.append(candles(BTC, BOTH, 2));
            }
            assertThat(modificationTimes()).isEqualTo(before);
            assertThat(read(store, BTC, BOTH)).isEqualTo(expected(BTC, JANUARY, 1));
        }
    }

    @Test
    void aWriterEndsWithItsCommit() {
        try (ParquetStore store = ParquetStore.at(directory);
                SinkWriter writer = store.open(BTC, JANUARY)) {
            writer.append(candles(BTC, JANUARY, 1));
            writer.commit();
            assertThatThrownBy(writer::commit).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> writer.append(candles(BTC, JANUARY, 1))).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void rowsOutsideTheRangeAreRefusedByName() {
        try (ParquetStore store = ParquetStore.at(directory);
                SinkWriter writer = store.open(BTC, JANUARY)) {
            assertThatThrownBy(() -> writer.append(candles(BTC, FEBRUARY, 1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("2024-02-01T00:00:00Z");
        }
    }

    @Test
    void filledRowsAreNeverStored() {
        Series filled = BTC.with(BTC.dataset().filled());
        try (ParquetStore store = ParquetStore.at(directory)) {
            assertThatThrownBy(() -> store.open(filled, JANUARY)).isInstanceOf(Refused.class);
        }
    }

    @Test
    void otherColumnsThanThoseStoredAreRefusedWithTheDifference() {
        Series wider = BTC.with(
                new Dataset(BTC.dataset().name(), BTC.schema().with(Field.int64("venue_flags")), BTC.cadence()));
        try (ParquetStore store = ParquetStore.at(directory)) {
            write(store, BTC, JANUARY, 1);
            assertThatThrownBy(() -> store.open(wider, FEBRUARY))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("venue_flags int64");
            assertThat(read(store, BTC, JANUARY)).isEqualTo(expected(BTC, JANUARY, 1));
        }
    }

    @Test
    void aDamagedReceiptIsNeverTakenForNothingThere() throws IOException {
        try (ParquetStore store = ParquetStore.at(directory)) {
            write(store, BTC, BOTH, 1);
            Path receipt =
                    directory.resolve("_candlewick/receipts").resolve(JANUARY_FILE.resolveSibling("2024-01.json"));
            Files.writeString(receipt, Files.readString(receipt).replace("\"rows\" : 744", "\"rows\" : 743"));
            assertThatThrownBy(() -> store.coverage(BTC, JANUARY))
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining(receipt.toString());
            assertThat(read(store, BTC, FEBRUARY)).isEqualTo(expected(BTC, FEBRUARY, 1));
            assertThat(store.verify().refetch()).containsExactly(new VerifyReport.Unit(BTC, JANUARY));
            assertThatThrownBy(() -> write(store, BTC, TimeRange.day("2024-01-05"), 2))
                    .isInstanceOf(Corrupt.class);
            write(store, BTC, JANUARY, 2);
            assertThat(read(store, BTC, JANUARY)).isEqualTo(expected(BTC, JANUARY, 2));
            assertThat(store.verify().isSound()).isTrue();
        }
    }

    @Test
    void aDamagedReceiptHidesNoOtherSeriesAndNoManifest() throws IOException {
        Series eth = Series.candles("BINANCE:SPOT_PAIR:ETH-USDT", "1h");
        Path receipts = directory.resolve("_candlewick/receipts");
        Path january = receipts.resolve(JANUARY_FILE.resolveSibling("2024-01.json"));
        try (ParquetStore store = ParquetStore.at(directory)) {
            write(store, BTC, JANUARY, 1);
            write(store, eth, JANUARY, 1);
            Files.writeString(january, "{");
            assertThat(store.series()).containsExactly(eth);
            assertThat(store.coverage(eth, JANUARY).isComplete()).isTrue();
            assertThatThrownBy(() -> store.coverage(BTC, JANUARY))
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining(january.toString())
                    .hasMessageContaining("verify --repair");
            write(store, BTC, FEBRUARY, 1);
            assertThat(store.series()).containsExactly(BTC, eth);
            assertThat(store.verify().refetch()).containsExactly(new VerifyReport.Unit(BTC, JANUARY));
            store.writeManifest();
        }
        assertThat(Files.readString(directory.resolve("_candlewick/manifest.json")))
                .contains(eth.toString())
                .contains("\"damaged\" : [")
                .contains(january.getFileName().toString());
    }

    @Test
    void otherColumnsAreRefusedAlsoWhenTheFirstReceiptIsDamaged() throws IOException {
        Series wider = BTC.with(
                new Dataset(BTC.dataset().name(), BTC.schema().with(Field.int64("venue_flags")), BTC.cadence()));
        try (ParquetStore store = ParquetStore.at(directory)) {
            write(store, BTC, BOTH, 1);
            Path receipts = directory.resolve("_candlewick/receipts");
            Files.writeString(receipts.resolve(JANUARY_FILE.resolveSibling("2024-01.json")), "{");
            assertThatThrownBy(() -> store.open(wider, TimeRange.month("2024-03")))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("venue_flags int64");
        }
    }

    @Test
    void aForgottenUnitIsUnknownAndCanBeFilledAgain() {
        try (ParquetStore store = ParquetStore.at(directory)) {
            write(store, BTC, BOTH, 1);
            assertThat(store.forget(BTC, JANUARY)).hasSize(2).allMatch(file -> Files.exists(Path.of(file)));
            assertThat(store.coverage(BTC, BOTH).unknown().asList()).containsExactly(JANUARY);
            assertThat(store.verify().isSound()).isTrue();
            write(store, BTC, JANUARY, 1);
            assertThat(read(store, BTC, BOTH)).isEqualTo(expected(BTC, BOTH, 1));
        }
    }

    @Test
    void aReceiptOfALaterVersionIsNotGuessedAt() throws IOException {
        try (ParquetStore store = ParquetStore.at(directory)) {
            write(store, BTC, JANUARY, 1);
            Path description = directory.resolve("_candlewick/store.json");
            Files.writeString(description, Files.readString(description).replace("\"format\" : 1", "\"format\" : 2"));
        }
        assertThatThrownBy(() -> ParquetStore.at(directory))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("later version");
    }

    @Test
    void theManifestIsOnlyASummaryAndComesBackEqual() throws IOException {
        Path manifest = directory.resolve("_candlewick/manifest.json");
        try (ParquetStore store = ParquetStore.at(directory)) {
            write(store, BTC, BOTH, 1);
        }
        String text = Files.readString(manifest);
        assertThat(text).contains("BINANCE:SPOT_PAIR:BTC-USDT/candles:1h").contains("\"rows\" : 1440");
        for (String damage : List.of("", text.substring(0, 50), "{}")) {
            Files.writeString(manifest, damage);
            try (ParquetStore store = ParquetStore.at(directory)) {
                assertThat(read(store, BTC, BOTH)).isEqualTo(expected(BTC, BOTH, 1));
                store.writeManifest();
            }
            assertThat(Files.readString(manifest)).isEqualTo(text);
        }
    }

    @Test
    void combiningGivesOneFileAndASecondTimeDoesNothing(@TempDir Path elsewhere) throws IOException {
        Path target = elsewhere.resolve("new/BTC.parquet");
        try (ParquetStore store = ParquetStore.at(directory)) {
            write(store, BTC, BOTH, 1);
            CombineResult first = store.combine(BTC, BOTH, target);
            assertThat(first.rows()).isEqualTo(1_440);
            assertThat(first.outcome()).isEqualTo(CombineResult.Outcome.WRITTEN);
            FileTime time = Files.getLastModifiedTime(target);
            assertThat(store.combine(BTC, BOTH, target).outcome()).isEqualTo(CombineResult.Outcome.UNCHANGED);
            assertThat(Files.getLastModifiedTime(target)).isEqualTo(time);
            assertThatThrownBy(() -> store.combine(BTC, BOTH, directory.resolve("all.parquet")))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("twice");
            try (Stream<Path> files = Files.list(elsewhere.resolve("new"))) {
                assertThat(files).containsExactly(target);
            }
        }
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");
        assertThatThrownBy(() -> ParquetStore.at(file))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("directory");
    }

    private Map<String, FileTime> modificationTimes() throws IOException {
        Map<String, FileTime> times = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".lock"))
                    .toList()) {
                times.put(directory.relativize(file).toString(), Files.getLastModifiedTime(file));
            }
        }
        return times;
    }

    private static void writeTrade(Store store) {
        Instant at = DAY.start();
        Batch trade = new BatchBuilder(TRADES, 1)
                .row(at, at, "1", "buy", new BigDecimal("42000.5"), new BigDecimal("0.25"))
                .build();
        try (SinkWriter writer = store.open(TRADES, DAY)) {
            writer.append(trade);
            writer.commit(Provenance.none());
        }
    }
}
