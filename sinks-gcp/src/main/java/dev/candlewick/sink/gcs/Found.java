package dev.candlewick.sink.gcs;

import com.google.api.services.storage.model.StorageObject;
import dev.candlewick.Unavailable;
import dev.candlewick.Unconfirmed;
import dev.candlewick.sink.parquet.objects.ObjectHead;
import dev.candlewick.sink.parquet.objects.ObjectVersion;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** An object as the service describes it, with its checksums. Composed objects have no MD5. */
record Found(ObjectHead head, String crc32c, Optional<String> md5) {

    /** What to ask for. */
    static final String FIELDS = "name,generation,size,updated,crc32c,md5Hash";

    static Found of(Answer answer, String name) {
        return of(answer.call(), answer.as(StorageObject.class), name);
    }

    static Found of(Call call, StorageObject object, String name) {
        BigInteger size = object.getSize();
        if (object.getGeneration() == null || size == null || object.getUpdated() == null) {
            throw new Unavailable(call.doing() + ": the answer tells neither generation nor size of " + name
                    + "; see whether the endpoint is a Cloud Storage, or a proxy answers in its place");
        }
        return new Found(
                new ObjectHead(
                        name,
                        new ObjectVersion(object.getGeneration().toString()),
                        size.longValueExact(),
                        // Whole seconds, which is all that the headers of a download tell.
                        Instant.ofEpochMilli(object.getUpdated().getValue()).truncatedTo(ChronoUnit.SECONDS)),
                object.getCrc32c() == null ? "" : object.getCrc32c(),
                Optional.ofNullable(object.getMd5Hash()));
    }

    /** Whether this is what was to be written. */
    boolean has(Content content) {
        if (head.bytes() != content.length() || !crc32c.equals(content.crc32c())) {
            return false;
        }
        try {
            return md5.isEmpty() || md5.get().equals(content.md5());
        } catch (IOException failed) {
            throw new Unconfirmed(
                    head.name()
                            + " has as many bytes as were to be written, with their CRC32C, but these cannot be read"
                            + " again to compare their MD5 (" + failed + "); run it again",
                    failed);
        }
    }
}
