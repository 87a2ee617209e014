package dev.candlewick.testkit;

import dev.candlewick.Batch;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.testkit.UnitTrial.Change;
import dev.candlewick.testkit.UnitTrial.Told;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Puts a store behind a network through what networks do, and says what it got wrong. {@link ServerStoreContract} runs it
 * as tests; a test of a store that is wrong on purpose runs it to see that it notices.
 *
 * <p>Every trial writes a series of its own, so the place may hold whatever else. Given the same seed, the same faults
 * happen in the same order. For one thread.
 */
public final class NetworkTrials implements AutoCloseable {

    /** Brings a server back that died of what was done to its connections. */
    @FunctionalInterface
    public interface Revival {
        /**
         * Starts the server again if these problems come from its death, and says so; the trial is then made again, a few
         * times at most.
         */
        boolean after(List<String> problems) throws Exception;
    }

    private static final Duration THREADS_END_WITHIN = Duration.ofSeconds(5);

    private final TrialBench bench;
    private final TcpProxy proxy;
    private final Duration deadline;
    private final LivingServer server;
    // How often a fault struck a write and its rows were there all the same.
    private int landed;
    // How often an attempt was held up while a newer commit took place.
    private int met;

    private NetworkTrials(TrialBench bench, Revival revival) {
        this.bench = bench;
        this.proxy = bench.proxy();
        this.server = new LivingServer(proxy::heal, revival);
        this.deadline = bench.deadline();
    }

    /**
     * Trials of a store.
     *
     * @param server where the real server listens
     * @param opening how the store is opened through another address
     * @param deadline by when any one call must have ended, whatever the network does
     */
    public static NetworkTrials of(InetSocketAddress server, StoreOpening opening, Duration deadline)
            throws IOException {
        return of(server, opening, deadline, problems -> false);
    }

    /**
     * Trials of a store on a server that may itself die of a cut connection.
     *
     * @param revival asked when a trial failed
     */
    public static NetworkTrials of(InetSocketAddress server, StoreOpening opening, Duration deadline, Revival revival)
            throws IOException {
        return new NetworkTrials(new TrialBench(server, opening, deadline), revival);
    }

    /** Connections are reset after bytes of the request or of the response, in a geometric series from both ends. */
    public List<String> connectionsCut(int trials, long seed) throws Exception {
        List<Case> cases = new ArrayList<>();
        for (Change change : Change.values()) {
            for (Warmth warmth : Warmth.values()) {
                Traffic traffic = undisturbed(change, warmth);
                for (long at : series(traffic.requestBytes())) {
                    cases.add(new Case(change, warmth, TcpFault.resetAfterRequestBytes(at)));
                }
                for (long at : series(traffic.responseBytes())) {
                    cases.add(new Case(change, warmth, TcpFault.resetAfterResponseBytes(at)));
                }
            }
        }
        return interrupt(TrialBench.some(cases, trials, seed), seed);
    }

    /**
     * Each exchange of a write fails in turn: its request does not arrive, or it arrives and its reply is lost. The first
     * unit on an open store comes first and whole, the rest in the order of the seed.
     */
    public List<String> repliesLost(int trials, long seed) throws Exception {
        List<Case> first = new ArrayList<>();
        List<Case> rest = new ArrayList<>();
        for (Change change : Change.values()) {
            for (Warmth warmth : Warmth.values()) {
                int exchanges = undisturbed(change, warmth).exchanges();
                for (int exchange = 1; exchange <= exchanges; exchange++) {
                    List<Case> list = change == Change.FIRST && warmth == Warmth.OPEN ? first : rest;
                    list.add(new Case(change, warmth, TcpFault.dropReplyOfExchange(exchange)));
                    rest.add(new Case(change, warmth, TcpFault.resetBeforeExchange(exchange)));
                }
            }
        }
        landed = 0;
        List<String> problems = interrupt(first, seed);
        if (landed == 0) {
            problems.add("No reply to a commit was lost by any fault of " + first + ": this proves nothing");
        }
        problems.addAll(interrupt(TrialBench.some(rest, Math.max(0, trials - first.size()), seed), seed));
        return problems;
    }

