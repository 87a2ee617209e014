package dev.candlewick.sink.s3;

import dev.candlewick.Corrupt;
import dev.candlewick.Refused;
import dev.candlewick.sink.parquet.objects.ObjectBytes;
import dev.candlewick.sink.parquet.objects.ObjectHead;
import dev.candlewick.sink.parquet.objects.ObjectListing;
import dev.candlewick.sink.parquet.objects.ObjectNames;
import dev.candlewick.sink.parquet.objects.ObjectPart;
import dev.candlewick.sink.parquet.objects.ObjectStorage;
import dev.candlewick.sink.parquet.objects.ObjectVersion;
import dev.candlewick.sink.parquet.objects.Precondition;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * A bucket of S3, or of a server that speaks its protocol, as a place for the Parquet store.
 *
 * <pre>{@code
 * try (S3Storage storage = S3Storage.builder("my-bucket").prefix("market").region("eu-central-1").build();
 *         Store store = ParquetStore.on(storage)) {
 *     store.write(source.read(btc, TimeRange.month("2024-01")));
 * }
 * }</pre>
 *
 * <p>The version of an object is its entity tag. S3 gives the same tag to the same content where that was uploaded in the
 * same way, so a version that comes back means content that came back.
 *
 * <p>What is sent is checked by the server against CRC32C, or MD5 where that was {@linkplain S3StorageBuilder#checksums
 * chosen}. A read of a whole object is checked against the checksum that the server has of it; a stretch has none in S3, so
 * only its length is, and the pages of a Parquet file carry checksums of their own.
 *
 * <p>The server must honour {@code If-None-Match} and {@code If-Match} on writes, as S3 has since 2024; one that ignores
 * them lets two writers overwrite each other. The condition of a deletion is judged once by this class and once, where it
 * knows of such, by the server.
 *
 * <p>Thread-safe. Uses the HTTP client of the JDK, whose connections all storages of the process share.
 */
public final class S3Storage implements ObjectStorage {

    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");
    private static final Duration LONGEST_SIGNATURE = Duration.ofDays(7);

    private final String name;
    private final String prefix;
    private final int pageSize;
    private final Checksums checksums;
    private final S3Connection connection;
    private final Bucket bucket;
    private final Uploads uploads;

    S3Storage(S3StorageBuilder settings) {
        this.name = settings.name();
        this.prefix = settings.prefix();
        this.pageSize = settings.pageSize();
        this.checksums = settings.checksums();
        this.connection = settings.connection();
        Failures failures = new Failures(name, settings.bucket(), settings.secrets(), settings.clock());
        this.bucket =
                new Bucket(settings.bucket(), connection::client, settings.attempts(), failures, settings.clock());
        this.uploads = new Uploads(bucket, checksums);
    }

    /**
     * A storage in a bucket, with settings of its own. Nothing is asked of the server before the first call.
     *
     * @throws IllegalArgumentException when no bucket can have this name
     */
    public static S3StorageBuilder builder(String bucket) {
        return new S3StorageBuilder(bucket);
    }

    /** {@code s3:bucket/prefix}. */
    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<ObjectHead> head(String name) {
        return bucket.head("Looking for " + name, name, key(name)).map(Bucket.Known::head);
    }

    @Override
    public Optional<ObjectPart> read(String name, Optional<ObjectVersion> version, long offset, int count) {
        if (offset < 0 || count < 0) {
            throw new IllegalArgumentException("No stretch of " + count + " bytes begins at " + offset);
        }
        if (count == 0) {
            return nothingOf(name, version, offset);
        }
        return get(name, version, offset, "bytes=" + offset + "-" + (Math.addExact(offset, count) - 1), count);
    }

    @Override
    public Optional<ObjectPart> readEnd(String name, int count) {
        if (count < 0) {
            throw new IllegalArgumentException("There are no last " + count + " bytes");
        }
        if (count == 0) {
            return nothingOf(name, Optional.empty(), Long.MAX_VALUE);
        }
        return get(name, Optional.empty(), 0, "bytes=-" + count, count);
    }

    private Optional<ObjectPart> get(
            String name, Optional<ObjectVersion> version, long offset, String range, int count) {
        String doing = "Reading " + name;
        GetObjectRequest.Builder request =
                GetObjectRequest.builder().bucket(bucket.name()).key(key(name)).range(range);
        version.map(Bucket::tag).ifPresent(request::ifMatch);
        if (checksums == Checksums.CRC32C) {
            // By hand: the SDK would hold a stretch against the checksum that some servers give of the whole.
            request.overrideConfiguration(headers -> headers.putHeader("x-amz-checksum-mode", "ENABLED"));
        }
        try {
            return Optional.of(
                    part(name, doing, range, count, bucket.attempt(doing, s3 -> s3.getObjectAsBytes(request.build()))));
        } catch (Attempts.Failed failed) {
            if (Failures.isBeyondEnd(failed.last())) {
                return nothingOf(name, version, offset);
            }
            if (Failures.isPreconditionFailed(failed.last())) {
                return Optional.empty();
            }
            if (Failures.isNotFound(failed.last())) {
                return Optional.empty();
            }
            throw bucket.failure(doing, failed);
        }
    }

