package dev.candlewick.sink.gcp.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.gax.retrying.RetrySettings;
import com.google.auth.Credentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.ReadChannel;
import com.google.cloud.WriteChannel;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Bucket;
import com.google.cloud.storage.BucketInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.Storage.BlobSourceOption;
import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.Storage.BlobWriteOption;
import com.google.cloud.storage.Storage.ComposeRequest;
import com.google.cloud.storage.Storage.SignUrlOption;
import com.google.cloud.storage.StorageException;
import com.google.cloud.storage.StorageOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Google's own client is what the server is judged by. */
class LocalCloudStorageTest {

    private static final int CHUNK = 256 * 1024;

    private final AdjustableClock clock = new AdjustableClock();
    private LocalCloudStorage server;
    private Storage client;

    @BeforeEach
    void begin() {
        server = LocalCloudStorage.start(clock).bucket("lake");
        client = client(NoCredentials.getInstance());
    }

    @AfterEach
    void end() throws Exception {
        client.close();
        server.close();
    }

    @Test
    void bucketsAreMadeFoundAndListed() {
        Bucket made = client.create(BucketInfo.of("other"));
        assertThat(made.getName()).isEqualTo("other");
        assertThat(client.get("nowhere")).isNull();
        assertThat(StreamSupport.stream(client.list().iterateAll().spliterator(), false)
                        .map(BucketInfo::getName))
                .containsExactly("lake", "other");
        assertThatThrownBy(() -> client.create(BucketInfo.of("other"))).satisfies(code(409));
        assertThatThrownBy(() -> client.readAllBytes("nowhere", "a")).satisfies(code(404));
    }

    @Test
    void whatIsWrittenIsReadBackWithItsChecksumsAndGenerations() {
        Blob first = write("a/b c+d%=ü.txt", "first", BlobTargetOption.doesNotExist());
        Blob second = write("a/b c+d%=ü.txt", "second", BlobTargetOption.generationMatch(first.getGeneration()));
        assertThat(second.getGeneration()).isGreaterThan(first.getGeneration());
        assertThat(second.getMetageneration()).isEqualTo(1);
        assertThat(client.readAllBytes(second.getBlobId())).isEqualTo(bytes("second"));
        Blob found = client.get("lake", "a/b c+d%=ü.txt");
        assertThat(found.getSize()).isEqualTo(6);
        assertThat(found.getCrc32c()).isEqualTo(second.getCrc32c());
        assertThat(found.getMd5()).isEqualTo("qfDmGhN9hqqdtTRl4IAWEg==");
        assertThat(client.get("lake", "nothing")).isNull();
    }

    @Test
    void preconditionsHoldOrNothingHappens() {
        Blob first = write("a", "first", BlobTargetOption.doesNotExist());
        assertThatThrownBy(() -> write("a", "x", BlobTargetOption.doesNotExist()))
                .satisfies(code(412));
        assertThatThrownBy(() -> write("a", "x", BlobTargetOption.generationMatch(first.getGeneration() + 1)))
                .satisfies(code(412));
        assertThatThrownBy(() -> write("b", "x", BlobTargetOption.generationMatch(5)))
                .satisfies(code(412));
        assertThatThrownBy(() -> client.delete(first.getBlobId(), BlobSourceOption.generationMatch(7)))
                .satisfies(code(412));
        assertThatThrownBy(() -> client.readAllBytes(BlobId.of("lake", "a"), BlobSourceOption.generationMatch(7)))
                .satisfies(code(412));
        assertThat(client.readAllBytes("lake", "a")).isEqualTo(bytes("first"));
        assertThat(client.delete(BlobId.of("lake", "a"), BlobSourceOption.generationMatch(first.getGeneration())))
                .isTrue();
        assertThat(client.delete(BlobId.of("lake", "a"))).isFalse();
    }

    @Test
    void aGenerationThatWasReplacedIsGone() {
        Blob first = write("a", "first");
        write("a", "second");
        assertThat(client.get(BlobId.of("lake", "a", first.getGeneration()))).isNull();
        assertThatThrownBy(() -> client.readAllBytes(BlobId.of("lake", "a", first.getGeneration())))
                .satisfies(code(404));
    }

    @Test
    void stretchesAreRead() throws IOException {
        byte[] content = random(100_000);
        client.create(BlobInfo.newBuilder("lake", "a").build(), content);
        try (ReadChannel channel = client.reader("lake", "a")) {
            channel.seek(50_000);
            channel.limit(50_100);
            assertThat(Channels.newInputStream(channel).readAllBytes())
                    .isEqualTo(java.util.Arrays.copyOfRange(content, 50_000, 50_100));
        }
        assertThat(server.traffic().bytesRead()).isLessThan(10_000);
        assertThat(get("bytes=-10", 206)).isEqualTo(java.util.Arrays.copyOfRange(content, 99_990, 100_000));
        assertThat(get("bytes=99990-200000", 206)).isEqualTo(java.util.Arrays.copyOfRange(content, 99_990, 100_000));
        assertThat(get("bytes=-200000", 206)).isEqualTo(content);
        get("bytes=100000-", 416);
    }

