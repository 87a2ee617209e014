package dev.candlewick;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One run of a plan on threads of its own. Used once. */
final class BackfillRun {

    /** How long a cancelled run waits for its threads: long enough to abandon a write, short enough for Ctrl-C. */
    private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(4);

    private final Source source;
    private final Store store;
    private final BackfillPlan plan;
    private final int parallelism;
    private final RunTally tally;
    private final AtomicInteger next = new AtomicInteger();
    private final Map<Series, Refused> refused = new ConcurrentHashMap<>();
    private final Map<WatchedBatches, Boolean> reading = new ConcurrentHashMap<>();
    private volatile boolean cancelled;
    private volatile @Nullable Error error;

    BackfillRun(
            Source source,
            Store store,
            BackfillPlan plan,
            int parallelism,
            LongSupplier ticker,
            BackfillListener listener) {
        this.source = source;
        this.store = store;
        this.plan = plan;
        this.parallelism = Math.min(parallelism, plan.units().size());
        this.tally = new RunTally(plan, ticker, listener);
    }

    BackfillReport run() {
        tally.planned();
        List<Thread> workers = new ArrayList<>();
        for (int i = 1; i <= parallelism; i++) {
            Thread worker = new Thread(this::work, "candlewick-backfill-" + i);
            worker.setDaemon(false);
            workers.add(worker);
            worker.start();
        }
        try {
            for (Thread worker : workers) {
                worker.join();
            }
        } catch (InterruptedException interrupted) {
            cancel(workers);
            throw stopped(workers);
        }
        Error fatal = error;
        if (fatal != null) {
            throw fatal;
        }
        return tally.finished(coverage());
    }

    private void work() {
        for (int i = next.getAndIncrement(); i < plan.units().size() && !cancelled; i = next.getAndIncrement()) {
            PlannedUnit unit = plan.units().get(i);
            try {
                Refused known = refused.get(unit.series());
                if (known != null) {
                    tally.failed(unit, known);
                } else {
                    tally.started(unit);
                    tally.committed(unit, fetch(unit));
                }
            } catch (RuntimeException failure) {
                fail(unit, failure);
            } catch (Error fatal) {
                error = fatal;
                cancelled = true;
                reading.keySet().forEach(WatchedBatches::close);
            }
        }
    }

    private void fail(PlannedUnit unit, RuntimeException failure) {
        if (!cancelled) {
            tally.failed(unit, failure);
        }
    }

    private WriteResult fetch(PlannedUnit unit) {
        List<WriteResult> results = new ArrayList<>();
        for (TimeRange part : unit.missing()) {
            results.add(settle(unit, part));
        }
        WriteResult last = results.get(results.size() - 1);
        boolean unchanged = results.stream()
                .allMatch(result -> result.unchanged() == result.entries().size());
        return new WriteResult(
                results.stream().mapToLong(WriteResult::rows).sum(),
                last.entries(),
                unchanged ? last.entries().size() : 0);
    }

    /** Writes a part; when nobody knows whether a commit landed, the store is asked before it is tried once more. */
    private WriteResult settle(PlannedUnit unit, TimeRange part) {
        Map<TimeRange, Long> before = revisions(unit, part);
        try {
            return write(unit, part);
        } catch (Unconfirmed unknown) {
            Optional<WriteResult> landed = landed(unit, part, before, unknown);
            return landed.isPresent() ? landed.get() : again(unit, part, before);
        }
    }

    private WriteResult again(PlannedUnit unit, TimeRange part, Map<TimeRange, Long> before) {
        try {
            return write(unit, part);
        } catch (Unconfirmed unknown) {
            return landed(unit, part, before, unknown).orElseThrow(() -> unknown);
        }
    }

    private Optional<WriteResult> landed(
            PlannedUnit unit, TimeRange part, Map<TimeRange, Long> before, Unconfirmed unknown) {
        try {
            List<LedgerEntry> entries = store.ledger(unit.series(), part);
            boolean newer =
                    entries.stream().anyMatch(entry -> entry.revision() > before.getOrDefault(entry.unit(), 0L));
            // Somebody else may have changed another part of the unit: only where this part is settled, too, is it
            // ours.
            boolean settled = newer && store.coverage(unit.series(), part).isSettled();
            return settled ? Optional.of(new WriteResult(tally.rowsRead(unit, part), entries, 0)) : Optional.empty();
        } catch (RuntimeException silent) {
            unknown.addSuppressed(silent);
            throw unknown;
        }
    }

    private Map<TimeRange, Long> revisions(PlannedUnit unit, TimeRange part) {
        Map<TimeRange, Long> revisions = new HashMap<>();
        store.ledger(unit.series(), part).forEach(entry -> revisions.put(entry.unit(), entry.revision()));
        return revisions;
    }

    private WriteResult write(PlannedUnit unit, TimeRange part) {
        WatchedBatches batches = new WatchedBatches(read(unit.series(), part), unit, tally);
        reading.put(batches, Boolean.TRUE);
        try (batches) {
            if (cancelled) {
                throw new Cancelled("The backfill of " + unit.series() + " was cancelled");
            }
            return store.write(batches);
        } catch (Refused wrong) {
            // What the store refuses is about the rows of this unit; it is asked again for the next one.
            if (batches.refusedWith(wrong)) {
                remember(unit.series(), wrong);
            }
            throw wrong;
        } finally {
            reading.remove(batches);
        }
    }

    private Batches read(Series series, TimeRange part) {
        try {
            return source.read(series, part);
        } catch (Refused wrong) {
            remember(series, wrong);
            throw wrong;
        }
    }

    // A second unit of an unknown symbol would be refused for the same reason: do not ask for it. Kinds of it, such as
    // an HTTP status, are about one request; the next unit may come another way.
    private void remember(Series series, Refused wrong) {
        if (wrong.getClass() == Refused.class) {
            refused.putIfAbsent(series, wrong);
        }
    }

    private void cancel(List<Thread> workers) {
        cancelled = true;
        workers.forEach(Thread::interrupt);
        // Closing may itself wait for a connection, so it does not delay the caller.
        Thread closing =
                new Thread(() -> reading.keySet().forEach(WatchedBatches::close), "candlewick-backfill-cancel");
        closing.setDaemon(true);
        closing.start();
    }

    private Cancelled stopped(List<Thread> workers) {
        long patience = CANCEL_PATIENCE.toNanos();
        long start = System.nanoTime();
        int alive = 0;
        for (Thread worker : workers) {
            try {
                long left = patience - (System.nanoTime() - start);
                if (left > 0) {
                    TimeUnit.NANOSECONDS.timedJoin(worker, left);
                }
            } catch (InterruptedException again) {
                patience = 0; // asked twice: stop waiting
            }
            alive += worker.isAlive() ? 1 : 0;
        }
        Thread.currentThread().interrupt();
        return new Cancelled("The backfill from " + source.name() + " to " + store.name() + " was interrupted: "
                + tally + "; what is committed stays, run it again for the rest"
                + (alive == 0 ? "" : " (" + alive + " units are still ending)"));
    }

    private Map<Series, Coverage> coverage() {
        Map<Series, Coverage> coverage = new TreeMap<>();
        for (Series series : plan.series()) {
            try {
                coverage.put(series, store.coverage(series, plan.range()));
            } catch (RuntimeException silent) {
                // After failures the report of what failed matters more than what a store that is gone cannot say.
                if (!tally.anyFailed()) {
                    throw silent;
                }
            }
        }
        return coverage;
    }
}
