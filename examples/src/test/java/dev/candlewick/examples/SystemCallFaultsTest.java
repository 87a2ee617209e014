package dev.candlewick.examples;

import static dev.candlewick.examples.StoreOnTrial.BTC;
import static dev.candlewick.examples.StoreOnTrial.ETH;
import static dev.candlewick.examples.StoreOnTrial.backfillLine;
import static dev.candlewick.examples.StoreOnTrial.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.candlewick.source.binance.simulator.BinanceSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The process is killed at, or the kernel refuses, the n-th system call of its kind while the launcher's own JVM fills
 * half a unit that is there and one that is not (E1, E8, F1, F4, F5). Needs strace; skipped, visibly, without it.
 *
 * <p>A counting run finds which calls touch the store; each of these is then struck once, or as many of them, evenly
 * spread, as {@code candlewick.faults.trials} allows.
 */
@Tag("faults")
class SystemCallFaultsTest {

    private static final String BEFORE = range("2023-02-01", "2023-02-12");
    private static final String RANGE = range("2023-02-01", "2023-03-01");
    private static final Pattern CALL = Pattern.compile("^(\\d+) +(\\w+)\\((.*)$");

    private static BinanceSimulator venue;
    private static StoreOnTrial undisturbed;
    private static Map<String, TreeSet<Integer>> calls;

    @TempDir
    static Path directory;

    private static int stores;

    @BeforeAll
    static void countCalls() throws Exception {
        assumeThat(Stream.of("/usr/bin/strace", "/usr/local/bin/strace").anyMatch(file -> Files.exists(Path.of(file))))
                .as("strace is installed")
                .isTrue();
        venue = StoreOnTrial.openVenue();
        undisturbed = new StoreOnTrial(venue, directory.resolve("undisturbed"));
        assertThat(undisturbed.backfill(RANGE).code()).isEqualTo(ExitCode.DONE);
        calls = calls();
        System.out.println("system calls that touch the store, by the thread's own count: " + calls);
    }