    @Test
    void largeUploadsGoInChunks() throws IOException {
        byte[] content = random(3 * CHUNK + 17);
        upload("big", content);
        assertThat(client.readAllBytes("lake", "big")).isEqualTo(content);
        assertThat(server.traffic().count(StorageCall.UPLOAD_START)).isEqualTo(1);
        assertThat(server.traffic().count(StorageCall.UPLOAD_CHUNK)).isEqualTo(4);
        client.createFrom(BlobInfo.newBuilder("lake", "stream").build(), new ByteArrayInputStream(content));
        assertThat(server.content("lake", "stream")).hasValue(content);
    }

    @Test
    void chunksThatBreakOffAreResumedExactly() throws IOException {
        byte[] content = random(5 * CHUNK + 1);
        server.faults().next(1).of(StorageCall.UPLOAD_CHUNK).cutRequestAfter(CHUNK / 2);
        server.faults().next(1).of(StorageCall.UPLOAD_CHUNK).loseAnswer();
        server.faults().next(1).of(StorageCall.UPLOAD_CHUNK).answer(503);
        upload("big", content);
        assertThat(server.faults().areOver()).isTrue();
        assertThat(server.traffic().count(StorageCall.UPLOAD_STATUS)).isPositive();
        assertThat(server.content("lake", "big")).hasValue(content);
    }

    @Test
    void anUploadThatSomebodyOvertakesIsRefusedAtItsEnd() throws IOException {
        WriteChannel channel =
                client.writer(BlobInfo.newBuilder("lake", "big").build(), BlobWriteOption.doesNotExist());
        channel.setChunkSize(CHUNK);
        channel.write(ByteBuffer.wrap(random(CHUNK + 5)));
        write("big", "quicker");
        assertThatThrownBy(channel::close).hasStackTraceContaining("412");
        assertThat(server.content("lake", "big")).hasValue(bytes("quicker"));
    }

    @Test
    void contentThatDoesNotHaveTheSentChecksumIsRefused() {
        String wrong = "AAAAAA==";
        assertThatThrownBy(() -> client.create(
                        BlobInfo.newBuilder("lake", "a").setCrc32c(wrong).build(),
                        new ByteArrayInputStream(bytes("x")),
                        BlobWriteOption.crc32cMatch()))
                .hasStackTraceContaining("doesn't match calculated");
        assertThat(server.names("lake")).isEmpty();
    }

    @Test
    void listingsHavePagesPrefixesAndDelimiters() {
        List<String> names = new ArrayList<>(IntStream.range(0, 25)
                .mapToObj(i -> String.format("x/%02d/data", i))
                .toList());
        names.addAll(List.of("x/a", "x/b", "y"));
        names.forEach(name -> write(name, name));
        server.pageSize(7);
        assertThat(names(client.list("lake"))).containsExactlyElementsOf(names);
        assertThat(server.traffic().count(StorageCall.LIST)).isEqualTo(4);
        assertThat(names(client.list("lake", BlobListOption.prefix("x/"), BlobListOption.currentDirectory())))
                .hasSize(27)
                .contains("x/a", "x/b", "x/07/")
                .doesNotHaveDuplicates();
    }

