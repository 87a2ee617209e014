package dev.candlewick.sink.bigquery.streaming;

import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.TableId;
import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.sink.bigquery.Partitioning;
import dev.candlewick.sink.bigquery.StorageAccess;
import dev.candlewick.sink.gcp.testing.LocalBigQuery;
import dev.candlewick.sink.gcp.testing.LocalBigQueryStreams;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** A server with a table per dataset, and rows for it. */
final class StreamBed implements AutoCloseable {

    static final Dataset TICKS = new Dataset(
            "ticks",
            new Schema(
                    List.of(
                            Field.time("at"),
                            Field.int64("number"),
                            Field.decimal("price", 18, 8),
                            Field.decimal("volume", 38, 8),
                            Field.text("side").orNull()),
                    "at",
                    List.of("at", "number")),
            Cadence.events());
    static final Series BTC = new Series(Subject.parse("TEST:SPOT_PAIR:BTC-USDT"), TICKS);
    static final long START = 1_700_000_000_000_000L;

    final LocalBigQuery tables = LocalBigQuery.start();
    final LocalBigQueryStreams server = LocalBigQueryStreams.of(tables);
    final BigQuery client = BigQueryOptions.newBuilder()
            .setProjectId("p")
            .setHost(tables.endpoint().toString())
            .setCredentials(NoCredentials.getInstance())
            .build()
            .getService();

    StreamBed() {
        client.create(DatasetInfo.of("d"));
        create(TICKS);
    }

    String endpoint() {
        return server.endpoint();
    }

    StorageAccess access() {
        return StorageAccess.emulator("p", server.endpoint());
    }

    BigQueryStream.Builder into(Dataset dataset) {
        return BigQueryStream.into("p.d." + dataset.name()).access(access());
    }

    static String path(Dataset dataset) {
        return "projects/p/datasets/d/tables/" + dataset.name();
    }

    void create(Dataset dataset) {
        StreamTable.create(
                client, TableId.of("p", "d", dataset.name()), dataset, Partitioning.DAY, Duration.ofDays(4_000_000));
    }

    /** Rows numbered from {@code from} on, a microsecond apart. */
    static Batch ticks(int from, int count) {
        return ticks(BTC, from, count);
    }

    static Batch ticks(Series series, int from, int count) {
        BatchBuilder builder = new BatchBuilder(series, count);
        Random random = new Random(from);
        for (int i = from; i < from + count; i++) {
            builder.row(
                    START + i,
                    (long) i,
                    BigDecimal.valueOf(random.nextInt(1_000_000), 4),
                    new BigDecimal("123456789012345678901234567890.12345678").subtract(BigDecimal.valueOf(i)),
                    i % 3 == 0 ? null : i % 3 == 1 ? "buy" : "sell");
        }
        return builder.build();
    }

    /** The numbers of all rows in the table, in the order they were stored. */
    List<Long> numbers() {
        return server.rows(path(TICKS)).stream().map(row -> (Long) row[4]).toList();
    }

    static List<Long> upTo(long count) {
        return java.util.stream.LongStream.range(0, count).boxed().toList();
    }

    @Override
    public void close() {
        server.close();
        tables.close();
    }
}
