package dev.candlewick.testkit;

import dev.candlewick.testkit.UnitTrial.Change;
import dev.candlewick.testkit.UnitTrial.Told;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Puts a store through what happens to processes: its server freezes, or is killed and comes back; the writer itself is
 * killed. Each trial writes a series of its own and ends with a store that must equal an undisturbed one. For one thread.
 */
public final class ServerTrials implements AutoCloseable {

    /**
     * A server that can be maltreated, and answers at the same address afterwards.
     *
     * @param address where it listens
     * @param pause freezes it: connections stay, nothing answers
     * @param resume lets it go on
     * @param kill kills it in the middle of whatever it does
     * @param restart starts it again on the data it had; returns when it answers
     * @param revival starts it again where it dies by itself
     */
    public record Machine(
            Supplier<InetSocketAddress> address,
            Runnable pause,
            Runnable resume,
            Runnable kill,
            Runnable restart,
            NetworkTrials.Revival revival) {

        /** A server that does not die by itself. */
        public Machine(
                Supplier<InetSocketAddress> address, Runnable pause, Runnable resume, Runnable kill, Runnable restart) {
            this(address, pause, resume, kill, restart, problems -> false);
        }
    }

    private static final Duration CHILD_LIMIT = Duration.ofSeconds(60);
    // About what a write of such a unit takes, so that some moments are before, within and after it.
    private static final int RANDOM_MOMENT_MILLIS = 60;

    private final Machine machine;
    private final TrialBench bench;
    private final TcpProxy proxy;
    private final LivingServer server;

    private ServerTrials(Machine machine, TrialBench bench) {
        this.machine = machine;
        this.bench = bench;
        this.proxy = bench.proxy();
        this.server = new LivingServer(proxy::heal, machine.revival());
    }

    /**
     * Trials of a store on a server of one's own.
     *
     * @param deadline by when any one call must have ended, whatever the server does
     */
    public static ServerTrials of(Machine machine, StoreOpening opening, Duration deadline) throws IOException {
        return new ServerTrials(machine, new TrialBench(machine.address().get(), opening, deadline));
    }

    /** The server freezes before an exchange of a write for longer than the store waits, then goes on with what it got. */
    public List<String> serverPaused(int trials, long seed) throws Exception {
        List<String> problems = new ArrayList<>();
        for (Moment moment : TrialBench.some(server.value(this::moments), trials, seed)) {
            if (problems.size() < TrialBench.ENOUGH_PROBLEMS) {
                String what = "Seed " + seed + ", " + moment + ", the server frozen: ";
                problems.addAll(server.problems(() -> paused(moment, what)));
            }
        }
        return problems;
    }

    private List<String> paused(Moment moment, String what) throws Exception {
        List<String> problems = new ArrayList<>();
        UnitTrial unit = bench.next(moment.change());
        try (Opened direct = bench.direct();
                Opened store = bench.proxied(Warmth.OPEN)) {
            unit.prepare(direct.get());
            Attempt write;
            try {
                Future<Object> writing = startUntil(moment, unit, store);
                machine.pause().run();
                proxy.release();
                write = bench.await(writing);
            } finally {
                machine.resume().run();
            }
            problems.addAll(write.problems(what));
            proxy.heal();
            // What the server had received it may still do; it must not look half done at any time.
            TrialBench.prefixed(problems, what + write + " and then ", unit.problemsLeft(direct.get(), lenient(write)));
            TrialBench.prefixed(problems, what + write + ", run again, ", bench.settled(unit, store));
        } finally {
            proxy.heal();
        }
        return problems;
    }

    /** The server is killed before an exchange of a write, or while it works on one, and comes back on its data. */
    public List<String> serverKilled(int trials, long seed) throws Exception {
        List<String> problems = new ArrayList<>();
        Random random = new Random(seed);
        int number = 0;
        for (Moment moment : TrialBench.some(server.value(this::moments), trials, seed)) {
            boolean within = number++ % 2 == 1;
            if (problems.size() < TrialBench.ENOUGH_PROBLEMS) {
                String what = "Seed " + seed + ", " + moment
                        + (within ? ", the server killed in it: " : ", the server killed: ");
                OptionalInt microseconds = within ? OptionalInt.of(random.nextInt(3_000)) : OptionalInt.empty();
                problems.addAll(server.problems(() -> killed(moment, microseconds, what)));
            }
        }
        return problems;
    }

    private List<String> killed(Moment moment, OptionalInt microsecondsWithin, String what) throws Exception {
        List<String> problems = new ArrayList<>();
        UnitTrial unit = bench.next(moment.change());
        UnitTrial earlier = bench.next(Change.FIRST);
        try (Opened direct = bench.direct();
                Opened store = bench.proxied(Warmth.OPEN)) {
            unit.prepare(direct.get());
            earlier.write(direct.get());
            Attempt write;
            try {
                Future<Object> writing = startUntil(moment, unit, store);
                if (microsecondsWithin.isPresent()) {
                    proxy.release();
                    TimeUnit.MICROSECONDS.sleep(microsecondsWithin.getAsInt());
                }
                machine.kill().run();
                proxy.release();
                write = bench.await(writing);
            } finally {
                machine.restart().run();
            }
            problems.addAll(write.problems(what));
            proxy.heal();
            TrialBench.prefixed(problems, what + "what was acknowledged before ", afterRestart(earlier, Told.DONE));
            TrialBench.prefixed(problems, what + write + " and then ", afterRestart(unit, lenient(write)));
            TrialBench.prefixed(problems, what + write + ", run again, ", bench.settled(unit, store));
        } finally {
            proxy.heal();
        }
        return problems;
    }

