package dev.candlewick.sink.parquet;

import static dev.candlewick.sink.parquet.CrashScene.CHANGES;
import static dev.candlewick.sink.parquet.CrashScene.SERIES;
import static dev.candlewick.sink.parquet.CrashScene.UNIT;
import static dev.candlewick.sink.parquet.CrashScene.copy;
import static dev.candlewick.sink.parquet.CrashScene.endSession;
import static dev.candlewick.sink.parquet.CrashScene.operationsOf;
import static dev.candlewick.sink.parquet.CrashScene.prepared;
import static dev.candlewick.sink.parquet.CrashScene.problem;
import static dev.candlewick.sink.parquet.CrashScene.temporaries;
import static dev.candlewick.sink.parquet.Market.read;
import static dev.candlewick.sink.parquet.Market.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.MarketDataException;
import dev.candlewick.Refused;
import dev.candlewick.Unavailable;
import dev.candlewick.Unconfirmed;
import dev.candlewick.sink.parquet.CrashScene.Change;
import dev.candlewick.sink.parquet.CrashScene.Points;
import dev.candlewick.sink.parquet.CrashScene.Promise;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The process dies, or the disk fails or is full, at each operation of a commit: old or new, and never worse (F4, F5). */
class CrashTest {

    // Manifests that cannot be written to a full disk are not what is looked at here.
    private static final Logger STORE_LOG = Logger.getLogger(ParquetStore.class.getName());

    @TempDir(factory = QuickDirectory.class)
    Path directory;

    @BeforeAll
    static void quiet() {
        STORE_LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void loud() {
        STORE_LOG.setLevel(null);
    }

    @ParameterizedTest
    @EnumSource(FaultyFiles.When.class)
    void dyingAtEachKindOfOperationLeavesOldOrNewAndRunningAgainCompletes(FaultyFiles.When when) throws IOException {
        die(when, Points.EACH_KIND);
    }

    @Tag("faults")
    @ParameterizedTest
    @EnumSource(FaultyFiles.When.class)
    void dyingAtAnyOperationLeavesOldOrNewAndRunningAgainCompletes(FaultyFiles.When when) throws IOException {
        die(when, Points.ALL);
    }

    private void die(FaultyFiles.When when, Points points) throws IOException {
        for (Change change : CHANGES) {
            List<String> operations = operationsOf(directory, change);
            assertThat(operations).hasSizeGreaterThan(8);
            for (int at : points.of(operations)) {
                Path root = prepared(directory, change);
                ParquetStore dying = ParquetStore.builder(root)
                        .files(FaultyFiles.dyingAt(FileOperations.ofTheSystem(), at, when))
                        .build();
                boolean died = false;
                try {
                    write(dying, SERIES, change.range(), change.version());
                } catch (FaultyFiles.Died expectedly) {
                    died = true;
                }
                // What the dead process left, its session file included; only its lock is gone.
                Path left = copy(directory, root);
                endSession(dying);
                assertThat(died).as("operation %d", at).isTrue();
                assertThat(problem(left, change, Promise.NOTHING))
                        .as("%s operation %d", when, at)
                        .isEmpty();
            }
        }
    }

    @Test
    void anErrorOfTheDiskAtEachKindOfOperationLeavesOldOrNewAndSaysWhich() throws IOException {
        fail(Points.EACH_KIND);
    }

    @Tag("faults")
    @Test
    void anErrorOfTheDiskAtAnyOperationLeavesOldOrNewAndSaysWhich() throws IOException {
        fail(Points.ALL);
    }

    private void fail(Points points) throws IOException {
        for (Change change : CHANGES) {
            List<String> operations = operationsOf(directory, change);
            for (int at : points.of(operations)) {
                Path root = prepared(directory, change);
                FaultyFiles files = FaultyFiles.failingAt(at, "Input/output error");
                try (ParquetStore store =
                        ParquetStore.builder(root).files(files).build()) {
                    try {
                        write(store, SERIES, change.range(), change.version());
                        // A failed clean-up is no failed commit.
                        assertThat(read(store, SERIES, UNIT)).isEqualTo(change.after());
                    } catch (Unavailable failed) {
                        assertThat(failed)
                                .hasMessageContaining("Input/output error")
                                .hasMessageContaining(SERIES.toString());
                        assertThat(read(store, SERIES, UNIT)).isEqualTo(change.before());
                    } catch (Unconfirmed unknown) {
                        assertThat(read(store, SERIES, UNIT)).isEqualTo(change.after());
                    }
                    if (!files.struck().equals("delete")) {
                        assertThat(temporaries(root)).as("operation %d", at).isEmpty();
                    }
                }
                assertThat(problem(root, change, Promise.NOTHING))
                        .as("operation %d", at)
                        .isEmpty();
            }
        }
    }

    @Test
    void aDiskThatIsFullAtEachKindOfOperationIsSaidAndLeavesTheOldRows() throws IOException {
        fill(Points.EACH_KIND);
    }

    @Tag("faults")
    @Test
    void aDiskThatIsFullAtAnyOperationIsSaidAndLeavesTheOldRows() throws IOException {
        fill(Points.ALL);
    }

    private void fill(Points points) throws IOException {
        for (Change change : CHANGES) {
            List<String> operations = operationsOf(directory, change);
            for (int at : points.of(operations)) {
                Path root = prepared(directory, change);
                ParquetStore store = ParquetStore.builder(root)
                        .files(FaultyFiles.fullFrom(at))
                        .build();
                try {
                    write(store, SERIES, change.range(), change.version());
                } catch (MarketDataException full) {
                    assertThat(full)
                            .isInstanceOf(Unavailable.class)
                            .hasMessageContaining("disk is full")
                            .hasMessageContaining("run the same again");
                    assertThat(read(store, SERIES, UNIT)).isEqualTo(change.before());
                    assertThat(temporaries(root)).isEmpty();
                }
                endSession(store);
                assertThat(problem(root, change, Promise.NOTHING))
                        .as("operation %d", at)
                        .isEmpty();
            }
        }
    }

    @Test
    void anUnreadableDirectoryIsRefusedByName() {
        ParquetStore store = ParquetStore.builder(directory)
                .files(FaultyFiles.failingAt(0, "Permission denied"))
                .build();
        assertThatThrownBy(() -> write(store, SERIES, UNIT, 1))
                .isInstanceOf(Refused.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining("permission");
    }
}
