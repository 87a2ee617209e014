package dev.candlewick.sink.gcp.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.QueryJobConfiguration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The server's faults, as Google's client meets them. */
@Tag("slow")
class BigQueryFaultsTest {
    private static final String ALL = "SELECT COUNT(*) FROM market.candles_1m WHERE open_time IS NOT NULL";

    private BigQueryScene scene;

    @BeforeEach
    void start() {
        scene = new BigQueryScene().withCandles();
    }

    @AfterEach
    void stop() {
        scene.close();
    }

    @Test
    void theClientAsksAgainAfter503() {
        scene.server.faults().next(2).requests(BigQueryCall.TABLE_GET).answer(503);
        assertThat(scene.client.getTable(BigQueryScene.CANDLES)).isNotNull();
        assertThat(scene.server.requests(BigQueryCall.TABLE_GET)).isEqualTo(3);
        assertThat(scene.server.faults().waiting()).isZero();
    }

    @Test
    void aLostAnswerToAnInsertLeavesTheJobThere() throws InterruptedException {
        scene.server.faults().next().requests(BigQueryCall.JOB_INSERT).loseAnswer();
        JobId id = JobId.of(BigQueryScene.PROJECT, "lost");
        QueryJobConfiguration insert = QueryJobConfiguration.of(
                "INSERT INTO market.candles_1m (code, open_time) VALUES ('a', TIMESTAMP '2024-01-01')");
        try {
            scene.client.create(JobInfo.of(id, insert)).waitFor();
        } catch (BigQueryException e) {
            assertThat(scene.client.getJob(id).waitFor().getStatus().getError()).isNull();
        }
        assertThat(scene.server.jobs(BigQueryJobKind.QUERY)).isEqualTo(1);
        assertThat(scene.rows(ALL)).containsExactly(List.of("1"));
    }

    @Test
    void aLostAnswerToTheLastPieceOfAnUploadLoadsOnce() {
        scene.server.faults().next().requests(BigQueryCall.UPLOAD_CONTENT).loseAnswer();
        JobId id = JobId.of(BigQueryScene.PROJECT, "upload");
        Path file = BigQueryScene.minutes("a", 1, 100);
        try {
            scene.load(id, scene.load(BigQueryScene.CANDLES).build(), file);
        } catch (BigQueryException e) {
            assertThat(scene.client.getJob(id)).isNotNull();
        }
        assertThat(scene.server.jobs(BigQueryJobKind.LOAD)).isEqualTo(1);
        assertThat(scene.rows(ALL)).containsExactly(List.of("100"));
    }

    @Test
    void anUploadThatIsCutIsNoJob() {
        scene.server.faults().next(100).requests(BigQueryCall.UPLOAD_CONTENT).cutRequestAfter(500);
        JobId id = JobId.of(BigQueryScene.PROJECT, "cut");
        assertThatThrownBy(() ->
                        scene.load(id, scene.load(BigQueryScene.CANDLES).build(), BigQueryScene.minutes("a", 1, 100)))
                .isInstanceOf(BigQueryException.class);
        scene.server.faults().clear();
        assertThat(scene.client.getJob(id)).isNull();
        assertThat(scene.server.jobs(BigQueryJobKind.LOAD)).isZero();
    }

    @Test
    void anAnswerThatIsCutIsNotTakenForAWholeOne() {
        scene.load(BigQueryScene.minutes("a", 1, 1000));
        scene.server
                .faults()
                .next()
                .requests(
                        request -> request.call() == BigQueryCall.QUERY || request.call() == BigQueryCall.QUERY_RESULTS)
                .cutAnswerAfter(2_000);
        try {
            assertThat(scene.rows("SELECT trades FROM market.candles_1m WHERE open_time IS NOT NULL"))
                    .hasSize(1000);
        } catch (BigQueryException e) {
            assertThat(e.getCause()).isNotNull();
        }
        assertThat(scene.server.faults().waiting()).isZero();
    }