    /**
     * The network falls silent before an exchange of a write, and what was sent arrives after the client has given up:
     * beside a newer commit it must not count.
     */
    public List<String> silences(int trials, long seed) throws Exception {
        List<Case> cases = new ArrayList<>();
        for (Change change : Change.values()) {
            int exchanges = undisturbed(change, Warmth.OPEN).exchanges();
            for (int exchange = 1; exchange <= exchanges; exchange++) {
                cases.add(new Case(change, Warmth.OPEN, TcpFault.stallBeforeExchange(exchange)));
            }
        }
        List<String> problems = new ArrayList<>();
        for (Case each : TrialBench.some(cases, trials, seed)) {
            if (problems.size() < TrialBench.ENOUGH_PROBLEMS) {
                problems.addAll(server.problems(() -> silence(each, seed)));
            }
        }
        return problems;
    }

    /** Connections are accepted and never answered; afterwards no thread of the store is left. */
    public List<String> blackHole() throws Exception {
        return server.problems(this::blackHoleOnce);
    }

    private List<String> blackHoleOnce() throws Exception {
        List<String> problems = new ArrayList<>();
        UnitTrial unit = bench.next(Change.FIRST);
        undisturbed(Change.FIRST, Warmth.NEW);
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        for (Warmth warmth : Warmth.values()) {
            try (Opened store = bench.proxied(warmth)) {
                proxy.all(TcpFault.blackHole());
                Attempt write = bench.attempt(() -> unit.write(store.get()));
                problems.addAll(write.problems("Writing into a black hole"));
                if (write.told() == Told.DONE) {
                    problems.add("Writing into a black hole was acknowledged");
                }
                problems.addAll(bench.attempt(() -> Rows.of(store.get(), unit.series(), unit.range()))
                        .problemsUnlessFailed("Reading from a black hole"));
                Attempt close = bench.attempt(() -> {
                    store.end();
                    return "closed";
                });
                problems.addAll(close.problems("Closing beside a black hole"));
            } finally {
                proxy.heal();
                proxy.disconnect();
            }
        }
        problems.addAll(threadsLeft(before));
        try (Opened store = bench.proxied(Warmth.NEW)) {
            problems.addAll(unit.problemsAfterRunningAgain(store.get()));
        }
        return problems;
    }

    /** The server takes no more bytes in the middle of a large unit, so that writing to it blocks. */
    public List<String> serverThatTakesNoMore() throws Exception {
        return server.problems(this::serverThatTakesNoMoreOnce);
    }

    private List<String> serverThatTakesNoMoreOnce() throws Exception {
        // A month of minutes is more than what the sockets on the way take by themselves.
        Series minutes = Series.candles("BINANCE:SPOT_PAIR:" + bench.symbol(), "1m");
        TimeRange month = TimeRange.of("2024-03-01", "2024-04-01");
        List<Batch> rows = SyntheticCandles.batches(minutes, month);
        List<String> problems = new ArrayList<>();
        try (Opened store = bench.proxied(Warmth.OPEN)) {
            proxy.once(TcpFault.chokeAfterRequestBytes(50_000));
            Attempt write = bench.attempt(() -> write(store.get(), minutes, month, rows));
            if (!proxy.struck()) {
                problems.add("A month of minutes took fewer than 50,000 bytes: this proves nothing");
            }
            problems.addAll(write.problems("Writing to a server that takes no more"));
            proxy.disconnect();
            proxy.heal();
            Attempt again = bench.attempt(() -> write(store.get(), minutes, month, rows));
            if (again.told() == Told.FAILED) {
                // That the connections it kept are gone, a store may learn from the first use of one.
                again = bench.attempt(() -> write(store.get(), minutes, month, rows));
            }
            problems.addAll(again.problemsUnlessDone("Writing a month of minutes afterwards"));
            if (!Rows.of(store.get(), minutes, month).equals(Rows.of(rows))) {
                problems.add("The month of minutes is not there as it was written");
            }
            problems.addAll(findings(store.get(), minutes));
        } finally {
            proxy.heal();
        }
        return problems;
    }

    /** The server goes away and comes back: calls fail, and the next one after its return works. */
    public List<String> serverAwayAndBack() throws Exception {
        return server.problems(this::serverAwayAndBackOnce);
    }

