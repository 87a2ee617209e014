package dev.candlewick.sink.bigquery;

import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.JobException;
import dev.candlewick.Cancelled;
import dev.candlewick.ContentHash;
import dev.candlewick.Corrupt;
import dev.candlewick.Dataset;
import dev.candlewick.LedgerEntry;
import dev.candlewick.MarketDataException;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.ledger.LedgerText;
import dev.candlewick.ledger.UnitRecord;
import dev.candlewick.sink.bigquery.Failures.JobFailed;
import dev.candlewick.spi.UnitChange;
import dev.candlewick.spi.UnitLedger;
import dev.candlewick.spi.Writes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Commits units of one dataset together (see {@code docs/concepts/bigquery-commit.md}):
 *
 * <ol>
 *   <li>the ledger is asked what the units are now, and it is worked out what would change;
 *   <li>the rows of all of them are loaded into a staging table by one job, which no reader knows;
 *   <li>one script replaces rows and ledger entries in a transaction, under the condition that the ledger is still what
 *       it was: <b>with its end the units are new, before it they were old</b>.
 * </ol>
 *
 * <p>Units that were overtaken meanwhile go through it again; what fails, fails for its own units only.
 */
final class Commit {

    private static final System.Logger LOGGER = System.getLogger(Commit.class.getName());

    // Every lost race means that another commit succeeded; as many in a row are no coincidence any more.
    private static final int MOST_RACES = 100;
    private static final String STRANGERS = "candlewick: rows that nobody vouches for";

    private final StoreParts store;
    private final Tables.Held held;
    private final Dataset dataset;
    private final Staging staging;
    private final Map<UnitTask, Result> results = new HashMap<>();

    Commit(StoreParts store, Tables.Held held, StagedFile file) {
        this.store = store;
        this.held = held;
        this.dataset = held.rows().dataset();
        this.staging = new Staging(store, held.rows(), file);
    }

    /** What became of a unit: an entry that stands, a failure, or nothing at all because there was nothing to say. */
    record Result(Optional<LedgerEntry> entry, boolean unchanged, Optional<MarketDataException> failure) {

        static final Result NOTHING = new Result(Optional.empty(), false, Optional.empty());

        static Result of(LedgerEntry entry, boolean unchanged) {
            return new Result(Optional.of(entry), unchanged, Optional.empty());
        }

        static Result failed(MarketDataException failure) {
            return new Result(Optional.empty(), false, Optional.of(failure));
        }
    }

    /** How a unit will be. */
    private record Plan(
            UnitTask task,
            Optional<Ledger.Row> before,
            LedgerEntry entry,
            Writes writes,
            Optional<TimeRange> deleted,
            boolean insertsRows,
            boolean assertsNoStrangers) {

        Ledger.Change change() {
            return new Ledger.Change(task.series(), task.unit(), before, Optional.of(new UnitRecord(entry, writes)));
        }
    }

    /** Commits the units, in time order where they are too many for one transaction. */
    Map<UnitTask, Result> run(List<UnitTask> tasks) {
        try {
            List<UnitTask> left = tasks;
            for (int race = 0; !left.isEmpty(); race++) {
                if (race == MOST_RACES) {
                    left.forEach(task -> fail(task, overtakenTooOften(task)));
                    break;
                }
                if (race > 0) {
                    store.warehouse().pause("Committing " + left.get(0).label(), Math.min(race, 6));
                }
                left = round(left);
            }
            return results;
        } catch (Cancelled interrupted) {
            // What was committed stands, and is told of; of the others nothing happened.
            tasks.stream().filter(task -> !results.containsKey(task)).forEach(task -> fail(task, interrupted));
            return results;
        } finally {
            staging.drop();
        }
    }

    private void fail(UnitTask task, MarketDataException failure) {
        results.put(task, Result.failed(failure));
    }

    private Unavailable overtakenTooOften(UnitTask task) {
        return new Unavailable("Committing " + task.label() + " to " + store.name() + " was overtaken " + MOST_RACES
                + " times by other writers; nothing of it was replaced. Run again");
    }

    /** One try for all; gives those that were overtaken by another writer. */
    private List<UnitTask> round(List<UnitTask> tasks) {
        Instant now = store.clock().instant();
        Map<String, Ledger.Row> stored;
        try {
            stored = stored(tasks);
        } catch (Corrupt twoRows) {
            tasks.forEach(task -> fail(task, twoRows));
            return List.of();
        } catch (Cancelled interrupted) {
            throw interrupted;
        } catch (MarketDataException unreachable) {
            tasks.forEach(task -> fail(task, unreachable));
            return List.of();
        }
        List<UnitTask> again = new ArrayList<>();
        List<Plan> plans = new ArrayList<>();
        for (UnitTask task : tasks) {
            try {
                Optional<Plan> plan = plan(task, Optional.ofNullable(stored.get(task.key())), now, again);
                plan.ifPresent(plans::add);
            } catch (Cancelled interrupted) {
                throw interrupted;
            } catch (MarketDataException failed) {
                fail(task, failed);
            }
        }
        for (List<Plan> chunk : chunks(loaded(plans))) {
            again.addAll(publish(chunk, now));
        }
        return again;
    }

