package dev.candlewick.sink.clickhouse.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.opentest4j.TestAbortedException;

/**
 * A real ClickHouse server for tests, without Docker.
 *
 * <pre>{@code
 * String database = ClickHouseServer.shared().freshDatabase();
 * }</pre>
 *
 * <p>It is the first of these that there is:
 *
 * <ol>
 *   <li>the server at the HTTP address in the system property or environment variable {@code CANDLEWICK_CLICKHOUSE_URL},
 *       for example {@code http://user:password@host:8123};
 *   <li>the engine in the shared library that {@code CANDLEWICK_CHDB_LIBRARY} names, in a child process;
 *   <li>the same engine out of the cache folder, where {@code npm pack} puts it once unless {@code -Dengines.fetch=false}
 *       forbids it.
 * </ol>
 *
 * <p>Where there is none, the test that asked is skipped with the reason; with {@code -Dengines.required=true} it fails.
 *
 * <p>Thread-safe, except for what stops and starts a {@linkplain #start local} server.
 */
public final class ClickHouseServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final AtomicInteger DATABASES = new AtomicInteger();

    private final String url;
    private final Optional<Engine> engine;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<String> databases = new ArrayList<>();

    private ClickHouseServer(String url, Optional<Engine> engine) {
        this.url = url;
        this.engine = engine;
    }

    /** The server that all tests of this JVM share; it ends with the JVM. */
    public static ClickHouseServer shared() {
        try {
            ClickHouseServer server = Shared.SERVER.orElseThrow(() -> skip(Shared.MISSING));
            // One test in which the engine died by itself must not make all that follow fail.
            if (server.isLocal() && server.revive()) {
                System.out.println("The ClickHouse engine had died by itself and was started again");
            }
            return server;
        } catch (ExceptionInInitializerError failed) {
            throw new IllegalStateException("ClickHouse could not be started", failed.getCause());
        }
    }

    /**
     * A local engine of one's own, for tests that stop, kill and restart it. The caller closes it. Never the server of
     * {@code CANDLEWICK_CLICKHOUSE_URL}, which is not ours to kill.
     */
    public static ClickHouseServer start() {
        return start("");
    }

    /**
     * A local engine of one's own with users of its own.
     *
     * @param usersXml what ClickHouse knows as {@code users.xml}; empty for the user {@code default} without a password
     */
    public static ClickHouseServer start(String usersXml) {
        try {
            return local(usersXml);
        } catch (EngineLibrary.NotHere missing) {
            throw skip(missing.reason());
        }
    }

    /** The address of the server, with user and password when the one in the environment has them. */
    public String url() {
        return url;
    }

    /** Makes a new, empty database and gives its address: {@link #url}, a slash, its name. */
    public String freshDatabase() {
        String name = "candlewick_test_" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet();
        execute("DROP DATABASE IF EXISTS " + name + " SYNC");
        execute("CREATE DATABASE " + name);
        synchronized (databases) {
            databases.add(name);
        }
        return url + "/" + name;
    }

    /**
     * Runs one statement as the server's own user and gives what it answers, tab separated.
     *
     * @throws IllegalStateException with the server's message when it refuses
     */
    public String execute(String sql) {
        URI address = URI.create(url);
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(address.getScheme() + "://" + address.getHost() + ":" + address.getPort() + "/"))
                .timeout(PATIENCE)
                .POST(HttpRequest.BodyPublishers.ofString(sql));
        if (address.getUserInfo() != null) {
            request.header(
                    "Authorization",
                    "Basic "
                            + Base64.getEncoder()
                                    .encodeToString(address.getUserInfo().getBytes(StandardCharsets.UTF_8)));
        }
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(sql + "\n" + response.body());
            }
            return response.body().stripTrailing();
        } catch (IOException failed) {
            throw new UncheckedIOException(sql, failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for: " + sql, stopped);
        }
    }

    /** Whether this is a local engine, which can be paused, killed and restarted. */
    public boolean isLocal() {
        return engine.isPresent();
    }

    /** The process of a local engine. */
    public long pid() {
        return localEngine().pid();
    }

    /** The port of a local engine on the loopback address. */
    public int port() {
        return localEngine().port();
    }

    /** Freezes a local engine: connections stay, nothing answers any more, until {@link #resume}. */
    public void pause() {
        act("pausing", local -> local.signal("STOP"));
    }

    /** Lets a paused local engine go on. */
    public void resume() {
        act("resuming", local -> local.signal("CONT"));
    }

    /** Kills a local engine in the middle of whatever it does; its data stays. */
    public void kill() {
        act("killing", Engine::kill);
    }

    /** Starts a local engine anew on the same data and port, killing it first when it still runs. */
    public void restart() {
        act("restarting", Engine::restart);
    }

    /**
     * Starts a local engine anew if it has died by itself or is about to.
     *
     * @return whether it had to
     */
    public boolean revive() {
        try {
            execute("SELECT 1");
            return false;
        } catch (IllegalStateException | UncheckedIOException gone) {
            restart();
            return true;
        }
    }

    /** Ends a local engine and deletes its data; drops the fresh databases of one that is not ours. */
    @Override
    public void close() {
        if (engine.isPresent()) {
            engine.get().close();
            return;
        }
        synchronized (databases) {
            databases.forEach(name -> execute("DROP DATABASE IF EXISTS " + name + " SYNC"));
            databases.clear();
        }
    }

    @Override
    public String toString() {
        return engine.map(local -> "ClickHouse in process " + local.pid() + " on port " + local.port())
                .orElseGet(() -> "ClickHouse at " + URI.create(url).getHost());
    }

    private interface Action {
        void on(Engine engine) throws IOException, InterruptedException;
    }

    private void act(String doing, Action action) {
        try {
            action.on(localEngine());
        } catch (IOException failed) {
            throw new UncheckedIOException(doing + " " + this, failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while " + doing + " " + this, stopped);
        }
    }

    private Engine localEngine() {
        return engine.orElseThrow(() -> new IllegalStateException(this + " is not ours to stop or to restart"));
    }

    private static ClickHouseServer local(String usersXml) throws EngineLibrary.NotHere {
        try {
            Path library = EngineLibrary.find();
            Engine engine = Engine.start(library, usersXml);
            return new ClickHouseServer("http://127.0.0.1:" + engine.port(), Optional.of(engine));
        } catch (IOException failed) {
            throw new UncheckedIOException("Starting a local ClickHouse engine", failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while starting a local ClickHouse engine", stopped);
        }
    }

    private static RuntimeException skip(String reason) {
        String message = "No ClickHouse for this test: " + reason
                + ". Name a server in CANDLEWICK_CLICKHOUSE_URL, or an engine in CANDLEWICK_CHDB_LIBRARY.";
        if (Boolean.getBoolean("engines.required")) {
            return new IllegalStateException(message + " It was required by -Dengines.required=true.");
        }
        return new TestAbortedException(message);
    }

    /** Started when first asked for, by the class loader's own lock. */
    private static final class Shared {

        static final Optional<ClickHouseServer> SERVER;
        static final String MISSING;

        static {
            Optional<ClickHouseServer> server = Optional.empty();
            String missing = "";
            String named = EngineLibrary.setting("CANDLEWICK_CLICKHOUSE_URL");
            try {
                server = Optional.of(
                        named.isEmpty()
                                ? local("")
                                : new ClickHouseServer(named.replaceFirst("/+$", ""), Optional.empty()));
                Runtime.getRuntime().addShutdownHook(new Thread(server.get()::close, "end of ClickHouse"));
            } catch (EngineLibrary.NotHere notHere) {
                missing = notHere.reason();
            }
            SERVER = server;
            MISSING = missing;
        }
    }
}
