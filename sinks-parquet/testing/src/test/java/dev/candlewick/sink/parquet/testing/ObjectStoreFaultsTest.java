package dev.candlewick.sink.parquet.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Store;
import dev.candlewick.Unavailable;
import dev.candlewick.Unconfirmed;
import dev.candlewick.sink.parquet.ParquetStore;
import dev.candlewick.sink.parquet.objects.ObjectStorage;
import dev.candlewick.testkit.UnitTrial;
import dev.candlewick.testkit.UnitTrial.Change;
import dev.candlewick.testkit.UnitTrial.Told;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fails every request of a commit in turn, before and after it took effect, and judges what is left. */
class ObjectStoreFaultsTest {

    @TempDir(factory = QuickDirectory.class)
    Path directory;

    private int trial;

    @Test
    void aRequestThatFailsLeavesEveryUnitOldOrNew() {
        tryAll(Change.MERGED, 1);
    }

    @Test
    @Tag("faults")
    void anyRequestOfAnyChangeThatFailsLeavesEveryUnitOldOrNew() {
        int rounds = Math.max(1, Integer.getInteger("candlewick.faults.trials", 25) / 25);
        for (Change change : Change.values()) {
            tryAll(change, rounds);
        }
    }

    private void tryAll(Change change, int rounds) {
        List<String> problems = new ArrayList<>();
        int requests = requestsOf(change);
        assertThat(requests).isPositive();
        for (int round = 0; round < rounds; round++) {
            for (FaultyStorage.Fault fault : FaultyStorage.Fault.values()) {
                for (int at = 0; at < requests; at++) {
                    String what = change + ", " + fault + " at request " + at + ": ";
                    problemsOf(change, fault, at).forEach(problem -> problems.add(what + problem));
                }
            }
        }
        assertThat(problems).isEmpty();
    }

    private int requestsOf(Change change) {
        UnitTrial unit = UnitTrial.of(change, "COUNT-USDT");
        try (ObjectStorage storage = storage()) {
            prepare(unit, storage);
            FaultyStorage counting = FaultyStorage.sound(storage);
            Store store = ParquetStore.on(counting);
            unit.write(store);
            return counting.requests();
        }
    }

    private List<String> problemsOf(Change change, FaultyStorage.Fault fault, int at) {
        UnitTrial unit = UnitTrial.of(change, "T" + trial + "-USDT");
        List<String> problems = new ArrayList<>();
        try (ObjectStorage storage = storage()) {
            prepare(unit, storage);
            FaultyStorage faulty = FaultyStorage.failingAt(storage, at, fault);
            Told told = told(unit, faulty, problems);
            if (!faulty.hasStruck()) {
                problems.add("never came to that request");
            }
            try (Store store = ParquetStore.on(storage)) {
                problems.addAll(unit.problemsLeft(store, told));
                problems.addAll(unit.problemsAfterRunningAgain(store));
            }
        }
        return problems;
    }

    private static Told told(UnitTrial unit, FaultyStorage faulty, List<String> problems) {
        try (Store store = ParquetStore.on(faulty)) {
            unit.write(store);
            return Told.DONE;
        } catch (Unavailable failed) {
            return Told.FAILED;
        } catch (Unconfirmed unknown) {
            return Told.NOTHING;
        } catch (RuntimeException other) {
            problems.add("ended with " + other);
            return Told.NOTHING;
        }
    }

    private static void prepare(UnitTrial unit, ObjectStorage storage) {
        try (Store store = ParquetStore.on(storage)) {
            unit.prepare(store);
        }
    }

    private ObjectStorage storage() {
        Path fresh = directory.resolve("trial" + trial++);
        assertThat(Files.exists(fresh)).isFalse();
        return ObjectStorage.inDirectory(fresh);
    }
}
