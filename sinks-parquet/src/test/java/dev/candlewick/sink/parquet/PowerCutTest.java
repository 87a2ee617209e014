package dev.candlewick.sink.parquet;

import static dev.candlewick.sink.parquet.CrashScene.FIRST;
import static dev.candlewick.sink.parquet.CrashScene.REPLACED;
import static dev.candlewick.sink.parquet.CrashScene.SERIES;
import static dev.candlewick.sink.parquet.CrashScene.UNIT;
import static dev.candlewick.sink.parquet.CrashScene.endSession;
import static dev.candlewick.sink.parquet.CrashScene.problem;
import static dev.candlewick.sink.parquet.Market.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.sink.parquet.CrashScene.Change;
import dev.candlewick.sink.parquet.CrashScene.Points;
import dev.candlewick.sink.parquet.CrashScene.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The power goes at operations of a commit, on the model of a disk that may lose all that was not forced (F1, F2). The
 * planted wrong protocols come first: a harness that does not catch them proves nothing.
 */
class PowerCutTest {

    @TempDir(factory = QuickDirectory.class)
    Path directory;

    @ParameterizedTest
    @EnumSource(WrongProtocols.class)
    void theHarnessCatchesAWrongProtocol(WrongProtocols wrong) throws IOException {
        assertThat(problems(wrong::over, Points.EACH_KIND, 1))
                .as("problems found")
                .isNotEmpty();
    }

    @Test
    void aPowerCutAtEachKindOfOperationLeavesOldOrNew() throws IOException {
        assertThat(problems(files -> files, Points.EACH_KIND, 1)).isEmpty();
    }

    @Tag("faults")
    @Test
    void aPowerCutAtAnyOperationLeavesOldOrNew() throws IOException {
        assertThat(problems(files -> files, Points.ALL, 5)).isEmpty();
    }

    private interface Protocol {
        FileOperations over(FileOperations real);
    }

    private List<String> problems(Protocol protocol, Points points, int randomStates) throws IOException {
        List<String> problems = new ArrayList<>();
        for (Change change : List.of(FIRST, REPLACED)) {
            List<String> operations = operations(protocol, change);
            List<Integer> cuts = new ArrayList<>(points.of(operations));
            cuts.add(operations.size()); // after the last one: what was acknowledged must be there
            for (int at : cuts) {
                if (problems.isEmpty()) {
                    problems.addAll(cut(protocol, change, at, randomStates));
                }
            }
        }
        return problems;
    }

    private List<String> cut(Protocol protocol, Change change, int at, int randomStates) throws IOException {
        List<String> problems = new ArrayList<>();
        PowerCut disk = prepared(protocol, change);
        FileOperations dying = protocol.over(FaultyFiles.dyingAt(disk, at, FaultyFiles.When.AFTER));
        ParquetStore store = ParquetStore.builder(disk.root()).files(dying).build();
        Promise promise = Promise.NOTHING;
        try {
            write(store, SERIES, change.range(), change.version());
            promise = Promise.ACKNOWLEDGED;
        } catch (FaultyFiles.Died expectedly) {
            // The power fails now.
        }
        List<PowerCut.Luck> states = new ArrayList<>(
                List.of(PowerCut.Luck.NOTHING, PowerCut.Luck.NAMES_WITHOUT_BYTES, PowerCut.Luck.EVERYTHING));
        for (int i = 0; i < randomStates; i++) {
            states.add(PowerCut.Luck.SOME);
        }
        for (int state = 0; state < states.size(); state++) {
            Path after = Files.createTempDirectory(directory, "cut");
            disk.layOut(after, states.get(state), new Random(at * 31L + state));
            for (String problem : problem(after, change, promise)) {
                problems.add(states.get(state) + " after operation " + at + ": " + problem);
            }
        }
        endSession(store);
        return problems;
    }

    private List<String> operations(Protocol protocol, Change change) throws IOException {
        PowerCut disk = prepared(protocol, change);
        FaultyFiles counting = FaultyFiles.counting(disk);
        try (ParquetStore store =
                ParquetStore.builder(disk.root()).files(protocol.over(counting)).build()) {
            write(store, SERIES, change.range(), change.version());
            return counting.operations();
        }
    }

    private PowerCut prepared(Protocol protocol, Change change) throws IOException {
        PowerCut disk = new PowerCut(Files.createTempDirectory(directory, "run"));
        if (!change.before().isEmpty()) {
            try (ParquetStore store =
                    ParquetStore.builder(disk.root()).files(protocol.over(disk)).build()) {
                write(store, SERIES, UNIT, 1);
            }
        }
        return disk;
    }
}
