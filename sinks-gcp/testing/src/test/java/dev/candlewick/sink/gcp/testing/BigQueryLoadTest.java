package dev.candlewick.sink.gcp.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.FormatOptions;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.JobStatistics.LoadStatistics;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.TableDataWriteChannel;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.WriteChannelConfiguration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files on their way into tables. */
class BigQueryLoadTest {
    private static final String ALL = "SELECT COUNT(*) FROM market.candles_1m WHERE open_time IS NOT NULL";

    private static BigQueryScene scene;

    @BeforeAll
    static void start() {
        scene = new BigQueryScene().withCandles();
    }

    @AfterAll
    static void stop() {
        scene.close();
    }

    @BeforeEach
    void empty() {
        scene.rows("TRUNCATE TABLE market.candles_1m");
    }

    @Test
    void aFileInManyPiecesIsLoadedOnce() throws IOException, InterruptedException {
        Path file = BigQueryScene.parquet("SELECT uuid()::VARCHAR AS code,"
                + " make_timestamptz(2024, 1, 1, 0, 0, 0, 'UTC') + to_seconds(i) AS open_time,"
                + " CAST(i AS DECIMAL(20,8)) AS close, CAST(i AS BIGINT) AS trades FROM range(40000) t(i)");
        try (TableDataWriteChannel channel =
                scene.client.writer(scene.load(BigQueryScene.CANDLES).build())) {
            channel.setChunkSize(256 << 10);
            channel.write(ByteBuffer.wrap(Files.readAllBytes(file)));
            channel.close();
            Job job = channel.getJob().waitFor();
            assertThat(((LoadStatistics) job.getStatistics()).getOutputRows()).isEqualTo(40_000);
        }
        assertThat(Files.size(file)).isGreaterThan(4 * (256 << 10));
        assertThat(scene.rows(ALL)).containsExactly(List.of("40000"));
    }

    @Test
    void aRequiredColumnThatIsMissingFailsTheJobAndLoadsNothing() {
        assertThat(failure("SELECT 'a' AS code, CAST(1 AS BIGINT) AS trades"))
                .contains("Field open_time is missing in new schema");
    }

    @Test
    void anUnknownColumnFailsTheJobAndLoadsNothing() {
        assertThat(failure("SELECT 'a' AS code, now() AS open_time, 1 AS other"))
                .contains("Cannot add fields (field: other)");
    }

    @Test
    void aColumnOfAnotherTypeFailsTheJobAndLoadsNothing() {
        assertThat(failure("SELECT 'a' AS code, now() AS open_time, 'x' AS trades"))
                .contains("Field trades has changed type from INTEGER to STRING");
    }

    @Test
    void aDecimalThatDoesNotFitFailsTheJobAndLoadsNothing() {
        assertThat(failure("SELECT 'a' AS code, now() AS open_time, x AS close"
                        + " FROM (VALUES (1.000000001::DECIMAL(20,9)), (2.5::DECIMAL(20,9))) t(x)"))
                .contains("Invalid value 1.000000001 for column close");
        assertThat(failure("SELECT 'a' AS code, now() AS open_time, 1234567890123::DECIMAL(30,8) AS close"))
                .contains("for column close of the type NUMERIC(20, 8)");
    }

    @Test
    void aWiderDecimalWhoseValuesFitIsLoaded() {
        Job job = scene.load(BigQueryScene.parquet(
                "SELECT 'a' AS code, now() AS open_time, 123456789012.12345678::DECIMAL(38,18) AS close"));
        assertThat(job.getStatus().getError()).isNull();
        assertThat(scene.rows("SELECT close FROM market.candles_1m WHERE open_time IS NOT NULL"))
                .containsExactly(List.of("123456789012.12345678"));
    }

    @Test
    void nullInARequiredColumnFailsTheJobAndLoadsNothing() {
        assertThat(failure("SELECT x AS code, now() AS open_time FROM (VALUES ('a'), (NULL)) t(x)"))
                .contains("column code cannot be null");
    }

    @Test
    void whatIsNoParquetFailsTheJob() throws IOException {
        Path file = Files.createTempFile("no", ".parquet");
        Files.writeString(file, "code,open_time\na,2024-01-01\n");
        assertThat(failed(() -> scene.load(file))).contains("not in Parquet format");
    }

    @Test
    void anOptionalColumnMayNotBecomeARequiredOneUnlessTheJobSaysSo() {
        WriteChannelConfiguration without = WriteChannelConfiguration.newBuilder(BigQueryScene.CANDLES)
                .setFormatOptions(FormatOptions.parquet())
                .build();
        assertThat(failed(() -> scene.load(job(), without, BigQueryScene.minutes("a", 1, 1))))
                .contains("has changed mode from REQUIRED to NULLABLE");
    }