    private Map<String, Ledger.Row> stored(List<UnitTask> tasks) {
        Set<String> subjects = new LinkedHashSet<>();
        TimeRange span = tasks.get(0).unit();
        for (UnitTask task : tasks) {
            subjects.add(task.series().subject().toString());
            span = span.span(task.unit());
        }
        return store.ledger().find(dataset, subjects, span);
    }

    /** What would become of a unit; empty when nothing, or when it was replaced while it was looked at. */
    private Optional<Plan> plan(UnitTask task, Optional<Ledger.Row> row, Instant now, List<UnitTask> again) {
        Optional<UnitRecord> previous = previous(task, row);
        long rows = previous.map(record -> record.entry().rows()).orElse(0L);
        return task.isWhole() || rows == 0
                ? replaceWhole(task, row, previous, now)
                : replacePart(task, row.orElseThrow(), previous.orElseThrow(), now, again);
    }

    // A unit that is written whole needs nothing of its old entry, so a damaged one is healed.
    private static Optional<UnitRecord> previous(UnitTask task, Optional<Ledger.Row> row) {
        try {
            return row.map(Ledger.Row::record);
        } catch (Corrupt damaged) {
            if (!task.isWhole()) {
                throw new Corrupt(
                        damaged.getMessage() + ". Writing only " + task.range() + " of the unit " + task.unit()
                                + " would lose its other rows; write the unit whole",
                        damaged);
            }
            LOGGER.log(System.Logger.Level.WARNING, "Healing a unit by writing it whole: {0}", damaged.getMessage());
            return Optional.empty();
        }
    }

    /** The unit's rows are the new ones and no others. */
    private Optional<Plan> replaceWhole(
            UnitTask task, Optional<Ledger.Row> row, Optional<UnitRecord> previous, Instant now) {
        UnitLedger ledger =
                task.draft().map(UnitDraft::ledger).orElseGet(() -> new UnitLedger(task.series(), task.unit()));
        LedgerEntry entry = entry(task, ledger, previous, now);
        UnitChange change = change(task, previous, entry);
        if (change.isNothing()) {
            results.put(task, Result.NOTHING);
            return Optional.empty();
        }
        // The same rows written again also heal a table that was changed meanwhile.
        boolean sameRows = change.keepsRows() && isIntact(task, row.orElseThrow(), entry);
        if (sameRows && change.isNoNews()) {
            results.put(task, Result.of(previous.orElseThrow().entry(), true));
            return Optional.empty();
        }
        boolean inserts = !sameRows && task.draft().isPresent();
        Optional<TimeRange> deleted =
                sameRows ? Optional.empty() : Optional.of(task.isWhole() ? task.unit() : task.replaced());
        return Optional.of(new Plan(task, row, entry, change.writes(), deleted, inserts, !sameRows && !task.isWhole()));
    }

    /**
     * The unit's rows are those before the range, the new ones, those after it. What is kept is proven against the ledger:
     * damage must not get a hash that vouches for it.
     */
    private Optional<Plan> replacePart(
            UnitTask task, Ledger.Row row, UnitRecord previous, Instant now, List<UnitTask> again) {
        UnitLedger ledger = new UnitLedger(task.series(), task.unit());
        ContentHash proof = new ContentHash(task.series().schema());
        ContentHash inside = new ContentHash(task.series().schema());
        boolean[] newRowsAdded = {false};
        pages(task, row).each(batch -> {
            proof.add(batch);
            ledger.add(batch.slice(0, batch.firstRowFrom(task.replaced().startMicros())));
            inside.add(batch.within(task.replaced()));
            int after = batch.firstRowFrom(task.replaced().endMicros());
            if (after < batch.rows() && !newRowsAdded[0]) {
                task.draft().ifPresent(draft -> draft.copyTo(ledger));
                newRowsAdded[0] = true;
            }
            ledger.add(batch.slice(after, batch.rows()));
        });
        if (!newRowsAdded[0]) {
            task.draft().ifPresent(draft -> draft.copyTo(ledger));
        }
        if (!proof.value().equals(previous.entry().contentHash())) {
            if (isReplaced(task, row)) {
                again.add(task);
                return Optional.empty();
            }
            throw lostRows(task);
        }
        LedgerEntry entry = entry(task, ledger, Optional.of(previous), now);
        UnitChange change = change(task, Optional.of(previous), entry);
        if (change.isNoNews()) {
            results.put(task, Result.of(previous.entry(), true));
            return Optional.empty();
        }
        String fresh = task.draft()
                .map(UnitDraft::contentHash)
                .orElseGet(() -> new ContentHash(task.series().schema()).value());
        boolean sameRows = inside.value().equals(fresh);
        Optional<TimeRange> deleted = sameRows ? Optional.empty() : Optional.of(task.replaced());
        boolean inserts = !sameRows && task.draft().isPresent();
        return Optional.of(new Plan(task, Optional.of(row), entry, change.writes(), deleted, inserts, false));
    }

