package dev.candlewick.sink.gcp.testing;

import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.Clustering;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.FormatOptions;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TableDataWriteChannel;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.TableResult;
import com.google.cloud.bigquery.TimePartitioning;
import com.google.cloud.bigquery.WriteChannelConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A server and Google's client for it, with a table of candles and files to load. */
final class BigQueryScene implements AutoCloseable {
    static final String PROJECT = "project-1";
    static final TableId CANDLES = TableId.of(PROJECT, "market", "candles_1m");

    final LocalBigQuery server;
    final BigQuery client;

    BigQueryScene() {
        this(LocalBigQuery.start());
    }

    BigQueryScene(LocalBigQuery server) {
        this.server = server;
        this.client = client(server);
    }

    static BigQuery client(LocalBigQuery server) {
        return BigQueryOptions.newBuilder()
                .setHost(server.endpoint().toString())
                .setProjectId(PROJECT)
                .setCredentials(NoCredentials.getInstance())
                .build()
                .getService();
    }

    /** Makes the dataset and the table of candles. */
    BigQueryScene withCandles() {
        client.create(DatasetInfo.of("market"));
        client.create(TableInfo.of(CANDLES, candles()));
        return this;
    }

    static StandardTableDefinition candles() {
        return StandardTableDefinition.newBuilder()
                .setSchema(Schema.of(
                        required("code", StandardSQLTypeName.STRING),
                        required("open_time", StandardSQLTypeName.TIMESTAMP),
                        Field.newBuilder("close", StandardSQLTypeName.NUMERIC)
                                .setPrecision(20L)
                                .setScale(8L)
                                .build(),
                        Field.of("trades", StandardSQLTypeName.INT64)))
                .setTimePartitioning(TimePartitioning.newBuilder(TimePartitioning.Type.DAY)
                        .setField("open_time")
                        .setRequirePartitionFilter(true)
                        .build())
                .setClustering(
                        Clustering.newBuilder().setFields(List.of("code")).build())
                .build();
    }

    static Field required(String name, StandardSQLTypeName type) {
        return Field.newBuilder(name, type).setMode(Field.Mode.REQUIRED).build();
    }

    /** A Parquet file with what a query of DuckDB selects; columns that may not be NULL are OPTIONAL in it all the same. */
    static Path parquet(String select) {
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement()) {
            Path file = Files.createTempFile("rows", ".parquet");
            statement.execute("SET TimeZone = 'UTC'");
            statement.execute("COPY (" + select + ") TO '" + file + "' (FORMAT parquet)");
            file.toFile().deleteOnExit();
            return file;
        } catch (SQLException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Minutes of one day from the start of 2024 on. */
    static Path minutes(String code, int day, int count) {
        return parquet("SELECT '" + code + "' AS code, make_timestamptz(2024, 1, " + day
                + ", 0, 0, 0, 'UTC') + to_minutes(i) AS open_time, CAST(100 + i * 0.00000001 AS DECIMAL(20,8)) AS close,"
                + " CAST(i AS BIGINT) AS trades FROM range(" + count + ") t(i)");
    }

    WriteChannelConfiguration.Builder load(TableId table) {
        return WriteChannelConfiguration.newBuilder(table)
                .setFormatOptions(FormatOptions.parquet())
                .setSchema(client.getTable(table).getDefinition().getSchema());
    }

    Job load(JobId id, WriteChannelConfiguration configuration, Path file) {
        try (TableDataWriteChannel channel = client.writer(id, configuration)) {
            channel.write(ByteBuffer.wrap(Files.readAllBytes(file)));
            channel.close();
            return channel.getJob().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    Job load(Path file) {
        return load(
                JobId.of(PROJECT, UUID.randomUUID().toString()), load(CANDLES).build(), file);
    }

    /** The rows of a query as texts. */
    List<List<String>> rows(String sql) {
        return rows(QueryJobConfiguration.of(sql));
    }

    List<List<String>> rows(QueryJobConfiguration query) {
        try {
            return texts(client.query(query));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<List<String>> texts(TableResult result) {
        List<List<String>> rows = new ArrayList<>();
        for (FieldValueList row : result.iterateAll()) {
            rows.add(row.stream()
                    .map(FieldValue::getValue)
                    .map(value -> value == null ? "NULL" : value.toString())
                    .toList());
        }
        return rows;
    }

    /** Runs a script as a job with an id. */
    Job script(String id, String sql) {
        try {
            return client.create(
                            com.google.cloud.bigquery.JobInfo.of(JobId.of(PROJECT, id), QueryJobConfiguration.of(sql)))
                    .waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
