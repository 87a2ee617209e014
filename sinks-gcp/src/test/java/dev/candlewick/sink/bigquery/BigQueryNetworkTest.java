package dev.candlewick.sink.bigquery;

import dev.candlewick.Store;
import dev.candlewick.sink.gcp.testing.LocalBigQuery;
import dev.candlewick.testkit.ServerStoreContract;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The BigQuery store behind a network that fails. A write is a dozen requests, so this takes many minutes: only with
 * {@code -Dcandlewick.faults.bigquery=true}.
 */
@Tag("faults")
@EnabledIfSystemProperty(named = "candlewick.faults.bigquery", matches = "true", disabledReason = "takes many minutes")
class BigQueryNetworkTest extends ServerStoreContract {

    private static final String DATASET = "network";

    private static LocalBigQuery server;

    @BeforeAll
    static void begin() {
        server = LocalBigQuery.start();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Override
    protected InetSocketAddress server() {
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(), server.endpoint().getPort());
    }

    @Override
    protected Store open(String host, int port) {
        return LocalStores.impatient(host, port, DATASET);
    }

    // A call is given up as a whole; what dribbles is no different from what is silent.
    @Override
    protected int slowestBytesPerSecond() {
        return 20_000;
    }

    @Override
    protected int trialCount() {
        return Math.max(3, super.trialCount() / 8);
    }

    @Override
    protected Duration deadline() {
        return Duration.ofSeconds(30);
    }
}
