package dev.candlewick.sink.bigquery.streaming;

import com.google.cloud.bigquery.storage.v1.TableFieldSchema;
import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Cadence;
import dev.candlewick.ColumnType;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.sink.bigquery.StorageAccess;
import dev.candlewick.sink.gcp.testing.LocalBigQueryStreams;
import java.math.BigDecimal;
import java.util.ArrayList;
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

    final LocalBigQueryStreams server = LocalBigQueryStreams.start();

    StreamBed() {
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
        server.createTable(path(dataset), columns(StreamTable.fields(dataset)));
    }

    static List<TableFieldSchema> columns(List<Field> fields) {
        List<TableFieldSchema> columns = new ArrayList<>();
        for (Field field : fields) {
            TableFieldSchema.Builder column = TableFieldSchema.newBuilder()
                    .setName(field.name())
                    .setType(type(field.type()))
                    .setMode(field.nullable() ? TableFieldSchema.Mode.NULLABLE : TableFieldSchema.Mode.REQUIRED);
            if (field.type() instanceof ColumnType.Decimal decimal) {
                column.setPrecision(decimal.precision()).setScale(decimal.scale());
            }
            columns.add(column.build());
        }
        return columns;
    }

    private static TableFieldSchema.Type type(ColumnType type) {
        if (type instanceof ColumnType.Time) {
            return TableFieldSchema.Type.TIMESTAMP;
        } else if (type instanceof ColumnType.Decimal decimal) {
            return decimal.scale() <= 9 && decimal.precision() - decimal.scale() <= 29
                    ? TableFieldSchema.Type.NUMERIC
                    : TableFieldSchema.Type.BIGNUMERIC;
        } else if (type instanceof ColumnType.Int64) {
            return TableFieldSchema.Type.INT64;
        } else if (type instanceof ColumnType.Float64) {
            return TableFieldSchema.Type.DOUBLE;
        } else if (type instanceof ColumnType.Bool) {
            return TableFieldSchema.Type.BOOL;
        } else {
            return TableFieldSchema.Type.STRING;
        }
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
    }
}
