package dev.candlewick.sink.clickhouse;

import com.clickhouse.client.api.DataStreamWriter;
import dev.candlewick.Batch;
import dev.candlewick.Cancelled;
import dev.candlewick.ContentHash;
import dev.candlewick.Corrupt;
import dev.candlewick.LedgerEntry;
import dev.candlewick.MarketDataException;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.Unconfirmed;
import dev.candlewick.ledger.UnitRecord;
import dev.candlewick.spi.UnitChange;
import dev.candlewick.spi.UnitLedger;
import dev.candlewick.spi.Writes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Commits some units of a series. ClickHouse has no transaction over two tables, so the order is what makes it safe (see
 * {@code docs/concepts/clickhouse-commit.md}):
 *
 * <ol>
 *   <li>the rows are written under a version of their own, which no reader looks for yet;
 *   <li>their number is checked;
 *   <li>the ledger's next row names that version: <b>from here on the unit is new, before it was old</b>. Of two writers
 *       of one sequence the server takes one row and drops the other as a repetition;
 *   <li>the ledger is read to learn whose row it was; some time later the replaced rows are deleted.
 * </ol>
 *
 * <p>What is asked of the server, in the first two and the last step, is asked for all units at once: for units of a few
 * thousand rows the questions would cost more than the rows.
 */
final class UnitCommit {

    // Every lost race means that another commit succeeded; as many in a row are no coincidence any more.
    private static final int MOST_RACES = 100;
    private static final int MOST_ATTEMPTS = 3;

    /** How often a unit's ledger row of one sequence may have been deleted by others before it is given up. */
    static final int MOST_DELETED = 50;

    private final StoreParts store;
    private final RowsTable table;
    private final Series series;
    private final TimeRange range;
    private final Provenance provenance;
    private final UnitRows.Workspace workspace;

    UnitCommit(
            StoreParts store,
            RowsTable table,
            Series series,
            TimeRange range,
            Provenance provenance,
            UnitRows.Workspace workspace) {
        this.store = store;
        this.table = table;
        this.series = series;
        this.range = range;
        this.provenance = provenance;
        this.workspace = workspace;
    }

    /**
     * A unit to be committed.
     *
     * @param rows its new rows, if there are any
     * @param before what had been written to the unit when these rows began to be gathered
     */
    record Task(TimeRange unit, Optional<UnitRows> rows, Writes before) {}

    /** What became of a unit. */
    record Outcome(LedgerEntry entry, boolean unchanged) {}

    /** How a unit will be once its ledger row is written. */
    private static final class Plan {

        private final Task task;
        private final Ledger.Held previous;
        private final Optional<UnitRows> content;
        private final LedgerEntry entry;
        private final UnitChange change;
        private boolean sameRows;
        private boolean leavesRows;
        private long version;

        Plan(Task task, Ledger.Held previous, Optional<UnitRows> content, LedgerEntry entry, TimeRange range) {
            this.task = task;
            this.previous = previous;
            this.content = content;
            this.entry = entry;
            this.change = UnitChange.of(
                    previous.entry(),
                    previous.content().map(UnitRecord::writes).orElse(Writes.NONE),
                    entry,
                    range,
                    task.before());
            this.leavesRows = previous.rows() > 0;
        }

        boolean isNoNews() {
            return sameRows && change.isNoNews();
        }

        boolean needsRows() {
            return !sameRows && entry.rows() > 0;
        }

        Ledger.Held next() {
            return new Ledger.Held(
                    task.unit(), previous.sequence() + 1, version, Optional.of(new UnitRecord(entry, change.writes())));
        }
    }

    /**
     * Commits the units, in time order. Nothing comes of a unit of which nothing is known and of which the commit says
     * nothing either.
     *
     * @throws Unavailable when other rows were committed to the range since; they stand
     */
    List<Outcome> commit(List<Task> tasks) throws IOException {
        Map<TimeRange, Outcome> outcomes = new TreeMap<>();
        List<Task> left = tasks;
        for (int race = 0; !left.isEmpty(); race++) {
            if (race == MOST_RACES) {
                throw new Unavailable("Committing " + Failures.cut(series) + " over "
                        + left.get(0).unit() + " was overtaken " + MOST_RACES
                        + " times by other writers; nothing of it was replaced. Run again");
            }
            left = round(left, outcomes);
        }
        return List.copyOf(outcomes.values());
    }

