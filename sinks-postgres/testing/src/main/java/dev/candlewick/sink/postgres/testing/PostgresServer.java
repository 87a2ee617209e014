package dev.candlewick.sink.postgres.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.opentest4j.TestAbortedException;

/**
 * A real PostgreSQL server for tests, without Docker.
 *
 * <pre>{@code
 * String url = PostgresServer.shared().freshDatabase();
 * }</pre>
 *
 * <p>It is the server at the JDBC address in the system property or environment variable {@code CANDLEWICK_POSTGRES_URL},
 * for example {@code jdbc:postgresql://host:5432/postgres?user=me&password=secret}, else one that is started on the spot:
 * loopback only, a random port, a temporary folder, commits written through to the disk as a real server does.
 *
 * <p>Where there is none, the test that asked is skipped with the reason; with {@code -Dengines.required=true} it fails.
 *
 * <p>Thread-safe, except for what stops and starts a {@linkplain #start local} server.
 */
public final class PostgresServer implements AutoCloseable {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final String url;
    private final Optional<LocalServer> local;
    private final List<String> databases = new ArrayList<>();

    private PostgresServer(String url, Optional<LocalServer> local) {
        this.url = url;
        this.local = local;
    }

    /** The server that all tests of this JVM share; it ends with the JVM. */
    public static PostgresServer shared() {
        return Shared.SERVER.orElseThrow(() -> skip(Shared.MISSING));
    }

    /**
     * A local server of one's own, for tests that pause, kill and restart it. The caller closes it. Never the server of
     * {@code CANDLEWICK_POSTGRES_URL}, which is not ours to kill.
     *
     * @param settings server settings as {@code name=value}, for example {@code max_connections=5}
     */
    public static PostgresServer start(String... settings) {
        try {
            LocalServer server = LocalServer.start(settings);
            return new PostgresServer(server.jdbcUrl(), Optional.of(server));
        } catch (IOException | IllegalStateException failed) {
            throw skip(failed.toString());
        }
    }

    /** The JDBC address of the server's own database, with user and password. */
    public String jdbcUrl() {
        return url;
    }

    /** Makes a new, empty database and gives its JDBC address. */
    public String freshDatabase() {
        String name = "candlewick_test_" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet();
        execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
        execute("CREATE DATABASE " + name + " TEMPLATE template0 ENCODING 'UTF8'");
        synchronized (databases) {
            databases.add(name);
        }
        return databaseUrl(name);
    }

    /**
     * Runs one statement in the server's own database, as its own user, and gives the rows it answers: a line each, tabs
     * between the values.
     *
     * @throws IllegalStateException with the server's message when it refuses
     */
    public String execute(String sql) {
        return execute(url, sql);
    }

    /** As {@link #execute(String)}, in the database of a JDBC address. */
    public static String execute(String jdbcUrl, String sql) {
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            List<String> lines = new ArrayList<>();
            try (ResultSet rows = statement.getResultSet()) {
                int columns = rows.getMetaData().getColumnCount();
                while (rows.next()) {
                    List<String> cells = new ArrayList<>();
                    for (int column = 1; column <= columns; column++) {
                        cells.add(String.valueOf(rows.getString(column)));
                    }
                    lines.add(String.join("\t", cells));
                }
            }
            return String.join("\n", lines);
        } catch (SQLException refused) {
            throw new IllegalStateException(sql + "\n" + refused.getMessage(), refused);
        }
    }

    /** Whether this is a local server, which can be paused, killed and restarted. */
    public boolean isLocal() {
        return local.isPresent();
    }

    /** The main process of a local server. */
    public long pid() {
        return localServer().pid();
    }

    /** The port of a local server on the loopback address. */
    public int port() {
        return localServer().port();
    }

    /** Freezes a local server, all its processes: connections stay, nothing answers any more, until {@link #resume}. */
    public void pause() {
        act("pausing", server -> server.signal("STOP"));
    }

    /** Lets a paused local server go on. */
    public void resume() {
        act("resuming", server -> server.signal("CONT"));
    }

    /** Kills all processes of a local server in the middle of whatever they do; its data stays. */
    public void kill() {
        act("killing", LocalServer::kill);
    }

    /**
     * Starts a local server anew on the same data and port, killing it first when it still runs, and returns once it has
     * recovered and answers.
     */
    public void restart() {
        act("restarting", LocalServer::restart);
    }

    /** Ends a local server and deletes its data; drops the fresh databases of one that is not ours. */
    @Override
    public void close() {
        if (local.isPresent()) {
            local.get().close();
            return;
        }
        synchronized (databases) {
            databases.forEach(name -> execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"));
            databases.clear();
        }
    }

    @Override
    public String toString() {
        return local.map(server -> "PostgreSQL on port " + server.port())
                .orElse("PostgreSQL of CANDLEWICK_POSTGRES_URL");
    }

    private interface Action {
        void on(LocalServer server) throws IOException, InterruptedException;
    }

    private void act(String doing, Action action) {
        try {
            action.on(localServer());
        } catch (IOException failed) {
            throw new UncheckedIOException(doing + " " + this, failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while " + doing + " " + this, stopped);
        }
    }

    private LocalServer localServer() {
        return local.orElseThrow(() -> new IllegalStateException(this + " is not ours to stop or to restart"));
    }

    private String databaseUrl(String name) {
        int query = url.indexOf('?');
        String place = query < 0 ? url : url.substring(0, query);
        String rest = query < 0 ? "" : url.substring(query);
        return place.substring(0, place.lastIndexOf('/') + 1) + name + rest;
    }

    private static RuntimeException skip(String reason) {
        String message = "No PostgreSQL for this test: " + reason
                + ". Name a server in CANDLEWICK_POSTGRES_URL as a JDBC address.";
        if (Boolean.getBoolean("engines.required")) {
            return new IllegalStateException(message + " It was required by -Dengines.required=true.");
        }
        return new TestAbortedException(message);
    }

    private static String setting(String name) {
        String property = System.getProperty(name);
        String variable = System.getenv(name);
        return property != null ? property : variable != null ? variable : "";
    }

    /** Started when first asked for, by the class loader's own lock. */
    private static final class Shared {

        static final Optional<PostgresServer> SERVER;
        static final String MISSING;

        static {
            Optional<PostgresServer> server = Optional.empty();
            String missing = "";
            String named = setting("CANDLEWICK_POSTGRES_URL");
            try {
                server = Optional.of(named.isEmpty() ? start() : new PostgresServer(named, Optional.empty()));
                if (!server.get().isLocal()) {
                    Runtime.getRuntime().addShutdownHook(new Thread(server.get()::close, "end of the test databases"));
                }
            } catch (TestAbortedException | IllegalStateException notHere) {
                missing = String.valueOf(notHere.getMessage());
            }
            SERVER = server;
            MISSING = missing;
        }
    }
}
