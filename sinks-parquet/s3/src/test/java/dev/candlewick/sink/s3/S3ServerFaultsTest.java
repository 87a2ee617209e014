package dev.candlewick.sink.s3;

import dev.candlewick.sink.parquet.testing.S3Server;
import dev.candlewick.testkit.ServerFaultsContract;
import dev.candlewick.testkit.ServerTrials;
import dev.candlewick.testkit.StoreOpening;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * The server freezes or dies and comes back on its files; writers are killed. s3proxy writes a file beside the object's and
 * renames it, so what it acknowledged is there after {@code kill -9}; that it survives a power failure is not known.
 */
class S3ServerFaultsTest extends ServerFaultsContract {

    private static S3Server server;
    private static String place;

    @BeforeAll
    static void begin() {
        server = S3Server.start();
        place = server.freshPlace();
    }

    @AfterAll
    static void end() {
        server.close();
    }

    /** The writer that is killed; arguments from the fifth on: place, access key, secret key. */
    public static void main(String[] arguments) throws Exception {
        ServerTrials.write(
                ImpatientStores.of(
                        arguments[4], Map.of("AWS_ACCESS_KEY_ID", arguments[5], "AWS_SECRET_ACCESS_KEY", arguments[6])),
                arguments);
    }

    @Override
    protected ServerTrials.Machine machine() {
        return new ServerTrials.Machine(
                () -> new InetSocketAddress(
                        server.endpoint().getHost(), server.endpoint().getPort()),
                server::pause,
                server::resume,
                server::kill,
                server::restart);
    }

    @Override
    protected StoreOpening opening() {
        return ImpatientStores.of(place, server.environment());
    }

    @Override
    protected Duration deadline() {
        return ImpatientStores.DEADLINE;
    }

    @Override
    protected String[] arguments() {
        Map<String, String> environment = server.environment();
        return new String[] {
            place,
            environment.getOrDefault("AWS_ACCESS_KEY_ID", ""),
            environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "")
        };
    }
}
