package dev.candlewick.sink.gcs;

import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.gcp.testing.LocalCloudStorage;
import dev.candlewick.spi.Addresses;
import dev.candlewick.testkit.StoreContract;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The store's contract on Cloud Storage, opened by its address as a command line does. */
class GcsStoreContractTest extends StoreContract {

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private static LocalCloudStorage server;

    private final String prefix = "market data " + NUMBERS.incrementAndGet() + "/";

    @BeforeAll
    static void begin() {
        server = LocalCloudStorage.start().bucket("lake");
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Override
    protected Store openStore() {
        return Addresses.store(
                "gcs:lake/" + prefix, Map.of("GCS_ENDPOINT", server.endpoint().toString()));
    }

    @Override
    protected Store reopen(Store open) {
        open.close();
        return openStore();
    }

    @Override
    protected boolean damageRows(Store open, Series series, TimeRange unit) {
        List<String> units = server.names("lake").stream()
                .filter(name -> name.startsWith(prefix)
                        && name.endsWith("/" + series.cadence().unit().label(unit) + ".parquet"))
                .toList();
        if (units.size() != 1) {
            throw new IllegalStateException("Which one is " + series + " " + unit + "? " + units);
        }
        byte[] bytes = server.content("lake", units.get(0)).orElseThrow();
        bytes[bytes.length / 2] ^= 1;
        server.replace("lake", units.get(0), bytes);
        return true;
    }
}
