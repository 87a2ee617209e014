package dev.candlewick.sink.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpServer;
import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import dev.candlewick.Refused;
import dev.candlewick.Unavailable;
import dev.candlewick.Unconfirmed;
import dev.candlewick.sink.parquet.objects.ObjectBytes;
import dev.candlewick.sink.parquet.objects.ObjectHead;
import dev.candlewick.sink.parquet.objects.Precondition;
import dev.candlewick.sink.parquet.testing.S3Server;
import dev.candlewick.testkit.TcpFault;
import dev.candlewick.testkit.TcpProxy;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What becomes of answers that S3 gives and s3proxy does not, said by a server that says nothing else; and of answers that
 * are lost on their way from s3proxy.
 */
@Tag("slow")
class S3FailuresTest {

    private static final String SECRET = "canary-secret-key";
    private static final String TOKEN = "canary-session-token";
    private static final ObjectBytes ROWS = ObjectBytes.of("rows".getBytes(StandardCharsets.UTF_8));

    private Optional<HttpServer> server = Optional.empty();
    private final AtomicInteger requests = new AtomicInteger();

    @AfterEach
    void endServer() {
        server.ifPresent(running -> running.stop(0));
    }

    @Test
    void aMissingBucketIsNamed() throws Exception {
        try (S3Storage storage = saying(404, "NoSuchBucket", Map.of())) {
            assertThatThrownBy(() -> write(storage))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("there is no bucket 'market'")
                    .hasMessageContaining("Create it");
            assertThatThrownBy(() -> storage.head("a"))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("no bucket");
            assertThatThrownBy(() -> storage.list(""))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("no bucket");
        }
    }

    @Test
    void theRegionOfTheBucketIsSaid() throws Exception {
        try (S3Storage storage = saying(301, "PermanentRedirect", Map.of("x-amz-bucket-region", "eu-west-3"))) {
            assertThatThrownBy(() -> storage.head("a"))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("set AWS_REGION=eu-west-3");
            assertThatThrownBy(() -> write(storage))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("set AWS_REGION=eu-west-3");
        }
    }

    @Test
    void whatCredentialsMayNotDoIsSaidWithThePermissionsThatAreNeeded() throws Exception {
        try (S3Storage storage = saying(403, "AccessDenied", Map.of())) {
            assertThatThrownBy(() -> write(storage))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("s3:PutObject")
                    .hasMessageContaining("s3:ListBucket");
        }
    }

    @Test
    void aClockThatIsWrongIsSaid() throws Exception {
        try (S3Storage storage = saying(403, "RequestTimeTooSkewed", Map.of())) {
            assertThatThrownBy(() -> write(storage)).isInstanceOf(Refused.class).hasMessageContaining("Set the clock");
        }
    }

    @Test
    void aServerThatWantsFewerRequestsIsAskedAgainAndThenLeftAlone() throws Exception {
        try (S3Storage storage = saying(503, "SlowDown", Map.of("Retry-After", "7"))) {
            assertThatThrownBy(() -> storage.head("a"))
                    .isInstanceOfSatisfying(
                            Unavailable.class,
                            told -> assertThat(told.retryAfter()).isPresent());
            assertThat(requests).hasValue(3);
            assertThatThrownBy(() -> write(storage))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("run again");
        }
    }

    @Test
    void contentThatArrivedDamagedIsNotWrittenAndSaid() throws Exception {
        try (S3Storage storage = saying(400, "BadDigest", Map.of())) {
            assertThatThrownBy(() -> write(storage)).isInstanceOf(Corrupt.class);
            assertThat(requests).hasValue(3);
        }
    }

    @Test
    void aServerWithoutConditionsIsRefused() throws Exception {
        try (S3Storage storage = saying(501, "NotImplemented", Map.of())) {
            assertThatThrownBy(() -> write(storage))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("If-None-Match")
                    .hasMessageContaining("Checksums.MD5");
            assertThat(requests).hasValue(1);
        }
    }

    @Test
    void secretsThatAServerRepeatsAreInNoMessageAndNoCause() throws Exception {
        for (int status : new int[] {400, 403, 404, 500}) {
            try (S3Storage storage = saying(status, "Odd", Map.of())) {
                assertThatThrownBy(() -> write(storage)).satisfies(S3FailuresTest::hasNoSecret);
                assertThatThrownBy(() -> storage.list("")).satisfies(S3FailuresTest::hasNoSecret);
            }
            endServer();
        }
    }

