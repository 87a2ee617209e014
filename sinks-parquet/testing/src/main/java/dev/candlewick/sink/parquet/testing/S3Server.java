package dev.candlewick.sink.parquet.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.opentest4j.TestAbortedException;

/**
 * A server that speaks the protocol of S3, for tests, without Docker.
 *
 * <pre>{@code
 * S3Server server = S3Server.shared();
 * Store store = new S3StoreProvider().open(server.freshPlace(), server.environment());
 * }</pre>
 *
 * <p>It is the first of these that there is:
 *
 * <ol>
 *   <li>the server at {@code S3_TEST_ENDPOINT}, with the bucket {@code S3_TEST_BUCKET} and the keys {@code
 *       S3_TEST_ACCESS_KEY} and {@code S3_TEST_SECRET_KEY} (region: {@code S3_TEST_REGION}), as system properties or
 *       environment variables; Amazon's too;
 *   <li>s3proxy out of the jar that the system property {@code candlewick.s3proxy.jar} names, which the build fetches
 *       unless {@code -Dengines.fetch=false} forbids it: in a child process, loopback only, on a random port and a
 *       temporary folder.
 * </ol>
 *
 * <p>Where there is none, the test that asked is skipped with the reason; with {@code -Dengines.required=true} it fails.
 *
 * <p>s3proxy is an independent server, not Amazon's. It keeps objects as files, so a name cannot be both an object and a
 * prefix of others; it has no regions and no permissions, and never asks for fewer requests. Left alone it judges a
 * condition before it writes and holds nobody off in between; here writes to one name are let through one after the other,
 * as with Amazon.
 *
 * <p>Thread-safe, except for what stops and starts a {@linkplain #start local} server.
 */
public final class S3Server implements AutoCloseable {

    private static final String BUCKET = "candlewick-test";
    private static final AtomicInteger PLACES = new AtomicInteger();

    private final Map<String, String> environment;
    private final String bucket;
    private final Optional<LocalS3> local;

    private S3Server(Map<String, String> environment, String bucket, Optional<LocalS3> local) {
        this.environment = Map.copyOf(environment);
        this.bucket = bucket;
        this.local = local;
    }

    /** The server that all tests of this JVM share; it ends with the JVM. */
    public static S3Server shared() {
        return Shared.SERVER.orElseThrow(() -> skip(Shared.MISSING));
    }

    /**
     * A local server of one's own, for tests that pause, kill and restart it. The caller closes it. Never the server of
     * {@code S3_TEST_ENDPOINT}, which is not ours to kill.
     */
    public static S3Server start() {
        Path jar = Path.of(setting("candlewick.s3proxy.jar"));
        if (jar.toString().isEmpty() || !Files.isRegularFile(jar)) {
            throw skip(
                    jar.toString().isEmpty()
                            ? "the system property candlewick.s3proxy.jar names no jar"
                            : jar + " is not there; the build fetches it unless -Dengines.fetch=false forbids it");
        }
        try {
            LocalS3 server = LocalS3.start(jar, BUCKET);
            return new S3Server(
                    environment(
                            "http://127.0.0.1:" + server.port(), "us-east-1", LocalS3.ACCESS_KEY, LocalS3.SECRET_KEY),
                    BUCKET,
                    Optional.of(server));
        } catch (IOException failed) {
            throw new UncheckedIOException("Starting s3proxy", failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while starting s3proxy", stopped);
        }
    }

    private static S3Server named(String endpoint) {
        String bucket = setting("S3_TEST_BUCKET");
        if (bucket.isEmpty()) {
            throw new IllegalStateException(
                    "S3_TEST_ENDPOINT is set, and S3_TEST_BUCKET, which tests write to, is not");
        }
        String region = setting("S3_TEST_REGION");
        return new S3Server(
                environment(
                        endpoint,
                        region.isEmpty() ? "us-east-1" : region,
                        setting("S3_TEST_ACCESS_KEY"),
                        setting("S3_TEST_SECRET_KEY")),
                bucket,
                Optional.empty());
    }

    private static Map<String, String> environment(String endpoint, String region, String key, String secret) {
        Map<String, String> environment = new TreeMap<>();
        environment.put("AWS_ENDPOINT_URL_S3", endpoint);
        environment.put("AWS_REGION", region);
        environment.put("AWS_ACCESS_KEY_ID", key);
        environment.put("AWS_SECRET_ACCESS_KEY", secret);
        return environment;
    }

    /** Endpoint, region and keys as {@code AWS_…} variables. */
    public Map<String, String> environment() {
        return environment;
    }

    /** As {@link #environment()}, through another host and port. */
    public Map<String, String> environment(String host, int port) {
        Map<String, String> through = new TreeMap<>(environment);
        through.put("AWS_ENDPOINT_URL_S3", endpoint().getScheme() + "://" + host + ":" + port);
        return through;
    }

    /** Where it listens. */
    public URI endpoint() {
        return URI.create(environment.get("AWS_ENDPOINT_URL_S3"));
    }

    /** A bucket that is there. */
    public String bucket() {
        return bucket;
    }

    /** The bucket, and a prefix that nothing has yet: {@code bucket/prefix}. */
    public String freshPlace() {
        return bucket + "/run-" + ProcessHandle.current().pid() + "-" + Long.toString(System.nanoTime(), 36) + "-"
                + PLACES.incrementAndGet();
    }

    /** Whether this is a local server, which can be paused, killed and restarted. */
    public boolean isLocal() {
        return local.isPresent();
    }

    /** The folder in which a local server keeps the objects of a bucket, one file each. */
    public Path files(String bucket) {
        return localServer().data().resolve(bucket);
    }

    /** Freezes a local server: connections stay, nothing answers any more, until {@link #resume}. */
    public void pause() {
        act("pausing", server -> server.signal("STOP"));
    }

    /** Lets a paused local server go on. */
    public void resume() {
        act("resuming", server -> server.signal("CONT"));
    }

    /** Kills a local server in the middle of whatever it does; its data stays. */
    public void kill() {
        act("killing", LocalS3::kill);
    }

    /** Starts a local server anew on the same data and port, killing it first when it still runs. */
    public void restart() {
        act("restarting", LocalS3::restart);
    }

    /** Ends a local server and deletes its data; leaves one that is not ours as it is, with what tests wrote. */
    @Override
    public void close() {
        local.ifPresent(LocalS3::close);
    }

    @Override
    public String toString() {
        return local.map(server -> "s3proxy on port " + server.port()).orElse("S3 server of S3_TEST_ENDPOINT");
    }

    private interface Action {
        void on(LocalS3 server) throws IOException, InterruptedException;
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

    private LocalS3 localServer() {
        return local.orElseThrow(() -> new IllegalStateException(this + " is not ours to stop or to look into"));
    }

    private static RuntimeException skip(String reason) {
        String message = "No S3 server for this test: " + reason + ". Name one in S3_TEST_ENDPOINT.";
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

        static final Optional<S3Server> SERVER;
        static final String MISSING;

        static {
            Optional<S3Server> server = Optional.empty();
            String missing = "";
            String endpoint = setting("S3_TEST_ENDPOINT");
            try {
                server = Optional.of(endpoint.isEmpty() ? start() : named(endpoint));
                Runtime.getRuntime().addShutdownHook(new Thread(server.get()::close, "end of the S3 server"));
            } catch (TestAbortedException | IllegalStateException notHere) {
                missing = String.valueOf(notHere.getMessage());
            }
            SERVER = server;
            MISSING = missing;
        }
    }
}
