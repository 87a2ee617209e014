package dev.candlewick.sink.s3;

import dev.candlewick.Store;
import dev.candlewick.sink.parquet.Layout;
import dev.candlewick.sink.parquet.ParquetStore;
import dev.candlewick.spi.StoreProvider;
import java.util.Map;

/**
 * Opens {@code s3:bucket/prefix}, also written {@code s3://bucket/prefix}; {@code s3:} alone is the bucket in {@code
 * S3_BUCKET}. Credentials, region and endpoint come from the environment as {@link S3StorageBuilder#from} reads it.
 */
public final class S3StoreProvider implements StoreProvider {

    /** For {@link java.util.ServiceLoader}. */
    public S3StoreProvider() {}

    @Override
    public String scheme() {
        return "s3";
    }

    @Override
    public String usage() {
        return "s3:BUCKET/PREFIX";
    }

    @Override
    public Store open(String address, Map<String, String> environment) {
        return ParquetStore.builder(storage(address, environment))
                .beginningWith(Layout.setting(environment))
                .closingStorage()
                .build();
    }

    S3Storage storage(String address, Map<String, String> environment) {
        String place = address.isBlank() ? environment.getOrDefault("S3_BUCKET", "") : address.strip();
        if (place.startsWith("//")) {
            place = place.substring(2);
        }
        if (place.isBlank()) {
            throw new IllegalArgumentException("'s3:' needs a bucket: " + usage() + ", or the bucket in S3_BUCKET");
        }
        if (place.indexOf('@') >= 0 && place.indexOf('@') < (place + "/").indexOf('/')) {
            // Not shown: it may be a key.
            throw new IllegalArgumentException("Credentials are not part of the address " + usage()
                    + "; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
        }
        int slash = place.indexOf('/');
        S3StorageBuilder builder = S3Storage.builder(slash < 0 ? place : place.substring(0, slash));
        return builder.prefix(slash < 0 ? "" : place.substring(slash + 1))
                .from(environment)
                .build();
    }
}
