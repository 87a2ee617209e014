package dev.candlewick.sink.gcp.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobStatistics;
import org.junit.jupiter.api.Test;

/** What Google's own client finds when it talks to the local server. */
class LocalBigQueryTest {
    @Test
    void aLoadedFileIsThereForAQuery() {
        try (BigQueryScene scene = new BigQueryScene().withCandles()) {
            Job job = scene.load(BigQueryScene.minutes("BTC-USDT", 1, 1440));

            assertThat(job.getStatus().getError()).isNull();
            JobStatistics.LoadStatistics statistics = job.getStatistics();
            assertThat(statistics.getOutputRows()).isEqualTo(1440);
            assertThat(
                            scene.rows(
                                    "SELECT COUNT(*), MIN(close), MAX(trades) FROM market.candles_1m"
                                            + " WHERE open_time >= TIMESTAMP '2024-01-01' AND open_time < TIMESTAMP '2024-01-02 00:00:00+00'"))
                    .containsExactly(java.util.List.of("1440", "100", "1439"));
        }
    }

    @Test
    void aScriptCommitsAllOrNothing() {
        try (BigQueryScene scene = new BigQueryScene().withCandles()) {
            scene.load(BigQueryScene.minutes("BTC-USDT", 1, 10));
            Job job = scene.script("s1", """
                    DECLARE n INT64;
                    BEGIN TRANSACTION;
                    SET n = (SELECT COUNT(*) FROM `project-1.market.candles_1m` WHERE open_time >= TIMESTAMP '2024-01-01');
                    IF n <> 10 THEN RAISE USING MESSAGE = CONCAT('found ', CAST(n AS STRING)); END IF;
                    DELETE FROM market.candles_1m WHERE open_time BETWEEN TIMESTAMP '2024-01-01' AND TIMESTAMP '2024-01-01 00:04:00';
                    INSERT INTO market.candles_1m (code, open_time, close, trades)
                      VALUES ('X', TIMESTAMP '2024-01-03', NUMERIC '1.5', 7);
                    COMMIT TRANSACTION;
                    """);
            assertThat(job.getStatus().getError()).isNull();
            assertThat(scene.rows("SELECT COUNT(*) FROM market.candles_1m WHERE open_time IS NOT NULL"))
                    .containsExactly(java.util.List.of("6"));

            com.google.cloud.bigquery.BigQueryException failure = org.assertj.core.api.Assertions.catchThrowableOfType(
                    com.google.cloud.bigquery.BigQueryException.class, () -> scene.script("s2", """
                            BEGIN TRANSACTION;
                            DELETE FROM market.candles_1m WHERE open_time > TIMESTAMP '2000-01-01';
                            ASSERT (SELECT COUNT(*) FROM market.candles_1m WHERE open_time > TIMESTAMP '2000-01-01') = 6 AS 'rows are gone';
                            COMMIT TRANSACTION;
                            """));
            assertThat(failure).hasMessageContaining("rows are gone");
            assertThat(scene.rows("SELECT COUNT(*) FROM market.candles_1m WHERE open_time IS NOT NULL"))
                    .containsExactly(java.util.List.of("6"));
        }
    }
}