    /** One try for all; gives those that were overtaken by another writer. */
    private List<Task> round(List<Task> tasks, Map<TimeRange, Outcome> outcomes) throws IOException {
        List<UnitRows> merged = new ArrayList<>();
        try {
            List<Task> overtaken = new ArrayList<>();
            List<Plan> plans = new ArrayList<>();
            Map<TimeRange, Ledger.Row> stored = stored(tasks);
            for (Task task : tasks) {
                Optional<Plan> plan = plan(task, Optional.ofNullable(stored.get(task.unit())), merged);
                if (plan.isEmpty()) {
                    overtaken.add(task);
                } else if (!plan.get().change.isNothing()) {
                    plans.add(plan.get());
                }
            }
            compareRows(plans);
            for (Plan plan : plans) {
                if (plan.isNoNews()) {
                    outcomes.put(
                            plan.task.unit(), new Outcome(plan.previous.entry().orElseThrow(), true));
                }
            }
            List<Plan> news = plans.stream().filter(plan -> !plan.isNoNews()).toList();
            writeRows(news);
            publish(news, outcomes, overtaken);
            return overtaken;
        } finally {
            for (UnitRows rows : merged) {
                rows.close();
            }
        }
    }

    private Map<TimeRange, Ledger.Row> stored(List<Task> tasks) {
        Map<TimeRange, Ledger.Row> stored = new HashMap<>();
        store.ledger().rows(series, span(tasks)).forEach(row -> stored.put(row.unit(), row));
        return stored;
    }

    private static TimeRange span(List<Task> tasks) {
        return tasks.get(0).unit().span(tasks.get(tasks.size() - 1).unit());
    }

    /** What would become of a unit; empty when it was replaced while it was looked at. */
    private Optional<Plan> plan(Task task, Optional<Ledger.Row> row, List<UnitRows> merged) throws IOException {
        Ledger.Held previous = previous(task.unit(), row);
        boolean alone = previous.rows() == 0 || range.contains(task.unit());
        Optional<UnitRows> content = task.rows();
        if (!alone) {
            try {
                UnitRows both = merge(previous, task.rows());
                merged.add(both);
                content = Optional.of(both);
            } catch (Corrupt suspect) {
                if (store.ledger()
                                .row(series, task.unit())
                                .map(Ledger.Row::sequence)
                                .orElse(0L)
                        == previous.sequence()) {
                    throw suspect;
                }
                return Optional.empty();
            }
        }
        LedgerEntry entry = content.map(UnitRows::ledger)
                .orElseGet(() -> new UnitLedger(series, task.unit()))
                .entry(previous.entry(), range, provenance, store.clock().instant());
        return Optional.of(new Plan(task, previous, content, entry, range));
    }

    // A unit that is written whole needs nothing of its old row, so a damaged one is healed.
    private Ledger.Held previous(TimeRange unit, Optional<Ledger.Row> row) {
        try {
            return row.map(Ledger.Row::held).orElseGet(() -> Ledger.Held.nothing(unit));
        } catch (Corrupt damaged) {
            if (!range.contains(unit)) {
                throw new Corrupt(
                        damaged.getMessage() + ". Writing only " + range + " of the unit " + unit
                                + " would lose its other rows; write the unit whole",
                        damaged);
            }
            return row.orElseThrow().unknown();
        }
    }

    /** The stored rows before the range, the new rows, and the stored rows after it. */
    private UnitRows merge(Ledger.Held previous, Optional<UnitRows> rows) throws IOException {
        UnitRows merged = new UnitRows(table, series, previous.unit(), workspace);
        try {
            ContentHash proof = new ContentHash(series.schema());
            boolean newRowsAdded = false;
            try (RowsAnswer stored = RowsAnswer.of(store, table, series, previous.unit(), List.of(previous))) {
                for (Optional<Batch> next = stored.next(); next.isPresent(); next = stored.next()) {
                    Batch batch = next.get();
                    proof.add(batch);
                    merged.add(batch.slice(0, batch.firstRowFrom(range.startMicros())));
                    Batch after = batch.slice(batch.firstRowFrom(range.endMicros()), batch.rows());
                    if (after.rows() > 0 && !newRowsAdded) {
                        copy(rows, merged);
                        newRowsAdded = true;
                    }
                    merged.add(after);
                }
            }
            if (!newRowsAdded) {
                copy(rows, merged);
            }
            // Damage must not be copied into rows whose hash would then vouch for it.
            if (!proof.value().equals(previous.entry().orElseThrow().contentHash())) {
                throw new Corrupt(
                        "Writing " + range + " of " + Failures.cut(series) + " has to keep the other rows of the unit "
                                + previous.unit() + ", but the rows of that unit in the table '" + table.name()
                                + "' are not those that its ledger names. Nothing was changed. Forget the unit and fetch it"
                                + " again, or write it whole");
            }
            return merged;
        } catch (IOException | RuntimeException failed) {
            merged.close();
            throw failed;
        }
    }