    private List<String> serverAwayAndBackOnce() throws Exception {
        List<String> problems = new ArrayList<>();
        UnitTrial unit = bench.next(Change.REPLACED);
        try (Opened store = bench.proxied(Warmth.OPEN)) {
            unit.prepare(store.get());
            proxy.refuse();
            proxy.disconnect();
            Attempt write = bench.attempt(() -> unit.write(store.get()));
            problems.addAll(write.problems("Writing to a server that refuses"));
            if (write.told() == Told.DONE) {
                problems.add("Writing to a server that refuses was acknowledged");
            }
            problems.addAll(bench.attempt(() -> Rows.of(store.get(), unit.series(), unit.range()))
                    .problemsUnlessFailed("Reading from a server that refuses"));
            problems.addAll(bench.attempt(() -> store.get().ledger(unit.series(), unit.range()))
                    .problemsUnlessFailed("Asking the ledger of a server that refuses"));
            try (Opened other = bench.proxied(Warmth.NEW)) {
                problems.addAll(bench.attempt(() -> other.get().series())
                        .problemsUnlessFailed("Opening a store on a server that refuses"));
            }
            proxy.accept();
            problems.addAll(bench.attempt(() -> unit.problemsAfterRunningAgain(store.get()))
                    .problemsFound("Writing to a server that is back"));
        } finally {
            proxy.heal();
        }
        return problems;
    }

    /** The line is slow, then hardly moves: calls finish or fail in time, and nothing is half there. */
    public List<String> dribbles(int slowestBytesPerSecond) throws Exception {
        return server.problems(() -> dribblesOnce(slowestBytesPerSecond));
    }

    private List<String> dribblesOnce(int slowestBytesPerSecond) throws Exception {
        List<String> problems = new ArrayList<>();
        Traffic traffic = undisturbed(Change.REPLACED, Warmth.OPEN);
        int second = (int) Math.max(traffic.requestBytes(), traffic.responseBytes());
        for (Warmth warmth : Warmth.values()) {
            for (int rate : warmth == Warmth.NEW ? new int[] {second} : new int[] {second, slowestBytesPerSecond}) {
                UnitTrial unit = bench.next(Change.REPLACED);
                String what = "At " + rate + " bytes per second (" + warmth + ") ";
                try (Opened direct = bench.direct();
                        Opened store = bench.proxied(warmth)) {
                    unit.prepare(direct.get());
                    proxy.all(TcpFault.rate(rate));
                    Attempt write = bench.attempt(() -> unit.write(store.get()));
                    problems.addAll(write.problems(what + "writing"));
                    Attempt read = bench.attempt(() -> Rows.of(store.get(), unit.series(), unit.range()));
                    problems.addAll(read.problems(what + "reading"));
                    proxy.disconnect();
                    proxy.heal();
                    TrialBench.prefixed(problems, what, unit.problemsLeft(direct.get(), write.told()));
                    TrialBench.prefixed(problems, what, bench.settled(unit, store));
                } finally {
                    proxy.heal();
                }
            }
        }
        return problems;
    }

    /** A reader's connection is cut or ends early: it raises, and never gives fewer rows than there are. */
    public List<String> readersCut(int trials, long seed) throws Exception {
        Stored stored = server.value(this::stored);
        List<TcpFault> faults = new ArrayList<>();
        for (long at : series(stored.reading().responseBytes())) {
            faults.add(TcpFault.resetAfterResponseBytes(at));
            faults.add(TcpFault.halfCloseAfterResponseBytes(at));
        }
        for (int exchange = 1; exchange <= stored.reading().exchanges(); exchange++) {
            faults.add(TcpFault.dropReplyOfExchange(exchange));
        }
        List<String> problems = new ArrayList<>();
        for (TcpFault fault : TrialBench.some(faults, trials, seed)) {
            if (problems.size() < TrialBench.ENOUGH_PROBLEMS) {
                problems.addAll(server.problems(() -> readCut(fault, stored, seed)));
            }
        }
        return problems;
    }

    private Stored stored() {
        UnitTrial unit = bench.next(Change.FIRST);
        try (Opened direct = bench.direct();
                Opened store = bench.proxied(Warmth.OPEN)) {
            unit.write(direct.get());
            Traffic before = traffic();
            List<List<String>> rows = Rows.of(store.get(), unit.series(), unit.range());
            List<LedgerEntry> ledger = store.get().ledger(unit.series(), unit.range());
            return new Stored(unit, rows, ledger, traffic().minus(before));
        }
    }

