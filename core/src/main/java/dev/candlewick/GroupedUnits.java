package dev.candlewick;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The work of a run on a store whose commits are dear: threads read units side by side into one group until it is full or
 * nothing is left to read; whoever leaves a group last commits it, while the others go on with the next. Every unit is
 * told by itself. Of a unit that misses several parts the next one is read once the one before is committed, because a
 * group takes one write of a calendar unit.
 */
final class GroupedUnits implements Runnable {

    private static final System.Logger LOGGER = System.getLogger(GroupedUnits.class.getName());

    private static final long DAMAGED = -1;

    private final BackfillPlan plan;
    private final Store store;
    private final RunReads reads;
    private final PartWrites writes;
    private final RunTally tally;
    // One commit of this run at a time: two of them would only stand in each other's way in the store's tables.
    private final ReentrantLock committing = new ReentrantLock();
    private final Map<Series, Map<TimeRange, Long>> revisions = new ConcurrentHashMap<>();
    private final Deque<Part> waiting = new ArrayDeque<>(); // guarded by this
    private int unsettled; // units that are neither committed nor failed; guarded by this
    private @Nullable Round open; // the group that is being filled; guarded by this

    GroupedUnits(BackfillPlan plan, Store store, RunReads reads, PartWrites writes, RunTally tally) {
        this.plan = plan;
        this.store = store;
        this.reads = reads;
        this.writes = writes;
        this.tally = tally;
        plan.units().forEach(unit -> waiting.add(new Part(unit, List.of())));
        this.unsettled = waiting.size();
    }

    /** Whether a store commits in groups. One that fails to give a group just now counts: its units then fail one by one. */
    static boolean suit(Store store) {
        try {
            Optional<WriteGroup> group = store.group();
            group.ifPresent(WriteGroup::close);
            return group.isPresent();
        } catch (RuntimeException unwilling) {
            return true;
        }
    }

