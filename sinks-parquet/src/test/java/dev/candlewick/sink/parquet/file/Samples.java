package dev.candlewick.sink.parquet.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Cadence;
import dev.candlewick.Column;
import dev.candlewick.ColumnType;
import dev.candlewick.Dataset;
import dev.candlewick.DecimalColumnBuilder;
import dev.candlewick.DoubleColumn;
import dev.candlewick.Field;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Rows to write and ways to compare what comes back. */
final class Samples {

    static final TimeRange EVER = TimeRange.of("1900-01-01", "2200-01-01");
    static final long START = 1_704_067_200_000_000L;

    static final Schema EVERYTHING = new Schema(
            List.of(
                    Field.time("at"),
                    Field.decimal("small", 9, 2),
                    Field.decimal("price", 18, 8),
                    Field.decimal("odd", 23, 8).orNull(),
                    Field.decimal("wide", 38, 8),
                    Field.int64("id"),
                    Field.float64("feature"),
                    Field.bool("flag"),
                    Field.text("side"),
                    Field.time("seen").orNull(),
                    Field.decimal("fee", 18, 8).orNull(),
                    Field.decimal("maybe", 38, 0).orNull(),
                    Field.int64("count").orNull(),
                    Field.float64("score").orNull(),
                    Field.bool("maker").orNull(),
                    Field.text("note").orNull()),
            "at",
            List.of("at", "id"));

    private Samples() {}

    static Series series(Schema schema) {
        return new Series(Subject.parse("TEST:THING:ONE"), new Dataset("sample", schema, Cadence.events()));
    }

    /** Random rows; {@code variety} of one gives constants, much gives values all over the place. */
    static Batch everything(Random random, int rows, int variety) {
        BatchBuilder builder = new BatchBuilder(series(EVERYTHING), rows);
        long time = START + random.nextInt(1_000);
        for (int row = 0; row < rows; row++) {
            time += random.nextInt(3) * (variety == 1 ? 60_000_000L : random.nextInt(5_000_000));
            builder.time(0).append(time);
            for (int i = 1; i < EVERYTHING.fields().size(); i++) {
                append(builder, i, random, variety);
            }
            builder.endRow();
        }
        return builder.build();
    }

    private static void append(BatchBuilder builder, int i, Random random, int variety) {
        Field field = EVERYTHING.fields().get(i);
        boolean none = field.nullable() && random.nextInt(4) == 0;
        long pick = variety <= 1 ? 7 : variety > 1_000 ? random.nextLong() : random.nextInt(variety);
        ColumnType type = field.type();
        if (type instanceof ColumnType.Time) {
            if (none) {
                builder.time(i).appendNull();
            } else {
                builder.time(i).append(pick);
            }
        } else if (type instanceof ColumnType.Decimal decimal) {
            if (none) {
                builder.decimal(i).appendNull();
            } else {
                append(builder.decimal(i), decimal, pick, random);
            }
        } else if (type instanceof ColumnType.Int64) {
            if (none) {
                builder.int64(i).appendNull();
            } else {
                builder.int64(i).append(pick);
            }
        } else if (type instanceof ColumnType.Float64) {
            if (none) {
                builder.float64(i).appendNull();
            } else {
                builder.float64(i).append(variety > 1_000 ? Double.longBitsToDouble(pick) : pick / 8.0 - 1);
            }
        } else if (type instanceof ColumnType.Bool) {
            if (none) {
                builder.bool(i).appendNull();
            } else {
                builder.bool(i).append((pick & 1) == 1);
            }
        } else if (none) {
            builder.text(i).appendNull();
        } else {
            builder.text(i).append("é☃😀" + Long.toString(pick, 36));
        }
    }

    private static void append(DecimalColumnBuilder builder, ColumnType.Decimal type, long pick, Random random) {
        BigInteger bound = BigInteger.TEN.pow(type.precision());
        int extreme = random.nextInt(200);
        BigInteger value = BigInteger.valueOf(pick);
        if (extreme == 0) {
            value = bound.subtract(BigInteger.ONE);
        } else if (extreme == 1) {
            value = BigInteger.ONE.subtract(bound);
        } else if (extreme == 2) {
            value = new BigInteger(type.precision() * 3, random).negate();
        }
        value = value.remainder(bound);
        builder.appendUnscaled(value.shiftRight(64).longValue(), value.longValue());
    }