    private RowPages pages(UnitTask task, Ledger.Row row) {
        Statement query = store.rows().select(held.rows(), task.series(), List.of(task.unit()), List.of(row));
        return RowPages.of(store.warehouse(), held.rows(), task.series(), query);
    }

    private boolean isReplaced(UnitTask task, Ledger.Row row) {
        return store.ledger().list(task.series(), task.unit()).stream()
                .noneMatch(now -> now.version().equals(row.version()));
    }

    // Costs reading the unit, which is rare: what is there already is not planned again.
    private boolean isIntact(UnitTask task, Ledger.Row row, LedgerEntry entry) {
        if (entry.rows() == 0) {
            return true;
        }
        ContentHash hash = new ContentHash(task.series().schema());
        try {
            pages(task, row).each(hash::add);
        } catch (Corrupt damaged) {
            return false;
        }
        return hash.value().equals(entry.contentHash());
    }

    private static LedgerEntry entry(UnitTask task, UnitLedger ledger, Optional<UnitRecord> previous, Instant now) {
        return ledger.entry(
                previous.map(UnitRecord::entry), task.range(), task.write().provenance(), now);
    }

    private static UnitChange change(UnitTask task, Optional<UnitRecord> previous, LedgerEntry entry) {
        return UnitChange.of(
                previous.map(UnitRecord::entry),
                previous.map(UnitRecord::writes).orElse(Writes.NONE),
                entry,
                task.range(),
                task.before());
    }

    private Corrupt lostRows(UnitTask task) {
        return new Corrupt("Writing " + task.replaced() + " of " + Failures.cut(task.series())
                + " has to keep the other rows of its unit, but the rows in "
                + held.rows().name() + " of " + store.name()
                + " are not those that the ledger names: somebody changed the table. Nothing was changed. Forget the unit "
                + task.unit() + " and fetch it again, or write it whole");
    }

    /** The plans whose rows are staged, if they have any; the others have failed. */
    private List<Plan> loaded(List<Plan> plans) {
        List<Plan> rows = plans.stream().filter(Plan::insertsRows).toList();
        if (rows.isEmpty()) {
            return plans;
        }
        try {
            staging.load(
                    "Loading rows of " + label(rows),
                    rows.stream().map(plan -> identity(plan)).toList());
            return plans;
        } catch (Cancelled interrupted) {
            throw interrupted;
        } catch (MarketDataException failed) {
            rows.forEach(plan -> fail(plan.task(), failed));
            return plans.stream().filter(plan -> !plan.insertsRows()).toList();
        }
    }

    private static String identity(Plan plan) {
        return plan.task().key() + " " + plan.task().range() + " "
                + plan.task().draft().orElseThrow().contentHash() + " "
                + plan.task().draft().orElseThrow().tag() + " "
                + plan.before().map(Ledger.Row::version).orElse("");
    }

    private static String label(List<Plan> plans) {
        return plans.get(0).task().label() + (plans.size() == 1 ? "" : " and " + (plans.size() - 1) + " other units");
    }

    /** Plans in time order, cut to what one transaction takes. */
    private List<List<Plan>> chunks(List<Plan> plans) {
        List<Plan> sorted = new ArrayList<>(plans);
        sorted.sort((one, other) -> one.task().unit().compareTo(other.task().unit()));
        List<List<Plan>> chunks = new ArrayList<>();
        List<Plan> last = new ArrayList<>();
        TransactionSize size = new TransactionSize(held.partitioning());
        for (Plan plan : sorted) {
            TimeRange unit = plan.task().unit();
            long more = LedgerText.render(plan.change().after().orElseThrow()).length() + 400L;
            if (!size.takes(unit, more)) {
                chunks.add(last);
                last = new ArrayList<>();
                size = new TransactionSize(held.partitioning());
            }
            last.add(plan);
            size.add(unit, more);
        }
        if (!last.isEmpty()) {
            chunks.add(last);
        }
        return chunks;
    }

