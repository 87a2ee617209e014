package dev.candlewick.sink.parquet;

import static dev.candlewick.sink.parquet.Market.BTC;
import static dev.candlewick.sink.parquet.Market.JANUARY;
import static dev.candlewick.sink.parquet.Market.candles;
import static dev.candlewick.sink.parquet.Market.expected;
import static dev.candlewick.sink.parquet.Market.read;
import static dev.candlewick.sink.parquet.Market.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.candlewick.Batches;
import dev.candlewick.Cancelled;
import dev.candlewick.SinkWriter;
import dev.candlewick.TimeRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An interrupt is a wish, not an error of the disk: whatever is under way ends as cancelled and stays interrupted. */
class InterruptTest {

    private static final TimeRange DAY = TimeRange.day("2024-01-10");

    @TempDir(factory = QuickDirectory.class)
    Path directory;

    @AfterEach
    void forgetTheInterrupt() {
        Thread.interrupted();
    }

    @Test
    void openingToWriteIsCancelled() {
        try (ParquetStore store = ParquetStore.at(directory)) {
            assertCancelled(() -> store.open(BTC, JANUARY));
        }
    }

    @Test
    void appendingIsCancelledAndNothingStays() throws IOException {
        try (ParquetStore store = ParquetStore.at(directory);
                SinkWriter writer = store.open(BTC, TimeRange.of("2024-01-01", "2024-03-01"))) {
            assertCancelled(() -> writer.append(candles(BTC, TimeRange.of("2024-01-01", "2024-03-01"), 1)));
        }
        assertThat(temporaries()).isEmpty();
    }

    @Test
    void committingIsCancelledAndTheOldRowsStand() throws IOException {
        for (TimeRange range : List.of(JANUARY, DAY)) {
            try (ParquetStore store = ParquetStore.at(directory)) {
                write(store, BTC, JANUARY, 1);
                try (SinkWriter writer = store.open(BTC, range)) {
                    writer.append(candles(BTC, range, 2));
                    assertCancelled(writer::commit);
                }
                assertThat(read(store, BTC, JANUARY)).isEqualTo(expected(BTC, JANUARY, 1));
                assertThat(temporaries()).isEmpty();
            }
        }
    }

    @Test
    void anInterruptAtEachKindOfOperationOfACommitLeavesOldOrNew() throws IOException {
        interruptAt(CrashScene.Points.EACH_KIND);
    }

    @Tag("faults")
    @Test
    void anInterruptAtAnyOperationOfACommitLeavesOldOrNew() throws IOException {
        interruptAt(CrashScene.Points.ALL);
    }

    private void interruptAt(CrashScene.Points points) throws IOException {
        for (int at : points.of(CrashScene.operationsOf(directory, CrashScene.MERGED))) {
            Path root = CrashScene.prepared(directory, CrashScene.MERGED);
            FaultyFiles files = FaultyFiles.interruptedAt(at);
            try (ParquetStore store = ParquetStore.builder(root).files(files).build()) {
                Throwable ended = catchThrowable(() -> write(store, BTC, CrashScene.PART, CrashScene.MERGED.version()));
                assertThat(Thread.interrupted()).as("operation %d", at).isTrue();
                if (ended == null) {
                    assertThat(read(store, BTC, JANUARY)).isEqualTo(CrashScene.MERGED.after());
                } else {
                    assertThat(ended).as("operation %d", at).isInstanceOf(Cancelled.class);
                }
            }
            assertThat(CrashScene.problem(root, CrashScene.MERGED, CrashScene.Promise.NOTHING))
                    .as("operation %d", at)
                    .isEmpty();
        }
    }

    @Test
    void readingIsCancelled() {
        try (ParquetStore store = ParquetStore.at(directory)) {
            write(store, BTC, JANUARY, 1);
            try (Batches batches = store.read(BTC, JANUARY)) {
                assertCancelled(() -> batches.forEach(batch -> {}));
            }
            assertThat(read(store, BTC, JANUARY)).isEqualTo(expected(BTC, JANUARY, 1));
        }
    }

    @Test
    void verifyingAndCombiningAreCancelledAndFindNoDamage() {
        try (ParquetStore store = ParquetStore.at(directory.resolve("store"))) {
            write(store, BTC, JANUARY, 1);
            assertCancelled(store::verify);
            assertCancelled(() -> store.combine(BTC, JANUARY, directory.resolve("out/BTC.parquet")));
            assertThat(store.verify().findings()).isEmpty();
        }
    }

    private static void assertCancelled(ThrowingCallable work) {
        Thread.currentThread().interrupt();
        Throwable ended = catchThrowable(work);
        assertThat(Thread.interrupted()).as("the interrupt stays set").isTrue();
        assertThat(ended)
                .isInstanceOf(Cancelled.class)
                .hasMessageContaining("interrupted")
                .hasMessageNotContaining(".tmp");
    }

    private List<Path> temporaries() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".tmp")).toList();
        }
    }
}
