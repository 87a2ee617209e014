package dev.candlewick;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BatchBuilderTest {

    static final Series EVERY_TYPE = new Series(
            Subject.parse("TEST:KIND:CODE"),
            new Dataset(
                    "every_type",
                    new Schema(
                            List.of(
                                    Field.time("at"),
                                    Field.time("seen").orNull(),
                                    Field.decimal("price", 38, 8).orNull(),
                                    Field.int64("count").orNull(),
                                    Field.float64("score").orNull(),
                                    Field.bool("flag").orNull(),
                                    Field.text("side").orNull()),
                            "at",
                            List.of("at")),
                    Cadence.events()));

    @Property
    void slicesHoldTheRowsAndNullsOfTheWhole(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 200) int rows, @ForAll @IntRange(max = 200) int cut) {
        Batch batch = random(seed, rows);
        int from = Math.min(cut, rows);
        int to = from + (rows - from) / 2;
        Batch slice = batch.slice(from, to);
        assertThat(slice.rows()).isEqualTo(to - from);
        for (int i = 0; i < batch.columns().size(); i++) {
            Column whole = batch.columns().get(i);
            Column part = slice.columns().get(i);
            boolean anyNull = false;
            for (int row = from; row < to; row++) {
                assertThat(part.text(row - from)).isEqualTo(whole.text(row));
                assertThat(part.isNull(row - from)).isEqualTo(whole.isNull(row));
                anyNull |= whole.isNull(row);
            }
            assertThat(part.hasNulls()).isEqualTo(anyNull);
        }
        assertThatThrownBy(() -> slice.column("price").isNull(slice.rows()))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> slice.decimals("price").low(slice.rows()))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Property
    void aDiscardedRowLeavesNoTrace(@ForAll long seed, @ForAll @IntRange(min = 0, max = 100) int rows) {
        BatchBuilder untouched = new BatchBuilder(EVERY_TYPE, 1);
        BatchBuilder disturbed = new BatchBuilder(EVERY_TYPE, 1);
        Random random = new Random(seed);
        for (int row = 0; row < rows; row++) {
            if (random.nextInt(4) == 0) {
                disturbed.time(0).append(row);
                disturbed.time(1).appendNull();
                disturbed.decimal(2).appendNull();
                disturbed.int64(3).appendNull();
                disturbed.float64(4).appendNull();
                disturbed.bool(5).appendNull();
                disturbed.text(6).append("never");
                disturbed.discardRow();
            }
            long value = random.nextLong();
            add(untouched, row, value);
            add(disturbed, row, value);
        }
        Batch expected = untouched.build();
        Batch actual = disturbed.build();
        assertThat(ContentHash.of(EVERY_TYPE.schema(), List.of(actual)))
                .isEqualTo(ContentHash.of(EVERY_TYPE.schema(), List.of(expected)));
        for (int i = 0; i < 7; i++) {
            assertThat(actual.columns().get(i).hasNulls())
                    .isEqualTo(expected.columns().get(i).hasNulls());
        }
    }

    @Example
    void aBuiltBatchIsNotTouchedByWhatTheBuilderDoesNext() {
        BatchBuilder builder = new BatchBuilder(EVERY_TYPE, 4);
        add(builder, 1, 7);
        Batch first = builder.build();
        String before = first.toString();
        assertThat(builder.rows()).isZero();
        add(builder, 2, 9);
        Batch second = builder.build();
        assertThat(first).hasToString(before);
        assertThat(second.rows()).isEqualTo(1);
        assertThat(second.times().epochMicros(0)).isEqualTo(2);
        assertThat(builder.build().rows()).isZero();
    }

    @Example
    void aRowThatLacksAValueIsAMistakeOfTheCaller() {
        BatchBuilder builder = new BatchBuilder(EVERY_TYPE, 1);
        builder.time(0).append(1);
        assertThatIllegalStateException().isThrownBy(builder::endRow).withMessageContaining("'seen'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.decimal(0))
                .withMessageContaining("'at time")
                .withMessageContaining("decimal");
    }

    @Example
    void aValueThatDoesNotFitIsNamedAndTheBuilderStaysAsItWas() {
        BatchBuilder builder = new BatchBuilder(EVERY_TYPE, 1);
        Instant now = Instant.parse("2024-01-01T00:00:00Z");
        assertThatThrownBy(() -> builder.row(now, now, "1,5", 1L, 1.0, true, "buy"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("price")
                .hasMessageContaining("1,5");
        assertThatThrownBy(() -> builder.row(now, now, "0.000000001", 1L, 1.0, true, "buy"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("price")
                .hasMessageContaining("row 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.row(now, now, "1", new BigDecimal("1.5"), 1.0, true, "buy"))
                .withMessageContaining("count");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.row(now, now, "1", 1.5f, 1.0, true, "buy"))
                .withMessageContaining("count");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.row(now.plusNanos(1), now, "1", 1L, 1.0, true, "buy"))
                .withMessageContaining("microsecond");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.row(now)).withMessageContaining("not 1 values");
        assertThat(builder.rows()).isZero();
        builder.row(now, now, "1", 1L, 1.0, true, "buy");
        assertThat(builder.build().rows()).isEqualTo(1);
    }

    @Example
    void wholeNumbersOfEveryTypeAreTakenWhenTheyFit() {
        BatchBuilder builder = new BatchBuilder(EVERY_TYPE, 1);
        for (Object one : List.of((byte) 7, (short) 7, 7, 7L, java.math.BigInteger.valueOf(7))) {
            builder.row(0L, null, null, one, null, null, null);
        }
        java.math.BigInteger large = java.math.BigInteger.ONE.shiftLeft(63);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.row(0L, null, null, large, null, null, null))
                .withMessageContaining("'count int64?'")
                .withMessageContaining("row 5")
                .withMessageContaining(large.toString());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.row(null, null, null, 1, null, null, null))
                .withMessageContaining("'at time")
                .withMessageContaining("null");
        Batch batch = builder.build();
        for (int row = 0; row < 5; row++) {
            assertThat(batch.longs("count").value(row)).isEqualTo(7);
            assertThat(batch.columns().get(2).isNull(row)).isTrue();
        }
    }

    @Example
    void aBatchChecksItsColumns() {
        TimeColumn at = TimeColumn.of("at", 1, 2);
        Series series = new Series(
                EVERY_TYPE.subject(),
                new Dataset(
                        "small",
                        new Schema(List.of(Field.time("at"), Field.int64("n")), "at", List.of()),
                        Cadence.events()));
        assertThat(Batch.of(series, at, LongColumn.of("n", 5, 6)).longs("n").value(1))
                .isEqualTo(6);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Batch.of(series, at))
                .withMessageContaining("[at, n]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Batch.of(series, at, LongColumn.of("m", 5, 6)))
                .withMessageContaining("'m int64'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Batch.of(series, at, BooleanColumn.of("n", true, true)))
                .withMessageContaining("bool");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Batch.of(series, at, LongColumn.of("n", 5)))
                .withMessageContaining("differ in length");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Batch.of(series, TimeColumn.of("at", 2, 1), LongColumn.of("n", 5, 6)))
                .withMessageContaining("row 1")
                .withMessageContaining("1970-01-01T00:00:00.000001Z after 1970-01-01T00:00:00.000002Z");
        BatchBuilder builder = new BatchBuilder(series, 1);
        builder.time(0).append(0);
        builder.int64(1).appendNull();
        builder.endRow();
        assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining("Row 0 of column 'n'");
        Batch batch = Batch.of(series, at, LongColumn.of("n", 5, 6));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> batch.column("price"))
                .withMessageContaining("it has [at, n]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> batch.decimals("n"))
                .withMessageContaining("int64");
    }

    @Property
    void theRowsWithinARangeAreThoseWhoseTimeIs(
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 60) int rows,
            @ForAll @IntRange(min = 0, max = 70) int start,
            @ForAll @IntRange(min = 1, max = 70) int length) {
        Random random = new Random(seed);
        long[] times = random.longs(rows, 0, 64).sorted().toArray();
        Series series = new Series(
                EVERY_TYPE.subject(),
                new Dataset("times", new Schema(List.of(Field.time("at")), "at", List.of()), Cadence.events()));
        Batch batch = Batch.of(series, TimeColumn.of("at", times));
        TimeRange range = TimeRange.ofEpochMicros(start, start + length);
        long[] inside = java.util.Arrays.stream(times)
                .filter(time -> time >= start && time < start + length)
                .toArray();
        Batch within = batch.within(range);
        long[] found = new long[within.rows()];
        within.times().copy(0, within.rows(), found, 0);
        assertThat(found).containsExactly(inside);
    }

    static Batch random(long seed, int rows) {
        Random random = new Random(seed);
        BatchBuilder builder = new BatchBuilder(EVERY_TYPE, 1);
        for (int row = 0; row < rows; row++) {
            add(builder, row, random.nextLong());
        }
        return builder.build();
    }

    // Every bit of the value decides about one column: a null, or something made of the value.
    static void add(BatchBuilder builder, long time, long value) {
        builder.time(0).append(time);
        if ((value & 1) == 0) {
            builder.time(1).append(value >> 10);
        } else {
            builder.time(1).appendNull();
        }
        if ((value & 6) == 0) {
            builder.decimal(2).appendUnscaled(value >> 3, value);
        } else if ((value & 6) == 2) {
            builder.decimal(2).appendUnscaled(value);
        } else {
            builder.decimal(2).appendNull();
        }
        if ((value & 8) == 0) {
            builder.int64(3).append(value);
        } else {
            builder.int64(3).appendNull();
        }
        if ((value & 16) == 0) {
            builder.float64(4).append(value);
        } else {
            builder.float64(4).appendNull();
        }
        if ((value & 32) == 0) {
            builder.bool(5).append(value < 0);
        } else {
            builder.bool(5).appendNull();
        }
        if ((value & 64) == 0) {
            builder.text(6).append(value < 0 ? "buy 币安" : "");
        } else {
            builder.text(6).appendNull();
        }
        builder.endRow();
    }
}
