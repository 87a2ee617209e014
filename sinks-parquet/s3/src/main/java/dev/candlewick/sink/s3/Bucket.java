package dev.candlewick.sink.s3;

import dev.candlewick.MarketDataException;
import dev.candlewick.sink.parquet.objects.ObjectHead;
import dev.candlewick.sink.parquet.objects.ObjectVersion;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** One bucket as the SDK sees it, with the retries, and failures in this library's words. Thread-safe. */
final class Bucket {

    /** What an object is known by in its metadata: the SHA-256 of its content, written in the same step as the content. */
    static final String IDENTITY = "candlewick-sha256";

    private final String name;
    private final Supplier<S3Client> client;
    private final Attempts attempts;
    private final Failures failures;
    private final Clock clock;
    private volatile boolean seen;

    /** An object, and what it is known by if this library wrote it. */
    record Known(ObjectHead head, Optional<String> sha256) {}

    Bucket(String name, Supplier<S3Client> client, Attempts attempts, Failures failures, Clock clock) {
        this.name = name;
        this.client = client;
        this.attempts = attempts;
        this.failures = failures;
        this.clock = clock;
    }

    String name() {
        return name;
    }

    /** What a request answers, or its failure as the SDK tells it. */
    <T> T attempt(String doing, Function<S3Client, T> request) {
        T answer = attempts.of(doing, () -> request.apply(client.get()));
        seen = true;
        return answer;
    }

    /** What a request answers; a failure in this library's words. */
    <T> T ask(String doing, Function<S3Client, T> request) {
        try {
            return attempt(doing, request);
        } catch (Attempts.Failed failed) {
            throw failure(doing, failed);
        }
    }

    /** What a request for an object answers; empty when there is none of the name. */
    <T> Optional<T> askFor(String doing, Function<S3Client, T> request) {
        try {
            return Optional.of(attempt(doing, request));
        } catch (Attempts.Failed failed) {
            if (Failures.isNotFound(failed.last())) {
                requireBucket(doing);
                return Optional.empty();
            }
            throw failure(doing, failed);
        }
    }

    /** A request whose failure costs nothing, sent once. */
    void once(Consumer<S3Client> request) {
        request.accept(client.get());
    }

    MarketDataException failure(String doing, Attempts.Failed failed) {
        return failures.of(doing, failed.last());
    }

    Failures failures() {
        return failures;
    }

    /** The object of a name, as it is now. */
    Optional<Known> head(String doing, String name, String key) {
        return askFor(
                        doing,
                        s3 -> s3.headObject(request -> request.bucket(this.name).key(key)))
                .map(answer -> new Known(
                        new ObjectHead(name, version(answer.eTag()), answer.contentLength(), updated(answer)),
                        Optional.ofNullable(answer.metadata().get(IDENTITY))));
    }

    // A HEAD has no words: 404 is also what it answers when the bucket is not there. Asked once, until something was.
    private void requireBucket(String doing) {
        if (seen) {
            return;
        }
        try {
            attempts.of(doing, () -> client.get().headBucket(request -> request.bucket(name)));
        } catch (Attempts.Failed failed) {
            if (Failures.status(failed.last()) == 404) {
                throw failures.noBucket(doing, failed.last());
            }
            if (Failures.status(failed.last()) != 403) {
                throw failure(doing, failed);
            }
        }
        seen = true;
    }

    private Instant updated(HeadObjectResponse answer) {
        return Optional.ofNullable(answer.lastModified()).orElseGet(() -> date(answer.sdkHttpResponse()));
    }

    /** The server's clock as of an answer. */
    Instant date(SdkHttpResponse answer) {
        return answer.firstMatchingHeader("Date").flatMap(Bucket::parsed).orElseGet(clock::instant);
    }

    private static Optional<Instant> parsed(String date) {
        try {
            return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from));
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    /** The version of an entity tag, without its quotes. */
    static ObjectVersion version(String tag) {
        boolean quoted = tag.length() > 2 && tag.startsWith("\"") && tag.endsWith("\"");
        return new ObjectVersion(quoted ? tag.substring(1, tag.length() - 1) : tag);
    }

    /** The entity tag of a version, as headers have it. */
    static String tag(ObjectVersion version) {
        return version.text().startsWith("W/") ? version.text() : '"' + version.text() + '"';
    }
}
