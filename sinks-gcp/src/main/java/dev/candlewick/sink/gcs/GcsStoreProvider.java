package dev.candlewick.sink.gcs;

import dev.candlewick.Store;
import dev.candlewick.sink.parquet.Layout;
import dev.candlewick.sink.parquet.ParquetStore;
import dev.candlewick.sink.parquet.objects.ObjectStorage;
import dev.candlewick.spi.StoreProvider;
import java.util.Map;

/**
 * Opens {@code gcs:BUCKET/PREFIX}: a Parquet store in Cloud Storage. {@code gcs:} alone, or with a prefix after a slash, is
 * in the bucket of {@code GCS_BUCKET}; {@link GcsStorage.Builder#settingsFrom} says what else the environment may have.
 */
public final class GcsStoreProvider implements StoreProvider {

    /** For {@link java.util.ServiceLoader}. */
    public GcsStoreProvider() {}

    @Override
    public String scheme() {
        return "gcs";
    }

    @Override
    public String usage() {
        return "gcs:BUCKET/PREFIX";
    }

    @Override
    public Store open(String address, Map<String, String> environment) {
        String bucket = environment.getOrDefault("GCS_BUCKET", "");
        String place = address.isBlank() || address.startsWith("/") ? bucket + address.strip() : address;
        if (place.isBlank() || place.startsWith("/")) {
            throw new IllegalArgumentException("'gcs:' needs a bucket: " + usage()
                    + ", for example gcs:my-bucket/lake; or a bucket in GCS_BUCKET");
        }
        if (place.indexOf('@') >= 0 && place.indexOf('@') < (place + "/").indexOf('/')) {
            // Not shown: it may be a key.
            throw new IllegalArgumentException("Credentials are not part of the address " + usage()
                    + "; name a file with them in GCP_CREDENTIALS_PATH");
        }
        ObjectStorage storage =
                GcsStorage.builder(place).settingsFrom(environment).build();
        return ParquetStore.builder(storage)
                .beginningWith(Layout.setting(environment))
                .closingStorage()
                .build();
    }
}
