package dev.candlewick.testkit;

import dev.candlewick.testkit.UnitTrial.Change;
import dev.candlewick.testkit.UnitTrial.Told;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** What trials of a store have in common: the way to the server, calls that are not waited for without end, symbols. */
final class TrialBench implements AutoCloseable {

    /** What the threads that make calls are named after. */
    static final String THREADS = "network-trial";

    // What follows says the same again.
    static final int ENOUGH_PROBLEMS = 6;

    private static final AtomicInteger SYMBOLS = new AtomicInteger();
    private static final int PAUSE_MILLIS = 50;

    private final InetSocketAddress server;
    private final StoreOpening opening;
    private final Duration deadline;
    private final TcpProxy proxy;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, THREADS);
        thread.setDaemon(true);
        return thread;
    });

    TrialBench(InetSocketAddress server, StoreOpening opening, Duration deadline) throws IOException {
        this.server = server;
        this.opening = opening;
        this.deadline = deadline;
        this.proxy = TcpProxy.to(server);
    }

    TcpProxy proxy() {
        return proxy;
    }

    Duration deadline() {
        return deadline;
    }

    /** The store, not through the proxy. */
    Opened direct() {
        return new Opened(this, () -> opening.open(server.getHostString(), server.getPort()));
    }

    /** The store behind the proxy. */
    Opened proxied(Warmth warmth) {
        Opened store = new Opened(this, () -> opening.open(proxy.host(), proxy.port()));
        if (warmth == Warmth.OPEN) {
            store.get().series();
        }
        return store;
    }

    /** A change of a series that nobody used before. */
    UnitTrial next(Change change) {
        return UnitTrial.of(change, symbol());
    }

    // A server that outlives this process has the symbols of others.
    String symbol() {
        return String.format(
                Locale.ROOT,
                "T%dP%d-USDT",
                SYMBOLS.incrementAndGet(),
                ProcessHandle.current().pid());
    }

    /** Makes a call and waits for its end, or for the deadline. */
    Attempt attempt(Callable<?> call) {
        return await(submit(() -> (Object) call.call()));
    }

    <T> Future<T> submit(Callable<T> call) {
        return threads.submit(call);
    }

    Attempt await(Future<Object> call) {
        long started = System.nanoTime();
        try {
            return Attempt.done(call.get(deadline.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException failed) {
            return Attempt.failed(Objects.requireNonNullElse(failed.getCause(), failed));
        } catch (TimeoutException late) {
            call.cancel(true);
            return Attempt.failed(new TimeoutException("no end after "
                    + Duration.ofNanos(System.nanoTime() - started).toSeconds() + " s"));
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            return Attempt.failed(asked);
        }
    }

    /**
     * Writes the same again and gives what is wrong then. Whatever the disturbed attempt left on the server may take a
     * moment to go, so this is tried for as long as a call may take.
     */
    List<String> settled(UnitTrial unit, Opened store) throws InterruptedException {
        long until = System.nanoTime() + deadline.toNanos();
        Attempt again = attempt(() -> unit.write(store.get()));
        while (again.told() != Told.DONE && again.isMarketData() && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            again = attempt(() -> unit.write(store.get()));
        }
        return attempt(() -> unit.problemsAfterRunningAgain(store.get())).problemsFound("settling after " + again);
    }

    /** As many of them as asked for, in the order of the seed. */
    static <T> List<T> some(List<T> all, int count, long seed) {
        List<T> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, new Random(seed));
        return shuffled.subList(0, Math.min(count, shuffled.size()));
    }

    static void prefixed(List<String> problems, String prefix, List<String> found) {
        found.forEach(problem -> problems.add(prefix + problem));
    }

    @Override
    public void close() {
        threads.shutdownNow();
        proxy.close();
    }
}
