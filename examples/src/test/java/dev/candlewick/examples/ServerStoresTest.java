package dev.candlewick.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.sink.clickhouse.testing.ClickHouseServer;
import dev.candlewick.sink.postgres.testing.PostgresServer;
import dev.candlewick.source.binance.simulator.BinanceSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands over stores behind a server, as a user types them one after the other (R14, R16). */
class ServerStoresTest {

    private static final String SERIES = " --series " + StoreOnTrial.BTC;
    private static final String RANGE = " " + StoreOnTrial.range("2023-02-01", "2023-05-01");

    @TempDir
    private Path directory;

    @Test
    void rowsGoFromTheVenueThroughBothServersAndStayTheSame() throws Exception {
        String postgres = "postgres:" + PostgresServer.shared().freshDatabase();
        String clickhouse = "clickhouse:" + ClickHouseServer.shared().freshDatabase();
        String parquet = "parquet:" + directory.resolve("store");
        try (BinanceSimulator venue = StoreOnTrial.openVenue()) {
            StoreOnTrial trial = new StoreOnTrial(venue, directory.resolve("store"));
            for (String store : List.of(parquet, postgres)) {
                done(trial, "backfill --from binance:spot --to " + store + SERIES + RANGE);
            }
            venue.requests().clear();
            done(trial, "backfill --from binance:spot --to " + postgres + SERIES + RANGE);
            done(trial, "copy --all --from " + postgres + " --to " + clickhouse);
            done(trial, "compare --all --left " + postgres + " --right " + clickhouse);
            done(trial, "compare --all --quick --left " + parquet + " --right " + clickhouse);
            assertThat(venue.requests().all()).as("no data twice").isEmpty();
            String rows = done(trial, "read --format csv --store " + parquet + SERIES + RANGE);
            String latest = done(trial, "latest --store " + parquet);
            assertThat(rows.lines()).hasSize(1 + (28 + 31 + 30) * 24);
            for (String store : List.of(postgres, clickhouse)) {
                assertThat(done(trial, "read --format csv --store " + store + SERIES + RANGE))
                        .isEqualTo(rows);
                assertThat(done(trial, "latest --store " + store)).isEqualTo(latest);
                assertThat(done(trial, "gaps --store " + store + SERIES + RANGE))
                        .isEqualTo("No gaps.\n");
                assertThat(done(trial, "status --store " + store)).contains(StoreOnTrial.BTC, "2,136", "none");
                assertThat(done(trial, "verify --store " + store)).contains("3 units, 2136 rows", "sound");
            }
        }
    }

    @Test
    void nothingIsFoundSoundInADatabaseWithoutAStore() throws Exception {
        String target = "parquet:" + directory.resolve("store");
        for (String store : List.of(
                "postgres:" + PostgresServer.shared().freshDatabase(),
                "clickhouse:" + ClickHouseServer.shared().freshDatabase())) {
            for (String line : List.of(
                    "verify --store " + store,
                    "status --store " + store,
                    "latest --store " + store,
                    "copy --all --from " + store + " --to " + target)) {
                Run run = Run.of(Map.of(), line.split(" "));
                assertThat(run.code()).as(line).isEqualTo(ExitCode.FAILED);
                assertThat(run.out()).as(line).isEmpty();
                assertThat(run.err()).as(line).contains("here is no ");
            }
        }
        assertThat(directory.resolve("store")).doesNotExist();
    }

    @Test
    void rowsWhoseLedgerIsLostAreNeverProvenSound() throws Exception {
        String url = PostgresServer.shared().freshDatabase();
        String store = "postgres:" + url;
        try (BinanceSimulator venue = StoreOnTrial.openVenue()) {
            StoreOnTrial trial = new StoreOnTrial(venue, directory.resolve("store"));
            done(trial, "backfill --from binance:spot --to " + store + SERIES + RANGE);
            PostgresServer.execute(url, "TRUNCATE candlewick.candlewick_ledger");
            Run verified = trial.run("verify --store " + store);
            assertThat(verified.code()).isEqualTo(ExitCode.FAILED);
            assertThat(verified.out()).contains("NOT sound", "ORPHAN", "candles_1h");
        }
    }

    @Test
    void aStorageCheckTriesAnyStoreAndLeavesNothing() throws Exception {
        for (String store : List.of(
                "parquet:" + directory.resolve("store"),
                "postgres:" + PostgresServer.shared().freshDatabase(),
                "clickhouse:" + ClickHouseServer.shared().freshDatabase())) {
            Run check = Run.of(Map.of(), "storage-check", store);
            assertThat(check.code()).as(check.out() + check.err()).isEqualTo(ExitCode.DONE);
            assertThat(check.out())
                    .containsPattern("write +[0-9.]+ m?s  5 rows committed")
                    .contains("5 rows, the same as were written", "nothing is left")
                    .doesNotContain("FAILED");
            Run kept = Run.of(Map.of(), "storage-check", "--keep", "--store", store);
            assertThat(kept.code()).isEqualTo(ExitCode.DONE);
            assertThat(Run.of(Map.of(), "status", "--store", store)
                            .out()
                            .lines()
                            .filter(line -> line.contains("CANDLEWICK:PROBE:")))
                    .hasSize(1);
        }
    }

    @Test
    void aStoreThatCannotBeUsedNamesTheStepAndWhatToDo() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "no directory");
        Path locked = Files.createDirectory(directory.resolve("locked"));
        String readOnly = PostgresServer.shared().freshDatabase();
        PostgresServer.execute(
                readOnly,
                "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on',"
                        + " current_database()); END $$");
        List<String> stores = new ArrayList<>(
                List.of("parquet:" + file, "postgres:jdbc:postgresql://127.0.0.1:1/nowhere", "postgres:" + readOnly));
        if (locked.toFile().setWritable(false) && !Files.isWritable(locked)) { // whoever is root may write everywhere
            stores.add("parquet:" + locked);
        }
        for (String store : stores) {
            Run check = Run.of(Map.of(), "storage-check", store);
            assertThat(check.code()).as(store).isEqualTo(ExitCode.FAILED);
            String said = check.out() + check.err();
            assertThat(said).as(store).doesNotContain("\tat ");
            assertThat(said.contains("NOT usable from here") || said.startsWith("candlewick: "))
                    .as(said)
                    .isTrue();
        }
    }

    private static String done(StoreOnTrial trial, String line) {
        Run run = trial.run(line);
        assertThat(run.code()).as(line + "\n" + run.out() + run.err()).isEqualTo(ExitCode.DONE);
        return run.out();
    }
}
