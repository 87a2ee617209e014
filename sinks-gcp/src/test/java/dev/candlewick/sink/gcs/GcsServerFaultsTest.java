package dev.candlewick.sink.gcs;

import dev.candlewick.sink.gcp.testing.LocalCloudStorage;
import dev.candlewick.testkit.ServerFaultsContract;
import dev.candlewick.testkit.ServerTrials;
import dev.candlewick.testkit.StoreOpening;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The service freezes or goes away and comes back; writers are killed. */
class GcsServerFaultsTest extends ServerFaultsContract {

    private static final String PLACE = "lake/faults";

    private static LocalCloudStorage server;

    @BeforeAll
    static void begin() {
        server = LocalCloudStorage.start().bucket("lake");
    }

    @AfterAll
    static void end() {
        server.close();
    }

    /** The writer that is killed. */
    public static void main(String[] arguments) throws Exception {
        ServerTrials.write(ImpatientStores.of(arguments[4]), arguments);
    }

    @Override
    protected ServerTrials.Machine machine() {
        return new ServerTrials.Machine(server::address, server::pause, server::resume, server::kill, server::restart);
    }

    @Override
    protected StoreOpening opening() {
        return ImpatientStores.of(PLACE);
    }

    @Override
    protected Duration deadline() {
        return ImpatientStorages.DEADLINE;
    }

    @Override
    protected String[] arguments() {
        return new String[] {PLACE};
    }
}
