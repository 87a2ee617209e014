package dev.candlewick.sink.parquet.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.ContentHash;
import dev.candlewick.Provenance;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.parquet.ParquetStore;
import dev.candlewick.sink.parquet.objects.ObjectStorage;
import dev.candlewick.testkit.Rows;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store of two years of minutes asks of its storage: requests and bytes are what object storages bill. */
class RequestBudgetTest {

    private static final TimeRange DAY = TimeRange.day("2024-05-17");

    @TempDir(factory = QuickDirectory.class)
    static Path directory;

    private static CountingStorage ingest = CountingStorage.over(ObjectStorage.inDirectory(Path.of(".")));

    @BeforeAll
    static void writeTwoYears() {
        ingest = storage();
        try (Store store = ParquetStore.on(ingest)) {
            TwoYears.write(store);
        }
    }

    @AfterAll
    static void closeStorage() {
        ingest.close();
    }

    private static CountingStorage storage() {
        return CountingStorage.over(ObjectStorage.inDirectory(directory));
    }

    @Test
    void writingAUnitTakesAtMostFourRequests() {
        assertThat(ingest.requests()).isLessThanOrEqualTo(4 * TwoYears.MONTHS.size());
        assertThat(ingest.all())
                .filteredOn(
                        each -> each.request() == Request.WRITE && each.name().endsWith(".parquet"))
                .as("data is written once")
                .hasSize(TwoYears.MONTHS.size());
    }

    @Test
    void aDayOfTwoYearsTakesAtMostSixRequestsAndLessThanAPercentOfTheBytes() {
        CountingStorage counting = storage();
        try (Store store = ParquetStore.on(counting)) {
            assertThat(Rows.of(store, TwoYears.SERIES, DAY)).isEqualTo(Rows.of(TwoYears.rows(DAY)));
        }
        assertThat(counting.requests()).isLessThanOrEqualTo(6);
        assertThat(counting.bytesRead()).isLessThan(ingest.bytesWritten() / 100);
    }

    @Test
    void theLedgerOfTwoYearsIsOneListingAndOneManifest() {
        CountingStorage counting = storage();
        try (Store store = ParquetStore.on(counting)) {
            assertThat(store.ledger(TwoYears.SERIES, TwoYears.RANGE)).hasSize(24);
            assertThat(store.coverage(TwoYears.SERIES, TwoYears.RANGE).isComplete())
                    .isTrue();
        }
        assertThat(counting.requests()).isLessThanOrEqualTo(5);
    }

    @Test
    void allOfTwoYearsIsOneRequestForEachObject() {
        CountingStorage counting = storage();
        ContentHash expected = new ContentHash(TwoYears.SERIES.schema());
        TwoYears.rows(TwoYears.RANGE).forEach(expected::add);
        try (Store store = ParquetStore.on(counting)) {
            assertThat(Rows.hash(store, TwoYears.SERIES, TwoYears.RANGE)).isEqualTo(expected.value());
        }
        assertThat(counting.requests()).isLessThanOrEqualTo(24 + 2);
        assertThat(counting.bytesRead()).isLessThan(ingest.bytesWritten() + (1 << 20));
    }

    @Test
    void verifyingReadsEveryByteOnce() {
        CountingStorage counting = storage();
        try (Store store = ParquetStore.on(counting)) {
            assertThat(store.verify(TwoYears.SERIES).isSound()).isTrue();
        }
        assertThat(counting.requests()).isLessThanOrEqualTo(24 + 2);
    }

    @Test
    void whatIsWrittenAgainIsReadToBeSureAndNotWritten() {
        CountingStorage counting = storage();
        TimeRange month = TwoYears.MONTHS.get(3);
        try (Store store = ParquetStore.on(counting)) {
            List<Batch> rows = TwoYears.rows(month);
            assertThat(store.write(Batches.of(TwoYears.SERIES, month, rows, Provenance.none()))
                            .unchanged())
                    .isEqualTo(1);
        }
        assertThat(counting.requests(Request.WRITE)).isZero();
        assertThat(counting.requests()).isLessThanOrEqualTo(4);
    }
}
