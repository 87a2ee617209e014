package dev.candlewick.sink.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.candlewick.MarketDataException;
import dev.candlewick.Store;
import dev.candlewick.Unavailable;
import dev.candlewick.sink.postgres.testing.PostgresServer;
import dev.candlewick.testkit.ServerFaultsContract;
import dev.candlewick.testkit.ServerTrials;
import dev.candlewick.testkit.StoreOpening;
import dev.candlewick.testkit.UnitTrial;
import dev.candlewick.testkit.UnitTrial.Change;
import dev.candlewick.testkit.UnitTrial.Told;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The PostgreSQL server freezes, dies, runs out of disk or ends connections; writers are killed. */
class PostgresServerFaultsTest extends ServerFaultsContract {

    private static PostgresServer server;
    private static String database;

    @TempDir
    Path directory;

    @BeforeAll
    static void begin() {
        server = PostgresServer.start();
        database = server.freshDatabase();
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
        return new ServerTrials.Machine(
                () -> new InetSocketAddress("localhost", server.port()),
                server::pause,
                server::resume,
                server::kill,
                server::restart);
    }

    @Override
    protected StoreOpening opening() {
        return ImpatientStores.of(database);
    }

    @Override
    protected Duration deadline() {
        return ImpatientStores.DEADLINE;
    }

    @Override
    protected String[] arguments() {
        return new String[] {database};
    }

    @Test
    void connectionsThatTheAdministratorEndsCostNothingButAnotherRun() throws Exception {
        Random random = new Random(SEED);
        int ended = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            UnitTrial unit = UnitTrial.of(Change.values()[trial % Change.values().length], "ENDED" + trial + "-USDT");
            try (Store store = open()) {
                unit.prepare(store);
                AtomicBoolean done = new AtomicBoolean();
                int pause = random.nextInt(30);
                Thread administrator = new Thread(() -> {
                    for (int i = 0; i < 2 && !done.get(); i++) {
                        try {
                            TimeUnit.MILLISECONDS.sleep(pause);
                        } catch (InterruptedException over) {
                            return;
                        }
                        server.execute("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                                + " WHERE application_name = 'candlewick'");
                    }
                });
                administrator.start();
                Told told = Told.DONE;
                try {
                    unit.write(store);
                } catch (MarketDataException failed) {
                    told = failed instanceof Unavailable ? Told.FAILED : Told.NOTHING;
                    ended++;
                }
                done.set(true);
                administrator.join();
                assertThat(unit.problemsLeft(afresh(unit, store), told))
                        .as("trial %d", trial)
                        .isEmpty();
                assertThat(unit.problemsAfterRunningAgain(store))
                        .as("trial %d", trial)
                        .isEmpty();
            }
        }
        assertThat(ended).as("writes that the administrator hit").isPositive();
    }

    @Test
    void aFullDiskOfTheServerIsSaidAndLeavesTheOldRows() throws Exception {
        assumeThat(mount(directory))
                .as("a small file system can be mounted here: needs root")
                .isTrue();
        try {
            Path folder = Files.createDirectory(directory.resolve("tablespace"));
            own(folder);
            server.execute("CREATE TABLESPACE small LOCATION '" + folder + "'");
            server.execute("CREATE DATABASE small TABLESPACE small");
            String small = database.replaceFirst("/[^/?]+(?=\\?|$)", "/small");
            List<UnitTrial> written = new ArrayList<>();
            try (Store store = ImpatientStores.of(small).open("localhost", server.port())) {
                UnitTrial refused = UnitTrial.of(Change.FIRST, "FULL0-USDT");
                MarketDataException full = null;
                for (int i = 0; full == null && i < 2_000; i++) {
                    refused = UnitTrial.of(Change.FIRST, "FULL" + i + "-USDT");
                    try {
                        refused.write(store);
                        written.add(refused);
                    } catch (MarketDataException failed) {
                        full = failed;
                    }
                }
                assertThat(full).isInstanceOf(Unavailable.class).hasMessageContaining("disk is full");
                for (UnitTrial unit : written) {
                    assertThat(unit.problemsLeft(store, Told.DONE)).isEmpty();
                }
                assertThat(refused.problemsLeft(store, Told.FAILED)).isEmpty();
                UnitTrial again = refused;
                assertThatThrownBy(() -> again.write(store)).isInstanceOf(Unavailable.class);
                run("mount", "-o", "remount,size=64m", directory.toString());
                assertThat(refused.problemsAfterRunningAgain(store)).isEmpty();
            }
            server.execute("DROP DATABASE small WITH (FORCE)");
            server.execute("DROP TABLESPACE small");
        } finally {
            run("umount", "-l", directory.toString());
        }
    }

    // The administrator may just have ended the connection that the store has kept; the next call makes another one.
    private static Store afresh(UnitTrial unit, Store store) {
        try {
            store.ledger(unit.series(), unit.range());
        } catch (Unavailable ended) {
            store.ledger(unit.series(), unit.range());
        }
        return store;
    }

    private static Store open() throws Exception {
        return ImpatientStores.of(database).open("localhost", server.port());
    }

    private static boolean mount(Path directory) throws Exception {
        return run("mount", "-t", "tmpfs", "-o", "size=16m", "candlewick", directory.toString());
    }

    // The server runs as whoever owns its process, which is not root.
    private static void own(Path folder) throws Exception {
        String uid = Files.readAllLines(Path.of("/proc/" + server.pid() + "/status")).stream()
                .filter(line -> line.startsWith("Uid:"))
                .findFirst()
                .orElseThrow()
                .split("\\s+")[1];
        run("chown", "-R", uid, folder.toString());
        run("chmod", "a+rx", folder.getParent().toString());
    }

    private static boolean run(String... command) throws Exception {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }
}
