package dev.candlewick.sink.parquet;

import static dev.candlewick.sink.parquet.Market.BTC;
import static dev.candlewick.sink.parquet.Market.JANUARY;
import static dev.candlewick.sink.parquet.Market.candles;
import static dev.candlewick.sink.parquet.Market.expected;
import static dev.candlewick.sink.parquet.Market.provenance;
import static dev.candlewick.sink.parquet.Market.read;
import static dev.candlewick.sink.parquet.Market.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.SinkWriter;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.WriteResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A writer that was stopped and comes back late does not undo what was written meanwhile (E4). */
class LateWriterTest {

    private static final TimeRange FIRST_DAYS = TimeRange.of("2024-01-01", "2024-01-11");
    private static final TimeRange LAST_DAYS = TimeRange.of("2024-01-21", "2024-02-01");

    @TempDir
    Path directory;

    /** Gathers a version of a range, says so, and commits when its standard input ends. */
    public static void main(String[] arguments) throws IOException {
        TimeRange range = TimeRange.parse(arguments[1]);
        try (ParquetStore store = ParquetStore.at(Path.of(arguments[0]));
                SinkWriter writer = store.open(BTC, range)) {
            writer.append(candles(BTC, range, Integer.parseInt(arguments[2])));
            System.out.println("ready");
            while (System.in.read() >= 0) {
                // Until the parent lets go.
            }
            try {
                System.out.println("unchanged " + commit(writer, range).unchanged());
            } catch (Unavailable refused) {
                System.out.println("refused " + refused.getMessage());
            }
        }
    }

    @Test
    void aLateWriterReplacesNothingThatWasCommittedMeanwhile() throws IOException {
        try (ParquetStore slow = ParquetStore.at(directory);
                ParquetStore quick = ParquetStore.at(directory)) {
            write(quick, BTC, JANUARY, 1);
            try (SinkWriter late = opened(slow, JANUARY, 2)) {
                write(quick, BTC, JANUARY, 3);
                assertThatThrownBy(() -> commit(late, JANUARY))
                        .isInstanceOf(Unavailable.class)
                        .hasMessageContaining("another process meanwhile")
                        .hasMessageContaining("revision 2")
                        .hasMessageContaining("nothing was replaced")
                        .hasMessageContaining("Run again");
            }
            assertThat(read(slow, BTC, JANUARY)).isEqualTo(expected(BTC, JANUARY, 3));
            write(slow, BTC, JANUARY, 2);
            assertThat(read(quick, BTC, JANUARY)).isEqualTo(expected(BTC, JANUARY, 2));
            assertThat(quick.verify().findings()).isEmpty();
        }
        assertNoTemporaries();
    }

    @Test
    void theFirstOfTwoWritersOfANewUnitWins() {
        try (ParquetStore store = ParquetStore.at(directory);
                SinkWriter late = opened(store, FIRST_DAYS, 2)) {
            write(store, BTC, JANUARY, 1);
            assertThatThrownBy(() -> commit(late, FIRST_DAYS)).isInstanceOf(Unavailable.class);
            assertThat(read(store, BTC, JANUARY)).isEqualTo(expected(BTC, JANUARY, 1));
        }
    }

    @Test
    void aLateWriterWithTheSameRowsFindsNothingToDo() {
        try (ParquetStore store = ParquetStore.at(directory);
                SinkWriter late = opened(store, FIRST_DAYS, 1)) {
            write(store, BTC, JANUARY, 1);
            WriteResult result = commit(late, FIRST_DAYS);
            assertThat(result.unchanged()).isEqualTo(1);
            assertThat(result.entries().get(0).revision()).isEqualTo(1);
        }
    }

    @Test
    void writersOfDifferentPartsOfAUnitBothSucceedAlsoWhenOneIsLate() {
        try (ParquetStore store = ParquetStore.at(directory)) {
            write(store, BTC, JANUARY, 1);
            try (SinkWriter late = opened(store, LAST_DAYS, 2)) {
                write(store, BTC, FIRST_DAYS, 3);
                commit(late, LAST_DAYS);
            }
            assertThat(read(store, BTC, JANUARY))
                    .isEqualTo(expected(BTC, FIRST_DAYS, 3)
                            + expected(BTC, TimeRange.of("2024-01-11", "2024-01-21"), 1)
                            + expected(BTC, LAST_DAYS, 2));
        }
    }

    @Test
    void aLateWriterDoesNotOverwriteAUnitThatWasForgottenAndFetchedAgain() {
        try (ParquetStore store = ParquetStore.at(directory)) {
            write(store, BTC, JANUARY, 1);
            try (SinkWriter late = opened(store, JANUARY, 2)) {
                store.forget(BTC, JANUARY);
                write(store, BTC, JANUARY, 3);
                assertThatThrownBy(() -> commit(late, JANUARY)).isInstanceOf(Unavailable.class);
            }
            assertThat(read(store, BTC, JANUARY)).isEqualTo(expected(BTC, JANUARY, 3));
        }
    }

    @Test
    void aLateProcessIsRefusedToo() throws Exception {
        Process late = child(FIRST_DAYS, 2);
        Process elsewhere = child(LAST_DAYS, 3);
        try (BufferedReader said = late.inputReader();
                BufferedReader saidElsewhere = elsewhere.inputReader();
                ParquetStore store = ParquetStore.at(directory)) {
            assertThat(said.readLine()).isEqualTo("ready");
            assertThat(saidElsewhere.readLine()).isEqualTo("ready");
            write(store, BTC, FIRST_DAYS, 1);
            late.outputWriter().close();
            elsewhere.outputWriter().close();
            assertThat(said.readLine()).startsWith("refused").contains("nothing was replaced");
            assertThat(saidElsewhere.readLine()).isEqualTo("unchanged 0");
            assertThat(late.waitFor()).isZero();
            assertThat(elsewhere.waitFor()).isZero();
            assertThat(read(store, BTC, JANUARY)).isEqualTo(expected(BTC, FIRST_DAYS, 1) + expected(BTC, LAST_DAYS, 3));
            assertThat(store.verify().findings()).isEmpty();
        } finally {
            late.destroyForcibly();
            elsewhere.destroyForcibly();
        }
        assertNoTemporaries();
    }

    private static SinkWriter opened(ParquetStore store, TimeRange range, int version) {
        SinkWriter writer = store.open(BTC, range);
        writer.append(candles(BTC, range, version));
        return writer;
    }

    private static WriteResult commit(SinkWriter writer, TimeRange range) {
        return writer.commit(provenance(range, 0));
    }

    private void assertNoTemporaries() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            assertThat(files.filter(file -> file.toString().endsWith(".tmp"))).isEmpty();
        }
    }

    private Process child(TimeRange range, int version) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                LateWriterTest.class.getName(),
                directory.toString(),
                range.toString(),
                Integer.toString(version));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
