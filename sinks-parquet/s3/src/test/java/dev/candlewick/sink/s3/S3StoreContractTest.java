package dev.candlewick.sink.s3;

import dev.candlewick.Store;
import dev.candlewick.sink.parquet.testing.S3Server;
import dev.candlewick.testkit.StoreContract;
import org.junit.jupiter.api.Tag;

/** The Parquet store in a bucket, opened by its address. */
@Tag("slow")
class S3StoreContractTest extends StoreContract {

    private final String place = S3Server.shared().freshPlace();

    @Override
    protected Store openStore() {
        return new S3StoreProvider().open(place, S3Server.shared().environment());
    }

    @Override
    protected Store reopen(Store open) {
        open.close();
        return openStore();
    }
}