    @Override
    public void run() {
        try {
            for (Optional<Part> part = next(); part.isPresent(); part = next()) {
                work(part.get());
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (Error fatal) {
            reads.cancel();
            throw fatal;
        } finally {
            wake();
        }
    }

    private synchronized void wake() {
        notifyAll();
    }

    /** The next part to read; empty when all is told or the run is cancelled. */
    private Optional<Part> next() throws InterruptedException {
        while (true) {
            Optional<Round> ended;
            synchronized (this) {
                Part part = reads.isCancelled() ? null : waiting.poll();
                if (part != null) {
                    return Optional.of(part);
                }
                ended = open == null ? Optional.empty() : end(open);
                if (ended.isEmpty()) {
                    if (reads.isCancelled() || unsettled == 0) {
                        return Optional.empty();
                    }
                    wait(); // for the commit of others, which may leave further parts to read
                }
            }
            ended.ifPresent(this::commit);
        }
    }

    private void work(Part part) {
        Optional<Refused> known = reads.refusal(part.series());
        if (known.isPresent()) {
            failed(part, known.get());
            return;
        }
        if (part.results().isEmpty()) {
            tally.started(part.unit());
        }
        Map<TimeRange, Long> before;
        Round round;
        try {
            before = revisions(part);
            round = join();
        } catch (RuntimeException failure) {
            failed(part, failure);
            return;
        }
        try {
            reads.read(part.unit(), part.range(), rows -> add(round, rows));
            round.added.add(new Added(part, before));
        } catch (RuntimeException failure) {
            failed(part, failure);
        } catch (Error fatal) {
            reads.cancel();
            throw fatal;
        } finally {
            leave(round).ifPresent(this::commit);
        }
    }

    private static int add(Round round, Batches rows) {
        round.group.add(rows);
        return round.group.size();
    }

    // Asked once for all units of a series: where commits are dear, questions are not free either.
    private Map<TimeRange, Long> revisions(Part part) {
        Map<TimeRange, Long> known = revisions.computeIfAbsent(part.series(), series -> {
            TimeRange span = plan.units().stream()
                    .filter(unit -> unit.series().equals(series))
                    .map(PlannedUnit::unit)
                    .reduce(TimeRange::span)
                    .orElseThrow();
            Map<TimeRange, Long> all = new HashMap<>();
            for (LedgerUnit unit : LedgerUnit.of(List.of(new LedgerUnit.Side(store, series)), span)) {
                unit.entry(0).ifPresent(entry -> all.put(unit.unit(), entry.revision()));
                unit.damage().ifPresent(damage -> all.put(unit.unit(), DAMAGED));
            }
            return all;
        });
        long revision = known.getOrDefault(part.unit().unit(), 0L);
        if (revision == DAMAGED) {
            return writes.revisions(part.series(), part.range()); // which throws, unless it has been mended
        }
        long own = part.results().stream()
                .flatMap(result -> result.entries().stream())
                .mapToLong(LedgerEntry::revision)
                .max()
                .orElse(0);
        return Map.of(part.unit().unit(), Math.max(revision, own));
    }

    private synchronized Round join() {
        Round round = open;
        if (round == null) {
            round = new Round(store.group()
                    .orElseThrow(() -> new IllegalStateException(
                            store.name() + " committed writes in groups before and does not now")));
            open = round;
        }
        round.adding++;
        return round;
    }

    /** The group, if it is to be committed now. */
    private synchronized Optional<Round> leave(Round round) {
        round.adding--;
        if (round == open) {
            return round.group.isFull() ? end(round) : Optional.empty();
        }
        return round.adding == 0 ? Optional.of(round) : Optional.empty();
    }

    /** Lets nothing more into the group that is open. Gives it to whoever is the last in it, who commits it. */
    private synchronized Optional<Round> end(Round round) {
        open = null;
        return round.adding == 0 ? Optional.of(round) : Optional.empty();
    }

    private void commit(Round round) {
        committing.lock();
        try {
            if (!reads.isCancelled() && !round.added.isEmpty()) {
                settle(round);
            }
        } finally {
            committing.unlock();
            close(round.group);
        }
    }

    private void settle(Round round) {
        List<WriteGroup.Outcome> outcomes;
        try {
            outcomes = round.group.commit();
        } catch (Unavailable | Cancelled all) {
            // Whoever cannot be had now is as far away for every unit by itself.
            round.added.forEach(added -> failed(added.part(), all));
            return;
        } catch (RuntimeException all) {
            // It may be the fault of one of them.
            round.added.forEach(added -> settle(added, all));
            return;
        }
        for (Added added : round.added) {
            Optional<WriteGroup.Outcome> outcome =
                    outcomes.stream().filter(added::isMeantBy).findFirst();
            Optional<WriteResult> result = outcome.flatMap(WriteGroup.Outcome::result);
            if (result.isPresent()) {
                done(added.part(), result.get());
            } else {
                MarketDataException failure =
                        outcome.flatMap(WriteGroup.Outcome::failure).orElseGet(() -> unsaid(added));
                if (failure instanceof Unconfirmed) {
                    settle(added, failure);
                } else {
                    failed(added.part(), failure);
                }
            }
        }
    }

    private Unconfirmed unsaid(Added added) {
        return new Unconfirmed(store.name() + " committed a group of writes and did not say what became of "
                + added.part() + "; run it again");
    }

    /** Asks the ledger whether a part landed, and otherwise writes it once more, by itself. */
    private void settle(Added added, RuntimeException unknown) {
        Part part = added.part();
        try {
            done(part, writes.settle(part.unit(), part.range(), added.before(), unknown));
        } catch (RuntimeException still) {
            failed(part, still);
        }
    }

    private void done(Part part, WriteResult result) {
        List<WriteResult> results = new ArrayList<>(part.results());
        results.add(result);
        Part next = new Part(part.unit(), results);
        if (next.isComplete()) {
            tally.committed(part.unit(), PartWrites.together(results));
            told();
        } else {
            synchronized (this) {
                waiting.addFirst(next);
                notifyAll();
            }
        }
    }

    private void failed(Part part, RuntimeException failure) {
        if (!reads.isCancelled()) {
            tally.failed(part.unit(), failure);
        }
        told();
    }

    private synchronized void told() {
        unsettled--;
        notifyAll();
    }

    // What was committed is known by now, whatever becomes of the buffers.
    private static void close(WriteGroup group) {
        try {
            group.close();
        } catch (RuntimeException left) {
            LOGGER.log(System.Logger.Level.WARNING, "A group of writes could not be closed", left);
        }
    }

    /** One group and who is in it. */
    private static final class Round {
        private final WriteGroup group;
        private final ConcurrentLinkedQueue<Added> added = new ConcurrentLinkedQueue<>();
        private int adding; // guarded by the run's work

        Round(WriteGroup group) {
            this.group = group;
        }
    }

    /** The part of a unit that comes after those that are committed. */
    private record Part(PlannedUnit unit, List<WriteResult> results) {

        Series series() {
            return unit.series();
        }

        TimeRange range() {
            return unit.missing().asList().get(results.size());
        }

        boolean isComplete() {
            return results.size() == unit.missing().asList().size();
        }

        @Override
        public String toString() {
            return unit.series() + " over " + range();
        }
    }

    /** A part in a group, and the revision of its unit before. */
    private record Added(Part part, Map<TimeRange, Long> before) {

        boolean isMeantBy(WriteGroup.Outcome outcome) {
            return outcome.series().equals(part.series()) && outcome.range().equals(part.range());
        }
    }
}
