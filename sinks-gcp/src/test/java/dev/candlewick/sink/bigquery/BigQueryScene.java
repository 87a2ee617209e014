package dev.candlewick.sink.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Batches;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.WriteResult;
import dev.candlewick.sink.gcp.testing.LocalBigQuery;
import dev.candlewick.testkit.Rows;
import dev.candlewick.testkit.SyntheticCandles;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;

/** A server of this machine for a class of tests, and on it for each test a store in a dataset of its own. */
abstract class BigQueryScene {

    static final Series BTC = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    static final Series ETH = Series.candles("BINANCE:SPOT_PAIR:ETH-USDT", "1m");
    static final TimeRange DAY = TimeRange.day("2024-01-01");
    static final TimeRange HOUR = TimeRange.of("2024-01-01T00:00:00Z", "2024-01-01T01:00:00Z");

    static LocalBigQuery server;

    String dataset = "";
    BigQueryStore store;

    @BeforeAll
    static void begin() {
        server = LocalBigQuery.start();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @BeforeEach
    final void open(TestInfo test) {
        dataset = test.getTestMethod().orElseThrow().getName();
        store = builder().build();
    }

    @AfterEach
    final void close() {
        server.faults().clear();
        server.quotas().loadJobsPerDay(100_000);
        store.close();
    }

    /** Another store in the dataset of the test. */
    final BigQueryStore.Builder builder() {
        return LocalStores.builder(server, dataset);
    }

    /** A table of the dataset, as queries name it. */
    final String table(String name) {
        return "`" + LocalStores.PROJECT + "." + dataset + "." + name + "`";
    }

    static Batches candles(Series series, TimeRange range, int edition) {
        return Batches.of(series, range, SyntheticCandles.batches(series, range, edition), Provenance.none());
    }

    static WriteResult write(BigQueryStore to, Series series, TimeRange range, int edition) {
        return to.write(candles(series, range, edition));
    }

    static void assertHolds(BigQueryStore in, Series series, TimeRange range, int edition) {
        assertThat(Rows.of(in, series, range)).isEqualTo(Rows.of(SyntheticCandles.batches(series, range, edition)));
    }

    static List<Series> symbols(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Series.candles("BINANCE:SPOT_PAIR:S" + i + "-USDT", "1m"))
                .toList();
    }
}
