package dev.candlewick.sink.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.cloud.NoCredentials;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import dev.candlewick.Refused;
import dev.candlewick.Unavailable;
import dev.candlewick.Unconfirmed;
import dev.candlewick.sink.gcp.testing.LocalCloudStorage;
import dev.candlewick.sink.gcp.testing.StorageCall;
import dev.candlewick.sink.gcp.testing.StorageRequest;
import dev.candlewick.sink.parquet.objects.ObjectBytes;
import dev.candlewick.sink.parquet.objects.ObjectHead;
import dev.candlewick.sink.parquet.objects.ObjectListing;
import dev.candlewick.sink.parquet.objects.ObjectStorage;
import dev.candlewick.sink.parquet.objects.ObjectVersion;
import dev.candlewick.sink.parquet.objects.Precondition;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the service may answer, or not answer, and what a storage makes of it. */
@Tag("slow")
class GcsStorageTest {

    private static final int CHUNK = 256 << 10;

    private LocalCloudStorage server;
    private GcsStorage storage;

    @BeforeEach
    void begin() {
        server = LocalCloudStorage.start().bucket("lake");
        storage = ImpatientStorages.of("lake", server).chunkBytes(CHUNK).build();
    }

    @AfterEach
    void end() {
        storage.close();
        server.close();
    }

    @Test
    void eachCallIsOneRequest() {
        ObjectHead head = create("a", "text").orElseThrow();
        storage.head("a");
        storage.read("a", Optional.of(head.version()), 1, 2);
        storage.readEnd("a", 2);
        storage.list("");
        storage.delete("a", head.version());
        assertThat(server.traffic().requests()).as(server.traffic().toString()).isEqualTo(6);
    }

    @Test
    void everyChangeCarriesAConditionAndAChecksum() {
        ObjectVersion version = create("a", "text").orElseThrow().version();
        storage.delete("a", version);
        storage.write("big", ObjectBytes.of(random(CHUNK + 1)), Precondition.absent());
        assertThat(List.of(
                        only(StorageCall.WRITE).parameters().get("ifGenerationMatch"),
                        only(StorageCall.DELETE).parameters().get("ifGenerationMatch"),
                        only(StorageCall.UPLOAD_START).parameters().get("ifGenerationMatch")))
                .containsExactly("0", version.text(), "0");
    }

    @Test
    void answersThatMayChangeAreAskedForAgain() {
        for (int status : new int[] {408, 429, 500, 502, 503, 504}) {
            server.faults().next(2).answer(status);
            assertThat(create("after " + status, "text")).as("%d", status).isPresent();
        }
        server.faults().next(1).answer(403, "rateLimitExceeded", "Too many");
        assertThat(create("quota", "text")).isPresent();
    }

    @Test
    void answersThatStayAreRefusedAtOnceWithWhatToDo() {
        refused(401, "authError", "Invalid Credentials", "GCP_CREDENTIALS_PATH");
        refused(
                403,
                "forbidden",
                "x does not have storage.objects.create access to the Google Cloud Storage object.",
                "Grant the account storage.objects.create");
        refused(403, "accountDisabled", "The billing account for the owning project is disabled", "billing account");
        refused(403, "retentionPolicyNotMet", "Object is subject to bucket's retention policy", "retention");
        refused(400, "required", "Bucket is a requester pays bucket but no user project provided.", "userProject");
        refused(404, "notFound", "The specified bucket does not exist.", "gcloud storage buckets create gs://lake");
        refused(400, "invalid", "Something", "Repeating it changes nothing");
    }

    private void refused(int status, String reason, String message, String advice) {
        server.traffic().reset();
        server.faults().next(1).answer(status, reason, message);
        assertThatThrownBy(() -> create("refused", "text"))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("gcs:lake/refused")
                .hasMessageContaining(message)
                .hasMessageContaining(advice);
        assertThat(server.traffic().requests()).isEqualTo(1);
    }