    /** Makes some units visible, or fails them and no others; gives those that were overtaken. */
    private List<UnitTask> publish(List<Plan> chunk, Instant now) {
        try {
            return tryToPublish(chunk, now);
        } catch (Cancelled interrupted) {
            throw interrupted;
        } catch (MarketDataException failed) {
            chunk.stream()
                    .map(Plan::task)
                    .filter(task -> !results.containsKey(task))
                    .forEach(task -> fail(task, failed));
            return List.of();
        }
    }

    private List<UnitTask> tryToPublish(List<Plan> chunk, Instant now) {
        List<UnitTask> tasks = chunk.stream().map(Plan::task).toList();
        String doing = "Committing " + label(chunk);
        Statement script = script(chunk, now);
        try {
            store.transact(doing, script, "commit");
            chunk.forEach(plan -> results.put(plan.task(), Result.of(plan.entry(), false)));
            return List.of();
        } catch (JobFailed | BigQueryException | JobException failed) {
            return settled(doing, tasks, chunk, failed);
        }
    }

    private List<UnitTask> settled(String doing, List<UnitTask> tasks, List<Plan> chunk, RuntimeException failed) {
        String message = Failures.message(failed);
        if (message.contains(Ledger.OVERTAKEN) || Failures.isConflict(failed)) {
            return tasks;
        } else if (message.contains(Ledger.NO_FENCE)) {
            store.fence(dataset);
            return tasks;
        } else if (message.contains(STRANGERS)) {
            return withoutStrangers(chunk);
        } else if (Failures.isNotFound(failed) && staging.isNamedBy(message)) {
            staging.lost();
            return tasks;
        }
        if (Failures.isTableMissing(failed)) {
            // Somebody dropped it; who opens the next writer makes it again.
            store.tables().forgetWhatIsKnown();
        }
        MarketDataException failure = store.warehouse().failures().of(doing, failed);
        tasks.forEach(task -> fail(task, failure));
        return List.of();
    }

    private List<UnitTask> withoutStrangers(List<Plan> chunk) {
        List<UnitTask> good = new ArrayList<>();
        for (Plan plan : chunk) {
            UnitTask task = plan.task();
            long strangers = 0;
            if (plan.assertsNoStrangers()) {
                strangers = store.rows().count(held.rows(), task.series(), task.unit())
                        - store.rows().count(held.rows(), task.series(), task.replaced());
            }
            if (strangers == 0) {
                good.add(task);
            } else {
                fail(
                        task,
                        new Corrupt("Writing " + task.replaced() + " of " + Failures.cut(task.series())
                                + " would leave " + strangers + " rows of the unit " + task.unit() + " in "
                                + held.rows().name() + " of " + store.name()
                                + ", which are there without a ledger entry: either their entry was deleted or somebody"
                                + " else wrote them. Nothing was changed. Forget the unit, or write it whole"));
            }
        }
        return good.size() == chunk.size() ? List.of() : good;
    }

    private Statement script(List<Plan> chunk, Instant now) {
        Statement script = new Statement();
        String rows = store.tables().name(held.rows());
        List<Ledger.Change> changes = chunk.stream().map(Plan::change).toList();
        script.add("BEGIN TRANSACTION;\n");
        store.ledger().requireUnchanged(script, dataset, changes);
        List<Plan> partial = chunk.stream().filter(Plan::assertsNoStrangers).toList();
        if (!partial.isEmpty()) {
            script.add("ASSERT (SELECT COUNT(*) FROM " + rows + " WHERE ");
            Replaced.strangers(
                    script, held.rows(), partial.stream().map(Plan::task).toList());
            script.add(") = 0 AS '" + STRANGERS + "';\n");
        }
        Replaced deleted = new Replaced(held.rows());
        chunk.forEach(plan -> plan.deleted()
                .ifPresent(range -> deleted.add(plan.task().series().subject(), range)));
        if (!deleted.isEmpty()) {
            script.add("DELETE FROM " + rows + " WHERE " + deleted.condition(script) + ";\n");
        }
        List<String> tags = chunk.stream()
                .filter(Plan::insertsRows)
                .map(plan -> plan.task().draft().orElseThrow().tag())
                .toList();
        if (!tags.isEmpty()) {
            String columns = Statement.names(held.rows().columns());
            script.add("INSERT INTO " + rows + " (" + columns + ") SELECT " + columns + " FROM " + staging.name()
                    + " WHERE " + staging.tag() + " IN UNNEST(" + script.texts(tags) + ");\n");
        }
        store.ledger().replace(script, dataset, changes, now);
        return script.add("COMMIT TRANSACTION;");
    }
}