    /** A year of minutes, or as many as asked for, as a market would make them. */
    static Batch candles(int rows) {
        Random random = new Random(42);
        BatchBuilder builder = new BatchBuilder(Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m"), rows);
        long price = 4_200_000;
        for (int row = 0; row < rows; row++) {
            long open = price;
            long close = Math.max(100_000, open + Math.round(random.nextGaussian() * 2_000));
            long high = Math.max(open, close) + random.nextInt(1_000);
            long low = Math.min(open, close) - random.nextInt(1_000);
            long volume = 1 + (long) (Math.exp(random.nextGaussian() + 2) * 100_000);
            long taken = volume * random.nextInt(100) / 100;
            long opened = START + row * 60_000_000L;
            builder.time(0).append(opened);
            builder.decimal(1).appendUnscaled(open * 1_000_000);
            builder.decimal(2).appendUnscaled(high * 1_000_000);
            builder.decimal(3).appendUnscaled(low * 1_000_000);
            builder.decimal(4).appendUnscaled(close * 1_000_000);
            builder.decimal(5).appendUnscaled(volume * 1_000);
            builder.time(6).append(opened + 59_999_999L);
            builder.decimal(7).appendUnscaled(volume * close * 10);
            builder.int64(8).append(100 + random.nextInt(2_000));
            builder.decimal(9).appendUnscaled(taken * 1_000);
            builder.decimal(10).appendUnscaled(taken * close * 10);
            builder.endRow();
            price = close;
        }
        return builder.build();
    }

    static byte[] write(Batch batch, WriteOptions options) {
        return write(List.of(batch), batch.series().schema(), options);
    }

    static byte[] write(List<Batch> batches, Schema schema, WriteOptions options) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ParquetFileWriter writer = ParquetFileWriter.to(out, schema, Map.of("unit", "2024-01"), options)) {
            batches.forEach(writer::write);
            FileFacts facts = writer.finish();
            assertThat(facts.bytes()).isEqualTo(out.size());
            assertThat(facts.rows())
                    .isEqualTo(batches.stream().mapToLong(Batch::rows).sum());
        }
        return out.toByteArray();
    }

    static List<Batch> read(byte[] file, Series series, TimeRange range) {
        try (ParquetFileReader reader = ParquetFileReader.open(ByteSource.of(file), "sample.parquet")) {
            return drain(reader.read(series, range));
        }
    }

    static List<Batch> drain(Iterator<Batch> batches) {
        List<Batch> all = new ArrayList<>();
        batches.forEachRemaining(all::add);
        return all;
    }

    /** Compares rows one by one, whatever the batches are. */
    static void assertSameRows(List<Batch> actual, List<Batch> expected) {
        assertThat(actual.stream().mapToInt(Batch::rows).sum())
                .isEqualTo(expected.stream().mapToInt(Batch::rows).sum());
        Iterator<Batch> batches = expected.iterator();
        Batch wanted = null;
        int at = 0;
        for (Batch batch : actual) {
            for (int row = 0; row < batch.rows(); row++, at++) {
                while (wanted == null || at == wanted.rows()) {
                    wanted = batches.next();
                    at = 0;
                }
                for (int i = 0; i < batch.columns().size(); i++) {
                    String found = text(batch.columns().get(i), row);
                    String right = text(wanted.columns().get(i), at);
                    if (!found.equals(right)) {
                        assertThat(found)
                                .as("row %d of %s", row, batch.columns().get(i))
                                .isEqualTo(right);
                    }
                }
            }
        }
    }

    private static String text(Column column, int row) {
        if (column.isNull(row)) {
            return "null";
        }
        return column instanceof DoubleColumn doubles
                ? Long.toHexString(Double.doubleToRawLongBits(doubles.value(row)))
                : column.text(row);
    }
}