    @Test
    void aLoadMakesItsTableUnlessItIsToldNotTo() {
        TableId fresh = TableId.of(BigQueryScene.PROJECT, "market", "fresh");
        WriteChannelConfiguration never = WriteChannelConfiguration.newBuilder(fresh)
                .setFormatOptions(FormatOptions.parquet())
                .setCreateDisposition(JobInfo.CreateDisposition.CREATE_NEVER)
                .build();
        assertThat(failed(() -> scene.load(job(), never, BigQueryScene.minutes("a", 1, 1))))
                .contains("Not found: Table project-1:market.fresh");
        WriteChannelConfiguration derived = never.toBuilder()
                .setCreateDisposition(JobInfo.CreateDisposition.CREATE_IF_NEEDED)
                .build();
        scene.load(job(), derived, BigQueryScene.minutes("a", 1, 3));
        Schema schema = scene.client.getTable(fresh).getDefinition().getSchema();
        assertThat(schema.getFields().stream().map(field -> field.getName() + " " + field.getType()))
                .containsExactly("code STRING", "open_time TIMESTAMP", "close NUMERIC", "trades INTEGER");
        assertThat(scene.rows("SELECT COUNT(*) FROM market.fresh")).containsExactly(List.of("3"));
    }

    @Test
    void dispositionsDecideAboutRowsThatAreThere() {
        scene.load(BigQueryScene.minutes("a", 1, 10));
        assertThat(failed(() -> scene.load(
                        job(), with(JobInfo.WriteDisposition.WRITE_EMPTY), BigQueryScene.minutes("b", 1, 1))))
                .contains("Already Exists");
        scene.load(job(), with(JobInfo.WriteDisposition.WRITE_APPEND), BigQueryScene.minutes("b", 2, 5));
        assertThat(scene.rows(ALL)).containsExactly(List.of("15"));

        TableId day = TableId.of(BigQueryScene.PROJECT, "market", "candles_1m$20240102");
        WriteChannelConfiguration partition = scene.load(BigQueryScene.CANDLES)
                .setDestinationTable(day)
                .setWriteDisposition(JobInfo.WriteDisposition.WRITE_TRUNCATE)
                .build();
        scene.load(job(), partition, BigQueryScene.minutes("c", 2, 2));
        assertThat(scene.rows(ALL)).containsExactly(List.of("12"));
        assertThat(failed(() -> scene.load(job(), partition, BigQueryScene.minutes("c", 3, 2))))
                .contains("different partitions");

        scene.load(job(), with(JobInfo.WriteDisposition.WRITE_TRUNCATE), BigQueryScene.minutes("d", 1, 1));
        assertThat(scene.rows(ALL)).containsExactly(List.of("1"));
    }

    @Test
    void aJobIdIsGoodForOneJobEvenIfThatFails() {
        JobId id = JobId.of(BigQueryScene.PROJECT, "once");
        String first = failed(() ->
                scene.load(id, scene.load(BigQueryScene.CANDLES).build(), BigQueryScene.parquet("SELECT 1 AS other")));
        assertThat(first).contains("Cannot add fields");
        BigQueryException second = catchThrowableOfType(
                BigQueryException.class,
                () -> scene.load(id, scene.load(BigQueryScene.CANDLES).build(), BigQueryScene.minutes("a", 1, 1)));
        assertThat(second.getCode()).isEqualTo(409);
        assertThat(scene.client.getJob(id).getStatus().getError().getMessage()).contains("Cannot add fields");
        assertThat(scene.rows(ALL)).containsExactly(List.of("0"));
    }

    private static JobId job() {
        return JobId.of(BigQueryScene.PROJECT, java.util.UUID.randomUUID().toString());
    }

    private static WriteChannelConfiguration with(JobInfo.WriteDisposition disposition) {
        return scene.load(BigQueryScene.CANDLES)
                .setWriteDisposition(disposition)
                .build();
    }

    private interface Load {
        Job run();
    }

    /** The message of a failed job, however the client tells of it. */
    private static String failed(Load load) {
        try {
            return load.run().getStatus().getError().getMessage();
        } catch (BigQueryException e) {
            return e.getMessage();
        }
    }

    private static String failure(String select) {
        String message = failed(() -> scene.load(BigQueryScene.parquet(select)));
        assertThat(scene.rows(ALL)).containsExactly(List.of("0"));
        return message;
    }
}
