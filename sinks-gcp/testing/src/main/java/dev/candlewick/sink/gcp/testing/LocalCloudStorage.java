package dev.candlewick.sink.gcp.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.candlewick.sink.gcp.testing.CloudStorageFaults.Fault;
import dev.candlewick.sink.gcp.testing.CloudStorageFaults.Kind;
import dev.candlewick.sink.gcp.testing.GoogleErrors.Failed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Cloud Storage for tests, on the loopback interface: the JSON interface as {@code google-cloud-storage} speaks it, with
 * faults on switches.
 *
 * <pre>{@code
 * try (LocalCloudStorage server = LocalCloudStorage.start()) {
 *     server.bucket("lake");
 *     ... // a client of server.endpoint()
 *     server.faults().next(1).of(StorageCall.WRITE).loseAnswer();
 * }
 * }</pre>
 *
 * <p><b>What it does as Google's documents say, or as Google's client showed:</b> buckets; objects written in one request
 * ({@code media}, {@code multipart}) or in chunks of 256 KiB multiples ({@code resumable}, with status queries); reads with
 * ranges and of a generation; listings with prefix, delimiter and pages; deletion; composition of up to 32 objects;
 * generations that grow; {@code if[Meta]generation[Not]Match}; CRC32C and MD5 computed, and compared with what was sent;
 * gzip bodies of requests; errors in Google's form; service accounts with a token endpoint; signed addresses of version 4.
 *
 * <p><b>What it cannot know, so that no test here proves it of the real service:</b> latency and throttling by load; which
 * of its errors come before and which after an effect; what remains of a chunk that broke off (here whole multiples of
 * 256 KiB); policies of IAM, organisations, retention, encryption keys and networks; versioned buckets (here a replaced
 * generation is gone) and soft deletion; hierarchical namespaces; storage classes; the parameter {@code fields}, which is
 * ignored, so that answers say more than was asked for; quotas and bills.
 *
 * <p>Small contents are in memory, others in a temporary folder, which {@link #close} deletes. Thread-safe.
 */
public final class LocalCloudStorage implements AutoCloseable {

    static {
        // Without it an answer's body waits for the acknowledgement of its headers: 40 ms on Linux.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private static final System.Logger LOGGER = System.getLogger(LocalCloudStorage.class.getName());
    private static final int BACKLOG = 128;
    private static final int REBIND_TRIES = 100;
    private static final Duration TOKEN_VALIDITY = Duration.ofHours(1);

    private final Path folder;
    private final CloudObjects objects;
    private final CloudStorageTraffic traffic = new CloudStorageTraffic();
    private final CloudStorageFaults faults = new CloudStorageFaults();
    private final CloudStorageService service;
    private final ServiceAccount account;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "local-cloud-storage");
        thread.setDaemon(true);
        return thread;
    });
    private final Object gate = new Object();
    private HttpServer server;
    private boolean paused;
    private volatile boolean credentialsRequired;
    private volatile Duration tokenValidity = TOKEN_VALIDITY;

    private LocalCloudStorage(Clock clock) throws IOException {
        this.folder = Files.createTempDirectory("local-cloud-storage");
        this.objects = new CloudObjects(clock);
        this.account = new ServiceAccount(clock);
        this.service = new CloudStorageService(objects, folder, traffic);
        this.server = listen(0);
    }

    /** A server without buckets on a free port. */
    public static LocalCloudStorage start() {
        return start(Clock.systemUTC());
    }

    /** As {@link #start()}, by another clock: for tokens and signed addresses that expire. */
    public static LocalCloudStorage start(Clock clock) {
        try {
            return new LocalCloudStorage(clock);
        } catch (IOException failed) {
            throw new UncheckedIOException("A server for Cloud Storage cannot be started", failed);
        }
    }

    /** Makes a bucket unless it is there. */
    public LocalCloudStorage bucket(String name) {
        if (!GoogleNames.isBucket(name)) {
            throw new IllegalArgumentException("'" + name + "' cannot be a bucket's name");
        }
        objects.create(name);
        return this;
    }

    /** Where it listens: {@code http://127.0.0.1:PORT}. */
    public URI endpoint() {
        return URI.create("http://" + address().getHostString() + ":" + port());
    }

    /** Where it listens, also after {@link #restart}. */
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress().getHostAddress(), port());
    }

    /** On which port. */
    public synchronized int port() {
        return server.getAddress().getPort();
    }

    /** Its faults. */
    public CloudStorageFaults faults() {
        return faults;
    }

    /** What it was asked. */
    public CloudStorageTraffic traffic() {
        return traffic;
    }

    /** A page of a listing has at most so many entries, where the real service says 1,000. */
    public void pageSize(int most) {
        service.pageSize(most);
    }

    /** From now on only those come in who have a token of {@link #serviceAccount} or a signed address. */
    public void requireCredentials() {
        credentialsRequired = true;
    }

    /** Tokens that are handed out from now on are valid for so long. */
    public void tokenValidity(Duration validity) {
        tokenValidity = validity;
    }

    /** Tokens that were handed out are not valid any more. */
    public void revokeTokens() {
        account.revokeTokens();
    }

    /** The key file of a service account whose token endpoint is this server. */
    public String serviceAccount() {
        return account.json(tokenEndpoint());
    }

    /** The key file of the same account with a key that is not its own. */
    public String serviceAccountWithWrongKey() {
        return account.jsonWithWrongKey(tokenEndpoint());
    }

    /** The content of an object as it is stored; empty when there is none. */
    public Optional<byte[]> content(String bucket, String name) {
        try {
            Optional<CloudObject> object = objects.find(bucket, name);
            if (object.isEmpty()) {
                return Optional.empty();
            }
            try (InputStream in = object.get().content().open(0)) {
                return Optional.of(in.readAllBytes());
            }
        } catch (Failed | IOException failed) {
            throw new IllegalStateException(bucket + "/" + name + " cannot be read", failed);
        }
    }

    /** Gives an object other content behind everybody's back, with checksums and a generation that agree with it. */
    public void replace(String bucket, String name, byte[] bytes) {
        try (StoredContent.Arriving content = new StoredContent.Arriving(folder)) {
            content.append(new ByteArrayInputStream(bytes));
            objects.write(
                    objects.life(),
                    bucket,
                    name,
                    content.done(),
                    "application/octet-stream",
                    java.util.Map.of(),
                    Optional.empty(),
                    CloudObjects.Conditions.NONE);
        } catch (Failed | IOException failed) {
            throw new IllegalStateException(bucket + "/" + name + " cannot be written", failed);
        }
    }

    /** The names of all objects, in the order of the service. */
    public List<String> names(String bucket) {
        try {
            return objects.list(bucket, "", "", "", Integer.MAX_VALUE).objects().stream()
                    .map(CloudObject::name)
                    .toList();
        } catch (Failed noBucket) {
            throw new IllegalStateException("No bucket " + bucket, noBucket);
        }
    }

    /** Freezes it: connections stay, nothing answers and nothing happens. */
    public void pause() {
        synchronized (gate) {
            paused = true;
        }
    }

    /** Lets it go on with what it had got. */
    public void resume() {
        synchronized (gate) {
            paused = false;
            gate.notifyAll();
        }
    }

    /** Ends it in the middle of whatever it does: connections end, and what has not happened yet will not. */
    public synchronized void kill() {
        objects.endLife();
        server.stop(0);
        resume();
    }

    /** Starts it again at the same address with what it held. */
    public synchronized void restart() {
        int port = port();
        kill();
        for (int tries = 1; ; tries++) {
            try {
                server = listen(port);
                return;
            } catch (IOException taken) {
                if (tries == REBIND_TRIES) {
                    throw new UncheckedIOException("Port " + port + " cannot be had again", taken);
                }
                wait(Duration.ofMillis(20));
            }
        }
    }

    /** Ends it and deletes what it held. */
    @Override
    public synchronized void close() {
        kill();
        threads.shutdownNow();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException left) {
            throw new UncheckedIOException(folder + " cannot be deleted", left);
        }
    }

    @Override
    public String toString() {
        return "Cloud Storage for tests at " + endpoint();
    }

    private HttpServer listen(int port) throws IOException {
        HttpServer fresh = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        int life = objects.life();
        fresh.createContext("/", exchange -> answer(exchange, life));
        fresh.setExecutor(threads);
        fresh.start();
        return fresh;
    }

    private String tokenEndpoint() {
        return endpoint() + "/token";
    }

    private void answer(HttpExchange exchange, int life) throws IOException {
        try (exchange) {
            awaitResumed();
            StorageRequest request = StorageRequest.of(exchange);
            traffic.note(request);
            Optional<Fault> fault = faults.strike(request);
            Conversation conversation = new Conversation(exchange, request, fault, traffic, this::awaitResumed);
            if (fault.isPresent() && fault.get().kind() == Kind.DELAY) {
                wait(fault.get().time());
            }
            try {
                answer(conversation, fault, life);
            } catch (Failed failed) {
                conversation.json(failed.status(), failed.body());
            }
        } catch (IOException broken) {
            LOGGER.log(System.Logger.Level.DEBUG, "A connection ended", broken);
        } catch (RuntimeException wrong) {
            // The server of the JDK would end the connection and say nothing.
            LOGGER.log(System.Logger.Level.ERROR, "A defect of the server for tests", wrong);
            throw wrong;
        }
    }

    private void answer(Conversation to, Optional<Fault> fault, int life) throws IOException, Failed {
        StorageRequest request = to.request();
        if (fault.isPresent() && fault.get().kind() == Kind.ANSWER) {
            if (!fault.get().time().isZero()) {
                to.header("Retry-After", Long.toString(fault.get().time().toSeconds()));
            }
            if (request.call() == StorageCall.TOKEN) {
                byte[] body = "{\"error\":\"internal_failure\"}".getBytes(StandardCharsets.UTF_8);
                to.json(fault.get().status(), body);
                return;
            }
            throw new Failed(
                    fault.get().status(), fault.get().reason(), fault.get().message());
        }
        if (request.call() == StorageCall.TOKEN) {
            token(to);
            return;
        }
        if (request.call() == StorageCall.SIGNED_READ) {
            String objection = account.objectionTo(
                    request.method(),
                    to.exchange().getRequestURI().getRawPath(),
                    to.exchange().getRequestURI().getRawQuery(),
                    request.header("host"));
            if (!objection.isEmpty()) {
                byte[] body = ("<?xml version='1.0' encoding='UTF-8'?><Error><Code>" + objection + "</Code></Error>")
                        .getBytes(StandardCharsets.UTF_8);
                to.header("Content-Type", "application/xml; charset=UTF-8");
                to.answer(objection.equals("ExpiredToken") ? 400 : 403, body.length, new ByteArrayInputStream(body));
                return;
            }
        } else if (credentialsRequired && !account.admits(request.header("authorization"))) {
            String error = request.header("authorization").isEmpty() ? "" : ", error=\"invalid_token\"";
            to.header("WWW-Authenticate", "Bearer realm=\"https://accounts.google.com/\"" + error);
            throw GoogleErrors.of(401);
        }
        // Clients come through proxies, and go on with what the server calls itself.
        service.answer(to, life, "http://" + request.header("host"));
    }

    private void token(Conversation to) throws IOException {
        String form = new String(to.body().readAllBytes(), StandardCharsets.UTF_8);
        String token = account.token(form, tokenEndpoint(), tokenValidity);
        if (token.isEmpty()) {
            to.json(
                    400,
                    "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT Signature.\"}"
                            .getBytes(StandardCharsets.UTF_8));
        } else {
            to.json(200, token.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void awaitResumed() {
        synchronized (gate) {
            try {
                while (paused) {
                    gate.wait();
                }
            } catch (InterruptedException ending) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void wait(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
        }
    }
}
