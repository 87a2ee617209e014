package dev.candlewick.sink.postgres;

import dev.candlewick.MarketDataException;
import dev.candlewick.spi.InterruptWatch;
import java.sql.SQLException;
import java.time.Duration;

/** Begins transactions in which no setting of server, role or database changes what a statement means. Thread-safe. */
final class Database implements AutoCloseable {

    private final Connections connections;
    private final Timeouts timeouts;
    private final Failures failures;
    private volatile Runnable whenATableIsGone = () -> {};
    private final InterruptWatch watches = new InterruptWatch("candlewick-postgres-watch");

    Database(Connections connections, Timeouts timeouts, Failures failures) {
        this.connections = connections;
        this.timeouts = timeouts;
        this.failures = failures;
    }

    /** Runs this whenever a statement meets a missing table, column or schema. */
    void whenATableIsGone(Runnable listener) {
        whenATableIsGone = listener;
    }

    /** The exception for a failed statement. */
    MarketDataException failed(String doing, SQLException failure) {
        String state = Failures.state(failure);
        if (state.startsWith("42") || state.startsWith("3F")) {
            whenATableIsGone.run();
        }
        return failures.of(doing, failure);
    }

    Failures failures() {
        return failures;
    }

    /** Work in a transaction. */
    interface Work<T> {
        T in(Transaction transaction) throws SQLException;
    }

    /** A transaction that sees one state of the database from its beginning to its end. */
    Transaction reading() throws SQLException {
        String first = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; "
                + settings("0", Timeouts.READER_IDLE)
                // Rows are wanted in the order of the key, and before the last one is known: never sort, never wait.
                + setting("enable_sort", "off") + setting("enable_seqscan", "off") + setting("enable_bitmapscan", "off")
                + setting("jit", "off") + setting("max_parallel_workers_per_gather", "0") + "1";
        return Transaction.begin(connections, connections.take(), first, watches, timeouts.silence());
    }

    /** A transaction that changes something, each of whose statements sees what was committed before it. */
    Transaction writing(String then) throws SQLException {
        return Transaction.begin(connections, connections.take(), writingFirst(then), watches, timeouts.silence());
    }

    /** As {@link #writing}, on a connection of its own, to ask what became of another one. */
    Transaction settling(String then) throws SQLException {
        return Transaction.begin(connections, connections.fresh(), writingFirst(then), watches, timeouts.silence());
    }

    private String writingFirst(String then) {
        return "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; "
                + settings(Long.toString(timeouts.statement().toMillis()), timeouts.idle())
                + setting("enable_sort", "off") + setting("enable_seqscan", "off") + setting("enable_bitmapscan", "off")
                + setting("jit", "off") + "1; " + then;
    }

    // Local to the transaction, so that a pooled connection is given back as it was, also by a pooler in between.
    private String settings(String statementMillis, Duration idle) {
        return "SELECT " + setting("search_path", "pg_catalog") + setting("TimeZone", "UTC")
                + setting("statement_timeout", statementMillis)
                + setting("lock_timeout", Long.toString(timeouts.lock().toMillis()))
                + setting("idle_in_transaction_session_timeout", Long.toString(idle.toMillis()))
                // A client that lost its power must not keep its locks for the two hours of the system's default.
                + setting("tcp_keepalives_idle", "60") + setting("tcp_keepalives_interval", "10")
                + setting("tcp_keepalives_count", "6")
                // What is acknowledged survives a power cut; a stricter setting than ours stays.
                + "set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on'"
                + " ELSE current_setting('synchronous_commit') END, true), ";
    }

    private static String setting(String name, String value) {
        return "set_config('" + name + "', '" + value + "', true), ";
    }

    /** Reads something small. */
    <T> T read(String doing, Work<T> work) {
        try (Transaction transaction = reading()) {
            T result = work.in(transaction);
            transaction.commit();
            return result;
        } catch (SQLException failed) {
            throw failed(doing, failed);
        }
    }

    /** Changes something that may be done again when the answer is lost. */
    <T> T write(String doing, String first, Work<T> work) {
        try (Transaction transaction = writing(first)) {
            T result = work.in(transaction);
            transaction.commit();
            return result;
        } catch (SQLException failed) {
            throw failed(doing, failed);
        }
    }

    static String lock(String what) {
        return "SELECT pg_catalog.pg_advisory_xact_lock(" + Digests.lockKey(what) + ")";
    }

    @Override
    public void close() {
        connections.close();
    }
}
