package dev.candlewick.sink.parquet;

import static dev.candlewick.sink.parquet.Market.BTC;
import static dev.candlewick.sink.parquet.Market.JANUARY;
import static dev.candlewick.sink.parquet.Market.expected;
import static dev.candlewick.sink.parquet.Market.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Batch;
import dev.candlewick.sink.parquet.CombineResult.Outcome;
import dev.candlewick.sink.parquet.file.ParquetFileReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Combining survives a crash at any moment, and may be done by several at a time (N9). */
class CombineTest {

    @TempDir(factory = QuickDirectory.class)
    Path directory;

    private Path root;

    @BeforeEach
    void aMonth() {
        root = directory.resolve("store");
        try (ParquetStore store = ParquetStore.at(root)) {
            write(store, BTC, JANUARY, 1);
        }
    }

    @ParameterizedTest
    @EnumSource(FaultyFiles.When.class)
    void dyingAtAnyOperationIsCompletedByRunningAgain(FaultyFiles.When when) throws IOException {
        FaultyFiles counting = FaultyFiles.counting(FileOperations.ofTheSystem());
        combine(counting, directory.resolve("counted/BTC.parquet"));
        int operations = counting.operations().size();
        assertThat(operations).isGreaterThan(4);
        for (int at = 0; at < operations; at++) {
            Path target = directory.resolve(when + "-" + at + "/BTC.parquet");
            boolean died = false;
            try {
                combine(FaultyFiles.dyingAt(FileOperations.ofTheSystem(), at, when), target);
            } catch (FaultyFiles.Died expectedly) {
                died = true;
            }
            assertThat(died).as("operation %d", at).isTrue();
            if (Files.exists(target)) {
                assertThat(rows(target)).as("operation %d", at).isEqualTo(expected(BTC, JANUARY, 1));
            }
            combine(FileOperations.ofTheSystem(), target);
            assertThat(combine(FileOperations.ofTheSystem(), target)).isEqualTo(Outcome.UNCHANGED);
            assertThat(rows(target)).isEqualTo(expected(BTC, JANUARY, 1));
            assertThat(beside(target)).as("operation %d", at).containsExactly(target);
        }
    }

    @Test
    void whatAKilledProcessLeftIsCollectedAndOtherFilesAreNot() throws IOException {
        Path target = directory.resolve("out/BTC.parquet");
        Files.createDirectories(DurableFiles.parentOf(target));
        Files.writeString(target.resolveSibling(".BTC.parquet.00000000000000ff-1.tmp"), "torn");
        Files.writeString(target.resolveSibling(".session-00000000000000ff.lock"), "");
        Path others = Files.writeString(target.resolveSibling(".ETH.parquet.00000000000000fe-1.tmp"), "torn");
        Path living;
        try (Session session = Session.begin(DurableFiles.parentOf(target))) {
            living = Files.writeString(target.resolveSibling(".BTC.parquet." + session.id() + "-1.tmp"), "growing");
            combine(FileOperations.ofTheSystem(), target);
            assertThat(beside(target)).hasSize(4).contains(target, others, living);
        }
        combine(FileOperations.ofTheSystem(), target);
        assertThat(beside(target)).containsExactlyInAnyOrder(target, others);
    }

    @Test
    void severalAtATimeToOneFileAllSucceed() throws Exception {
        Path target = directory.resolve("out/BTC.parquet");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (ParquetStore one = ParquetStore.at(root);
                ParquetStore other = ParquetStore.at(root)) {
            List<Future<CombineResult>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                ParquetStore store = i % 2 == 0 ? one : other;
                all.add(threads.submit(() -> store.combine(BTC, JANUARY, target)));
            }
            for (Future<CombineResult> each : all) {
                assertThat(each.get(60, TimeUnit.SECONDS).rows()).isEqualTo(744);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(rows(target)).isEqualTo(expected(BTC, JANUARY, 1));
        assertThat(beside(target)).containsExactly(target);
    }

    private Outcome combine(FileOperations files, Path target) {
        try (ParquetStore store = ParquetStore.builder(root).files(files).build()) {
            return store.combine(BTC, JANUARY, target).outcome();
        }
    }

    private static List<Path> beside(Path target) throws IOException {
        try (Stream<Path> files = Files.list(DurableFiles.parentOf(target))) {
            return files.toList();
        }
    }

    private static String rows(Path file) {
        StringBuilder text = new StringBuilder();
        try (ParquetFileReader reader = ParquetFileReader.open(file)) {
            for (Iterator<Batch> batches = reader.read(BTC, JANUARY); batches.hasNext(); ) {
                text.append(Market.text(batches.next()));
            }
        }
        return text.toString();
    }
}
