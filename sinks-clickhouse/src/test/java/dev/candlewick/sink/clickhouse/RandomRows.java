package dev.candlewick.sink.clickhouse;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Cadence;
import dev.candlewick.ColumnType;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Schemas and rows of every kind, the same for the same seed. */
final class RandomRows {

    private static final List<String> TEXTS = List.of(
            "", "x", "\u0000", "a\u0000b", "'; DROP TABLE x", "\\N", "币安人生", "😀", "\t\r\n", "\u2028", "x".repeat(300));

    private final Random random;

    RandomRows(long seed) {
        this.random = new Random(seed);
    }

    Series series(String dataset) {
        List<Field> fields = new ArrayList<>();
        fields.add(Field.time("at"));
        int columns = 1 + random.nextInt(12);
        for (int i = 0; i < columns; i++) {
            Field field = field("c" + i);
            fields.add(random.nextInt(3) == 0 ? field.orNull() : field);
        }
        return new Series(
                Subject.parse("TEST:KIND:CODE"),
                new Dataset(dataset, new Schema(fields, "at", List.of("at", "c0")), Cadence.events()));
    }

    private Field field(String name) {
        int precision = 1 + random.nextInt(38);
        return switch (random.nextInt(7)) {
            case 0 -> Field.time(name);
            case 1 -> Field.int64(name);
            case 2 -> Field.float64(name);
            case 3 -> Field.bool(name);
            case 4 -> Field.text(name);
            default -> Field.decimal(name, precision, random.nextInt(precision + 1));
        };
    }

    /** Rows of a day. */
    Batch batch(Series series, TimeRange day, int rows) {
        BatchBuilder builder = new BatchBuilder(series, rows);
        long time = day.startMicros();
        for (int row = 0; row < rows; row++) {
            builder.time(0).append(time);
            for (int i = 1; i < series.schema().fields().size(); i++) {
                append(series.schema().fields().get(i), builder, i);
            }
            builder.endRow();
            time = Math.min(day.endMicros() - 1, time + random.nextInt(3) * (long) random.nextInt(50_000_000));
        }
        return builder.build();
    }

    private void append(Field field, BatchBuilder to, int column) {
        boolean missing = field.nullable() && random.nextInt(4) == 0;
        if (field.type() instanceof ColumnType.Time) {
            if (missing) {
                to.time(column).appendNull();
            } else {
                to.time(column).append(time());
            }
        } else if (field.type() instanceof ColumnType.Int64) {
            if (missing) {
                to.int64(column).appendNull();
            } else {
                to.int64(column).append(random.nextBoolean() ? random.nextLong() : random.nextInt(5) - 2);
            }
        } else if (field.type() instanceof ColumnType.Float64) {
            if (missing) {
                to.float64(column).appendNull();
            } else {
                to.float64(column).append(number());
            }
        } else if (field.type() instanceof ColumnType.Bool) {
            if (missing) {
                to.bool(column).appendNull();
            } else {
                to.bool(column).append(random.nextBoolean());
            }
        } else if (field.type() instanceof ColumnType.Decimal decimal) {
            if (missing) {
                to.decimal(column).appendNull();
            } else {
                to.decimal(column).append(decimal(decimal));
            }
        } else if (missing) {
            to.text(column).appendNull();
        } else {
            to.text(column).append(TEXTS.get(random.nextInt(TEXTS.size())));
        }
    }

    private long time() {
        long span = NativeEncoder.LAST_MICROS - NativeEncoder.FIRST_MICROS;
        return switch (random.nextInt(4)) {
            case 0 -> NativeEncoder.FIRST_MICROS;
            case 1 -> NativeEncoder.LAST_MICROS;
            default -> NativeEncoder.FIRST_MICROS + (long) (random.nextDouble() * span);
        };
    }

    private double number() {
        return switch (random.nextInt(6)) {
            case 0 -> Double.NaN;
            case 1 -> -0.0;
            case 2 -> Double.NEGATIVE_INFINITY;
            case 3 -> Double.MIN_VALUE;
            default -> random.nextGaussian() * Math.pow(10, random.nextInt(300) - 150);
        };
    }

    private BigDecimal decimal(ColumnType.Decimal type) {
        BigInteger bound =
                BigInteger.TEN.pow(random.nextInt(3) == 0 ? type.precision() : 1 + random.nextInt(type.precision()));
        BigInteger unscaled = random.nextInt(5) == 0
                ? bound.subtract(BigInteger.ONE)
                : new BigInteger(bound.bitLength() + 1, random).mod(bound);
        return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), type.scale());
    }
}
