package dev.candlewick.sink.postgres;

import dev.candlewick.spi.InterruptWatch;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;

/**
 * A transaction on a connection of its own. Without {@link #commit} closing undoes it. For one thread at a time, except
 * {@link #abort}.
 */
final class Transaction implements AutoCloseable {

    private static final byte[] HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    private static final byte[] TRAILER = {(byte) 0xFF, (byte) 0xFF};

    private final Connections connections;
    private final Connection connection;
    private final boolean autoCommit;
    private final int networkTimeout;
    private final InterruptWatch.Watch watch;
    private final AtomicBoolean aborted = new AtomicBoolean();
    private boolean clean;
    private boolean closed;
    private volatile @Nullable Thread waiting = Thread.currentThread();
    private volatile boolean writing;
    private volatile long lastProgress;

    private Transaction(
            Connections connections,
            Connection connection,
            boolean autoCommit,
            int networkTimeout,
            InterruptWatch watches,
            Duration silence) {
        this.connections = connections;
        this.connection = connection;
        this.autoCommit = autoCommit;
        this.networkTimeout = networkTimeout;
        this.watch = watches.watch(() -> shouldEnd(silence), this::abort);
    }

    // Nobody waits for it any more, or it has waited too long.
    private boolean shouldEnd(Duration silence) {
        Thread thread = waiting;
        boolean silent = writing && System.nanoTime() - lastProgress > silence.toNanos();
        return silent || (thread != null && thread.isInterrupted());
    }

    /** Begins with the given statements, sent in one go. */
    static Transaction begin(
            Connections connections, Connection connection, String first, InterruptWatch watches, Duration silence)
            throws SQLException {
        boolean begun = false;
        try {
            boolean autoCommit = connection.getAutoCommit();
            int networkTimeout = connection.getNetworkTimeout();
            if (networkTimeout == 0) {
                connection.setNetworkTimeout(Runnable::run, (int) Math.min(Integer.MAX_VALUE, silence.toMillis()));
            }
            connection.setAutoCommit(false);
            Transaction transaction =
                    new Transaction(connections, connection, autoCommit, networkTimeout, watches, silence);
            begun = true;
            try {
                transaction.execute(first);
                return transaction;
            } catch (SQLException | RuntimeException failed) {
                transaction.close();
                throw failed;
            }
        } finally {
            if (!begun) {
                connections.drop(connection);
            }
        }
    }

    /** Says that this thread is waiting for the server from now on: an interrupt of it ends the connection. */
    void enter() {
        waiting = Thread.currentThread();
    }

    /** Says that nobody is waiting for the server. */
    void leave() {
        waiting = null;
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Turns a row of an answer into a value. */
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    <T> List<T> query(String sql, Row<T> row, Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(sql, values);
                ResultSet rows = statement.executeQuery()) {
            List<T> all = new ArrayList<>();
            while (rows.next()) {
                all.add(row.read(rows));
            }
            return all;
        }
    }

    <T> Optional<T> first(String sql, Row<T> row, Object... values) throws SQLException {
        return query(sql, row, values).stream().findFirst();
    }

    int update(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = prepared(sql, values)) {
            return statement.executeUpdate();
        }
    }

    private PreparedStatement prepared(String sql, Object... values) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            return statement;
        } catch (SQLException | RuntimeException failed) {
            statement.close();
            throw failed;
        }
    }

    /** Where the tuples of a {@code COPY} come from. */
    interface Tuples {
        void writeTo(OutputStream target) throws IOException;
    }

    /** Copies tuples in; gives how many rows the server took. */
    long copyIn(String sql, Tuples tuples) throws SQLException, IOException {
        lastProgress = System.nanoTime();
        writing = true;
        try {
            CopyIn copy = driver().getCopyAPI().copyIn(sql);
            try {
                copy.writeToCopy(HEADER, 0, HEADER.length);
                tuples.writeTo(new CopyStream(copy));
                copy.writeToCopy(TRAILER, 0, TRAILER.length);
                return copy.endCopy();
            } catch (SendingFailed failed) {
                cancel(copy, failed.reason());
                throw failed.reason();
            } catch (SQLException | IOException | RuntimeException failed) {
                cancel(copy, failed);
                throw failed;
            }
        } finally {
            writing = false;
        }
    }

    /** Bytes on their way to the server. */
    private final class CopyStream extends OutputStream {

        private final CopyIn copy;

        CopyStream(CopyIn copy) {
            this.copy = copy;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            try {
                copy.writeToCopy(bytes, from, count);
                lastProgress = System.nanoTime();
            } catch (SQLException failed) {
                throw new SendingFailed(failed);
            }
        }
    }

    /** Brings a failure of the server through a stream. */
    private static final class SendingFailed extends IOException {

        private static final long serialVersionUID = 1L;

        private final SQLException reason;

        SendingFailed(SQLException reason) {
            super(reason);
            this.reason = reason;
        }

        SQLException reason() {
            return reason;
        }
    }

    private static void cancel(CopyIn copy, Exception failed) {
        try {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        } catch (SQLException gone) {
            failed.addSuppressed(gone);
        }
    }

    CopyOut copyOut(String select) throws SQLException {
        return driver().getCopyAPI().copyOut("COPY (" + select + ") TO STDOUT (FORMAT binary)");
    }

    private PGConnection driver() throws SQLException {
        return connection.unwrap(PGConnection.class);
    }

    void commit() throws SQLException {
        connection.commit();
        clean = true;
    }

    /** Ends the connection at once, whatever it does; from any thread. */
    void abort() {
        if (aborted.compareAndSet(false, true)) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException gone) {
                // Then there is nothing to end.
            }
        }
    }

    /** Undoes what was not committed and gives the connection back. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        watch.close();
        if (aborted.get()) {
            connections.drop(connection);
            return;
        }
        try {
            if (!clean) {
                connection.rollback();
            }
            connection.setAutoCommit(autoCommit);
            if (networkTimeout == 0) {
                connection.setNetworkTimeout(Runnable::run, 0);
            }
        } catch (SQLException broken) {
            connections.drop(connection);
            return;
        }
        connections.giveBack(connection);
    }
}