    private static void copy(Optional<UnitRows> rows, UnitRows target) throws IOException {
        if (rows.isPresent()) {
            rows.get().copyTo(target);
        }
    }

    // The same rows written again also heal rows that were lost or changed meanwhile.
    private void compareRows(List<Plan> plans) {
        List<Plan> alike = plans.stream()
                .filter(plan -> plan.change.keepsRows() && plan.entry.rows() > 0)
                .toList();
        Map<Long, Long> counts = alike.isEmpty() ? Map.of() : counts(alike);
        for (Plan plan : plans) {
            plan.sameRows = plan.change.keepsRows()
                    && (plan.entry.rows() == 0
                            || (counts.getOrDefault(plan.previous.version(), 0L) == plan.entry.rows()
                                    && isIntact(plan)));
            plan.version = plan.sameRows ? plan.previous.version() : 0;
        }
    }

    // Costs reading the unit. One that was merged has been read just now, and its hash was right.
    private boolean isIntact(Plan plan) {
        if (!range.contains(plan.task.unit())) {
            return true;
        }
        ContentHash proof = new ContentHash(series.schema());
        try (RowsAnswer stored = RowsAnswer.of(store, table, series, plan.task.unit(), List.of(plan.previous))) {
            for (Optional<Batch> next = stored.next(); next.isPresent(); next = stored.next()) {
                proof.add(next.get());
            }
        } catch (Corrupt damaged) {
            return false;
        }
        return proof.value().equals(plan.entry.contentHash());
    }

    /** How many rows each version has in the units. */
    private Map<Long, Long> counts(List<Plan> plans) {
        TimeRange span = span(plans.stream().map(plan -> plan.task).toList());
        List<List<String>> rows = store.server()
                .texts(
                        "Counting the rows of " + Failures.cut(series) + " over " + span,
                        2,
                        "SELECT toString(" + table.version() + "), toString(count()) FROM " + Sql.name(table.name())
                                + " WHERE " + table.where(series.subject(), span) + " GROUP BY " + table.version());
        Map<Long, Long> counts = new HashMap<>();
        rows.forEach(row -> counts.put(Long.parseUnsignedLong(row.get(0)), Long.parseLong(row.get(1))));
        return counts;
    }

    private void writeRows(List<Plan> plans) throws IOException {
        List<Plan> writing = plans.stream().filter(Plan::needsRows).toList();
        for (int attempt = 0; !writing.isEmpty(); attempt++) {
            if (attempt == MOST_ATTEMPTS) {
                throw lost(writing.get(0));
            }
            for (Plan plan : writing) {
                plan.version = Identity.version(
                        series.toString(),
                        plan.task.unit().startMicros(),
                        plan.previous.sequence() + 1,
                        plan.entry.contentHash(),
                        attempt);
                insert(plan.content.orElseThrow(), plan.version);
            }
            Map<Long, Long> counts = counts(writing);
            List<Plan> missing = new ArrayList<>();
            for (Plan plan : writing) {
                // Left of an attempt that the server has forgotten, or half deleted: those stay invisible.
                if (counts.getOrDefault(plan.version, 0L) != plan.entry.rows()) {
                    missing.add(plan);
                }
            }
            boolean strangers = hasStrangers(counts, writing);
            writing.forEach(plan -> plan.leavesRows |= strangers);
            writing = missing;
        }
    }

    // Rows of neither the new nor the old version are those of a crashed attempt, which nobody else will delete.
    private static boolean hasStrangers(Map<Long, Long> counts, List<Plan> plans) {
        Set<Long> known = new HashSet<>();
        plans.forEach(plan -> known.add(plan.version));
        plans.forEach(plan -> known.add(plan.previous.version()));
        return !known.containsAll(counts.keySet());
    }

    private Unavailable lost(Plan plan) {
        return new Unavailable(
                "Committing " + Failures.cut(plan.entry) + " to the table '" + table.name() + "' failed: after "
                        + MOST_ATTEMPTS + " attempts the table does not hold exactly the " + plan.entry.rows()
                        + " rows that were sent. Nothing was replaced. Does a materialized view, a row policy or a time to live"
                        + " change what is there? Run again");
    }

    private void insert(UnitRows rows, long version) throws IOException {
        int pieces = rows.pieces();
        for (int piece = 0; piece < pieces; piece++) {
            String token = Long.toUnsignedString(version) + ":" + piece;
            DataStreamWriter body = rows.body(piece, series.subject(), version);
            String doing = "Writing " + Failures.cut(series) + " over " + rows.unit();
            store.repeat(() -> store.server().insert(doing, table.name(), table.insertColumns(), token, body));
        }
    }

