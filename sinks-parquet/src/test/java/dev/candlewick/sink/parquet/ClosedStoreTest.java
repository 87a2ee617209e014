package dev.candlewick.sink.parquet;

import static dev.candlewick.sink.parquet.Market.BTC;
import static dev.candlewick.sink.parquet.Market.FEBRUARY;
import static dev.candlewick.sink.parquet.Market.JANUARY;
import static dev.candlewick.sink.parquet.Market.candles;
import static dev.candlewick.sink.parquet.Market.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.SinkWriter;
import dev.candlewick.TimeRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What has ended says so, and leaves nothing behind. */
class ClosedStoreTest {

    @TempDir(factory = QuickDirectory.class)
    Path directory;

    @Test
    void aClosedStoreNeitherReadsNorWrites() throws IOException {
        ParquetStore store = ParquetStore.at(directory);
        write(store, BTC, JANUARY, 1);
        store.close();
        store.close();
        for (ThrowingCallable use : List.<ThrowingCallable>of(
                () -> store.read(BTC, JANUARY),
                () -> store.open(BTC, JANUARY),
                () -> store.ledger(BTC, JANUARY),
                store::series,
                store::verify,
                store::sweep,
                store::writeManifest,
                () -> store.forget(BTC, JANUARY),
                () -> store.combine(BTC, JANUARY, Path.of("unused.parquet")))) {
            assertThatThrownBy(use)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(store.name())
                    .hasMessageContaining("closed");
        }
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void aWriterThatOutlivesItsStoreCommitsNothingAndLeavesNothing() throws IOException {
        ParquetStore store = ParquetStore.at(directory);
        try (SinkWriter committing = store.open(BTC, JANUARY);
                SinkWriter appending = store.open(BTC, FEBRUARY)) {
            committing.append(candles(BTC, JANUARY, 1));
            appending.append(candles(BTC, FEBRUARY, 1).slice(0, 10));
            store.close();
            assertThatThrownBy(committing::commit)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(store.name());
            assertThatThrownBy(() -> appending.append(candles(BTC, FEBRUARY, 1).slice(10, 20)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(store.name());
        }
        assertThat(leftovers()).isEmpty();
        try (ParquetStore again = ParquetStore.at(directory)) {
            assertThat(again.series()).isEmpty();
        }
    }

    @Test
    void aWriterThatFailedInTheMiddleOfABatchCommitsNothing() throws IOException {
        Batch batch = candles(BTC, JANUARY, 1);
        FaultyFiles files = FaultyFiles.breakingAt("create", 3);
        try (ParquetStore store = ParquetStore.builder(directory).files(files).build();
                SinkWriter writer = store.open(BTC, TimeRange.of("2024-01-01", "2024-03-01"))) {
            writer.append(batch);
            assertThatThrownBy(() -> writer.append(candles(BTC, FEBRUARY, 1)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("broken");
            assertThatThrownBy(writer::commit)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("failed in the middle of a batch");
            assertThat(store.ledger(BTC, JANUARY)).isEmpty();
        }
        assertThat(leftovers()).isEmpty();
    }

    private List<Path> leftovers() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .filter(file ->
                            file.toString().endsWith(".tmp") || file.toString().contains("/sessions/"))
                    .toList();
        }
    }
}
