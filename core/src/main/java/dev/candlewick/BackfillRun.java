package dev.candlewick;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
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
    private final RunReads reads;
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
        this.reads = new RunReads(source, tally);
    }

    BackfillReport run() {
        tally.planned();
        Runnable units = units();
        List<Thread> workers = new ArrayList<>();
        for (int i = 1; i <= parallelism; i++) {
            Thread worker = new Thread(() -> work(units), "candlewick-backfill-" + i);
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

    private Runnable units() {
        PartWrites writes = new PartWrites(store, reads, tally);
        return !plan.isEmpty() && GroupedUnits.suit(store)
                ? new GroupedUnits(plan, store, reads, writes, tally)
                : new SingleUnits(plan, reads, writes, tally);
    }

    private void work(Runnable units) {
        try {
            units.run();
        } catch (Error fatal) {
            error = fatal;
            reads.cancel();
            reads.close();
        }
    }

    private void cancel(List<Thread> workers) {
        reads.cancel();
        workers.forEach(Thread::interrupt);
        // Closing may itself wait for a connection, so it does not delay the caller.
        Thread closing = new Thread(reads::close, "candlewick-backfill-cancel");
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
