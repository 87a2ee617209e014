package dev.candlewick.sink.gcp.testing;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Who changes the rows of which table: one at a time. A transaction that comes second is aborted, and so is one that
 * began before the last change was committed; a statement outside of a transaction waits for its turn.
 */
final class TableLocks {
    private final Map<TableName, Holder> holders = new HashMap<>();
    private final Map<TableName, Long> changed = new HashMap<>();
    private long commits;

    /** Whoever changes rows: a transaction, or one statement. */
    static final class Holder {
        private final String id;
        private final long began;
        private final Set<TableName> tables = new HashSet<>();

        private Holder(String id, long began) {
            this.id = id;
            this.began = began;
        }
    }

    /** Begins to change rows. */
    synchronized Holder begin(String id) {
        return new Holder(id, commits);
    }

    /** Takes a table for a transaction, or aborts it. */
    synchronized void mutate(Holder transaction, TableName table) {
        Holder other = holders.get(table);
        if ((other != null && other != transaction) || changed.getOrDefault(table, 0L) > transaction.began) {
            throw aborted(transaction, table);
        }
        holders.put(table, transaction);
        transaction.tables.add(table);
    }

    /** Takes a table for a statement of its own, after whoever has it now. */
    synchronized void await(Holder statement, TableName table) {
        try {
            while (holders.containsKey(table)) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw BigQueryError.of("stopped", "Job execution was cancelled: User requested cancellation");
        }
        holders.put(table, statement);
        statement.tables.add(table);
    }

    /** Notes that the changes of this holder are there for everybody. */
    synchronized void committed(Holder holder) {
        commits++;
        holder.tables.forEach(table -> changed.put(table, commits));
        release(holder);
    }

    /** Lets go of every table that this holder has. */
    synchronized void release(Holder holder) {
        holders.values().removeIf(other -> other == holder);
        holder.tables.clear();
        notifyAll();
    }

    static BigQueryError aborted(Holder transaction, TableName table) {
        return BigQueryError.invalidQuery("Transaction is aborted due to concurrent update against table " + table
                + ". Transaction ID: " + transaction.id);
    }
}
