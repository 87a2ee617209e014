package dev.candlewick.examples;

import dev.candlewick.sink.gcp.testing.LocalBigQuery;
import dev.candlewick.sink.gcp.testing.LocalCloudStorage;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Servers on this machine in place of Google's, that all tests of the JVM share, and places on them that nothing has. */
final class CloudServers {

    private static final String BUCKET = "candlewick-lake";
    private static final AtomicInteger PLACES = new AtomicInteger();

    private CloudServers() {}

    /** A store in Cloud Storage that holds nothing yet. */
    static String freshLake() {
        return "gcs:" + BUCKET + "/run-" + PLACES.incrementAndGet();
    }

    /** A store in BigQuery that holds nothing yet. */
    static String freshDataset() {
        return "bigquery:local-project.run_" + PLACES.incrementAndGet();
    }

    /** What opening a store of these needs. */
    static Map<String, String> environment() {
        return Map.of(
                "STORAGE_EMULATOR_HOST",
                Storage.SERVER.endpoint().toString(),
                "BIGQUERY_ENDPOINT",
                Warehouse.SERVER.endpoint().toString());
    }

    // Started when first asked for, by the class loader's own lock, and ended with the JVM.
    private static final class Storage {
        static final LocalCloudStorage SERVER = LocalCloudStorage.start().bucket(BUCKET);

        static {
            atTheEnd(SERVER::close);
        }
    }

    private static final class Warehouse {
        static final LocalBigQuery SERVER = LocalBigQuery.start();

        static {
            atTheEnd(SERVER::close);
        }
    }

    private static void atTheEnd(Runnable closing) {
        Runtime.getRuntime().addShutdownHook(new Thread(closing, "end of a server of the tests"));
    }
}
