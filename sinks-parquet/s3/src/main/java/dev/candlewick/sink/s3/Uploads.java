package dev.candlewick.sink.s3;

import dev.candlewick.MarketDataException;
import dev.candlewick.Refused;
import dev.candlewick.Unavailable;
import dev.candlewick.Unconfirmed;
import dev.candlewick.sink.parquet.objects.ObjectBytes;
import dev.candlewick.sink.parquet.objects.ObjectHead;
import dev.candlewick.sink.parquet.objects.Precondition;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/**
 * Conditional writes. Content of up to {@link #MOST_IN_ONE} bytes goes in one request, more in parts that become an object
 * when the last request says so; the condition is on the request that makes the object. Whatever happens to an answer, the
 * name is asked for what it has afterwards: every object carries the SHA-256 of its content in its metadata. Thread-safe.
 */
final class Uploads {

    /** What goes in one request. */
    static final int MOST_IN_ONE = 16 << 20;

    private static final int SMALLEST_PART = 8 << 20;
    private static final int MOST_PARTS = 10_000;
    private static final int MOST_ROUNDS = 3;

    private final Bucket bucket;
    private final Checksums checksums;

    Uploads(Bucket bucket, Checksums checksums) {
        this.bucket = bucket;
        this.checksums = checksums;
    }

    /** One write: its name for messages, its name in the bucket, and what it writes. */
    record Write(String doing, String name, String key, Content content, Precondition precondition) {

        Optional<String> ifNoneMatch() {
            return precondition.version().isEmpty() ? Optional.of("*") : Optional.empty();
        }

        Optional<String> ifMatch() {
            return precondition.version().map(Bucket::tag);
        }
    }

    /** What the name has after the write; empty when the precondition does not hold and other content is there. */
    Optional<ObjectHead> write(Write write) {
        for (int round = 1; round <= MOST_ROUNDS; round++) {
            try {
                return Optional.of(write.content().bytes().length() <= MOST_IN_ONE ? inOne(write) : inParts(write));
            } catch (Attempts.Failed failed) {
                Optional<Bucket.Known> there = isDecided(write, failed.last()) ? now(write) : afterwards(write, failed);
                if (there.isPresent() && isOurs(write, there.get())) {
                    return there.map(Bucket.Known::head);
                }
                if (!holds(write.precondition(), there)) {
                    return Optional.empty();
                }
                // The server said that the precondition does not hold, and now it does: others are at work here.
            }
        }
        throw new Unavailable(write.doing() + " failed: others kept writing and deleting it meanwhile. Run again");
    }

    private ObjectHead inOne(Write write) {
        Content content = write.content();
        PutObjectRequest.Builder request = PutObjectRequest.builder()
                .bucket(bucket.name())
                .key(write.key())
                .contentLength(content.bytes().length())
                .metadata(Map.of(Bucket.IDENTITY, content.sha256()));
        write.ifNoneMatch().ifPresent(request::ifNoneMatch);
        write.ifMatch().ifPresent(request::ifMatch);
        switch (checksums) {
            case CRC32C -> request.checksumCRC32C(content.crc32c());
            case MD5 -> request.contentMD5(content.md5());
        }
        var answer = bucket.attempt(write.doing(), s3 -> s3.putObject(request.build(), body(content.bytes())));
        return new ObjectHead(
                write.name(),
                Bucket.version(answer.eTag()),
                content.bytes().length(),
                bucket.date(answer.sdkHttpResponse()));
    }

    private static RequestBody body(ObjectBytes bytes) {
        return RequestBody.fromContentProvider(
                () -> {
                    try {
                        return bytes.open();
                    } catch (IOException failed) {
                        throw new UncheckedIOException("Reading what is to be written", failed);
                    }
                },
                bytes.length(),
                "application/octet-stream");
    }

    private ObjectHead inParts(Write write) {
        CreateMultipartUploadRequest.Builder create = CreateMultipartUploadRequest.builder()
                .bucket(bucket.name())
                .key(write.key())
                .metadata(Map.of(Bucket.IDENTITY, write.content().sha256()));
        if (checksums == Checksums.CRC32C) {
            create.checksumAlgorithm(ChecksumAlgorithm.CRC32_C);
        }
        String upload = bucket.attempt(write.doing(), s3 -> s3.createMultipartUpload(create.build()))
                .uploadId();
        boolean complete = false;
        try {
            List<CompletedPart> parts = send(write, upload);
            CompleteMultipartUploadRequest.Builder end = CompleteMultipartUploadRequest.builder()
                    .bucket(bucket.name())
                    .key(write.key())
                    .uploadId(upload)
                    .multipartUpload(list -> list.parts(parts));
            write.ifNoneMatch().ifPresent(end::ifNoneMatch);
            write.ifMatch().ifPresent(end::ifMatch);
            var answer = bucket.attempt(write.doing(), s3 -> s3.completeMultipartUpload(end.build()));
            complete = true;
            return new ObjectHead(
                    write.name(),
                    Bucket.version(answer.eTag()),
                    write.content().bytes().length(),
                    bucket.date(answer.sdkHttpResponse()));
        } finally {
            if (!complete) {
                abort(write, upload);
            }
        }
    }

