package dev.candlewick.sink.postgres;

import dev.candlewick.Batch;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.postgres.testing.PostgresServer;
import dev.candlewick.testkit.StoreContract;
import java.util.Optional;

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

    @Override
    protected Optional<Batch> lastRowDoesNotFit(Store open) {
        return Optional.of(Harm.text());
    }

    @Override
    protected boolean damageRows(Store open, Series series, TimeRange unit) {
        return Harm.damage(url, series, unit);
    }
}