    private List<String> readCut(TcpFault fault, Stored stored, long seed) {
        UnitTrial unit = stored.unit();
        List<List<String>> rows = stored.rows();
        List<LedgerEntry> ledger = stored.ledger();
        List<String> problems = new ArrayList<>();
        String what = "Seed " + seed + ", reading, " + fault + ": ";
        try (Opened store = bench.proxied(Warmth.OPEN)) {
            proxy.once(fault);
            Attempt read = bench.attempt(() -> Rows.of(store.get(), unit.series(), unit.range()));
            Attempt entries = bench.attempt(() -> store.get().ledger(unit.series(), unit.range()));
            problems.addAll(read.problems(what));
            problems.addAll(entries.problems(what));
            if (read.told() == Told.DONE && !read.result().equals(Optional.of(rows))) {
                problems.add(what + "the rows are not those that are there");
            }
            if (entries.told() == Told.DONE && !entries.result().equals(Optional.of(ledger))) {
                problems.add(what + "the ledger is not the one that is there");
            }
            proxy.heal();
            Attempt again = bench.attempt(() -> Rows.of(store.get(), unit.series(), unit.range()));
            if (again.told() == Told.FAILED && read.told() == Told.DONE && entries.told() == Told.DONE) {
                // What came after the last answer is for the next call to find out.
                again = bench.attempt(() -> Rows.of(store.get(), unit.series(), unit.range()));
            }
            if (!again.result().equals(Optional.of(rows))) {
                problems.add(what + "reading again does not work: " + again);
            }
        } finally {
            proxy.heal();
        }
        return problems;
    }

    /**
     * An attempt is held up at an exchange of its commit while another one commits newer rows: when it goes on it replaces
     * nothing.
     */
    public List<String> lateAttempts(int trials, long seed) throws Exception {
        // Before its first exchange a commit holds no lock yet, so the newer one is not kept waiting.
        List<Case> cases = new ArrayList<>();
        List<Case> later = new ArrayList<>();
        for (Change change : List.of(Change.FIRST, Change.REPLACED, Change.MERGED)) {
            int exchanges = undisturbed(change, Warmth.OPEN).exchanges();
            for (int exchange = 1; exchange <= exchanges; exchange++) {
                (exchange == 1 ? cases : later)
                        .add(new Case(change, Warmth.OPEN, TcpFault.stallBeforeExchange(exchange)));
            }
        }
        cases.addAll(TrialBench.some(later, Math.max(0, trials - cases.size()), seed));
        List<String> problems = new ArrayList<>();
        met = 0;
        for (Case each : cases) {
            if (problems.size() >= TrialBench.ENOUGH_PROBLEMS) {
                break;
            }
            problems.addAll(server.problems(() -> late(each, seed)));
        }
        if (met == 0) {
            problems.add("No attempt was held up beside a newer commit: this proves nothing");
        }
        return problems;
    }

    /** Readers beside a writer whose connections are cut now and then see whole editions only, and in order. */
    public List<String> readersBesideAWriter(int editions, long seed) throws Exception {
        return server.problems(() -> readersBesideAWriterOnce(editions, seed));
    }

    private List<String> readersBesideAWriterOnce(int editions, long seed) throws Exception {
        UnitTrial unit = bench.next(Change.FIRST);
        List<List<List<String>>> whole = new ArrayList<>();
        for (int edition = 0; edition <= editions; edition++) {
            whole.add(Rows.of(SyntheticCandles.batches(unit.series(), unit.range(), edition)));
        }
        AtomicBoolean ended = new AtomicBoolean();
        List<String> problems = new ArrayList<>();
        try (Opened store = bench.proxied(Warmth.OPEN);
                Opened other = bench.proxied(Warmth.OPEN)) {
            unit.write(store.get(), 0);
            Callable<List<String>> reading = () -> read(other.get(), unit, whole, ended);
            List<Future<List<String>>> readers = List.of(bench.submit(reading), bench.submit(reading));
            Random random = new Random(seed);
            for (int edition = 1; edition <= editions; edition++) {
                int now = edition;
                if (edition % 3 == 0) {
                    proxy.once(TcpFault.resetAfterResponseBytes(random.nextInt(100_000)));
                }
                problems.addAll(
                        bench.attempt(() -> unit.write(store.get(), now)).problems("Writing edition " + edition));
                proxy.all(TcpFault.none());
                problems.addAll(bench.attempt(() -> unit.write(store.get(), now))
                        .problemsUnlessDone("Writing edition " + edition + " again"));
            }
            ended.set(true);
            for (Future<List<String>> reader : readers) {
                problems.addAll(reader.get(deadline.toMillis(), TimeUnit.MILLISECONDS));
            }
            problems.addAll(findings(store.get(), unit.series()));
        } finally {
            ended.set(true);
            proxy.heal();
        }
        return problems;
    }

