package dev.candlewick.sink.postgres;

import dev.candlewick.Store;
import dev.candlewick.sink.postgres.testing.PostgresServer;
import dev.candlewick.testkit.StoreContract;

/** The contract on tables with a partition per month. */
class PartitionedContractTest extends StoreContract {

    private final String url = PostgresServer.shared().freshDatabase();

    @Override
    protected Store openStore() {
        return PostgresStore.builder(url).partitioning(Partitioning.MONTHLY).build();
    }

    @Override
    protected Store reopen(Store open) {
        open.close();
        return openStore();
    }
}
