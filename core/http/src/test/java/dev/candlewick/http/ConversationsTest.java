package dev.candlewick.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import dev.candlewick.Unavailable;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real conversations over real sockets with a server that misbehaves (fault matrix rows 12, 16, 28, 29; R27, S1, S10). */
@Timeout(60)
class ConversationsTest {

    private static final String CANARY = "cAnArY-0123456789";

    private final WireMockServer server = new WireMockServer(options().dynamicPort());
    private final WireMockServer other = new WireMockServer(options().dynamicPort());
    private final SimulatedTime time = new SimulatedTime("2026-10-01T12:00:00Z");
    private final HttpTransport http = HttpTransport.builder()
            .clock(time)
            .sleeper(time)
            .readTimeout(Duration.ofSeconds(5))
            .deadline(Duration.ofSeconds(8))
            .build();

    @BeforeEach
    void start() {
        server.start();
        other.start();
    }

    @AfterEach
    void stop() {
        http.close();
        server.stop();
        other.stop();
    }

    private HttpRequest.Builder question() {
        return HttpRequest.get(server.baseUrl() + "/q");
    }

    private void answers(ResponseDefinitionBuilder answer) {
        server.stubFor(any(anyUrl()).willReturn(answer));
    }

    private void answersFirst(ResponseDefinitionBuilder first, ResponseDefinitionBuilder then) {
        server.stubFor(get(urlPathEqualTo("/q"))
                .inScenario("twice")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(first)
                .willSetStateTo("then"));
        server.stubFor(get(urlPathEqualTo("/q"))
                .inScenario("twice")
                .whenScenarioStateIs("then")
                .willReturn(then));
    }

    @Test
    void retriesSayWhichTheyAreWhereTheRequestWantsIt() {
        answersFirst(aResponse().withStatus(503), aResponse().withBody("rows"));
        http.send(question().query("day", "1").numberingRetries("retryAttempt").build());
        assertThat(server.findAll(anyRequestedFor(anyUrl())).stream().map(LoggedRequest::getUrl))
                .containsExactly("/q?day=1", "/q?day=1&retryAttempt=1");
    }

    @Test
    void aBodyCanBeReadAsItIsStoredWhateverItIsMarkedWith() throws IOException {
        byte[] zipped = {0x1f, (byte) 0x8b, 8, 0, 1, 2, 3};
        answers(aResponse().withHeader("Content-Encoding", "gzip").withBody(zipped));
        try (HttpStream stream = http.openAsStored(question().build())) {
            assertThat(stream.body().readAllBytes()).isEqualTo(zipped);
        }
    }

    private int calls() {
        return server.findAll(anyRequestedFor(anyUrl())).size();
    }

