package dev.candlewick.sink.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.candlewick.Refused;
import dev.candlewick.Unavailable;
import dev.candlewick.sink.gcp.testing.LocalCloudStorage;
import dev.candlewick.sink.gcp.testing.StorageCall;
import dev.candlewick.sink.parquet.objects.ObjectBytes;
import dev.candlewick.sink.parquet.objects.Precondition;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service account's key file, its tokens, and where nothing of them may be read. */
class CredentialsTest {

    @TempDir
    Path directory;

    private LocalCloudStorage server;

    @BeforeEach
    void begin() {
        server = LocalCloudStorage.start().bucket("lake");
        server.requireCredentials();
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void aKeyFileOfTheEnvironmentGetsATokenOnce() throws Exception {
        for (String variable : List.of("GCP_CREDENTIALS_PATH", "GOOGLE_APPLICATION_CREDENTIALS")) {
            try (GcsStorage storage = GcsStorage.builder("lake")
                    .settingsFrom(Map.of(
                            variable,
                            file(server.serviceAccount()).toString(),
                            "GCS_ENDPOINT",
                            server.endpoint().toString()))
                    .build()) {
                server.traffic().reset();
                storage.write(variable, ObjectBytes.of(new byte[5]), Precondition.absent());
                assertThat(storage.head(variable)).isPresent();
                assertThat(server.traffic().count(StorageCall.TOKEN)).isEqualTo(1);
            }
        }
    }

    @Test
    void aTokenThatIsRevokedIsReplaced() throws Exception {
        try (GcsStorage storage = storage(server.serviceAccount())) {
            storage.write("a", ObjectBytes.of(new byte[5]), Precondition.absent());
            server.revokeTokens();
            assertThat(storage.head("a")).isPresent();
            server.revokeTokens();
            assertThat(storage.write("big", ObjectBytes.of(new byte[9 << 20]), Precondition.absent()))
                    .isPresent();
            assertThat(server.traffic().count(StorageCall.TOKEN)).isEqualTo(3);
        }
    }

    @Test
    void aWrongKeyIsRefusedWithWhatToDo() throws Exception {
        try (GcsStorage storage = storage(server.serviceAccountWithWrongKey())) {
            assertThatThrownBy(() -> storage.head("a"))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("invalid_grant")
                    .hasMessageContaining("GCP_CREDENTIALS_PATH");
        }
    }

    @Test
    void nobodyIsRefused() {
        try (GcsStorage storage = ImpatientStorages.of("lake", server).build()) {
            assertThatThrownBy(() -> storage.head("a"))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("401")
                    .hasMessageContaining("GCP_CREDENTIALS_PATH");
        }
    }

    @Tag("slow")
    @Test
    void aTokenEndpointThatIsDownIsUnavailable() throws Exception {
        server.faults().always().of(StorageCall.TOKEN).answer(503);
        try (GcsStorage storage = storage(server.serviceAccount())) {
            assertThatThrownBy(() -> storage.head("a"))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("token");
        }
    }

    @Test
    void filesThatAreNoCredentialsAreRefusedWithoutQuotingThem() throws Exception {
        String secret = "CANARY-5f1c";
        for (String text : List.of(
                secret,
                "{\"type\":\"service_account\",\"private_key\":\"" + secret + "\"}",
                server.serviceAccount().replace("-----BEGIN", secret + "-----BEGIN"),
                "{\"type\":\"" + secret + "\"}",
                "{\"type\":7,\"" + secret + "\":1}")) {
            Throwable refused = catchThrowable(() -> storage(text));
            assertThat(refused).isInstanceOf(Refused.class);
            assertThat(everything(refused)).doesNotContain(secret);
        }
        assertThatThrownBy(() -> GcsStorage.builder("lake")
                        .credentials(directory.resolve("nowhere.json"))
                        .build())
                .isInstanceOf(Refused.class)
                .hasMessageContaining("nowhere.json");
    }

    @Test
    void credentialsAreNotSentInTheOpen() throws Exception {
        Path file = file(server.serviceAccount());
        assertThatThrownBy(() -> GcsStorage.builder("lake")
                        .endpoint(URI.create("http://192.0.2.1:4443"))
                        .credentials(file)
                        .build())
                .isInstanceOf(Refused.class)
                .hasMessageContaining("https:");
    }

    @Test
    void signedAddressesLetReadUntilTheyExpire() throws Exception {
        try (GcsStorage storage = storage(server.serviceAccount())) {
            String name = "dataset=candles%3A1m/a b+c/ü.parquet";
            storage.write(name, ObjectBytes.of(new byte[] {1, 2, 3}), Precondition.absent());
            URI url = storage.signedUrl(name, Duration.ofMinutes(5));
            assertThat(status(url)).isEqualTo(200);
            assertThat(status(URI.create(url.toString().replace("X-Goog-Expires=300", "X-Goog-Expires=3000"))))
                    .isEqualTo(403);
            URI brief = storage.signedUrl(name, Duration.ofSeconds(1));
            java.util.concurrent.TimeUnit.MILLISECONDS.sleep(2_100);
            assertThat(status(brief)).isEqualTo(400);
        }
    }

    @Test
    void noFailureTellsASecret() throws Exception {
        String account = server.serviceAccount();
        List<Throwable> failures = new ArrayList<>();
        try (GcsStorage storage = storage(account)) {
            storage.head("warm");
            for (int status : new int[] {400, 401, 403, 404, 408, 410, 412, 429, 500, 503}) {
                server.faults().always().answer(status);
                failures.add(catchThrowable(() -> storage.list("")));
                failures.add(catchThrowable(
                        () -> storage.write("big", ObjectBytes.of(new byte[300 << 10]), Precondition.absent())));
                server.faults().clear();
                server.faults()
                        .always()
                        .of(StorageCall.UPLOAD_CHUNK, StorageCall.UPLOAD_STATUS)
                        .answer(status);
                failures.add(catchThrowable(
                        () -> storage.write("big", ObjectBytes.of(new byte[300 << 10]), Precondition.absent())));
                server.faults().clear();
            }
            server.faults().always().loseAnswer();
            failures.add(catchThrowable(() -> storage.head("a")));
        }
        String key = account.substring(account.indexOf("BEGIN PRIVATE KEY-----\\n") + 24)
                .substring(0, 40);
        failures.removeIf(java.util.Objects::isNull);
        assertThat(failures).hasSizeGreaterThan(20);
        for (Throwable failure : failures) {
            assertThat(everything(failure)).doesNotContain("ya29.", "upload_id", key, "Bearer ey");
        }
    }

    private GcsStorage storage(String json) throws IOException {
        return GcsStorage.builder("lake")
                .endpoint(server.endpoint())
                .credentials(file(json))
                .chunkBytes(256 << 10)
                .attempts(2)
                .build();
    }

    private Path file(String json) throws IOException {
        return Files.writeString(Files.createTempFile(directory, "key", ".json"), json, StandardCharsets.UTF_8);
    }

    private static int status(URI url) throws IOException {
        return ((HttpURLConnection) url.toURL().openConnection()).getResponseCode();
    }

    private static String everything(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
