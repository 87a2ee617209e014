package dev.candlewick.sink.gcp.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.JobId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Scripts that change tables at the same time. */
class BigQueryTransactionTest {
    private BigQueryScene scene;

    @BeforeEach
    void start() {
        scene = new BigQueryScene();
        scene.client.create(DatasetInfo.of("d"));
        scene.rows("CREATE TABLE d.t (k INT64, v INT64)");
        scene.rows("CREATE TABLE d.other (k INT64, v INT64)");
        scene.rows("INSERT INTO d.t VALUES (1, 1), (2, 2)");
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    /** Another transaction that has changed a table and goes no further until it is told to. */
    private final class Rival implements AutoCloseable {
        private final TableLocks locks = scene.server.warehouse().locks();
        private final TableLocks.Holder holder = locks.begin("rival");
        private final Connection connection = scene.server.warehouse().connect();

        Rival() throws SQLException {
            Warehouse.run(connection, "BEGIN TRANSACTION");
            locks.mutate(holder, new TableName(BigQueryScene.PROJECT, "d", "t"));
            Warehouse.run(connection, "UPDATE \"project-1:d\".t SET v = 100 WHERE k = 1");
        }

        void commit() throws SQLException {
            Warehouse.run(connection, "COMMIT");
            locks.committed(holder);
        }

        @Override
        public void close() throws SQLException {
            connection.close();
            locks.release(holder);
        }
    }

    @Test
    void theSecondTransactionThatChangesATableIsAborted() throws SQLException {
        try (Rival rival = new Rival()) {
            BigQueryException aborted = refusal("""
                    BEGIN TRANSACTION;
                    INSERT INTO d.other VALUES (1, 1);
                    DELETE FROM d.t WHERE k = 2;
                    COMMIT TRANSACTION;
                    """);
            assertThat(aborted.getMessage())
                    .contains(
                            "Transaction is aborted due to concurrent update against table project-1:d.t. Transaction ID: ")
                    .contains(" at [3:1]");
            assertThat(aborted.getError().getReason()).isEqualTo("invalidQuery");
            rival.commit();
        }
        assertThat(scene.rows("SELECT k, v FROM d.t ORDER BY k").toString()).isEqualTo("[[1, 100], [2, 2]]");
        assertThat(scene.rows("SELECT COUNT(*) FROM d.other")).containsExactly(List.of("0"));
    }

    @Test
    void aTransactionMayInsertWhereAnotherChanges() throws SQLException {
        try (Rival rival = new Rival()) {
            scene.script("insert", "BEGIN TRANSACTION; INSERT INTO d.t VALUES (3, 3); COMMIT TRANSACTION;");
            rival.commit();
        }
        assertThat(scene.rows("SELECT k, v FROM d.t ORDER BY k").toString()).isEqualTo("[[1, 100], [2, 2], [3, 3]]");
    }

    @Test
    void aStatementOfItsOwnWaitsForTheTransaction() throws Exception {
        CompletableFuture<List<List<String>>> statement;
        try (Rival rival = new Rival()) {
            CountDownLatch sent = new CountDownLatch(1);
            statement = CompletableFuture.supplyAsync(() -> {
                sent.countDown();
                return scene.rows("UPDATE d.t SET v = v + 1 WHERE k = 1");
            });
            sent.await();
            TimeUnit.MILLISECONDS.sleep(500);
            assertThat(statement).isNotDone();
            rival.commit();
        }
        statement.get(30, TimeUnit.SECONDS);
        assertThat(scene.rows("SELECT v FROM d.t WHERE k = 1")).containsExactly(List.of("101"));
    }

    @Test
    void aTransactionSeesItsSnapshotAndItsOwnChanges() {
        scene.script("snapshot", """
                DECLARE before INT64;
                BEGIN TRANSACTION;
                INSERT INTO d.t VALUES (7, 7);
                SET before = (SELECT COUNT(*) FROM d.t);
                DELETE FROM d.t WHERE k = 7;
                INSERT INTO d.other SELECT before, COUNT(*) FROM d.t;
                COMMIT TRANSACTION;
                """);
        assertThat(scene.rows("SELECT k, v FROM d.other")).containsExactly(List.of("3", "2"));
    }

    @Test
    void whatIsNotCommittedIsGone() {
        scene.script("forgotten", "BEGIN TRANSACTION; DELETE FROM d.t WHERE TRUE;");
        scene.script("rolledback", "BEGIN TRANSACTION; DELETE FROM d.t WHERE TRUE; ROLLBACK TRANSACTION;");
        assertThat(refusal("BEGIN TRANSACTION; DELETE FROM d.t WHERE TRUE; SELECT ERROR('no'); COMMIT TRANSACTION;")
                        .getMessage())
                .contains("no");
        assertThat(scene.rows("SELECT COUNT(*) FROM d.t")).containsExactly(List.of("2"));
    }

    @Test
    void aHandlerMayRollBackAndSayWhatItFound() {
        assertThat(scene.client
                        .getJob(scene.script("handled", """
                                BEGIN
                                  BEGIN TRANSACTION;
                                  UPDATE d.t SET v = 0 WHERE TRUE;
                                  ASSERT (SELECT SUM(v) FROM d.t) > 0 AS 'nothing left';
                                  COMMIT TRANSACTION;
                                EXCEPTION WHEN ERROR THEN
                                  ROLLBACK TRANSACTION;
                                  INSERT INTO d.other VALUES (1, 1);
                                END;
                                """).getJobId())
                        .getStatus()
                        .getError())
                .isNull();
        assertThat(scene.rows("SELECT SUM(v) FROM d.t")).containsExactly(List.of("3"));
        assertThat(scene.rows("SELECT COUNT(*) FROM d.other")).containsExactly(List.of("1"));
    }

    @Test
    void tablesAreNotMadeInsideATransaction() {
        assertThat(refusal("BEGIN TRANSACTION; CREATE TABLE d.x (a INT64); COMMIT TRANSACTION;")
                        .getMessage())
                .contains("not supported in a transaction");
    }

    @Test
    void manyWritersLoseNoChangeAndDoNoneTwice() throws Exception {
        int writers = 4;
        int each = 6;
        List<CompletableFuture<Integer>> all = java.util.stream.IntStream.range(0, writers)
                .mapToObj(writer -> CompletableFuture.supplyAsync(() -> {
                    int committed = 0;
                    for (int i = 0; committed < each; i++) {
                        try {
                            scene.script(
                                    "w" + writer + "-" + i,
                                    "BEGIN TRANSACTION; UPDATE d.t SET v = v + 1 WHERE k = 1; COMMIT TRANSACTION;");
                            committed++;
                        } catch (BigQueryException e) {
                            assertThat(e.getMessage()).contains("Transaction is aborted due to concurrent update");
                            assertThat(scene.client.getJob(JobId.of(BigQueryScene.PROJECT, "w" + writer + "-" + i)))
                                    .isNotNull();
                        }
                    }
                    return committed;
                }))
                .toList();
        for (CompletableFuture<Integer> one : all) {
            one.get(60, TimeUnit.SECONDS);
        }
        assertThat(scene.rows("SELECT v FROM d.t WHERE k = 1"))
                .containsExactly(List.of(String.valueOf(1 + writers * each)));
    }

    private BigQueryException refusal(String sql) {
        return catchThrowableOfType(
                BigQueryException.class,
                () -> scene.script(java.util.UUID.randomUUID().toString(), sql));
    }
}
