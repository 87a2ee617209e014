package dev.candlewick.testkit;

import dev.candlewick.Corrupt;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Feeds a reader with bytes that no honest sender would send, made from honest ones: cut, spliced, flipped, repeated, with
 * odd numbers and texts in the place of others. An input is read well when the reading returns, or throws a {@link Corrupt}
 * that names {@link #FILE} in a message of reasonable length; when it takes neither more processor time nor more memory than
 * the bounds below. Everything else is a finding.
 *
 * <pre>{@code
 * HostileInput.named("trades of REST")
 *         .seed("[{\"id\":1,\"price\":\"1.5\"}]")
 *         .covering(TradeJson.class)
 *         .run((input, random) -> TradeJson.read(TRADES, series, input, HostileInput.FILE));
 * }</pre>
 *
 * <p>Runs for {@code candlewick.fuzz.seconds} (5 unless said). Inputs come from {@code candlewick.fuzz.seed} (new in every run unless said,
 * and printed). Where JaCoCo counts what is covered, an input that reaches something new is kept to make others from.
 *
 * <p>Findings are shortened, then kept in {@code target/hostile}, one for each place they come from;
 * {@code -Dcandlewick.fuzz.file=…} reads one again. For one thread.
 */
public final class HostileInput {

    /** What readings call their input, so that refusals can be seen to name it. */
    public static final String FILE = "hostile-input";

    private static final long NANOS = 1_000_000_000L;
    private static final long LONGEST_CPU_NANOS = 5 * NANOS;
    private static final long WATCH_MILLIS = 100;
    private static final int LONGEST_MESSAGE = 4_000;
    private static final int LARGEST_INPUT = 1 << 16;
    private static final int LARGEST_KEPT = 1 << 13;
    private static final int LARGEST_CORPUS = 4_000;
    private static final int MOST_FINDINGS = 12;
    private static final int SHORTENINGS = 3_000;

    /** Reads one input and compares with whatever it can be compared with. */
    @FunctionalInterface
    public interface Reading {

        /** Reads the input; {@code choices} are the same whenever the input is. */
        void read(byte[] input, Random choices) throws Exception;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Finding(byte[] input, Throwable failure) {}

    private final String name;
    private final List<byte[]> seeds = new ArrayList<>();
    private final List<Class<?>> covered = new ArrayList<>();
    private long mostMemory = 32L << 20;

    private volatile byte[] current = {};
    private volatile long startedCpuNanos = Long.MAX_VALUE;
    private final AtomicLong executions = new AtomicLong();
    private volatile boolean stopped;
    private volatile @Nullable Throwable broken;
    private final Map<String, Finding> findings = new LinkedHashMap<>();
    private long mostAllocated;
    private String summary = "";

    private HostileInput(String name) {
        this.name = name;
    }

    /** A target of this name, which reports and files carry. */
    public static HostileInput named(String name) {
        return new HostileInput(name);
    }

    /** Adds an honest input to make others from. */
    public HostileInput seed(byte[] input) {
        seeds.add(Arrays.copyOf(input, Math.min(input.length, LARGEST_INPUT / 2)));
        return this;
    }

    /** Adds an honest text to make others from. */
    public HostileInput seed(String input) {
        return seed(input.getBytes(StandardCharsets.UTF_8));
    }

    /** Inputs that reach something new in the package of this class, which must be a directory, are kept. */
    public HostileInput covering(Class<?> reader) {
        covered.add(reader);
        return this;
    }

    /** How much one reading may allocate, its own comparisons included; 32 MiB unless said. */
    public HostileInput mostMemory(long bytes) {
        mostMemory = bytes;
        return this;
    }

    /** Runs, prints what was done, and throws {@link AssertionError} with the findings if there are any. */
    public void run(Reading reading) {
        String again = System.getProperty("candlewick.fuzz.file", "");
        if (!again.isEmpty()) {
            readAgain(Path.of(again), reading);
            return;
        }
        long seed = Long.getLong("candlewick.fuzz.seed", System.nanoTime());
        long nanos = Long.getLong("candlewick.fuzz.seconds", 5) * NANOS;
        Thread worker = new Thread(() -> work(reading, seed, nanos), "hostile-input");
        worker.setDaemon(true);
        worker.start();
        watch(worker);
        report();
    }

    private void readAgain(Path file, Reading reading) {
        try {
            byte[] input = Files.readAllBytes(file);
            Throwable failure = failure(input, reading);
            if (failure != null) {
                throw new AssertionError(name + " fails on " + file, failure);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void work(Reading reading, long seed, long nanos) {
        try {
            Random random = new Random(seed);
            HostileBytes bytes = new HostileBytes(LARGEST_INPUT);
            Coverage coverage = Coverage.of(covered);
            List<byte[]> corpus = new ArrayList<>(seeds);
            long start = System.nanoTime();
            for (byte[] honest : seeds) {
                tried(honest, reading);
            }
            coverage.grown();
            while (System.nanoTime() - start < nanos && findings.size() < MOST_FINDINGS && !stopped) {
                byte[] input = bytes.from(corpus, random);
                tried(input, reading);
                if (coverage.grown() && input.length <= LARGEST_KEPT && corpus.size() < LARGEST_CORPUS) {
                    corpus.add(input);
                }
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            summary = String.format(
                    Locale.ROOT,
                    "hostile input: %s: %,d inputs in %.0f s (%,.0f/s), at most %,d KiB for one, seed %d,"
                            + " corpus %d to %d, branches reached %s",
                    name,
                    executions.get(),
                    seconds,
                    executions.get() / seconds,
                    mostAllocated >> 10,
                    seed,
                    seeds.size(),
                    corpus.size(),
                    coverage);
        } catch (RuntimeException | Error failed) {
            broken = failed;
        }
    }

    private void tried(byte[] input, Reading reading) {
        Throwable failure = failure(input, reading);
        executions.incrementAndGet();
        if (failure != null) {
            String place = place(failure);
            Finding known = findings.get(place);
            if (known == null) {
                byte[] shorter = shortened(input, place, reading);
                Throwable same = failure(shorter, reading);
                keep(place, new Finding(shorter, same == null ? failure : same));
            }
        }
    }

    private @Nullable Throwable failure(byte[] input, Reading reading) {
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        current = input;
        startedCpuNanos = threads.getCurrentThreadCpuTime();
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            CRC32 choices = new CRC32();
            choices.update(input);
            reading.read(input.clone(), new Random(choices.getValue()));
        } catch (Corrupt refused) {
            String message = String.valueOf(refused.getMessage());
            if (!message.contains(FILE) || message.length() > LONGEST_MESSAGE) {
                return new AssertionError(
                        "refused without its name, or in " + message.length() + " characters", refused);
            }
        } catch (Exception | Error other) {
            return other;
        } finally {
            startedCpuNanos = Long.MAX_VALUE;
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        mostAllocated = Math.max(mostAllocated, allocated);
        if (allocated > mostMemory) {
            return new AssertionError("one reading of " + input.length + " bytes allocated " + allocated);
        }
        return null;
    }

    /** Where a failure comes from: the place in what is tested that is nearest to it. */
    private static String place(Throwable failure) {
        for (StackTraceElement frame : failure.getStackTrace()) {
            if (frame.getClassName().startsWith("dev.candlewick.")
                    && !frame.getClassName().equals(HostileInput.class.getName())) {
                return failure.getClass().getName() + " at " + frame;
            }
        }
        Throwable cause = failure.getCause();
        return failure.getClass().getName() + (cause == null ? "" : " for " + place(cause));
    }

    /** Leaves out whatever the failure does not need. */
    private byte[] shortened(byte[] input, String place, Reading reading) {
        byte[] shortest = input;
        int tries = 0;
        for (int piece = Math.max(1, input.length / 2); piece > 0; piece /= 2) {
            for (int from = 0; from < shortest.length && tries < SHORTENINGS; tries++) {
                int to = Math.min(shortest.length, from + piece);
                byte[] shorter = new byte[shortest.length - (to - from)];
                System.arraycopy(shortest, 0, shorter, 0, from);
                System.arraycopy(shortest, to, shorter, from, shortest.length - to);
                Throwable failure = failure(shorter, reading);
                if (failure != null && place(failure).equals(place)) {
                    shortest = shorter;
                } else {
                    from = to;
                }
            }
        }
        return shortest;
    }

    private void keep(String place, Finding finding) {
        synchronized (findings) {
            findings.put(place, finding);
        }
    }

    /** Waits for the worker, and gives it up when one input keeps its processor busy for too long. */
    private void watch(Thread worker) {
        try {
            while (worker.isAlive()) {
                worker.join(WATCH_MILLIS);
                long started = startedCpuNanos;
                byte[] input = current;
                long cpu = ManagementFactory.getThreadMXBean().getThreadCpuTime(worker.getId());
                if (cpu - started > LONGEST_CPU_NANOS && started == startedCpuNanos) {
                    AssertionError hang = new AssertionError("still reading after " + LONGEST_CPU_NANOS / NANOS + " s");
                    hang.setStackTrace(worker.getStackTrace());
                    keep("hang", new Finding(input, hang));
                    stopped = true;
                    summary = "hostile input: " + name + ": hangs after " + executions + " inputs";
                    return;
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            stopped = true;
        }
    }

    private void report() {
        if (broken != null) {
            throw new AssertionError(name + " could not be tried", broken);
        }
        AssertionError all = new AssertionError();
        synchronized (findings) {
            System.out.println(summary + ", findings " + findings.size());
            findings.forEach((place, finding) -> {
                Path file = write(finding);
                System.out.println(
                        "  " + place + ": " + finding.failure() + "; input in " + file + ": " + shown(finding.input()));
                all.addSuppressed(new AssertionError(place + "; input in " + file, finding.failure()));
            });
            if (!findings.isEmpty()) {
                AssertionError failed = new AssertionError(summary + ", findings " + findings.keySet());
                for (Throwable each : all.getSuppressed()) {
                    failed.addSuppressed(each);
                }
                throw failed;
            }
        }
    }

    private Path write(Finding finding) {
        CRC32 crc = new CRC32();
        crc.update(finding.input());
        Path directory = Path.of("target", "hostile");
        Path file = directory.resolve(name.replaceAll("[^A-Za-z0-9]+", "-") + "-" + Long.toHexString(crc.getValue()));
        try {
            Files.createDirectories(directory);
            return Files.write(file, finding.input()).toAbsolutePath();
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private static String shown(byte[] input) {
        String text = new String(input, 0, Math.min(input.length, 300), StandardCharsets.ISO_8859_1);
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            shown.append(
                    each >= ' ' && each < 127
                            ? String.valueOf(each)
                            : String.format(Locale.ROOT, "\\x%02x", (int) each));
        }
        return shown + (input.length > 300 ? "…" : "");
    }
}
