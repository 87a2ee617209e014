package dev.candlewick.sink.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Dataset;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.Store;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.parquet.objects.ObjectBytes;
import dev.candlewick.sink.parquet.objects.ObjectHead;
import dev.candlewick.sink.parquet.objects.ObjectListing;
import dev.candlewick.sink.parquet.objects.ObjectPart;
import dev.candlewick.sink.parquet.objects.ObjectStorage;
import dev.candlewick.sink.parquet.objects.ObjectVersion;
import dev.candlewick.sink.parquet.objects.Precondition;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a lake by date is asked for: what concerns the series, not what lies beside it. */
class ByDateObjectsTest {

    private static final LocalDate FIRST = LocalDate.parse("2024-01-01");
    private static final int DAYS = 6;
    private static final List<String> CODES = List.of("AAA-USDT", "BBB-USDT", "CCC-USDT", "DDD-USDT");
    private static final TimeRange ALWAYS = TimeRange.of("1970-01-01", "2100-01-01");

    @TempDir
    private Path directory;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private ObjectStorage storage;

    @BeforeEach
    void fill() {
        storage = new Counted(ObjectStorage.inDirectory(directory), asked);
        try (ParquetStore store = open()) {
            for (String code : CODES) {
                for (int day = 0; day < DAYS; day++) {
                    write(store, trades(code), FIRST.plusDays(day));
                }
            }
        }
        asked.clear();
    }

    @Test
    void aLedgerOverManyDaysReadsTheReceiptsOfItsSeriesAndNoOthers() {
        try (ParquetStore store = open()) {
            assertThat(store.ledger(trades("BBB-USDT"), TimeRange.of("2024-01-02", "2024-01-06")))
                    .extracting(LedgerEntry::unit)
                    .containsExactly(day(1), day(2), day(3), day(4));
        }
        assertThat(objects()).hasSize(4).allMatch(request -> request.contains("BBB-USDT"));
    }

    @Test
    void aLedgerOfAllTimesListsTheDaysOnce() {
        try (ParquetStore store = open()) {
            assertThat(store.ledger(trades("CCC-USDT"), ALWAYS)).hasSize(DAYS);
            assertThat(store.ledger(trades("ZZZ-USDT"), ALWAYS)).isEmpty();
        }
        assertThat(objects())
                .allMatch(request -> request.contains("CCC-USDT")
                        || request.contains("ZZZ-USDT")
                        || request.equals("list raw_tick_data/by_date/"))
                .filteredOn("list raw_tick_data/by_date/"::equals)
                .hasSize(2);
    }

    @Test
    void theNextDayOfASeriesIsWrittenWithoutLookingAtWhatLiesBesideIt() {
        try (ParquetStore store = open()) {
            write(store, trades("AAA-USDT"), FIRST.plusDays(DAYS));
        }
        assertThat(objects()).isNotEmpty().hasSizeLessThan(8).allMatch(request -> request.contains("AAA-USDT"));
        try (ParquetStore store = open()) {
            assertThat(store.ledger(trades("AAA-USDT"), ALWAYS)).hasSize(DAYS + 1);
            assertThat(store.verify(trades("AAA-USDT")).isSound()).isTrue();
        }
    }

    @Test
    void seriesAreToldByOneReceiptOfEach() {
        try (ParquetStore store = open()) {
            assertThat(store.series()).extracting(each -> each.subject().code()).containsExactlyElementsOf(CODES);
        }
        assertThat(objects()).filteredOn(request -> request.startsWith("end")).hasSize(CODES.size());
    }

    @Test
    void manifestsOfManyCommitsKnowAllDaysAndAreMadeAnewWhereTheyAreLost() throws IOException {
        try (ParquetStore store = open()) {
            write(store, trades("DDD-USDT"), FIRST.plusDays(DAYS));
        }
        asked.clear();
        try (ParquetStore store = open()) {
            assertThat(store.ledger(trades("DDD-USDT"), ALWAYS)).hasSize(DAYS + 1);
        }
        assertThat(objects()).as("known from the manifest").noneMatch(request -> request.startsWith("end"));

        try (var files = Files.walk(directory.resolve("_candlewick/manifests"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
        try (ParquetStore store = open()) {
            store.writeManifest();
        }
        asked.clear();
        try (ParquetStore store = open()) {
            assertThat(store.ledger(trades("AAA-USDT"), ALWAYS)).hasSize(DAYS);
            assertThat(store.ledger(trades("DDD-USDT"), ALWAYS)).hasSize(DAYS + 1);
        }
        assertThat(objects()).as("known again").noneMatch(request -> request.startsWith("end"));
    }

    /** Requests that are not about the store's own notes. */
    private List<String> objects() {
        return asked.stream().filter(request -> !request.contains(" _")).toList();
    }

    private ParquetStore open() {
        return ParquetStore.builder(storage).beginningWith(Layout.byDate()).build();
    }

    private static Series trades(String code) {
        return new Series(new Subject("BINANCE", "SPOT_PAIR", code), Dataset.TRADES);
    }

    private static TimeRange day(int day) {
        return TimeRange.day(FIRST.plusDays(day), ZoneOffset.UTC);
    }

    private static void write(Store store, Series series, LocalDate day) {
        TimeRange range = TimeRange.day(day, ZoneOffset.UTC);
        Instant at = range.start();
        Batch trade = new BatchBuilder(series, 1)
                .row(at, at, "1", "buy", new BigDecimal("42000.5"), new BigDecimal("0.25"))
                .build();
        try (SinkWriter writer = store.open(series, range)) {
            writer.append(trade);
            writer.commit(Provenance.none());
        }
    }

    /** A storage that remembers what it was asked for. */
    private record Counted(ObjectStorage storage, List<String> asked) implements ObjectStorage {

        @Override
        public String name() {
            return storage.name();
        }

        @Override
        public Optional<ObjectHead> head(String name) {
            asked.add("head " + name);
            return storage.head(name);
        }

        @Override
        public Optional<ObjectPart> read(String name, Optional<ObjectVersion> version, long offset, int count) {
            asked.add("read " + name);
            return storage.read(name, version, offset, count);
        }

        @Override
        public Optional<ObjectPart> readEnd(String name, int count) {
            asked.add("end " + name);
            return storage.readEnd(name, count);
        }

        @Override
        public Optional<ObjectHead> write(String name, ObjectBytes content, Precondition precondition) {
            asked.add("write " + name);
            return storage.write(name, content, precondition);
        }

        @Override
        public boolean delete(String name, ObjectVersion version) {
            asked.add("delete " + name);
            return storage.delete(name, version);
        }

        @Override
        public ObjectListing list(String prefix) {
            asked.add("list " + prefix);
            return storage.list(prefix);
        }
    }
}