    private void publish(List<Plan> plans, Map<TimeRange, Outcome> outcomes, List<Task> overtaken) {
        List<Plan> spent = plans;
        Map<TimeRange, Ledger.Held> now = new HashMap<>();
        for (int attempt = 0; !spent.isEmpty(); attempt++) {
            if (attempt == MOST_DELETED) {
                throw new Unconfirmed(unconfirmed(
                        spent.get(0).entry,
                        "its ledger row is not there although it was sent " + MOST_DELETED
                                + " times; does something delete from the table '" + Ledger.TABLE + "'?"));
            }
            write(spent, attempt, now);
            // The server dropped it as a repetition of a row that has been deleted since: that token is used up.
            spent = spent.stream()
                    .filter(plan -> held(plan, now).sequence() < plan.next().sequence())
                    .toList();
        }
        for (Plan plan : plans) {
            Ledger.Held next = plan.next();
            Ledger.Held held = held(plan, now);
            boolean won = held.sequence() == next.sequence() && held.content().equals(next.content());
            if (plan.leavesRows || !won) {
                store.cleanup().later(table, series, held);
            }
            if (won) {
                outcomes.put(plan.task.unit(), new Outcome(plan.entry, false));
            } else {
                overtaken.add(plan.task);
            }
        }
    }

    private static Ledger.Held held(Plan plan, Map<TimeRange, Ledger.Held> now) {
        return now.getOrDefault(plan.task.unit(), Ledger.Held.nothing(plan.task.unit()));
    }

    /** Writes the ledger rows of the units and learns what the ledger says then. */
    private void write(List<Plan> plans, int attempt, Map<TimeRange, Ledger.Held> now) {
        Map<TimeRange, Ledger.Held> settled = new HashMap<>();
        for (Plan plan : plans) {
            if (Thread.currentThread().isInterrupted()) {
                throw new Cancelled(
                        "Committing " + Failures.cut(plan.entry) + " was interrupted; it was not committed. Run again");
            }
            try {
                store.ledger().write(series, plan.next(), attempt);
            } catch (Unavailable | Cancelled unknown) {
                settled.put(plan.task.unit(), settled(plan.next(), attempt, unknown));
            }
        }
        if (settled.size() < plans.size()) {
            now.putAll(readBack(plans));
        }
        now.putAll(settled);
    }

    private Map<TimeRange, Ledger.Held> readBack(List<Plan> plans) {
        Map<TimeRange, Ledger.Held> now = new HashMap<>();
        TimeRange span = span(plans.stream().map(plan -> plan.task).toList());
        try {
            store.repeat(() -> store.ledger().rows(series, span).forEach(row -> now.put(row.unit(), row.held())));
            return now;
        } catch (Cancelled interrupted) {
            throw new Unconfirmed(
                    unconfirmed(
                            plans.get(0).entry,
                            "it was interrupted after its ledger row was sent, before it was read again"),
                    interrupted);
        } catch (Unavailable unknown) {
            throw new Unconfirmed(
                    unconfirmed(
                            plans.get(0).entry, "the server does not answer any more (" + unknown.getMessage() + ")"),
                    unknown);
        }
    }

    /** The unit as it is after its ledger row was sent and no answer came. */
    private Ledger.Held settled(Ledger.Held next, int attempt, MarketDataException trouble) {
        LedgerEntry entry = next.entry().orElseThrow();
        if (trouble instanceof Cancelled) {
            throw new Unconfirmed(
                    unconfirmed(entry, "it was interrupted while its ledger row was on its way"), trouble);
        }
        try {
            // The first may still be on its way; of the two the server takes one.
            store.repeat(() -> {
                if (store.ledger().find(series, next.unit()).sequence() < next.sequence()) {
                    store.ledger().write(series, next, attempt);
                }
            });
            return store.ledger().find(series, next.unit());
        } catch (Cancelled interrupted) {
            throw new Unconfirmed(
                    unconfirmed(
                            entry, "it was interrupted while that was being found out (" + trouble.getMessage() + ")"),
                    interrupted);
        } catch (Unavailable still) {
            throw new Unconfirmed(
                    unconfirmed(entry, "the server does not answer any more (" + trouble.getMessage() + ")"), still);
        }
    }

    private static String unconfirmed(LedgerEntry entry, String what) {
        return "Committing " + Failures.cut(entry) + " ended without an answer: " + what
                + ". Run the same again: what is there is found and nothing doubles";
    }
}