    @Test
    void aVenuesErrorIsThereForTheCallerAndNotRetried() {
        answers(aResponse()
                .withStatus(400)
                .withHeader("Content-Type", "application/json;charset=UTF-8")
                .withBody("{\"code\":-1121,\"msg\":\"Invalid symbol.\"}"));
        assertThatThrownBy(() -> http.send(question().build()))
                .isInstanceOfSatisfying(HttpRefused.class, refused -> {
                    assertThat(refused.status()).isEqualTo(400);
                    assertThat(refused.contentType()).isEqualTo("application/json");
                    assertThat(refused.bodyStart()).isEqualTo("{\"code\":-1121,\"msg\":\"Invalid symbol.\"}");
                })
                .hasMessageContaining("Invalid symbol.");
        assertThat(calls()).isOne();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 410, 451})
    void finalAnswersAreNotRetried(int status) {
        answers(aResponse().withStatus(status).withBody("<html>no</html>"));
        assertThatThrownBy(() -> http.send(question().build()))
                .isInstanceOf(HttpRefused.class)
                .hasMessageContaining("answered " + status);
        assertThat(calls()).isOne();
    }

    @Test
    void aGeoBlockIsToldApartFromAFirewall() {
        answersFirst(aResponse().withStatus(451), aResponse().withStatus(403));
        assertThatThrownBy(() -> http.send(question().build()))
                .isInstanceOf(GeoBlocked.class)
                .hasMessageContaining("localhost")
                .hasMessageContaining("data-api.binance.vision");
        assertThatThrownBy(() -> http.send(question().build()))
                .isInstanceOf(Forbidden.class)
                .hasMessageContaining("firewall");
    }

    @Test
    void anAcceptedStatusIsAResponse() {
        answers(aResponse().withStatus(404));
        assertThat(http.send(question().accepting(404).build()).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 500, 502, 503, 504})
    void passingTroubleIsRetried(int status) {
        answersFirst(aResponse().withStatus(status), aResponse().withBody("fine"));
        assertThat(http.send(question().build()).text()).isEqualTo("fine");
        assertThat(calls()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aBrokenConnectionIsRetried(Fault fault) {
        answersFirst(aResponse().withFault(fault), aResponse().withBody("fine"));
        assertThat(http.send(question().build()).text()).isEqualTo("fine");
    }

    @Test
    void aTruncatedBodyIsNeverTakenForAWholeOne(@TempDir Path directory) {
        answers(aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK));
        Path file = directory.resolve("file");
        assertThatThrownBy(() -> http.download(question().build(), file)).isInstanceOf(Unavailable.class);
        assertThat(file).doesNotExist();
        assertThat(calls()).isEqualTo(4);
    }

    @Test
    void htmlInsteadOfJsonKeepsItsContentType() {
        answers(aResponse()
                .withHeader("content-type", "Text/HTML; charset=utf-8")
                .withBody("<html>"));
        assertThat(http.send(question().build()).headers().contentType()).contains("text/html");
    }

    @Test
    void aDribblingBodyHitsTheDeadline() {
        answers(aResponse().withBody("0123456789".repeat(10)).withChunkedDribbleDelay(50, 30_000));
        long before = System.nanoTime();
        assertThatThrownBy(() ->
                        http.send(question().deadline(Duration.ofMillis(300)).build()))
                .isInstanceOf(Unavailable.class);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void aBodyLargerThanAllowedIsRefused() {
        answers(aResponse().withBody("x".repeat(1001)));
        assertThat(http.send(question().maxBodyBytes(1001).build()).body()).hasSize(1001);
        assertThatThrownBy(() -> http.send(question().maxBodyBytes(1000).build()))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("maxBodyBytes");
    }

    @Test
    void gzipIsReadPlainAndCountedPlain() throws IOException {
        answers(aResponse()
                .withHeader("Content-Encoding", "gzip")
                .withBody(gzip("x".repeat(1001).getBytes(StandardCharsets.UTF_8))));
        assertThat(http.send(question().build()).body()).hasSize(1001);
        assertThatThrownBy(() -> http.send(question().maxBodyBytes(1000).build()))
                .isInstanceOf(Corrupt.class);
    }

    @Test
    void aGzipBombIsRefusedLongBeforeItsEnd() throws IOException {
        answers(aResponse().withHeader("Content-Encoding", "gzip").withBody(gzip(new byte[50 << 20])));
        assertThatThrownBy(() -> http.send(question().maxBodyBytes(1L << 40).build()))
                .isInstanceOf(Corrupt.class)
                .hasMessageContaining("100 times");
        assertThat(calls()).isOne();
    }

    @Test
    void damagedGzipIsCorruptInTheEnd() {
        answers(aResponse().withHeader("Content-Encoding", "gzip").withBody("this is not gzip at all"));
        assertThatThrownBy(() -> http.send(question().build())).isInstanceOf(Corrupt.class);
    }

    @Test
    void aRedirectToTheSamePlaceIsFollowed() {
        server.stubFor(
                get(urlPathEqualTo("/q")).willReturn(aResponse().withStatus(302).withHeader("Location", "/there")));
        server.stubFor(get(urlPathEqualTo("/there")).willReturn(aResponse().withBody("here")));
        assertThat(http.send(question().build()).text()).isEqualTo("here");
    }

    @Test
    void aRedirectElsewhereIsNotFollowedAndCarriesNothingThere() {
        other.stubFor(any(anyUrl()).willReturn(aResponse().withBody("got you")));
        answers(aResponse().withStatus(307).withHeader("Location", other.baseUrl() + "/?token=" + CANARY));
        assertThatThrownBy(() -> http.send(
                        question().secretHeader("X-MBX-APIKEY", CANARY).build()))
                .isInstanceOf(HttpRefused.class)
                .hasMessageContaining("localhost:" + other.port())
                .hasMessageNotContaining(CANARY);
        assertThat(other.findAll(anyRequestedFor(anyUrl()))).isEmpty();
    }

    @Test
    void redirectsDoNotGoOnForEver() {
        answers(aResponse().withStatus(302).withHeader("Location", "/again"));
        assertThatThrownBy(() -> http.send(question().build())).hasMessageContaining("more than 3 times");
        assertThat(calls()).isEqualTo(4);
    }

    @Test
    void secretsAppearNowhere() {
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        Handler recorder = new Handler() {
            @Override
            public void publish(LogRecord line) {
                // The test server's own log is not ours.
                if (line.getLoggerName() != null
                        && line.getLoggerName().matches("(okhttp3|dev\\.candlewick|io\\.github).*")) {
                    seen.add(line.getMessage()
                            + List.of(line.getParameters() == null ? new Object[0] : line.getParameters()));
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        recorder.setLevel(Level.ALL);
        Logger root = Logger.getLogger("");
        List<Logger> loud = List.of(root, Logger.getLogger("okhttp3"), Logger.getLogger("dev.candlewick"));
        loud.forEach(logger -> logger.setLevel(Level.ALL));
        root.addHandler(recorder);
        HttpListener listener = new HttpListener() {
            @Override
            public void started(HttpRequest request, int attempt) {
                seen.add(request.toString());
            }

            @Override
            public void failed(HttpRequest request, int attempt, Exception error) {
                seen.add(stackTrace(error));
            }

            @Override
            public void retrying(HttpRequest request, int nextAttempt, Duration delay, String reason) {
                seen.add(reason);
            }

            @Override
            public void stopped(String pool, Instant until, String reason) {
                seen.add(reason);
            }
        };
        try (HttpTransport transport = HttpTransport.builder()
                .clock(time)
                .sleeper(time)
                .listener(listener)
                .patience(Duration.ofMinutes(1))
                .build()) {
            HttpRequest request = question()
                    .secretQuery("apiKey", CANARY + "/+ü")
                    .secretHeader("X-MBX-APIKEY", CANARY)
                    .build();
            seen.add(request.toString());
            seen.add(transport.toString());
            for (ResponseDefinitionBuilder echo : List.of(
                    aResponse().withStatus(400).withBody("bad key " + CANARY),
                    aResponse().withStatus(500).withBody("oops " + CANARY),
                    aResponse().withFault(Fault.EMPTY_RESPONSE),
                    aResponse().withStatus(302).withHeader("Location", "http://" + CANARY + ".test/"),
                    aResponse().withHeader("Content-Encoding", CANARY).withBody("x"),
                    aResponse().withStatus(418).withHeader("Retry-After", "900").withBody(CANARY))) {
                answers(echo);
                seen.add(stackTrace(catchThrowable(() -> transport.send(request))));
            }
            seen.add(stackTrace(catchThrowable(
                    () -> question().secretHeader("X-MBX-APIKEY", CANARY + "\n").build())));
            seen.add(stackTrace(
                    catchThrowable(() -> HttpRequest.get("ftp://x/?k=" + CANARY).build())));
        } finally {
            root.removeHandler(recorder);
            loud.forEach(logger -> logger.setLevel(null));
            root.setLevel(Level.INFO);
        }
        assertThat(seen).hasSizeGreaterThan(12).noneMatch(text -> text.contains(CANARY));
        assertThat(server.findAll(anyRequestedFor(anyUrl())))
                .isNotEmpty()
                .allMatch(call -> call.getHeader("X-MBX-APIKEY").equals(CANARY));
    }

    @Test
    void aDownloadIsHashedOnTheWay(@TempDir Path directory) throws Exception {
        byte[] bytes = "some archive".getBytes(StandardCharsets.UTF_8);
        answers(aResponse().withBody(bytes).withHeader("ETag", "\"v1\""));
        Path file = directory.resolve("a.zip");
        HttpDownload download = http.download(question().build(), file);
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
        assertThat(download.bytes()).isEqualTo(bytes.length);
        assertThat(download.headers().first("etag")).contains("\"v1\"");
        assertThat(download.sha256())
                .isEqualTo(HexFormat.of()
                        .formatHex(java.security.MessageDigest.getInstance("SHA-256")
                                .digest(bytes)));
    }

    @Test
    void aMissingFileTouchesNothing(@TempDir Path directory) throws IOException {
        answers(aResponse().withStatus(404).withBody("NoSuchKey"));
        Path file = Files.writeString(directory.resolve("a.zip"), "old");
        assertThat(http.download(question().accepting(404).build(), file).status())
                .isEqualTo(404);
        assertThat(file).hasContent("old");
    }

    @Test
    void anInterruptEndsABlockedRequest() throws Exception {
        answers(aResponse().withFixedDelay(20_000));
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread blocked = new Thread(
                () -> thrown.complete(catchThrowable(() -> http.send(question().build()))));
        blocked.start();
        Thread.sleep(300);
        blocked.interrupt();
        assertThat(thrown.get(3, TimeUnit.SECONDS)).isInstanceOf(Cancelled.class);
    }

    @Test
    void closingEndsABlockedRequest() throws Exception {
        answers(aResponse().withFixedDelay(20_000));
        CompletableFuture<Throwable> thrown = CompletableFuture.supplyAsync(
                () -> catchThrowable(() -> http.send(question().build())));
        Thread.sleep(300);
        http.close();
        assertThat(thrown.get(3, TimeUnit.SECONDS)).isInstanceOf(Cancelled.class);
    }

    @Test
    void closingAStreamEndsItsReader() throws Exception {
        answers(aResponse().withBody("0123456789".repeat(100)).withChunkedDribbleDelay(50, 30_000));
        HttpStream stream = http.open(question().build());
        CompletableFuture<Throwable> thrown = CompletableFuture.supplyAsync(() -> catchThrowable(() -> {
            try (InputStream body = stream.body()) {
                body.readAllBytes();
            }
        }));
        Thread.sleep(300);
        stream.close();
        assertThat(thrown.get(3, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    }

    @Test
    void aDeadHostIsGivenUpAndThenTriedOneAtATime() {
        server.stop();
        List<HttpRequest> attempts = new ArrayList<>();
        HttpTransport transport = HttpTransport.builder()
                .clock(time)
                .sleeper(time)
                .listener(new HttpListener() {
                    @Override
                    public void started(HttpRequest request, int attempt) {
                        attempts.add(request);
                    }
                })
                .build();
        HttpRequest request = HttpRequest.get("http://localhost:1/").build();
        for (int i = 0; i < 50; i++) {
            assertThatThrownBy(() -> transport.send(request)).isInstanceOf(Unavailable.class);
        }
        // 50 requests of four attempts each would be 200.
        assertThat(attempts.size()).isLessThan(70);
        transport.close();
        server.start();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(bytes);
        }
        return zipped.toByteArray();
    }

    private static String stackTrace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
