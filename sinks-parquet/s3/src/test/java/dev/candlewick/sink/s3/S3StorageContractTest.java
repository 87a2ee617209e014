package dev.candlewick.sink.s3;

import dev.candlewick.sink.parquet.objects.ObjectStorage;
import dev.candlewick.sink.parquet.testing.ObjectStorageContract;
import dev.candlewick.sink.parquet.testing.S3Server;

/** The contract in a bucket. */
class S3StorageContractTest extends ObjectStorageContract {

    @Override
    protected ObjectStorage openStorage() {
        return S3Places.builder(S3Server.shared()).pageSize(100).build();
    }

    @Override
    protected int moreThanAPage() {
        return 250;
    }
}