    @Test
    void nobodyThereIsUnavailableAtOnceForWrites() throws Exception {
        int port;
        try (var free = new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        try (S3Storage storage = storage(port)) {
            assertThatThrownBy(() -> write(storage))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("is the endpoint right");
        }
    }

    @Test
    void oneKeyOfAPairIsNotEnough() {
        assertThatThrownBy(() -> new S3StoreProvider().open("market", Map.of("AWS_ACCESS_KEY_ID", "key")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("AWS_SECRET_ACCESS_KEY is not");
    }

    @Test
    void withoutCredentialsItIsSaidWhereToPutThem() {
        assumeThat(System.getenv()).doesNotContainKey("AWS_ACCESS_KEY_ID");
        Map<String, String> nowhere = Map.of(
                "aws.disableEc2Metadata", "true",
                "aws.sharedCredentialsFile", "/nonexistent",
                "aws.configFile", "/nonexistent");
        nowhere.forEach(System::setProperty);
        try (S3Storage storage = S3Storage.builder("market")
                .endpoint(URI.create("http://127.0.0.1:1"))
                .build()) {
            assertThatThrownBy(() -> storage.head("a"))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
        } finally {
            nowhere.keySet().forEach(System::clearProperty);
        }
    }

    @Test
    void addressesWithCredentialsAreRefusedWithoutShowingThem() {
        for (String address : new String[] {SECRET + "@market/x", "//key:" + SECRET + "@market"}) {
            assertThatThrownBy(() -> new S3StoreProvider().open(address, Map.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .satisfies(S3FailuresTest::hasNoSecret);
        }
        assertThatThrownBy(() -> new S3StoreProvider()
                        .open("market", Map.of("AWS_ENDPOINT_URL", "https://key:" + SECRET + "@host")))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(S3FailuresTest::hasNoSecret);
    }

    @Test
    void wrongKeysAreRefusedSayingWhichVariablesToCheck() {
        S3Server real = S3Server.shared();
        Map<String, String> environment = new HashMap<>(real.environment());
        environment.put("AWS_SECRET_ACCESS_KEY", SECRET);
        try (S3Storage storage = new S3StoreProvider().storage(real.freshPlace(), environment)) {
            assertThatThrownBy(() -> write(storage))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("AWS_SECRET_ACCESS_KEY")
                    .satisfies(S3FailuresTest::hasNoSecret);
        }
    }

    @Test
    void anAnswerThatIsLostIsSettledByAskingWhatIsThere() throws Exception {
        URI endpoint = S3Server.shared().endpoint();
        try (TcpProxy proxy = TcpProxy.to(endpoint.getHost(), endpoint.getPort());
                S3Storage storage = through(proxy)) {
            proxy.once(TcpFault.dropReplyOfExchange(1));
            ObjectHead written = write(storage).orElseThrow();
            assertThat(storage.head("a").map(ObjectHead::version)).contains(written.version());
            byte[] large = new byte[(16 << 20) + 1];
            // Creation, three parts, completion: the last answer is lost.
            proxy.once(TcpFault.dropReplyOfExchange(5));
            assertThat(storage.write("large", ObjectBytes.of(large), Precondition.absent()))
                    .isPresent();
            assertThat(storage.head("large").orElseThrow().bytes()).isEqualTo(large.length);
        }
    }

    @Test
    void aWriteIntoSilenceIsUnconfirmedAndAReadUnavailable() throws Exception {
        URI endpoint = S3Server.shared().endpoint();
        try (TcpProxy proxy = TcpProxy.to(endpoint.getHost(), endpoint.getPort());
                S3Storage storage = through(proxy)) {
            assertThat(write(storage)).isPresent();
            proxy.all(TcpFault.blackHole());
            assertThatThrownBy(() -> storage.write("b", ROWS, Precondition.absent()))
                    .isInstanceOf(Unconfirmed.class);
            assertThatThrownBy(() -> storage.head("a")).isInstanceOf(Unavailable.class);
            proxy.heal();
            proxy.disconnect();
            assertThat(storage.write("b", ROWS, Precondition.absent())).isPresent();
        }
    }

    @Test
    void anInterruptEndsAWaitAtOnce() throws Exception {
        URI endpoint = S3Server.shared().endpoint();
        try (TcpProxy proxy = TcpProxy.to(endpoint.getHost(), endpoint.getPort());
                S3Storage storage = storage(proxy.port(), Duration.ofMinutes(1))) {
            proxy.all(TcpFault.blackHole());
            Thread waiting = Thread.currentThread();
            Thread interrupter = new Thread(() -> {
                while (waiting.getState() != Thread.State.TIMED_WAITING) {
                    Thread.onSpinWait();
                }
                waiting.interrupt();
            });
            interrupter.start();
            long begun = System.nanoTime();
            assertThatThrownBy(() -> storage.head("a")).isInstanceOf(Cancelled.class);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
            interrupter.join();
        }
    }

    @Test
    void contentOfPartsThatIsNotWantedLeavesNoUpload() throws Exception {
        S3Server real = S3Server.shared();
        String place = real.freshPlace();
        try (S3Storage storage = new S3StoreProvider().storage(place, real.environment())) {
            assertThat(storage.write("large", ROWS, Precondition.absent())).isPresent();
            assertThat(storage.write("large", ObjectBytes.of(new byte[(16 << 20) + 1]), Precondition.absent()))
                    .isEmpty();
        }
        S3Connection connection =
                S3Storage.builder(real.bucket()).from(real.environment()).connection();
        String prefix = place.substring(place.indexOf('/') + 1);
        assertThat(connection
                        .client()
                        .listMultipartUploads(request -> request.bucket(real.bucket()))
                        .uploads())
                .noneMatch(upload -> upload.key().startsWith(prefix));
        connection.close();
    }

    @Test
    void aSignedAddressIsReadByAnybodyUntilItExpires() throws Exception {
        S3Server real = S3Server.shared();
        try (S3Storage storage = S3Places.builder(real).build()) {
            assertThat(storage.write("a b/ä=1.parquet", ROWS, Precondition.absent()))
                    .isPresent();
            URI signed = storage.signedUrl("a b/ä=1.parquet", Duration.ofMinutes(5));
            HttpURLConnection reader = (HttpURLConnection) signed.toURL().openConnection();
            assertThat(reader.getInputStream().readAllBytes()).asString().isEqualTo("rows");
            assertThat(signed.toString()).doesNotContain(real.environment().get("AWS_SECRET_ACCESS_KEY"));
            assertThatThrownBy(() -> storage.signedUrl("a", Duration.ofDays(8)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aServerWithoutTheChecksumsOfS3IsWrittenWithMd5() {
        try (S3Storage storage =
                S3Places.builder(S3Server.shared()).checksums(Checksums.MD5).build()) {
            assertThat(write(storage)).isPresent();
            byte[] large = new byte[(16 << 20) + 1];
            assertThat(storage.write("large", ObjectBytes.of(large), Precondition.absent()))
                    .isPresent();
            assertThat(storage.write("large", ObjectBytes.of(large), Precondition.absent()))
                    .isPresent();
        }
    }

    private static Optional<ObjectHead> write(S3Storage storage) {
        return storage.write("a", ROWS, Precondition.absent());
    }

    private static void hasNoSecret(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            assertThat(cause.toString()).doesNotContain(SECRET).doesNotContain(TOKEN);
        }
    }

    /** A storage whose server gives one answer to everything, with the secrets in it. */
    private S3Storage saying(int status, String code, Map<String, String> headers) throws IOException {
        HttpServer saying = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] body = ("<Error><Code>" + code + "</Code><Message>Said of " + SECRET + " and " + TOKEN
                        + "</Message><RequestId>R1</RequestId></Error>")
                .getBytes(StandardCharsets.UTF_8);
        saying.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.getRequestBody().readAllBytes();
            headers.forEach(exchange.getResponseHeaders()::set);
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(status, head ? -1 : body.length);
            if (!head) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        saying.start();
        server = Optional.of(saying);
        requests.set(0);
        return storage(saying.getAddress().getPort());
    }

    private static S3Storage storage(int port) {
        return storage(port, Duration.ofSeconds(3));
    }

    private static S3Storage storage(int port, Duration requestTimeout) {
        return S3Storage.builder("market")
                .prefix("lake")
                .endpoint(URI.create("http://127.0.0.1:" + port))
                .credentials("key", SECRET, TOKEN)
                .requestTimeout(requestTimeout)
                .attempts(3)
                .sleeper(pause -> {})
                .build();
    }

    private static S3Storage through(TcpProxy proxy) {
        S3Server real = S3Server.shared();
        String place = real.freshPlace();
        return S3Storage.builder(real.bucket())
                .prefix(place.substring(place.indexOf('/') + 1))
                .from(real.environment(proxy.host(), proxy.port()))
                .requestTimeout(Duration.ofSeconds(5))
                .attempts(2)
                .build();
    }
}
