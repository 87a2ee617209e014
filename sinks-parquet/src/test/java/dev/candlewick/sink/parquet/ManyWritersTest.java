package dev.candlewick.sink.parquet;

import static dev.candlewick.sink.parquet.Market.BTC;
import static dev.candlewick.sink.parquet.Market.JANUARY;
import static dev.candlewick.sink.parquet.Market.expected;
import static dev.candlewick.sink.parquet.Market.read;
import static dev.candlewick.sink.parquet.Market.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManyWritersTest {

    @TempDir(factory = QuickDirectory.class)
    Path directory;

    /** Writes each day of January by itself, in a random order: what child processes and threads do at the same time. */
    public static void main(String[] arguments) {
        try (ParquetStore store = ParquetStore.at(Path.of(arguments[0]))) {
            writeDays(
                    store,
                    Integer.parseInt(arguments[1]),
                    Integer.parseInt(arguments[2]),
                    Integer.parseInt(arguments[3]));
        }
    }

    private static void writeDays(ParquetStore store, int which, int of, int seed) {
        List<TimeRange> days = new ArrayList<>(JANUARY.split(Duration.ofDays(1)));
        java.util.Collections.shuffle(days, new Random(seed));
        for (int day = which; day < days.size(); day += of) {
            write(store, BTC, days.get(day), 1);
        }
    }

    @Test
    void threadsAndStoresWritingPartsOfOneUnitLoseNothing() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (ParquetStore one = ParquetStore.at(directory);
                ParquetStore other = ParquetStore.at(directory)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                int which = i;
                all.add(threads.submit(() -> writeDays(which % 2 == 0 ? one : other, which, 4, 7)));
            }
            for (Future<?> each : all) {
                each.get(60, TimeUnit.SECONDS);
            }
            assertThat(read(one, BTC, JANUARY)).isEqualTo(expected(BTC, JANUARY, 1));
            assertThat(one.verify().isSound()).isTrue();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void processesWritingPartsOfOneUnitLoseNothing() throws Exception {
        List<Process> writers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            writers.add(child(i, 2, 11));
        }
        for (Process writer : writers) {
            assertThat(writer.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(writer.exitValue()).isZero();
        }
        try (ParquetStore store = ParquetStore.at(directory)) {
            assertThat(read(store, BTC, JANUARY)).isEqualTo(expected(BTC, JANUARY, 1));
            assertThat(store.verify().findings()).isEmpty();
        }
    }

    @Test
    void aKilledProcessIsCompletedByRunningAgain() throws Exception {
        kill(2, 42);
    }

    @Tag("faults")
    @Test
    void aProcessKilledAgainAndAgainIsCompletedByRunningAgain() throws Exception {
        kill(Integer.getInteger("candlewick.faults.trials", 25), 4_711);
    }

    private void kill(int trials, int seed) throws Exception {
        Random random = new Random(seed);
        for (int trial = 0; trial < trials; trial++) {
            Process writer = child(0, 1, trial);
            if (!writer.waitFor(250 + random.nextInt(500), TimeUnit.MILLISECONDS)) {
                writer.destroyForcibly().waitFor();
            }
            try (ParquetStore store = ParquetStore.at(directory)) {
                assertThat(store.verify().findings()).as("trial %d", trial).isEmpty();
                writeDays(store, 0, 1, trial);
                assertThat(read(store, BTC, JANUARY)).as("trial %d", trial).isEqualTo(expected(BTC, JANUARY, 1));
                store.forget(BTC, JANUARY);
            }
        }
    }

    @Test
    void aReaderSeesWhollyOldOrWhollyNewRows() throws Exception {
        String one = expected(BTC, JANUARY, 1);
        String two = expected(BTC, JANUARY, 2);
        AtomicBoolean ended = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (ParquetStore store = ParquetStore.at(directory)) {
            write(store, BTC, JANUARY, 1);
            Callable<Integer> reading = () -> {
                int reads = 0;
                while (!ended.get()) {
                    assertThat(read(store, BTC, JANUARY)).isIn(one, two);
                    reads++;
                }
                return reads;
            };
            Future<Integer> first = threads.submit(reading);
            Future<Integer> second = threads.submit(reading);
            for (int version = 2; version < 60; version++) {
                write(store, BTC, JANUARY, version % 2 + 1);
            }
            ended.set(true);
            assertThat(first.get(60, TimeUnit.SECONDS) + second.get(60, TimeUnit.SECONDS))
                    .isGreaterThan(10);
        } finally {
            ended.set(true);
            threads.shutdownNow();
        }
    }

    private Process child(int which, int of, int seed) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        ManyWritersTest.class.getName(),
                        directory.toString(),
                        Integer.toString(which),
                        Integer.toString(of),
                        Integer.toString(seed))
                .inheritIO()
                .start();
    }
}
