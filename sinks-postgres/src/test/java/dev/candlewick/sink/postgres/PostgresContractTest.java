package dev.candlewick.sink.postgres;

import dev.candlewick.Store;
import dev.candlewick.sink.postgres.testing.PostgresServer;
import dev.candlewick.testkit.StoreContract;

/** The contract on a table per dataset. */
class PostgresContractTest extends StoreContract {

    private final String url = PostgresServer.shared().freshDatabase();

    @Override
    protected Store openStore() {
        return PostgresStore.at(url);
    }

    @Override
    protected Store reopen(Store open) {
        open.close();
        return openStore();
    }
}