    /** Ends the proxy and the threads. Prints how often the server died by itself, if it did. */
    @Override
    public void close() {
        server.deaths().ifPresent(System.out::println);
        bench.close();
    }

    private List<String> interrupt(List<Case> cases, long seed) throws Exception {
        List<String> problems = new ArrayList<>();
        for (Case each : cases) {
            if (problems.size() >= TrialBench.ENOUGH_PROBLEMS) {
                break;
            }
            problems.addAll(server.problems(() -> interrupt(each, seed)));
        }
        return problems;
    }

    private List<String> interrupt(Case each, long seed) throws Exception {
        List<String> problems = new ArrayList<>();
        UnitTrial unit = bench.next(each.change());
        String what = "Seed " + seed + ", " + each + ": ";
        try (Opened direct = bench.direct();
                Opened store = bench.proxied(each.warmth())) {
            unit.prepare(direct.get());
            proxy.once(each.fault());
            Attempt write = bench.attempt(() -> unit.write(store.get()));
            boolean struck = proxy.struck();
            problems.addAll(write.problems(what));
            proxy.heal();
            TrialBench.prefixed(problems, what + write + " and then ", unit.problemsLeft(direct.get(), write.told()));
            if (struck && isThere(unit, direct)) {
                landed++;
            }
            TrialBench.prefixed(problems, what + write + ", run again, ", bench.settled(unit, store));
        } finally {
            proxy.heal();
        }
        return problems;
    }

    private static boolean isThere(UnitTrial unit, Opened direct) {
        return unit.problemsLeft(direct.get(), Told.DONE).isEmpty();
    }

    private List<String> silence(Case each, long seed) throws Exception {
        List<String> problems = new ArrayList<>();
        UnitTrial unit = bench.next(each.change());
        String what = "Seed " + seed + ", " + each + ": ";
        try (Opened direct = bench.direct();
                Opened store = bench.proxied(each.warmth())) {
            unit.prepare(direct.get());
            proxy.once(each.fault());
            Attempt write = bench.attempt(() -> unit.write(store.get()));
            problems.addAll(write.problems(what));
            // A store may find another way, past a question that was never answered; what it acknowledges has to be
            // there.
            TrialBench.prefixed(problems, what + write + " and then ", unit.problemsLeft(direct.get(), write.told()));
            // A lock that the silent connection holds may stand in the way until the server notices.
            Attempt newer = bench.attempt(() -> unit.write(direct.get(), 9));
            problems.addAll(newer.problems(what + "another writer beside it"));
            proxy.release();
            TimeUnit.MILLISECONDS.sleep(100);
            proxy.heal();
            if (newer.told() == Told.DONE) {
                TrialBench.prefixed(
                        problems,
                        what + "the late one came after a newer commit, which ",
                        unit.problemsAfterEditions(direct.get(), 9));
            }
            long until = System.nanoTime() + deadline.toNanos();
            while (newer.told() != Told.DONE && System.nanoTime() < until) {
                newer = bench.attempt(() -> unit.write(direct.get(), 9));
            }
            TrialBench.prefixed(problems, what + newer + " and then ", unit.problemsAfterEditions(direct.get(), 9));
        } finally {
            proxy.heal();
        }
        return problems;
    }