    @Test
    void objectsAreComposed() {
        ComposeRequest.Builder parts = ComposeRequest.newBuilder()
                .setTarget(BlobInfo.newBuilder("lake", "whole").build());
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 32; i++) {
            write("part" + i, i + ",");
            parts.addSource("part" + i);
            expected.append(i).append(',');
        }
        Blob whole = client.compose(
                parts.setTargetOptions(BlobTargetOption.doesNotExist()).build());
        assertThat(whole.getMd5()).isNull();
        assertThat(server.content("lake", "whole")).hasValue(bytes(expected.toString()));
        ComposeRequest tooMany = parts.addSource("part0").build();
        assertThatThrownBy(() -> client.compose(tooMany)).satisfies(code(400));
    }

    @Test
    void theClientTriesConditionalWritesAgain() {
        server.faults().next(2).of(StorageCall.WRITE).answer(503);
        write("a", "text", BlobTargetOption.doesNotExist());
        assertThat(server.traffic().count(StorageCall.WRITE)).isEqualTo(3);
        server.faults().next(1).of(StorageCall.WRITE).answer(503);
        assertThatThrownBy(() -> write("b", "text")).satisfies(code(503));
    }

    @Test
    void anAnswerThatIsLostHasHadItsEffect() {
        server.faults().next(1).of(StorageCall.WRITE).loseAnswer();
        assertThatThrownBy(() -> write("a", "text", BlobTargetOption.doesNotExist()))
                .satisfies(code(412));
        assertThat(server.content("lake", "a")).hasValue(bytes("text"));
    }

    @Test
    void aWrongBitInADownloadReachesTheClient() {
        write("a", "some text");
        server.faults().next(1).of(StorageCall.READ).flipByte(3);
        byte[] read = client.readAllBytes("lake", "a");
        assertThat(read).hasSize(9).isNotEqualTo(bytes("some text"));
        assertThat(client.readAllBytes("lake", "a")).isEqualTo(bytes("some text"));
    }

    @Test
    void serviceAccountsGetTokensAndOthersDoNot() throws Exception {
        server.requireCredentials();
        assertThatThrownBy(() -> write("a", "text")).satisfies(code(401));
        try (Storage known = client(account(server.serviceAccount()))) {
            known.create(BlobInfo.newBuilder("lake", "a").build(), bytes("text"));
            server.revokeTokens();
            assertThat(known.readAllBytes("lake", "a")).isEqualTo(bytes("text"));
        }
        assertThat(server.traffic().count(StorageCall.TOKEN)).isEqualTo(2);
        try (Storage unknown = client(account(server.serviceAccountWithWrongKey()))) {
            assertThatThrownBy(() -> unknown.readAllBytes("lake", "a")).hasStackTraceContaining("invalid_grant");
        }
    }

    @Test
    void signedAddressesLetReadUntilTheyExpire() throws Exception {
        write("a/b c+ü", "text");
        server.requireCredentials();
        Storage signer = client(account(server.serviceAccount()));
        URL url = signer.signUrl(
                BlobInfo.newBuilder("lake", "a/b c+ü").build(),
                10,
                TimeUnit.MINUTES,
                SignUrlOption.withV4Signature(),
                SignUrlOption.withHostName(server.endpoint().toString()));
        assertThat(status(url)).isEqualTo(200);
        assertThat(status(URI.create(url.toString().replace("a/b", "a/c")).toURL()))
                .isEqualTo(403);
        clock.ahead = Duration.ofMinutes(11);
        assertThat(status(url)).isEqualTo(400);
    }

    @Test
    void itComesBackAtTheSameAddressWithWhatItHeld() {
        write("a", "text");
        int port = server.port();
        server.restart();
        assertThat(server.port()).isEqualTo(port);
        assertThat(client.readAllBytes("lake", "a")).isEqualTo(bytes("text"));
    }

    private Storage client(Credentials credentials) {
        return StorageOptions.newBuilder()
                .setHost(server.endpoint().toString())
                .setProjectId("candlewick-test")
                .setCredentials(credentials)
                .setRetrySettings(RetrySettings.newBuilder()
                        .setInitialRetryDelayDuration(Duration.ofMillis(5))
                        .setMaxRetryDelayDuration(Duration.ofMillis(20))
                        .setTotalTimeoutDuration(Duration.ofSeconds(10))
                        .setMaxAttempts(5)
                        .build())
                .build()
                .getService();
    }

    private static Credentials account(String json) throws IOException {
        return ServiceAccountCredentials.fromStream(new ByteArrayInputStream(bytes(json)));
    }

    private Blob write(String name, String text, BlobTargetOption... options) {
        return client.create(BlobInfo.newBuilder("lake", name).build(), bytes(text), options);
    }

    private void upload(String name, byte[] content) throws IOException {
        try (WriteChannel channel =
                client.writer(BlobInfo.newBuilder("lake", name).build(), BlobWriteOption.doesNotExist())) {
            channel.setChunkSize(CHUNK);
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    private byte[] get(String range, int status) throws IOException {
        URL url = URI.create(server.endpoint() + "/download/storage/v1/b/lake/o/a?alt=media")
                .toURL();
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        connection.setRequestProperty("Range", range);
        assertThat(connection.getResponseCode()).isEqualTo(status);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (status < 400) {
            connection.getInputStream().transferTo(body);
            assertThat(connection.getHeaderField("Content-Range")).endsWith("/100000");
        }
        return body.toByteArray();
    }

    private static int status(URL url) throws IOException {
        return ((HttpURLConnection) url.openConnection()).getResponseCode();
    }

    private static List<String> names(com.google.api.gax.paging.Page<Blob> page) {
        return StreamSupport.stream(page.iterateAll().spliterator(), false)
                .map(Blob::getName)
                .toList();
    }

    private static java.util.function.Consumer<Throwable> code(int status) {
        return failure -> assertThat(failure)
                .isInstanceOfSatisfying(
                        StorageException.class,
                        known -> assertThat(known.getCode()).isEqualTo(status));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static final class AdjustableClock extends Clock {

        private volatile Duration ahead = Duration.ZERO;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Clock.systemUTC().instant().plus(ahead);
        }
    }
}