    private ObjectPart part(
            String name, String doing, String range, int count, ResponseBytes<GetObjectResponse> answer) {
        GetObjectResponse about = answer.response();
        byte[] bytes = answer.asByteArrayUnsafe();
        long offset = 0;
        long total = bytes.length;
        if (about.contentRange() != null) {
            Matcher said = CONTENT_RANGE.matcher(about.contentRange());
            if (!said.matches() || Long.parseLong(said.group(2)) - Long.parseLong(said.group(1)) + 1 != bytes.length) {
                throw new Corrupt(doing + " at " + name() + " failed: asked for " + range + " the server gave "
                        + bytes.length + " bytes as '" + about.contentRange() + "'");
            }
            offset = Long.parseLong(said.group(1));
            total = Long.parseLong(said.group(3));
        }
        ObjectHead head = new ObjectHead(name, Bucket.version(about.eTag()), total, about.lastModified());
        if (bytes.length > count) {
            throw new Corrupt(doing + " at " + name() + " failed: asked for " + range + " the server gave "
                    + bytes.length + " bytes; it does not know ranges");
        }
        String checksum = about.checksumCRC32C();
        // With a '-' it is one of the parts' checksums.
        if (bytes.length == total
                && checksum != null
                && checksum.indexOf('-') < 0
                && !checksum.equals(Content.crc32c(bytes))) {
            throw new Corrupt(doing + " at " + name() + " failed: the " + total + " bytes that arrived have the CRC32C "
                    + Content.crc32c(bytes) + ", and the server says " + checksum
                    + ". Read again; if it stays, the object is damaged");
        }
        return new ObjectPart(head, offset, bytes);
    }

    private Optional<ObjectPart> nothingOf(String name, Optional<ObjectVersion> version, long offset) {
        return head(name)
                .filter(head -> version.isEmpty() || version.get().equals(head.version()))
                .map(head -> new ObjectPart(head, Math.min(offset, head.bytes()), new byte[0]));
    }

    @Override
    public Optional<ObjectHead> write(String name, ObjectBytes content, Precondition precondition) {
        return uploads.write(new Uploads.Write(
                "Writing " + name + " at " + name(), name, key(name), Content.of(content), precondition));
    }

    /**
     * {@inheritDoc}
     *
     * <p>Two requests, as not every server knows conditions of deletions: what came between them on a server that does not
     * is deleted too.
     */
    @Override
    public boolean delete(String name, ObjectVersion version) {
        String key = key(name);
        Optional<ObjectHead> there = head(name);
        if (there.isEmpty() || !there.get().version().equals(version)) {
            return there.isEmpty();
        }
        String doing = "Deleting " + name;
        try {
            bucket.attempt(
                    doing,
                    s3 -> s3.deleteObject(
                            request -> request.bucket(bucket.name()).key(key).ifMatch(Bucket.tag(version))));
            return true;
        } catch (Attempts.Failed failed) {
            if (Failures.isNotFound(failed.last()) || Failures.isPreconditionFailed(failed.last())) {
                return head(name).isEmpty();
            }
            if (failed.isMaybeDone() && head(name).isEmpty()) {
                return true;
            }
            throw bucket.failure(doing, failed);
        }
    }

    @Override
    public ObjectListing list(String prefix) {
        String from = this.prefix + ObjectNames.checkedPrefix(prefix);
        List<ObjectHead> objects = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        String doing = "Listing " + (prefix.isEmpty() ? "everything" : prefix);
        Optional<String> token = Optional.empty();
        do {
            String next = token.orElse(null);
            ListObjectsV2Response page = bucket.ask(
                    doing,
                    s3 -> s3.listObjectsV2(request -> request.bucket(bucket.name())
                            .prefix(from)
                            .delimiter("/")
                            .maxKeys(pageSize)
                            .continuationToken(next)));
            page.contents().stream()
                    // Some programs mark what they think of as a folder by an empty object of its name.
                    .filter(object -> !object.key().endsWith("/"))
                    .forEach(object -> objects.add(new ObjectHead(
                            object.key().substring(this.prefix.length()),
                            Bucket.version(object.eTag()),
                            object.size(),
                            object.lastModified())));
            page.commonPrefixes().forEach(below -> prefixes.add(below.prefix().substring(this.prefix.length())));
            token = Boolean.TRUE.equals(page.isTruncated())
                    ? Optional.ofNullable(page.nextContinuationToken())
                    : Optional.empty();
        } while (token.isPresent());
        objects.sort(Comparator.comparing(ObjectHead::name));
        return new ObjectListing(objects, prefixes.stream().sorted().distinct().toList());
    }

    /**
     * {@inheritDoc}
     *
     * <p>Nothing is asked of the server, so the object need not be there. With temporary credentials the address ends with
     * these, however long it was to last.
     *
     * @param validity up to seven days
     */
    @Override
    public URI signedUrl(String name, Duration validity) {
        if (validity.isNegative() || validity.isZero() || validity.compareTo(LONGEST_SIGNATURE) > 0) {
            throw new IllegalArgumentException("S3 signs addresses for up to seven days, not for " + validity);
        }
        String key = key(name);
        try (S3Presigner presigner = connection.presigner()) {
            return URI.create(presigner
                    .presignGetObject(request -> request.signatureDuration(validity)
                            .getObjectRequest(get -> get.bucket(bucket.name()).key(key)))
                    .url()
                    .toString());
        } catch (SdkClientException unsigned) {
            throw bucket.failures().of("Signing an address of " + name, unsigned);
        } catch (IllegalArgumentException unsigned) {
            throw new Refused("Signing an address of " + name + " at " + name() + " was refused", unsigned);
        }
    }

    /** Closes the client, unless the caller gave it. */
    @Override
    public void close() {
        connection.close();
    }

    @Override
    public String toString() {
        return name;
    }

    private String key(String name) {
        return prefix + ObjectNames.checked(name);
    }
}
