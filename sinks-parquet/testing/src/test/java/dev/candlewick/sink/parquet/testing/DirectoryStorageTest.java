package dev.candlewick.sink.parquet.testing;

import dev.candlewick.sink.parquet.objects.ObjectStorage;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** What every storage must do, asked of a directory. */
class DirectoryStorageTest extends ObjectStorageContract {

    @TempDir
    Path directory;

    @Override
    protected ObjectStorage openStorage() {
        return ObjectStorage.inDirectory(directory);
    }
}
