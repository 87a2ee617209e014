package dev.candlewick.sink.clickhouse;

import dev.candlewick.Store;
import dev.candlewick.sink.clickhouse.testing.ClickHouseServer;
import dev.candlewick.testkit.StoreContract;

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
}