    private List<CompletedPart> send(Write write, String upload) {
        long length = write.content().bytes().length();
        int size = (int) Math.max(SMALLEST_PART, (length + MOST_PARTS - 1) / MOST_PARTS);
        byte[] buffer = new byte[size];
        List<CompletedPart> parts = new ArrayList<>();
        try (InputStream in = write.content().bytes().open()) {
            for (long sent = 0; sent < length; ) {
                int count = in.readNBytes(buffer, 0, (int) Math.min(size, length - sent));
                if (count == 0) {
                    throw new Refused(write.doing() + " was given " + sent + " bytes of the " + length + " announced");
                }
                parts.add(send(write, upload, parts.size() + 1, Arrays.copyOf(buffer, count)));
                sent += count;
            }
        } catch (IOException failed) {
            throw Content.unreadable(failed);
        }
        return parts;
    }

    private CompletedPart send(Write write, String upload, int number, byte[] bytes) {
        UploadPartRequest.Builder request = UploadPartRequest.builder()
                .bucket(bucket.name())
                .key(write.key())
                .uploadId(upload)
                .partNumber(number)
                .contentLength((long) bytes.length);
        CompletedPart.Builder part = CompletedPart.builder().partNumber(number);
        switch (checksums) {
            case CRC32C -> {
                String crc = Content.crc32c(bytes);
                request.checksumCRC32C(crc);
                part.checksumCRC32C(crc);
            }
            case MD5 -> request.contentMD5(Content.md5(bytes));
        }
        var answer = bucket.attempt(write.doing(), s3 -> s3.uploadPart(request.build(), body(ObjectBytes.of(bytes))));
        return part.eTag(answer.eTag()).build();
    }

    // Parts that nobody completes are paid for until somebody removes them. One try, also for an interrupted thread.
    private void abort(Write write, String upload) {
        boolean interrupted = Thread.interrupted();
        try {
            bucket.once(s3 -> s3.abortMultipartUpload(
                    request -> request.bucket(bucket.name()).key(write.key()).uploadId(upload)));
        } catch (SdkException stays) {
            // Also when it was completed after all; a rule of the bucket's lifecycle removes the others.
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Whether the server itself told that the precondition does not hold. */
    private static boolean isDecided(Write write, SdkException failure) {
        return Failures.isPreconditionFailed(failure)
                || (Failures.isNotFound(failure)
                        && write.precondition().version().isPresent());
    }

    private Optional<Bucket.Known> now(Write write) {
        return bucket.head(write.doing(), write.name(), write.key());
    }

    /** What the name has after a failure that says nothing about it. */
    private Optional<Bucket.Known> afterwards(Write write, Attempts.Failed failed) {
        MarketDataException failure = bucket.failure(write.doing(), failed);
        boolean lost = failed.isMaybeDone() || Failures.code(failed.last()).equals("NoSuchUpload");
        if (!lost) {
            throw failure;
        }
        Optional<Bucket.Known> there;
        try {
            there = now(write);
        } catch (Unavailable unanswered) {
            throw unconfirmed(write, "the server does not say what is there now", failure);
        }
        if (there.filter(known -> isOurs(write, known)).isEmpty() && holds(write.precondition(), there)) {
            throw unconfirmed(write, "it has not happened until now, but its request may still be on its way", failure);
        }
        return there;
    }

    private static Unconfirmed unconfirmed(Write write, String why, MarketDataException failure) {
        return new Unconfirmed(
                write.doing() + " was sent and its answer is lost; " + why
                        + ". Run again: what is there already is not written twice. " + failure.getMessage(),
                failure);
    }

    private static boolean holds(Precondition precondition, Optional<Bucket.Known> there) {
        return precondition.version().equals(there.map(known -> known.head().version()));
    }

    private boolean isOurs(Write write, Bucket.Known there) {
        if (there.head().bytes() != write.content().bytes().length()) {
            return false;
        }
        return there.sha256().map(write.content().sha256()::equals).orElseGet(() -> isSame(write, there.head()));
    }

    // Somebody else's program wrote it, so only its bytes can tell.
    private boolean isSame(Write write, ObjectHead there) {
        try (InputStream ours = write.content().bytes().open()) {
            for (long offset = 0; offset < there.bytes(); offset += SMALLEST_PART) {
                long from = offset;
                long to = Math.min(there.bytes(), offset + SMALLEST_PART) - 1;
                Optional<byte[]> theirs = bucket.askFor(
                        write.doing(),
                        (S3Client s3) -> s3.getObjectAsBytes(request -> request.bucket(bucket.name())
                                        .key(write.key())
                                        .ifMatch(Bucket.tag(there.version()))
                                        .range("bytes=" + from + "-" + to))
                                .asByteArrayUnsafe());
                if (theirs.isEmpty() || !Arrays.equals(theirs.get(), ours.readNBytes((int) (to - from + 1)))) {
                    return false;
                }
            }
            return true;
        } catch (IOException failed) {
            throw Content.unreadable(failed);
        }
    }
}