    @Test
    void aBucketThatIsNotThereIsNoEmptyBucket() {
        try (GcsStorage nowhere = ImpatientStorages.of("no-such-bucket", server).build()) {
            for (org.assertj.core.api.ThrowableAssert.ThrowingCallable call :
                    List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
                            () -> nowhere.head("a"),
                            () -> nowhere.read("a", Optional.empty(), 0, 1),
                            () -> nowhere.readEnd("a", 1),
                            () -> nowhere.list(""),
                            () -> nowhere.delete("a", new ObjectVersion("1")),
                            () -> nowhere.write("a", ObjectBytes.of(new byte[1]), Precondition.absent()),
                            () -> nowhere.write("a", ObjectBytes.of(new byte[9 << 20]), Precondition.absent()))) {
                assertThatThrownBy(call).isInstanceOf(Refused.class).hasMessageContaining("gs://no-such-bucket");
            }
        }
    }

    @Test
    void aQuotaThatStaysUsedUpSaysWhenToComeBack() {
        server.faults().always().throttle(Duration.ofSeconds(90));
        Instant now = Clock.systemUTC().instant();
        assertThatThrownBy(() -> create("a", "text")).isInstanceOfSatisfying(Unavailable.class, busy -> {
            assertThat(busy.retryAfter().orElseThrow()).isBetween(now.plusSeconds(85), now.plusSeconds(100));
            assertThat(busy).hasMessageContaining("quota").hasMessageContaining("run it again after");
        });
        assertThat(server.traffic().requests()).as("it is not asked before").isEqualTo(1);
    }

    @Test
    void aShortRetryAfterIsKept() {
        server.faults().next(1).throttle(Duration.ofSeconds(1));
        long begun = System.nanoTime();
        assertThat(create("a", "text")).isPresent();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(900));
    }

    @Test
    void aWriteWhoseAnswerIsLostIsFoundDone() {
        server.faults().next(1).of(StorageCall.WRITE).loseAnswer();
        ObjectHead head = create("a", "text").orElseThrow();
        assertThat(storage.head("a")).contains(head);
        server.faults().next(1).of(StorageCall.WRITE).loseAnswer();
        assertThat(replace("a", "more", head.version())).isPresent();
        assertThat(server.content("lake", "a")).hasValue(bytes("more"));
    }

    @Test
    void aWriteWhoseAnswersAreAllLostIsSettledByAsking() {
        server.faults().always().of(StorageCall.WRITE).loseAnswer();
        assertThat(create("a", "text")).isEqualTo(storage.head("a")).isPresent();
    }

    @Test
    void aWriteThatNobodyAnswersIsUnconfirmed() {
        server.faults().next(1).of(StorageCall.WRITE).loseAnswer();
        server.faults().always().answer(503);
        assertThatThrownBy(() -> create("a", "text"))
                .isInstanceOf(Unconfirmed.class)
                .hasMessageContaining("gcs:lake/a")
                .hasMessageContaining("cannot be asked");
    }

    @Test
    void aWriteThatBrokeOffMayStillHappen() {
        server.faults().always().of(StorageCall.WRITE).cutRequestAfter(10);
        assertThatThrownBy(() -> create("a", "text"))
                .isInstanceOf(Unconfirmed.class)
                .hasMessageContaining("still may");
        assertThat(storage.head("a")).isEmpty();
    }

    @Test
    void aRefusalBehindALostAnswerDoesNotSayThatNothingHappened() {
        for (int status : new int[] {401, 403}) {
            String name = "a" + status;
            server.faults().next(1).of(StorageCall.WRITE).loseAnswer();
            server.faults().always().answer(status, "denied", "No more");
            assertThatThrownBy(() -> create(name, "text"))
                    .isInstanceOf(Unconfirmed.class)
                    .hasMessageContaining("cannot be asked");
            server.faults().clear();
            assertThat(server.content("lake", name)).hasValue(bytes("text"));
            ObjectVersion version = storage.head(name).orElseThrow().version();
            server.faults().next(1).of(StorageCall.DELETE).loseAnswer();
            server.faults().always().answer(status, "denied", "No more");
            assertThatThrownBy(() -> storage.delete(name, version)).isInstanceOf(Unconfirmed.class);
            server.faults().clear();
        }
        server.faults().next(1).of(StorageCall.WRITE).loseAnswer();
        server.faults().always().of(StorageCall.WRITE).answer(403);
        assertThat(create("b", "text")).as("whoever may look finds it").isPresent();
        server.faults().clear();
        server.faults().next(1).of(StorageCall.WRITE).cutRequestAfter(10);
        server.faults().always().of(StorageCall.WRITE).answer(403);
        assertThatThrownBy(() -> create("c", "text"))
                .isInstanceOf(Unconfirmed.class)
                .hasMessageContaining("still may");
    }

    @Test
    void aRefusalBehindTheLostAnswerToTheLastChunkDoesNotSayThatNothingHappened() {
        server.faults()
                .next(1)
                .of(StorageCall.UPLOAD_CHUNK)
                .matching(request -> request.headers().get("content-range").endsWith("-" + CHUNK + "/" + (CHUNK + 1)))
                .loseAnswer();
        server.faults()
                .always()
                .matching(request ->
                        request.call() != StorageCall.UPLOAD_START && request.call() != StorageCall.UPLOAD_CHUNK)
                .answer(403);
        assertThatThrownBy(() -> storage.write("big", ObjectBytes.of(random(CHUNK + 1)), Precondition.absent()))
                .isInstanceOf(Unconfirmed.class);
        assertThat(server.names("lake")).containsExactly("big");
    }

    @Test
    void contentThatCannotBeReadIsUnavailable() {
        for (int length : new int[] {4, CHUNK + 1}) {
            java.util.concurrent.atomic.AtomicInteger opened = new java.util.concurrent.atomic.AtomicInteger();
            for (int readable : new int[] {0, 1}) {
                opened.set(0);
                ObjectBytes content = new ObjectBytes() {
                    @Override
                    public long length() {
                        return length;
                    }

                    @Override
                    public java.io.InputStream open() throws java.io.IOException {
                        if (opened.getAndIncrement() >= readable) {
                            throw new java.io.IOException("the disk is gone");
                        }
                        return new java.io.ByteArrayInputStream(new byte[length]);
                    }
                };
                assertThatThrownBy(() -> storage.write("a", content, Precondition.absent()))
                        .as("%d bytes that can be read %d times", length, readable)
                        .isInstanceOfAny(Unavailable.class, Unconfirmed.class)
                        .hasMessageContaining("the disk is gone");
                assertThat(server.names("lake")).isEmpty();
            }
        }
    }

    @Test
    void aWriteThatWasAnsweredWithErrorsAndIsNotThereHasFailed() {
        server.faults().always().of(StorageCall.WRITE).answer(503);
        assertThatThrownBy(() -> create("a", "text"))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("503");
    }

    @Test
    void aWriteThatNobodyTookIsUnavailable() {
        server.kill();
        assertThatThrownBy(() -> create("a", "text"))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("endpoint");
    }

    @Test
    void whoComesLaterIsToldSoAlsoWhenItsAnswerIsLost() {
        assertThat(create("a", "first")).isPresent();
        server.faults().next(1).of(StorageCall.WRITE).loseAnswer();
        assertThat(create("a", "second")).isEmpty();
        assertThat(server.content("lake", "a")).hasValue(bytes("first"));
    }

    @Test
    void aDeletionWhoseAnswerIsLostIsFoundDone() {
        ObjectVersion version = create("a", "text").orElseThrow().version();
        server.faults().next(1).of(StorageCall.DELETE).loseAnswer();
        assertThat(storage.delete("a", version)).isTrue();
        ObjectVersion again = create("a", "text").orElseThrow().version();
        server.faults().always().of(StorageCall.DELETE).answer(503);
        assertThatThrownBy(() -> storage.delete("a", again)).isInstanceOf(Unavailable.class);
        assertThat(storage.head("a")).isPresent();
    }

    @Test
    void aWrongBitOnTheWayDownIsNoticedAndReadAgain() {
        assertThat(create("a", "some text")).isPresent();
        server.faults().next(2).of(StorageCall.READ).flipByte(3);
        assertThat(read("a")).isEqualTo("some text");
        server.faults().always().of(StorageCall.READ).flipByte(3);
        assertThatThrownBy(() -> read("a")).isInstanceOf(Corrupt.class).hasMessageContaining("CRC32C");
        assertThatThrownBy(() -> storage.readEnd("a", 100)).isInstanceOf(Corrupt.class);
    }

    @Test
    void aWrongBitOnTheWayUpIsNoticedByTheServiceAndSentAgain() {
        server.faults()
                .next(1)
                .of(StorageCall.WRITE)
                .answer(400, "invalid", "Provided CRC32C \"a\" doesn't match calculated CRC32C \"b\".");
        assertThat(create("a", "text")).isPresent();
        server.faults()
                .always()
                .of(StorageCall.WRITE)
                .answer(400, "invalid", "Provided CRC32C \"a\" doesn't match calculated CRC32C \"b\".");
        assertThatThrownBy(() -> create("b", "text")).isInstanceOf(Corrupt.class);
    }

    @Test
    void contentThatChangesWhileItIsSentIsNotStored() {
        Random random = new Random(1);
        byte[] bytes = new byte[100];
        ObjectBytes changing = new ObjectBytes() {
            @Override
            public long length() {
                return bytes.length;
            }

            @Override
            public java.io.InputStream open() {
                random.nextBytes(bytes);
                return new java.io.ByteArrayInputStream(bytes.clone());
            }
        };
        assertThatThrownBy(() -> storage.write("a", changing, Precondition.absent()))
                .isInstanceOf(Corrupt.class);
        assertThat(server.names("lake")).isEmpty();
    }

    @Test
    void aDownloadThatBreaksOffIsReadAgain() {
        assertThat(create("a", "some text")).isPresent();
        server.faults().next(2).of(StorageCall.READ).cutAnswerAfter(4);
        assertThat(read("a")).isEqualTo("some text");
    }

    @Test
    void anUploadInChunksGoesOnWhereItBrokeOff() {
        byte[] content = random(5 * CHUNK + 1);
        server.faults().next(1).of(StorageCall.UPLOAD_CHUNK).cutRequestAfter(CHUNK / 2);
        server.faults().next(1).of(StorageCall.UPLOAD_CHUNK).loseAnswer();
        server.faults().next(1).of(StorageCall.UPLOAD_CHUNK).answer(503);
        server.faults().next(1).of(StorageCall.UPLOAD_STATUS).answer(503);
        assertThat(storage.write("big", ObjectBytes.of(content), Precondition.absent()))
                .isPresent();
        assertThat(server.content("lake", "big")).hasValue(content);
        assertThat(server.traffic().count(StorageCall.UPLOAD_START)).isEqualTo(1);
        assertThat(server.traffic().bytesWritten()).isLessThan(content.length + 2L * CHUNK);
    }

    @Test
    void anUploadWhoseLastAnswerIsLostIsFoundDone() {
        byte[] content = random(CHUNK + 1);
        server.faults()
                .next(1)
                .of(StorageCall.UPLOAD_CHUNK)
                .matching(request -> request.headers().get("content-range").endsWith("-" + CHUNK + "/" + (CHUNK + 1)))
                .loseAnswer();
        assertThat(storage.write("big", ObjectBytes.of(content), Precondition.absent()))
                .isPresent();
        assertThat(server.faults().areOver()).isTrue();
        assertThat(server.content("lake", "big")).hasValue(content);
    }

    @Test
    void anUploadThatTheServiceForgotBeginsAgain() {
        byte[] content = random(3 * CHUNK);
        server.faults().next(1).of(StorageCall.UPLOAD_CHUNK).answer(410);
        assertThat(storage.write("big", ObjectBytes.of(content), Precondition.absent()))
                .isPresent();
        assertThat(server.traffic().count(StorageCall.UPLOAD_START)).isEqualTo(2);
        server.faults().always().of(StorageCall.UPLOAD_CHUNK).answer(410);
        assertThatThrownBy(() -> storage.write("other", ObjectBytes.of(content), Precondition.absent()))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("forgot");
    }

    @Test
    void anUploadThatSomebodyOvertakesWritesNothing() {
        byte[] content = random(2 * CHUNK);
        server.faults()
                .next(1)
                .of(StorageCall.UPLOAD_CHUNK)
                .matching(request -> {
                    server.replace("lake", "big", bytes("quicker"));
                    return false;
                })
                .loseAnswer();
        assertThat(storage.write("big", ObjectBytes.of(content), Precondition.absent()))
                .isEmpty();
        assertThat(server.content("lake", "big")).hasValue(bytes("quicker"));
    }

    @Test
    void anUploadThatFailsIsGivenUpAtTheServiceToo() {
        server.faults()
                .always()
                .of(StorageCall.UPLOAD_CHUNK, StorageCall.UPLOAD_STATUS)
                .answer(503);
        Throwable failed =
                catchThrowable(() -> storage.write("big", ObjectBytes.of(random(2 * CHUNK)), Precondition.absent()));
        assertThat(failed).isInstanceOf(Unavailable.class);
        assertThat(server.traffic().count(StorageCall.UPLOAD_CANCEL)).isEqualTo(1);
        assertThat(server.names("lake")).isEmpty();
    }

    @Test
    void aVersionThatIsReplacedWhileItIsReadIsSaidToBeGone() {
        ObjectVersion version = create("a", "first").orElseThrow().version();
        server.replace("lake", "a", bytes("second"));
        assertThat(storage.read("a", Optional.of(version), 0, 100)).isEmpty();
        assertThat(storage.read("a", Optional.of(version), 100, 100)).isEmpty();
    }

    @Test
    void listingsOfManyPagesAreOne() {
        for (int i = 0; i < 25; i++) {
            server.replace("lake", String.format("x/%02d/data", i), new byte[i]);
            server.replace("lake", String.format("x/%02d", i), new byte[i]);
        }
        server.replace("lake", "x/", new byte[0]);
        server.pageSize(4);
        ObjectListing listing = storage.list("x/");
        assertThat(listing.objects()).hasSize(25).extracting(ObjectHead::name).isSorted();
        assertThat(listing.prefixes()).hasSize(25).isSorted();
        server.faults()
                .next(1)
                .of(StorageCall.LIST)
                .matching(request -> request.parameters().containsKey("pageToken"))
                .answer(503);
        assertThat(storage.list("x/")).isEqualTo(listing);
        try (GcsStorage small =
                ImpatientStorages.of("lake/x", server).pageSize(3).build()) {
            assertThat(small.list("").objects()).hasSize(25);
        }
    }

    @Test
    void anInterruptEndsACallThatWaitsAtOnce() throws Exception {
        for (StorageCall call : List.of(StorageCall.HEAD, StorageCall.WRITE)) {
            server.faults().next(1).of(call).delay(Duration.ofSeconds(2));
            ended(() -> call == StorageCall.HEAD ? storage.head("a") : create("a", "text"));
        }
        server.faults().always().answer(503);
        ended(() -> storage.head("a"));
    }

    private void ended(java.util.concurrent.Callable<?> call) throws Exception {
        Thread[] caller = new Thread[1];
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            Future<Throwable> failure = threads.submit(() -> {
                caller[0] = Thread.currentThread();
                Throwable thrown = catchThrowable(call::call);
                assertThat(Thread.interrupted()).isTrue();
                return thrown;
            });
            TimeUnit.MILLISECONDS.sleep(150);
            long begun = System.nanoTime();
            caller[0].interrupt();
            assertThat(failure.get(5, TimeUnit.SECONDS)).isInstanceOf(Cancelled.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMillis(1_500));
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aClientThatWasGivenIsUsedAndStaysOpen() throws Exception {
        try (Storage client = StorageOptions.http()
                .setHost(server.endpoint().toString())
                .setProjectId("candlewick-test")
                .setCredentials(NoCredentials.getInstance())
                .build()
                .getService()) {
            try (ObjectStorage given =
                    GcsStorage.builder("lake/x").client(client).build()) {
                given.write("a", ObjectBytes.of(bytes("text")), Precondition.absent());
            }
            assertThat(client.readAllBytes("lake", "x/a")).isEqualTo(bytes("text"));
        }
    }

    @Test
    void placesThatCanBeNoneAreRefused() {
        for (String place :
                List.of("", "/", "Lake", "a", "lake//x", "lake/../x", "gs://lake", "user@lake/x", "lake/\u0001")) {
            assertThatThrownBy(() -> GcsStorage.builder(place)).as(place).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> GcsStorage.builder("lake").endpoint(URI.create("http://u:secret@host")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("secret");
        assertThatThrownBy(() -> GcsStorage.builder("lake").chunkBytes(1_000_000))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theEnvironmentSaysWhatTheCallerDidNot() {
        Map<String, String> environment = Map.of("STORAGE_EMULATOR_HOST", "127.0.0.1:" + server.port());
        try (GcsStorage emulated =
                GcsStorage.builder("lake").settingsFrom(environment).build()) {
            assertThat(emulated.head("a")).isEmpty();
        }
        try (GcsStorage named = GcsStorage.builder("lake")
                .settingsFrom(Map.of("GCS_ENDPOINT", server.endpoint().toString(), "GCS_USER_PROJECT", "payer"))
                .build()) {
            server.traffic().reset();
            named.head("a");
            assertThat(only(StorageCall.HEAD).parameters()).containsEntry("userProject", "payer");
        }
    }

    @Test
    void withoutCredentialsNothingIsSigned() throws Exception {
        assertThatThrownBy(() -> storage.signedUrl("a", Duration.ofMinutes(1)))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("service account");
        assertThatThrownBy(() -> storage.signedUrl("a", Duration.ofDays(8)))
                .isInstanceOf(IllegalArgumentException.class);
        create("a", "text");
        HttpURLConnection unsigned = (HttpURLConnection)
                URI.create(server.endpoint() + "/lake/a").toURL().openConnection();
        assertThat(unsigned.getResponseCode()).isEqualTo(501);
    }

    private StorageRequest only(StorageCall call) {
        List<StorageRequest> requests = server.traffic().requests(call);
        assertThat(requests).hasSize(1);
        return requests.get(0);
    }

    private Optional<ObjectHead> create(String name, String text) {
        return storage.write(name, ObjectBytes.of(bytes(text)), Precondition.absent());
    }

    private Optional<ObjectHead> replace(String name, String text, ObjectVersion version) {
        return storage.write(name, ObjectBytes.of(bytes(text)), Precondition.unchangedSince(version));
    }

    private String read(String name) {
        return new String(
                storage.read(name, Optional.empty(), 0, 1_000).orElseThrow().bytes(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
