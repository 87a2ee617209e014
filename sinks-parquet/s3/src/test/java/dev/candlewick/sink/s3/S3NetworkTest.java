package dev.candlewick.sink.s3;

import dev.candlewick.Store;
import dev.candlewick.sink.parquet.testing.S3Server;
import dev.candlewick.testkit.ServerStoreContract;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;

/** The Parquet store in a bucket behind a network that fails. */
class S3NetworkTest extends ServerStoreContract {

    private static String place;

    @BeforeAll
    static void begin() {
        place = S3Server.shared().freshPlace();
    }

    @Override
    protected InetSocketAddress server() {
        URI endpoint = S3Server.shared().endpoint();
        return new InetSocketAddress(endpoint.getHost(), endpoint.getPort());
    }

    @Override
    protected Store open(String host, int port) throws Exception {
        return ImpatientStores.of(place, S3Server.shared().environment()).open(host, port);
    }

    @Override
    protected Duration deadline() {
        return ImpatientStores.DEADLINE;
    }
}
