package dev.candlewick.sink.gcp.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.JobStatistics.QueryStatistics;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.TableResult;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What queries read, what they may read, and in which pages they are answered. */
class BigQueryCostTest {
    private static final String FROM = " FROM market.candles_1m WHERE ";
    private static final String DAY = "open_time >= TIMESTAMP '2024-01-02' AND open_time < TIMESTAMP '2024-01-03'";

    private static BigQueryScene scene;

    @BeforeAll
    static void start() {
        scene = new BigQueryScene().withCandles();
        for (int day = 1; day <= 3; day++) {
            scene.load(BigQueryScene.minutes("BTC-USDT", day, 1000));
        }
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @Test
    void aQueryReadsThePartitionsThatItsFilterLeavesAndTheColumnsThatItNames() {
        assertThat(bytes("SELECT open_time" + FROM + DAY)).isEqualTo(1000 * 8);
        assertThat(bytes("SELECT open_time, close" + FROM + DAY)).isEqualTo(1000 * (8 + 16));
        assertThat(bytes("SELECT *" + FROM + DAY)).isEqualTo(1000 * (2 + 8 + 8 + 16 + 8));
        assertThat(bytes("SELECT trades" + FROM + "open_time = TIMESTAMP '2024-01-02 00:05:00'"))
                .isEqualTo(1000 * (8 + 8));
        assertThat(bytes("SELECT trades" + FROM + "DATE(open_time) <= DATE '2024-01-02'"))
                .isEqualTo(2000 * (8 + 8));
        assertThat(bytes("SELECT trades" + FROM + "open_time IN (TIMESTAMP '2024-01-01', TIMESTAMP '2024-01-03')"))
                .isEqualTo(2000 * (8 + 8));
        assertThat(bytes("SELECT trades" + FROM + "open_time > TIMESTAMP '2024-01-02 23:59:59'"))
                .isEqualTo(2000 * (8 + 8));
        assertThat(bytes("SELECT trades" + FROM + "open_time >= TIMESTAMP '2030-01-01'"))
                .isZero();
    }

    @Test
    void whatRunsReportsWhatTheDryRunSaid() {
        String sql = "SELECT code, MAX(close)" + FROM + DAY + " GROUP BY code";
        Job job = scene.script("cost", sql);
        QueryStatistics statistics = job.getStatistics();
        assertThat(statistics.getTotalBytesProcessed()).isEqualTo(bytes(sql));
        assertThat(statistics.getTotalBytesBilled()).isEqualTo(10 << 20);
        assertThat(scene.server.jobs(BigQueryJobKind.QUERY)).isPositive();
    }

    @Test
    void aQueryWithoutAFilterOnThePartitionsIsRefused() {
        String wanted =
                "Cannot query over table 'project-1.market.candles_1m' without a filter over column(s) 'open_time'"
                        + " that can be used for partition elimination";
        for (String sql : List.of(
                "SELECT COUNT(*) FROM market.candles_1m",
                "SELECT 1" + FROM + "code = 'a'",
                "SELECT 1" + FROM + "code = 'a' OR " + DAY,
                "SELECT 1" + FROM + "open_time >= (SELECT TIMESTAMP '2024-01-01')",
                "DELETE" + FROM + "code = 'a'",
                "UPDATE market.candles_1m SET trades = 1 WHERE code = 'a'")) {
            assertThat(refusal(QueryJobConfiguration.of(sql)).getMessage())
                    .as(sql)
                    .contains(wanted);
        }
        assertThat(scene.rows("SELECT COUNT(*)" + FROM + "(code = 'a' OR trades < 5) AND " + DAY))
                .containsExactly(List.of("5"));
    }

    @Test
    void aQueryThatWouldBeBilledForMoreThanItMayIsRefused() {
        QueryJobConfiguration.Builder query = QueryJobConfiguration.newBuilder("SELECT *" + FROM + DAY);
        assertThat(refusal(query.setMaximumBytesBilled((10L << 20) - 1).build()).getMessage())
                .contains("Query exceeded limit for bytes billed: 10485759. 10485760 or higher required.");
        assertThat(scene.rows(query.setMaximumBytesBilled(10L << 20).build())).hasSize(1000);
    }

    @Test
    void aLargeResultComesInPagesOfAnySize() throws InterruptedException {
        QueryJobConfiguration query = QueryJobConfiguration.of("SELECT trades" + FROM + DAY + " ORDER BY open_time");
        TableResult first = scene.client
                .create(JobInfo.newBuilder(query)
                        .setJobId(JobId.of(BigQueryScene.PROJECT, "pages"))
                        .build())
                .getQueryResults(com.google.cloud.bigquery.BigQuery.QueryResultsOption.pageSize(300));
        assertThat(first.getTotalRows()).isEqualTo(1000);
        assertThat(first.getValues()).hasSize(300);
        List<List<String>> all = BigQueryScene.texts(first);
        assertThat(all).hasSize(1000);
        assertThat(all.get(999)).containsExactly("999");
        assertThat(all).doesNotHaveDuplicates();
    }

    @Test
    void aTableIsListedWithoutAQuery() {
        assertThat(scene.client.listTableData(BigQueryScene.CANDLES).getTotalRows())
                .isEqualTo(3000);
        assertThat(scene.client.getTable(BigQueryScene.CANDLES).getNumRows()).isEqualTo(3000);
    }

    private static long bytes(String sql) {
        Job job = scene.client.create(
                JobInfo.of(QueryJobConfiguration.newBuilder(sql).setDryRun(true).build()));
        QueryStatistics statistics = job.getStatistics();
        return statistics.getTotalBytesProcessed();
    }

    private static BigQueryException refusal(QueryJobConfiguration query) {
        return catchThrowableOfType(BigQueryException.class, () -> scene.rows(query));
    }
}
