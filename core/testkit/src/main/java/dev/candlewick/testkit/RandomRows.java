package dev.candlewick.testkit;

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
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Rows that nobody would think of, the same for the same seed. */
final class RandomRows {

    private static final List<String> TEXTS = List.of(
            "",
            "buy",
            "sell",
            " ",
            "null",
            "NULL",
            "\\N",
            "\\",
            "\"",
            "'",
            "''; --",
            "a\tb\nc\rd",
            "币安人生",
            "😀",
            "e\u0301",
            "\u200f",
            "\ufeff",
            "{1,2}",
            "1e5",
            "0");
    private static final double[] DOUBLES = {
        0.0,
        -0.0,
        1.0,
        -1.5,
        0.1,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MIN_VALUE,
        Double.MAX_VALUE,
        1e-8,
        123456789.125
    };
    // 1970 to 2200: what every engine's time type holds.
    private static final long LAST_TIME = 7_258_118_400_000_000L;

    private RandomRows() {}

    /** A series of events whose schema nobody saw before: one to a dozen columns of any type beside the time. */
    static Series series(Random random, String name) {
        List<Field> fields = new ArrayList<>();
        int columns = 1 + random.nextInt(12);
        int timeAt = random.nextInt(columns + 1);
        for (int i = 0; i <= columns; i++) {
            if (i == timeAt) {
                fields.add(Field.time("at"));
            } else {
                Field field = field(random, "c" + i);
                fields.add(random.nextBoolean() ? field.orNull() : field);
            }
        }
        List<String> key = new ArrayList<>(List.of("at"));
        fields.stream()
                .filter(field -> field.type() instanceof ColumnType.Int64 && !field.nullable() && random.nextBoolean())
                .forEach(field -> key.add(field.name()));
        return new Series(
                Subject.parse("TEST:RANDOM:" + name),
                new Dataset("random_" + name, new Schema(fields, "at", key), Cadence.events()));
    }

    /** Events of a schema with several columns of which the key is not only the time. */
    static Batch events(Random random, TimeRange range, int rows) {
        Series series = new Series(
                Subject.parse("TEST:RANDOM:EVENTS"),
                new Dataset(
                        "random_events",
                        new Schema(
                                List.of(
                                        Field.time("at"),
                                        Field.int64("number"),
                                        Field.decimal("price", 18, 8),
                                        Field.decimal("amount", 38, 18).orNull(),
                                        Field.float64("score").orNull(),
                                        Field.bool("flag").orNull(),
                                        Field.time("seen").orNull(),
                                        Field.text("note").orNull()),
                                "at",
                                List.of("at", "number")),
                        Cadence.events()));
        return batch(random, series, range, rows);
    }

    /** Rows of a series at random times of the range, in order; no two with one key. */
    static Batch batch(Random random, Series series, TimeRange range, int rows) {
        Schema schema = series.schema();
        long[] times = random.longs(rows, range.startMicros(), range.endMicros())
                .sorted()
                .toArray();
        boolean timeIsKey = schema.key().size() == 1;
        if (!timeIsKey) {
            for (int row = 1; row < rows; row++) {
                times[row] = random.nextInt(3) == 0 ? times[row - 1] : times[row];
            }
            java.util.Arrays.sort(times);
        }
        BatchBuilder builder = new BatchBuilder(series, rows);
        long before = Long.MIN_VALUE;
        for (int row = 0; row < rows; row++) {
            if (timeIsKey && times[row] == before) {
                continue;
            }
            before = times[row];
            for (int column = 0; column < schema.fields().size(); column++) {
                Field field = schema.fields().get(column);
                if (field.name().equals(schema.time())) {
                    builder.time(column).append(times[row]);
                } else {
                    cell(random, builder, column, field, row);
                }
            }
            builder.endRow();
        }
        return builder.build();
    }

    private static Field field(Random random, String name) {
        return switch (random.nextInt(6)) {
            case 0 -> Field.time(name);
            case 1 -> {
                int precision = 1 + random.nextInt(38);
                yield Field.decimal(name, precision, random.nextInt(precision + 1));
            }
            case 2 -> Field.int64(name);
            case 3 -> Field.float64(name);
            case 4 -> Field.bool(name);
            default -> Field.text(name);
        };
    }

    private static void cell(Random random, BatchBuilder builder, int column, Field field, int row) {
        boolean missing = field.nullable() && random.nextInt(4) == 0;
        if (field.type() instanceof ColumnType.Time) {
            if (missing) {
                builder.time(column).appendNull();
            } else {
                builder.time(column).append(random.nextLong(LAST_TIME));
            }
        } else if (field.type() instanceof ColumnType.Decimal decimal) {
            if (missing) {
                builder.decimal(column).appendNull();
            } else {
                BigInteger unscaled = unscaled(random, decimal.precision());
                builder.decimal(column).append(new java.math.BigDecimal(unscaled, decimal.scale()));
            }
        } else if (field.type() instanceof ColumnType.Int64) {
            if (missing) {
                builder.int64(column).appendNull();
            } else {
                // Where it is part of the key, the row number keeps keys of one instant apart.
                builder.int64(column).append((random.nextLong() & ~0xFFFFL) | row);
            }
        } else if (field.type() instanceof ColumnType.Float64) {
            if (missing) {
                builder.float64(column).appendNull();
            } else {
                builder.float64(column)
                        .append(random.nextBoolean() ? DOUBLES[random.nextInt(DOUBLES.length)] : random.nextGaussian());
            }
        } else if (field.type() instanceof ColumnType.Bool) {
            if (missing) {
                builder.bool(column).appendNull();
            } else {
                builder.bool(column).append(random.nextBoolean());
            }
        } else if (missing) {
            builder.text(column).appendNull();
        } else {
            builder.text(column)
                    .append(
                            random.nextInt(8) == 0
                                    ? "x".repeat(random.nextInt(3_000))
                                    : TEXTS.get(random.nextInt(TEXTS.size())));
        }
    }

    private static BigInteger unscaled(Random random, int precision) {
        BigInteger bound = BigInteger.TEN.pow(precision);
        BigInteger value = switch (random.nextInt(4)) {
            case 0 -> bound.subtract(BigInteger.ONE);
            case 1 -> BigInteger.valueOf(random.nextInt(10));
            default -> new BigInteger(127, random).mod(bound);
        };
        return random.nextBoolean() ? value : value.negate();
    }
}
