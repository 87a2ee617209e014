package dev.candlewick.sink.gcs;

import static org.assertj.core.api.Assumptions.assumeThat;

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

/**
 * The same contracts in a bucket of the real service: the one of {@code GCS_BUCKET}, with {@code GCP_PROJECT_ID} and
 * {@code GCP_CREDENTIALS_PATH} or {@code GOOGLE_APPLICATION_CREDENTIALS}; skipped without. What it writes lies below
 * {@code candlewick-test/}, and is deleted again.
 */
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
            assumeThat(environment)
                    .as("a real bucket: set GCP_PROJECT_ID, GCS_BUCKET and GCP_CREDENTIALS_PATH")
                    .containsKeys("GCP_PROJECT_ID", "GCS_BUCKET");
            assumeThat(environment.containsKey("GCP_CREDENTIALS_PATH")
                            || environment.containsKey("GOOGLE_APPLICATION_CREDENTIALS"))
                    .as("credentials of a real project: set GCP_CREDENTIALS_PATH")
                    .isTrue();
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
