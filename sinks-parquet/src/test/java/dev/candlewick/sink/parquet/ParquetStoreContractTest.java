package dev.candlewick.sink.parquet;

import dev.candlewick.Store;
import dev.candlewick.testkit.StoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** What every store must do, asked of this one. */
class ParquetStoreContractTest extends StoreContract {

    @TempDir(factory = QuickDirectory.class)
    Path directory;

    @Override
    protected Store openStore() {
        return ParquetStore.at(directory);
    }

    @Override
    protected Store reopen(Store open) {
        open.close();
        return openStore();
    }
}