    private List<String> late(Case each, long seed) throws Exception {
        String what = "Seed " + seed + ", " + each + ": ";
        UnitTrial unit = bench.next(each.change());
        List<String> problems = new ArrayList<>();
        try (Opened direct = bench.direct();
                Opened store = bench.proxied(each.warmth())) {
            unit.prepare(direct.get());
            try (SinkWriter writer = store.get().open(unit.series(), unit.range())) {
                proxy.once(each.fault());
                Future<Object> late = bench.submit(() -> {
                    SyntheticCandles.batches(unit.series(), unit.range(), 5).forEach(writer::append);
                    return writer.commit();
                });
                while (!proxy.struck() && !late.isDone()) {
                    proxy.awaitStruck(Duration.ofMillis(5));
                }
                boolean heldUp = proxy.struck();
                Attempt newer = bench.attempt(() -> unit.write(direct.get(), 9));
                problems.addAll(newer.problems(what + "the newer one"));
                proxy.release();
                Attempt held = bench.await(late);
                problems.addAll(held.problems(what + "the late one"));
                if (newer.told() != Told.DONE) {
                    heldUp = false;
                    newer = bench.attempt(() -> unit.write(direct.get(), 9));
                    problems.addAll(newer.problemsUnlessDone(what + "the newer one, run again"));
                }
                TrialBench.prefixed(
                        problems,
                        what + "late " + held + ", newer " + newer + ": ",
                        unit.problemsAfterEditions(direct.get(), 9));
                met += heldUp ? 1 : 0;
            }
        } finally {
            proxy.heal();
        }
        return problems;
    }

    private static List<String> read(Store store, UnitTrial unit, List<List<List<String>>> whole, AtomicBoolean ended) {
        int last = 0;
        int reads = 0;
        while (!ended.get()) {
            List<List<String>> rows;
            try {
                rows = Rows.of(store, unit.series(), unit.range());
            } catch (Unavailable cut) {
                continue;
            }
            int edition = whole.lastIndexOf(rows);
            if (edition < 0) {
                return List.of("A reader saw " + rows.size() + " rows that are no edition");
            }
            if (edition < last) {
                return List.of("A reader saw edition " + edition + " after edition " + last);
            }
            last = edition;
            reads++;
        }
        return reads == 0 ? List.of("A reader read nothing") : List.of();
    }

    private static Object write(Store store, Series series, TimeRange range, List<Batch> rows) {
        try (SinkWriter writer = store.open(series, range)) {
            rows.forEach(writer::append);
            return writer.commit();
        }
    }

    private static List<String> findings(Store store, Series series) {
        return store.verify(series).findings().stream().map(Object::toString).toList();
    }

    private static List<String> threadsLeft(Set<Thread> before) throws InterruptedException {
        long until = System.nanoTime() + THREADS_END_WITHIN.toNanos();
        while (true) {
            List<String> left = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> !before.contains(thread))
                    .map(Thread::getName)
                    .filter(name -> !name.startsWith("tcp-proxy-") && !name.startsWith(TrialBench.THREADS))
                    .toList();
            if (left.isEmpty()) {
                return List.of();
            }
            if (System.nanoTime() > until) {
                return List.of("Threads are left: " + left);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private Traffic undisturbed(Change change, Warmth warmth) throws Exception {
        return server.value(() -> measured(change, warmth));
    }

    private Traffic measured(Change change, Warmth warmth) throws Exception {
        UnitTrial unit = bench.next(change);
        try (Opened direct = bench.direct()) {
            unit.prepare(direct.get());
        }
        Traffic before = traffic();
        try (Opened store = bench.proxied(warmth)) {
            before = warmth == Warmth.NEW ? before : traffic();
            unit.write(store.get());
            return traffic().minus(before);
        }
    }

    private Traffic traffic() {
        return new Traffic(proxy.requestBytes(), proxy.responseBytes(), proxy.exchanges());
    }

    /** 1, 2, 4, … from the beginning and from the end. */
    private static Set<Long> series(long total) {
        Set<Long> points = new TreeSet<>();
        points.add(0L);
        for (long step = 1; step < total; step *= 2) {
            points.add(step);
            points.add(total - step);
        }
        return points;
    }

    private record Case(Change change, Warmth warmth, TcpFault fault) {
        @Override
        public String toString() {
            return change + " on " + (warmth == Warmth.NEW ? "a new store, " : "an open store, ") + fault;
        }
    }

    /** A unit that is there, and what reading it takes. */
    private record Stored(UnitTrial unit, List<List<String>> rows, List<LedgerEntry> ledger, Traffic reading) {}

    private record Traffic(long requestBytes, long responseBytes, int exchanges) {
        Traffic minus(Traffic before) {
            return new Traffic(
                    requestBytes - before.requestBytes,
                    responseBytes - before.responseBytes,
                    exchanges - before.exchanges);
        }
    }
}
