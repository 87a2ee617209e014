package dev.candlewick.sink.gcp.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What outlives what: tables and jobs the server, nothing its own expiry. */
class BigQueryRestartTest {
    @TempDir
    Path directory;

    @Test
    void tablesRowsAndJobIdsOutliveTheServer() {
        JobId id = JobId.of(BigQueryScene.PROJECT, "before");
        try (BigQueryScene scene =
                new BigQueryScene(LocalBigQuery.builder().directory(directory).start())) {
            scene.withCandles();
            scene.load(id, scene.load(BigQueryScene.CANDLES).build(), BigQueryScene.minutes("a", 1, 7));
        }
        try (BigQueryScene scene =
                new BigQueryScene(LocalBigQuery.builder().directory(directory).start())) {
            assertThat(scene.rows("SELECT COUNT(*) FROM market.candles_1m WHERE open_time IS NOT NULL"))
                    .containsExactly(List.of("7"));
            Job job = scene.client.getJob(id);
            assertThat(job.getStatus().getState().name()).isEqualTo("DONE");
            assertThat(scene.client.getTable(BigQueryScene.CANDLES).getRequirePartitionFilter())
                    .isTrue();
        }
    }

    @Test
    void aPauseIsARefusedConnectionAndThenAllGoesOn() {
        try (BigQueryScene scene = new BigQueryScene()) {
            scene.client.create(DatasetInfo.of("d"));
            scene.server.pause();
            Thread later = new Thread(() -> {
                try {
                    TimeUnit.MILLISECONDS.sleep(700);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                scene.server.resume();
            });
            later.start();
            try {
                scene.client.getDataset("d");
            } catch (BigQueryException e) {
                assertThat(e.getCause()).isInstanceOf(IOException.class);
            }
            join(later);
            assertThat(scene.client.getDataset("d")).isNotNull();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void itRunsAsAProcessOfItsOwn() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LocalBigQuery.class.getName(),
                        "0",
                        directory.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String endpoint = out.readLine();
            BigQuery client = BigQueryOptions.newBuilder()
                    .setHost(endpoint)
                    .setProjectId(BigQueryScene.PROJECT)
                    .setCredentials(NoCredentials.getInstance())
                    .build()
                    .getService();
            client.create(DatasetInfo.of("d"));
            List<String> datasets = new ArrayList<>();
            client.listDatasets()
                    .iterateAll()
                    .forEach(found -> datasets.add(found.getDatasetId().getDataset()));
            assertThat(datasets).containsExactly("d");
            process.getOutputStream().close();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void tablesAndPartitionsGoWhenTheirTimeIsOver() {
        MovableTime time = new MovableTime();
        try (BigQueryScene scene =
                new BigQueryScene(LocalBigQuery.builder().clock(time).start())) {
            scene.withCandles();
            TableId staging = TableId.of(BigQueryScene.PROJECT, "market", "staging");
            scene.client.create(TableInfo.newBuilder(staging, BigQueryScene.candles())
                    .setExpirationTime(time.now.plus(Duration.ofHours(1)).toEpochMilli())
                    .build());
            scene.rows("CREATE TABLE market.short (minute TIMESTAMP) PARTITION BY DATE(minute)"
                    + " OPTIONS (partition_expiration_days = 2)");
            scene.rows("INSERT INTO market.short VALUES (TIMESTAMP '2024-01-09'), (TIMESTAMP '2024-01-10')");
            assertThat(scene.client.getTable(staging)).isNotNull();

            time.now = time.now.plus(Duration.ofHours(24));
            assertThat(scene.client.getTable(staging)).isNull();
            assertThat(scene.rows("SELECT COUNT(*) FROM market.short")).containsExactly(List.of("1"));
        }
    }

    private static final class MovableTime extends Clock {
        private volatile Instant now = Instant.parse("2024-01-10T12:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return Clock.fixed(now, zone);
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