    @AfterAll
    static void shut() {
        if (venue != null) {
            venue.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fsync", "rename", "openat", "write", "unlink", "mkdir"})
    void aKillAtAnyCallLeavesOldOrNewAndRunningAgainCompletes(String call) throws Exception {
        int struck = 0;
        for (int at : points(call)) {
            StoreOnTrial store = prepared();
            try (ChildProcess child = child(store, "--inject=" + call + ":signal=SIGKILL:when=" + at, "/dev/null")) {
                struck += child.end() == 0 ? 0 : 1;
            }
            assertOldOrNew(store);
            assertThat(store.backfill(RANGE).code()).as("%s %d", call, at).isEqualTo(ExitCode.DONE);
            store.assertEquals(undisturbed, RANGE);
        }
        System.out.printf("%s: %d points, %d kills%n", call, points(call).size(), struck);
        assertThat(struck).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"fsync,EIO", "rename,EIO", "rename,EXDEV", "write,ENOSPC", "mkdir,EROFS", "unlink,EIO"})
    void anErrorAtAnyCallIsNamedAndRunningAgainCompletes(String call, String error) throws Exception {
        int failures = 0;
        for (int at : points(call)) {
            StoreOnTrial store = prepared();
            Path log = directory.resolve("struck.log");
            try (ChildProcess child =
                    child(store, "--inject=" + call + ":error=" + error + ":when=" + at, log.toString())) {
                int status = child.end();
                if (status != 0) {
                    failures++;
                    assertThat(status).as("%s %d: %s", call, at, child.output()).isEqualTo(1);
                }
                if (status != 0 && !somethingPrintedWasStruck(log)) {
                    assertThat(child.output())
                            .as("%s %d", call, at)
                            .containsAnyOf(store.directory().toString(), "A library could not be loaded")
                            .doesNotContain("This should not have happened", "Exception in thread");
                }
            }
            assertOldOrNew(store);
            assertThat(store.backfill(RANGE).code()).as("%s %d", call, at).isEqualTo(ExitCode.DONE);
            store.assertEquals(undisturbed, RANGE);
        }
        System.out.printf(
                "%s %s: %d points, %d failed runs%n", call, error, points(call).size(), failures);
        assertThat(failures).isGreaterThanOrEqualTo(call.equals("unlink") ? 0 : 1);
    }

    /** strace strikes the n-th call of every thread, and may so swallow the very message that is looked for. */
    private static boolean somethingPrintedWasStruck(Path log) throws IOException {
        Map<String, String> lastCall = new HashMap<>();
        for (String line : Files.readAllLines(log)) {
            String thread = line.split(" ", 2)[0];
            Matcher call = CALL.matcher(line);
            if (call.matches()) {
                lastCall.put(thread, call.group(2) + "(" + call.group(3));
            }
            if (line.endsWith("(INJECTED)") && lastCall.getOrDefault(thread, "").matches("write\\([12]<.*")) {
                return true;
            }
        }
        return false;
    }

    /** What was there before is there still, unchanged, whatever came after it. */
    private static void assertOldOrNew(StoreOnTrial store) throws IOException {
        assertThat(store.csv(BTC, BEFORE)).isEqualTo(undisturbed.csv(BTC, BEFORE));
        assertThat(store.csv(BTC, RANGE)).isIn(undisturbed.csv(BTC, BEFORE), undisturbed.csv(BTC, RANGE));
        if (!store.files("code=ETH-USDT/2023-02.json").isEmpty()) {
            assertThat(store.csv(ETH, RANGE)).isEqualTo(undisturbed.csv(ETH, RANGE));
        }
    }

    private static List<Integer> points(String call) {
        List<Integer> all = List.copyOf(calls.getOrDefault(call, new TreeSet<>()));
        int most = Math.max(3, Integer.getInteger("candlewick.faults.trials", 25) / 3);
        if (all.size() <= most) {
            return all;
        }
        List<Integer> some = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            some.add(all.get(i * (all.size() - 1) / (most - 1)));
        }
        return some;
    }

    private static StoreOnTrial prepared() {
        StoreOnTrial store = new StoreOnTrial(venue, directory.resolve("store" + stores++));
        String half =
                "backfill --from binance:spot --to parquet:" + store.directory() + " --series " + BTC + " " + BEFORE;
        assertThat(store.run(half).code()).isEqualTo(ExitCode.DONE);
        return store;
    }

    private static ChildProcess child(StoreOnTrial store, String inject, String log) throws IOException {
        return ChildProcess.start(
                venue.environment(),
                List.of("strace", "-f", "-y", "-qq", "-s", "4096", "-o", log, trace(), inject),
                List.of(),
                backfillLine(store.directory(), RANGE));
    }

    private static String trace() {
        return "--trace=fsync,rename,openat,write,unlink,mkdir";
    }

    /** The numbers, counted per thread as strace counts, of the calls that touch the store. */
    private static Map<String, TreeSet<Integer>> calls() throws Exception {
        StoreOnTrial store = prepared();
        Path log = directory.resolve("calls.log");
        try (ChildProcess child = child(store, "-e" + "signal=none", log.toString())) {
            assertThat(child.end()).as(child.output()).isZero();
        }
        Map<String, Integer> counts = new HashMap<>();
        Map<String, TreeSet<Integer>> touching = new HashMap<>();
        for (String line : Files.readAllLines(log)) {
            Matcher call = CALL.matcher(line);
            if (call.matches()) {
                int number = counts.merge(call.group(1) + " " + call.group(2), 1, Integer::sum);
                if (call.group(3).contains(store.directory().toString()) && !line.contains("O_RDONLY")) {
                    touching.computeIfAbsent(call.group(2), unseen -> new TreeSet<>())
                            .add(number);
                }
            }
        }
        return touching;
    }
}
