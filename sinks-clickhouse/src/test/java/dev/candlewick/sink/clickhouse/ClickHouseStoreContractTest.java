package dev.candlewick.sink.clickhouse;

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
import dev.candlewick.sink.clickhouse.testing.ClickHouseServer;
import dev.candlewick.testkit.StoreContract;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

class ClickHouseStoreContractTest extends StoreContract {

    private String database = "";

    @Override
    protected Store openStore() {
        database = ClickHouseServer.shared().freshDatabase();
        return ClickHouseStore.at(database);
    }

    @Override
    protected Store reopen(Store open) {
        open.close();
        return ClickHouseStore.at(database);
    }

    @Override
    protected boolean damageRows(Store open, Series series, TimeRange unit) {
        execute("ALTER TABLE %s.candles_1m_rows UPDATE close = close + 1 WHERE open_time = (SELECT min(open_time) FROM"
                + " %s.candles_1m WHERE toUnixTimestamp64Micro(open_time) >= " + unit.startMicros()
                + ") SETTINGS mutations_sync = 2");
        return true;
    }

    // A table with fewer digits is refused as a whole; what a table of the right shape cannot hold are far times.
    @Override
    protected Optional<Batch> lastRowDoesNotFit(Store open) {
        Schema schema = new Schema(List.of(Field.time("at"), Field.time("seen")), "at", List.of("at"));
        Series series = new Series(
                Subject.parse("BINANCE:SPOT_PAIR:BTC-USDT"), new Dataset("seen_events", schema, Cadence.events()));
        Instant first = Instant.parse("2024-01-01T00:00:00Z");
        return Optional.of(new BatchBuilder(series, 2)
                .row(first, first)
                .row(first.plusSeconds(1), Instant.parse("2300-01-01T00:00:00Z"))
                .build());
    }

    private void execute(String statement) {
        String name = database.substring(database.lastIndexOf('/') + 1);
        ClickHouseServer.shared().execute(statement.replace("%s", name));
    }
}
