package dev.candlewick.sink.parquet.testing;

import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.parquet.ParquetStore;
import dev.candlewick.sink.parquet.objects.ObjectStorage;
import dev.candlewick.testkit.StoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** What every store must do, asked of a Parquet store on objects. */
class ObjectStoreContractTest extends StoreContract {

    @TempDir(factory = QuickDirectory.class)
    Path directory;

    @Override
    protected Store openStore() {
        return ParquetStore.on(ObjectStorage.inDirectory(directory));
    }

    @Override
    protected Store reopen(Store open) {
        open.close();
        return openStore();
    }

    @Override
    protected boolean damageRows(Store open, Series series, TimeRange unit) throws IOException {
        Path file;
        try (Stream<Path> paths = Files.walk(directory)) {
            file = paths.filter(path -> path.endsWith(series.cadence().unit().label(unit) + ".parquet"))
                    .findFirst()
                    .orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        return true;
    }
}