    @Test
    void aJobMayStayRunningAndItsStateMayBeKeptBack() throws InterruptedException {
        scene.server.faults().next().jobs(BigQueryJobKind.SCRIPT).stayRunning(Duration.ofSeconds(4));
        JobId id = JobId.of(BigQueryScene.PROJECT, "slow");
        Job slow = scene.client.create(JobInfo.of(
                id,
                QueryJobConfiguration.of("BEGIN TRANSACTION; INSERT INTO market.candles_1m (code, open_time)"
                        + " VALUES ('a', TIMESTAMP '2024-01-01'); COMMIT TRANSACTION;")));
        assertThat(slow.isDone()).isFalse();
        assertThat(scene.rows(ALL)).containsExactly(List.of("0"));
        scene.server.faults().next(3).requests(BigQueryCall.JOB_GET).answer(503);
        assertThat(slow.waitFor().getStatus().getError()).isNull();
        assertThat(scene.rows(ALL)).containsExactly(List.of("1"));

        scene.server.faults().next().jobs(BigQueryJobKind.QUERY).finishLate(Duration.ofSeconds(4));
        Job late = scene.client.create(
                JobInfo.of(QueryJobConfiguration.of("DELETE FROM market.candles_1m WHERE open_time IS NOT NULL")));
        assertThat(late.isDone()).isFalse();
        assertThat(scene.client.listTableData(BigQueryScene.CANDLES).getTotalRows())
                .isZero();
    }

    @Test
    void aCancelledJobChangesNothing() throws InterruptedException {
        scene.server.faults().next().jobs(BigQueryJobKind.QUERY).stayRunning(Duration.ofMinutes(5));
        Job job = scene.client.create(JobInfo.of(QueryJobConfiguration.of(
                "INSERT INTO market.candles_1m (code, open_time) VALUES ('a', TIMESTAMP '2024-01-01')")));
        assertThat(job.cancel()).isTrue();
        assertThat(catchThrowableOfType(BigQueryException.class, job::waitFor).getMessage())
                .contains("cancelled");
        assertThat(scene.rows(ALL)).containsExactly(List.of("0"));
    }

    @Test
    void aJobMayFailWithAReasonOfTheService() {
        scene.server.faults().next().jobs(BigQueryJobKind.LOAD).fail("quotaExceeded", "Quota exceeded: today");
        assertThat(failed()).contains("Quota exceeded: today");
        scene.server
                .faults()
                .next()
                .requests(BigQueryCall.DATASET_GET)
                .answer(403, "accessDenied", "Access Denied: Dataset project-1:market");
        BigQueryException denied =
                catchThrowableOfType(BigQueryException.class, () -> scene.client.getDataset("market"));
        assertThat(denied.getCode()).isEqualTo(403);
        assertThat(denied.getError().getReason()).isEqualTo("accessDenied");
    }

    @Test
    void aTableTakesAsManyLoadsADayAsItsQuotaSays() {
        scene.server.quotas().tableModificationsPerDay(2);
        scene.load(BigQueryScene.minutes("a", 1, 1));
        scene.load(BigQueryScene.minutes("b", 1, 1));
        assertThat(failed()).contains("Quota exceeded: Your table exceeded quota for imports");
        scene.rows("INSERT INTO market.candles_1m (code, open_time) VALUES ('dml', TIMESTAMP '2024-01-01')");
        assertThat(scene.rows(ALL)).containsExactly(List.of("3"));
        assertThat(scene.server.quotas().tableModifications("project-1:market.candles_1m"))
                .isEqualTo(3);
        assertThat(scene.server.quotas().loadJobs(BigQueryScene.PROJECT)).isEqualTo(3);
    }

    private String failed() {
        try {
            return scene.load(BigQueryScene.minutes("z", 1, 1))
                    .getStatus()
                    .getError()
                    .getMessage();
        } catch (BigQueryException e) {
            return e.getMessage();
        }
    }
}
