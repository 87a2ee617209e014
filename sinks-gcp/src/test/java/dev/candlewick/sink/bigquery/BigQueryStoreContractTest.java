package dev.candlewick.sink.bigquery;

import com.google.cloud.bigquery.QueryJobConfiguration;
import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.gcp.testing.LocalBigQuery;
import dev.candlewick.testkit.StoreContract;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class BigQueryStoreContractTest extends StoreContract {

    private static final AtomicInteger DATASETS = new AtomicInteger();
    private static LocalBigQuery server;

    private String dataset = "";

    @BeforeAll
    static void begin() {
        server = LocalBigQuery.start();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    private BigQueryStore open() {
        return LocalStores.builder(server, dataset).build();
    }

    @Override
    protected Store openStore() {
        dataset = "contract_" + DATASETS.incrementAndGet();
        return open();
    }

    @Override
    protected Store reopen(Store open) {
        open.close();
        return open();
    }

    @Override
    protected boolean damageRows(Store open, Series series, TimeRange unit) throws Exception {
        String table = "`" + LocalStores.PROJECT + "." + dataset + ".candles_1m`";
        String last = Statement.within("open_time", unit.endMicros() - 3_600_000_000L, unit.endMicros());
        LocalStores.client(server).query(QueryJobConfiguration.of("DELETE FROM " + table + " WHERE " + last));
        return true;
    }

    // The types of the columns follow from the digits of the dataset, so what does not fit are times.
    @Override
    protected Optional<Batch> lastRowDoesNotFit(Store open) {
        Schema schema = new Schema(List.of(Field.time("at"), Field.time("seen")), "at", List.of("at"));
        Series series = new Series(
                Subject.parse("BINANCE:SPOT_PAIR:BTC-USDT"), new Dataset("seen_events", schema, Cadence.events()));
        Instant first = Instant.parse("2024-01-01T00:00:00Z");
        return Optional.of(new BatchBuilder(series, 2)
                .row(first, first)
                .row(first.plusSeconds(1), Instant.parse("-0001-01-01T00:00:00Z"))
                .build());
    }
}
