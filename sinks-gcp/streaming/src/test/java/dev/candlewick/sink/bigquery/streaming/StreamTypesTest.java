package dev.candlewick.sink.bigquery.streaming;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.TableId;
import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Cadence;
import dev.candlewick.Column;
import dev.candlewick.ColumnType;
import dev.candlewick.ContentHash;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.bigquery.RowSelection;
import dev.candlewick.sink.bigquery.RowStreams;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Rows of schemas that nobody saw before, written by one API and read by the other. */
class StreamTypesTest {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final List<String> TEXTS =
            List.of("", "buy", " ", "\\N", "'; --", "a\tb\nc\rd", "币安人生", "😀", "e\u0301", "\ufeff", "x".repeat(3_000));
    private static final double[] DOUBLES = {
        0.0, -0.0, 0.1, -1.5, Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE, Double.MAX_VALUE
    };
    private static final long FIRST = -62_135_596_800_000_000L;
    private static final long LAST = 253_402_300_799_999_999L;

    private static StreamBed bed;
    private static RowStreams streams;

    @BeforeContainer
    static void start() {
        bed = new StreamBed();
        streams = new StorageRowStreamsProvider().open(bed.access());
    }

    @AfterContainer
    static void stop() {
        streams.close();
        bed.close();
    }

    @Property(tries = 20)
    void whatALiveStreamWritesIsReadBackBitByBit(@ForAll Random random) {
        Series series = series(random);
        bed.create(series.dataset());
        Batch rows = rows(random, series, random.nextInt(1_500));
        try (BigQueryStream stream = bed.into(series.dataset()).open(series.dataset())) {
            stream.append(rows);
        }
        assertThat(hash(series, read(series))).isEqualTo(hash(series, List.of(rows)));
    }

    @Property(tries = 15)
    void whatIsStagedIsReadBackBitByBit(@ForAll Random random) {
        Series series = series(random);
        bed.create(series.dataset());
        Batch rows = rows(random, series, 1 + random.nextInt(1_500));
        List<Column> columns = new ArrayList<>();
        for (Field subject : StreamTable.SUBJECT) {
            String[] values = new String[rows.rows()];
            java.util.Arrays.fill(
                    values, subject.name().equals("code") ? series.subject().code() : "x");
            columns.add(dev.candlewick.TextColumn.of(subject.name(), values));
        }
        columns.addAll(rows.columns());
        try (RowStreams.StagedWrite staged =
                streams.stage(TableId.of("p", "d", series.dataset().name()))) {
            staged.append(columns);
            assertThat(read(series)).isEmpty();
            assertThat(staged.commit()).isEqualTo(rows.rows());
        }
        assertThat(hash(series, read(series))).isEqualTo(hash(series, List.of(rows)));
    }

    private static String hash(Series series, List<Batch> rows) {
        return ContentHash.of(series.schema(), rows);
    }

    private static List<Batch> read(Series series) {
        List<Batch> batches = new ArrayList<>();
        RowSelection selection = new RowSelection(
                TableId.of("p", "d", series.dataset().name()),
                series,
                TimeRange.ofEpochMicros(FIRST, LAST + 1),
                series.schema().names(),
                "code = '" + series.subject().code() + "'",
                List.of("number"));
        try (RowStreams.Rows rows = streams.read(selection)) {
            rows.forEachRemaining(batches::add);
        }
        return batches;
    }

    private static Series series(Random random) {
        List<Field> fields = new ArrayList<>(List.of(Field.time("at"), Field.int64("number")));
        int columns = 1 + random.nextInt(10);
        for (int i = 0; i < columns; i++) {
            Field field = field(random, "c" + i);
            fields.add(random.nextBoolean() ? field.orNull() : field);
        }
        return new Series(
                Subject.parse("TEST:RANDOM:" + NUMBER.incrementAndGet()),
                new Dataset(
                        "random_" + NUMBER.get(), new Schema(fields, "at", List.of("at", "number")), Cadence.events()));
    }

    private static Field field(Random random, String name) {
        return switch (random.nextInt(6)) {
            case 0 -> Field.time(name);
            case 1 -> Field.int64(name);
            case 2 -> Field.float64(name);
            case 3 -> Field.bool(name);
            case 4 -> Field.text(name);
            default -> {
                int precision = 1 + random.nextInt(38);
                yield Field.decimal(name, precision, random.nextInt(precision + 1));
            }
        };
    }

    private static Batch rows(Random random, Series series, int count) {
        long[] times = random.longs(count, FIRST, LAST).sorted().toArray();
        BatchBuilder builder = new BatchBuilder(series, count);
        List<Field> fields = series.schema().fields();
        for (int row = 0; row < count; row++) {
            Object[] values = new Object[fields.size()];
            // Some rows share their time; their number orders them.
            values[0] = times[row - row % (1 + random.nextInt(2))];
            values[1] = (long) row;
            for (int i = 2; i < values.length; i++) {
                values[i] = fields.get(i).nullable() && random.nextInt(4) == 0
                        ? null
                        : value(random, fields.get(i).type());
            }
            if (row > 0 && (long) values[0] < times[row - 1]) {
                values[0] = times[row];
            }
            builder.row(values);
        }
        return builder.build();
    }

    private static Object value(Random random, ColumnType type) {
        if (type instanceof ColumnType.Time) {
            return random.nextInt(10) == 0 ? (random.nextBoolean() ? FIRST : LAST) : random.nextLong(FIRST, LAST);
        } else if (type instanceof ColumnType.Decimal decimal) {
            BigInteger most = BigInteger.TEN.pow(decimal.precision()).subtract(BigInteger.ONE);
            BigInteger unscaled = random.nextInt(8) == 0
                    ? most
                    : new BigInteger(1 + random.nextInt(126), random).mod(most.add(BigInteger.ONE));
            return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), decimal.scale());
        } else if (type instanceof ColumnType.Int64) {
            return random.nextInt(5) == 0 ? Long.MIN_VALUE : random.nextLong();
        } else if (type instanceof ColumnType.Float64) {
            return DOUBLES[random.nextInt(DOUBLES.length)];
        } else if (type instanceof ColumnType.Bool) {
            return random.nextBoolean();
        }
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }
}
