package dev.candlewick.sink.gcs;

import dev.candlewick.sink.gcp.testing.LocalCloudStorage;
import dev.candlewick.sink.parquet.objects.ObjectStorage;
import dev.candlewick.sink.parquet.testing.ObjectStorageContract;
import org.junit.jupiter.api.AfterEach;

/** The contract below a prefix of a bucket that has other things in it. */
class GcsStorageContractTest extends ObjectStorageContract {

    private final LocalCloudStorage server = LocalCloudStorage.start().bucket("lake");

    @Override
    protected ObjectStorage openStorage() {
        server.replace("lake", "other", new byte[1]);
        server.replace("lake", "prefix", new byte[1]);
        server.replace("lake", "prefix/of ours/", new byte[0]);
        server.replace("lake", "prefix/of ourselves", new byte[1]);
        return ImpatientStorages.of("lake/prefix/of ours/", server).build();
    }

    @AfterEach
    void end() {
        server.close();
    }
}
