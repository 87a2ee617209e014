package dev.candlewick.sink.gcs;

import dev.candlewick.Store;
import dev.candlewick.sink.parquet.ParquetStore;
import dev.candlewick.sink.parquet.objects.ObjectHead;
import dev.candlewick.sink.parquet.objects.ObjectListing;
import dev.candlewick.sink.parquet.objects.ObjectStorage;
import dev.candlewick.sink.parquet.testing.ObjectStorageContract;
import dev.candlewick.testkit.StoreContract;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The same contracts in a bucket of the real service: the one of {@code GCS_BUCKET}, with {@code GCP_PROJECT_ID} and
 * {@code GCP_CREDENTIALS_PATH}, else Google's usual chain of credentials; skipped without. What it writes lies below
 * {@code candlewick-test/}, and is deleted again.
 */
@EnabledIfEnvironmentVariable(named = "GCP_PROJECT_ID", matches = ".+", disabledReason = "no GCP_PROJECT_ID")
@EnabledIfEnvironmentVariable(named = "GCS_BUCKET", matches = ".+", disabledReason = "no GCS_BUCKET")
class RealCloudStorageTest {

    @Nested
    class TheStorage extends ObjectStorageContract {

        private final Place place = new Place();

        @Override
        protected ObjectStorage openStorage() {
            return place.storage();
        }

        @AfterEach
        void tidyUp() {
            place.empty();
        }
    }

    @Nested
    class TheStore extends StoreContract {

        private final Place place = new Place();

        @Override
        protected Store openStore() {
            return ParquetStore.builder(place.storage()).closingStorage().build();
        }

        @Override
        protected Store reopen(Store open) {
            open.close();
            return openStore();
        }

        @AfterEach
        void tidyUp() {
            place.empty();
        }
    }

    private static final class Place {

        private final Map<String, String> environment = System.getenv();
        private final String prefix = "candlewick-test/" + UUID.randomUUID();

        ObjectStorage storage() {
            return GcsStorage.builder(environment.get("GCS_BUCKET") + "/" + prefix)
                    .settingsFrom(environment)
                    .build();
        }

        void empty() {
            try (ObjectStorage storage = storage()) {
                empty(storage, "");
            }
        }

        private static void empty(ObjectStorage storage, String below) {
            ObjectListing listing = storage.list(below);
            for (ObjectHead object : listing.objects()) {
                storage.delete(object.name(), object.version());
            }
            listing.prefixes().forEach(prefix -> empty(storage, prefix));
        }
    }
}
