package dev.candlewick.sink.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Properties;
import javax.sql.DataSource;
import org.postgresql.Driver;

/** Where connections come from and go back to: a server of our own choice, or the caller's data source. Thread-safe. */
interface Connections extends AutoCloseable {

    /** A connection that works; the caller gives it back or drops it. */
    Connection take() throws SQLException;

    /** A connection that nobody used before, for asking what became of another one. */
    Connection fresh() throws SQLException;

    /** Takes a connection back that has no transaction open. */
    void giveBack(Connection connection);

    /** Ends a connection that may be broken or in the middle of something. */
    void drop(Connection connection);

    @Override
    void close();

    /** Connections to a server, a few of which are kept: making one costs more than committing a small unit. */
    static Connections to(PostgresAddress address, Timeouts timeouts) {
        return new Own(address, timeouts);
    }

    /** Connections of a data source that stays the caller's. */
    static Connections of(DataSource source) {
        return new Borrowed(source);
    }

    /** Kept by us. */
    final class Own implements Connections {

        private static final int MOST_IDLE = 4;
        private static final int VALID_SECONDS = 5;

        private final PostgresAddress address;
        private final Properties properties;
        private final Deque<Connection> idle = new ArrayDeque<>();
        private boolean closed;

        private Own(PostgresAddress address, Timeouts timeouts) {
            this.address = address;
            this.properties = properties(address, timeouts);
        }

        private static Properties properties(PostgresAddress address, Timeouts timeouts) {
            Properties properties = new Properties();
            if (!address.user().isEmpty()) {
                properties.setProperty("user", address.user());
            }
            if (!address.password().isEmpty()) {
                properties.setProperty("password", address.password());
            }
            properties.setProperty("connectTimeout", seconds(timeouts.connect()));
            properties.setProperty("loginTimeout", seconds(timeouts.connect().multipliedBy(2)));
            properties.setProperty("socketTimeout", seconds(timeouts.silence()));
            properties.setProperty("cancelSignalTimeout", seconds(timeouts.connect()));
            properties.setProperty("tcpKeepAlive", "true");
            properties.setProperty("ApplicationName", "candlewick");
            // Statements with names would not survive a pooler between us and the server.
            properties.setProperty("prepareThreshold", "0");
            address.parameters().forEach(properties::setProperty);
            return properties;
        }

        private static String seconds(Duration duration) {
            return Long.toString(Math.max(1, (duration.toMillis() + 999) / 1_000));
        }

        @Override
        public Connection take() throws SQLException {
            Optional<Connection> kept = poll();
            if (kept.isPresent() && kept.get().isValid(VALID_SECONDS)) {
                return kept.get();
            }
            // What ended one has ended them all, and asking each of a frozen server would take its time.
            for (; kept.isPresent(); kept = poll()) {
                drop(kept.get());
            }
            return fresh();
        }

        private synchronized Optional<Connection> poll() {
            return Optional.ofNullable(idle.pollLast());
        }

        @Override
        public Connection fresh() throws SQLException {
            Connection connection = new Driver().connect(address.jdbcUrl(), properties);
            if (connection == null) {
                throw new SQLException("The driver does not know this address", "08001");
            }
            return connection;
        }

        @Override
        public void giveBack(Connection connection) {
            synchronized (this) {
                if (!closed && idle.size() < MOST_IDLE) {
                    idle.addLast(connection);
                    return;
                }
            }
            drop(connection);
        }

        @Override
        public void drop(Connection connection) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException gone) {
                // It was on its way out.
            }
        }

        @Override
        public void close() {
            Deque<Connection> last;
            synchronized (this) {
                closed = true;
                last = new ArrayDeque<>(idle);
                idle.clear();
            }
            last.forEach(connection -> {
                try {
                    connection.close();
                } catch (SQLException gone) {
                    // It was on its way out.
                }
            });
        }
    }

    /** The caller's: given back as it was. */
    final class Borrowed implements Connections {

        private final DataSource source;

        private Borrowed(DataSource source) {
            this.source = source;
        }

        @Override
        public Connection take() throws SQLException {
            try {
                return source.getConnection();
            } catch (SQLException none) {
                // Whoever was asked, it was no server: those give a state.
                throw Failures.state(none).isEmpty() ? noneFree(none) : none;
            }
        }

        private static SQLException noneFree(SQLException none) {
            return new SQLTransientConnectionException(
                    Optional.ofNullable(none.getMessage()).orElse("no reason given"), Failures.NO_CONNECTION, none);
        }

        @Override
        public Connection fresh() throws SQLException {
            return take();
        }

        @Override
        public void giveBack(Connection connection) {
            try {
                connection.close();
            } catch (SQLException gone) {
                // It is the pool's to find out.
            }
        }

        @Override
        public void drop(Connection connection) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException gone) {
                // Closing tells the pool.
            }
            giveBack(connection);
        }

        @Override
        public void close() {}
    }
}