    /**
     * A writer's process is killed: before an exchange of its write, whose request then still arrives, or at random.
     *
     * @param main a class whose {@code main} does what {@link #write} says, given host, port, and these arguments
     * @param arguments further arguments for it
     */
    public List<String> writersKilled(int trials, long seed, Class<?> main, String... arguments) throws Exception {
        List<String> problems = new ArrayList<>();
        Random random = new Random(seed);
        int number = 0;
        for (Moment moment : TrialBench.some(server.value(this::moments), trials, seed)) {
            boolean aimed = number++ % 2 == 0;
            if (problems.size() < TrialBench.ENOUGH_PROBLEMS) {
                OptionalInt millis = aimed ? OptionalInt.empty() : OptionalInt.of(random.nextInt(RANDOM_MOMENT_MILLIS));
                String what = "Seed " + seed + ", " + (aimed ? moment : moment.change() + " at random")
                        + ", the writer killed: ";
                problems.addAll(server.problems(() -> writerKilled(moment, millis, what, main, arguments)));
            }
        }
        return problems;
    }

    private List<String> writerKilled(
            Moment moment, OptionalInt millisAtRandom, String what, Class<?> main, String... arguments)
            throws Exception {
        List<String> problems = new ArrayList<>();
        String symbol = bench.symbol();
        UnitTrial unit = UnitTrial.of(moment.change(), symbol);
        try (Opened direct = bench.direct()) {
            unit.prepare(direct.get());
            Process writer = child(main, moment.change(), symbol, arguments);
            try (BufferedReader said = writer.inputReader()) {
                if (!"ready".equals(said.readLine())) {
                    return List.of(what + "the writer did not start");
                }
                proxy.once(millisAtRandom.isPresent() ? TcpFault.none() : moment.fault());
                writer.outputWriter().write("go\n");
                writer.outputWriter().flush();
                if (millisAtRandom.isPresent()) {
                    writer.waitFor(millisAtRandom.getAsInt(), TimeUnit.MILLISECONDS);
                } else {
                    while (!proxy.awaitStruck(Duration.ofMillis(10)) && writer.isAlive()) {
                        // It ends by itself where the exchange never comes.
                    }
                }
                writer.destroyForcibly();
                if (!writer.waitFor(CHILD_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                    problems.add(what + "the writer does not die");
                }
                proxy.heal();
            } finally {
                writer.destroyForcibly();
                proxy.heal();
            }
            TrialBench.prefixed(problems, what, unit.problemsLeft(direct.get(), Told.NOTHING));
            TrialBench.prefixed(problems, what + "run again, ", bench.settled(unit, direct));
        }
        return problems;
    }

    /**
     * What the main of a writer's process does: opens the store, says {@code ready}, waits for a word, writes.
     *
     * @param arguments host, port, change and symbol, and whatever else follows
     */
    public static void write(StoreOpening opening, String... arguments) throws Exception {
        UnitTrial unit = UnitTrial.of(Change.valueOf(arguments[2]), arguments[3]);
        try (var store = opening.open(arguments[0], Integer.parseInt(arguments[1]))) {
            store.series();
            System.out.println("ready");
            System.out.flush();
            if (System.in.read() >= 0) {
                unit.write(store);
            }
        }
    }

    /** Ends the proxy and the threads; the server is the caller's. Prints how often it died by itself, if it did. */
    @Override
    public void close() {
        server.deaths().ifPresent(System.out::println);
        bench.close();
    }

    // The server may finish what it received after the client was told that it failed for want of an answer in time.
    private static Told lenient(Attempt write) {
        return write.told() == Told.DONE ? Told.DONE : Told.NOTHING;
    }

    private List<String> afterRestart(UnitTrial unit, Told told) {
        try (Opened fresh = bench.direct()) {
            return bench.attempt(() -> unit.problemsLeft(fresh.get(), told)).problemsFound("after the restart");
        }
    }

    /** Starts a write and gives it back once it waits at the moment, or has ended without coming to it. */
    private Future<Object> startUntil(Moment moment, UnitTrial unit, Opened store) throws InterruptedException {
        proxy.once(moment.fault());
        Future<Object> writing = bench.submit(() -> unit.write(store.get()));
        while (!proxy.awaitStruck(Duration.ofMillis(5)) && !writing.isDone()) {
            // Either happens soon.
        }
        return writing;
    }

    private List<Moment> moments() throws Exception {
        List<Moment> moments = new ArrayList<>();
        for (Change change : Change.values()) {
            UnitTrial unit = bench.next(change);
            try (Opened store = bench.proxied(Warmth.OPEN)) {
                unit.prepare(store.get());
                int before = proxy.exchanges();
                unit.write(store.get());
                for (int exchange = 1; exchange <= proxy.exchanges() - before; exchange++) {
                    moments.add(new Moment(change, TcpFault.stallBeforeExchange(exchange)));
                }
            }
        }
        return moments;
    }

    private Process child(Class<?> main, Change change, String symbol, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName(),
                proxy.host(),
                Integer.toString(proxy.port()),
                change.name(),
                symbol));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private record Moment(Change change, TcpFault fault) {
        @Override
        public String toString() {
            return change + ", " + fault;
        }
    }
}
