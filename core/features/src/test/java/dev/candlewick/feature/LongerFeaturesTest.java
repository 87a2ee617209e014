package dev.candlewick.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.candlewick.Batch;
import dev.candlewick.Column;
import dev.candlewick.DoubleColumn;
import dev.candlewick.Interval;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.testkit.MemoryStore;
import dev.candlewick.testkit.Rows;
import java.math.BigDecimal;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Features of longer intervals made of shorter ones against those made of ticks. */
class LongerFeaturesTest {

    private static final TimeRange DAY = TimeRange.day("2024-01-01");
    private static final Interval SHORT = Interval.parse("15s");

    @Property(tries = 12)
    void longerFeaturesAreThoseOfTicksWhereTheLawSaysSo(@ForAll long seed) {
        Random random = new Random(seed);
        HftSettings.Builder builder = HftSettings.builder()
                .vpinVolume(new BigDecimal("9"))
                .emptyBuckets(random.nextBoolean() ? EmptyBuckets.DENSE : EmptyBuckets.FILL_FORWARD);
        HftSettings settings = random.nextBoolean()
                ? builder.carryingTicker().build()
                : builder.annualizing().inverse().build();
        MemoryStore ticks = Ticks.store(
                Ticks.random(random, DAY.startMicros() - 600_000_000L, 1_500_000_000L, 500),
                TimeRange.of("2023-12-30", "2024-01-04"));
        MemoryStore features = MemoryStore.create();
        HftFeatures made = HftFeatures.over(ticks, settings);
        TimeRange range = TimeRange.ofEpochMicros(DAY.startMicros(), DAY.startMicros() + 1_800_000_000L);
        TimeRange before = TimeRange.ofEpochMicros(DAY.startMicros() - 3_600_000_000L, DAY.startMicros());
        features.write(made.read(series(SHORT), before));
        features.write(made.read(series(SHORT), range));
        Series longer = series(Interval.parse(random.nextBoolean() ? "1m" : "5m"));
        Batch expected = Rows.join(longer, Rows.read(made, longer, range));
        Batch rows = Rows.join(longer, Rows.read(LongerFeatures.over(features, SHORT, settings), longer, range));
        assertThat(rows.rows()).isEqualTo(expected.rows()).isPositive();
        for (FeatureColumn column : HftDatasets.columns()) {
            String name = column.field().name();
            for (int row = 0; row < rows.rows(); row++) {
                String where = name + " of " + rows.times().text(row);
                if (column.law() == FeatureLaw.TICKS) {
                    assertThat(rows.column(name).isNull(row)).as(where).isTrue();
                } else {
                    assertEqual(where, rows.column(name), expected.column(name), row);
                }
            }
        }
    }

    private static void assertEqual(String where, Column is, Column should, int row) {
        assertThat(is.isNull(row)).as(where).isEqualTo(should.isNull(row));
        if (is instanceof DoubleColumn doubles && !is.isNull(row)) {
            double value = ((DoubleColumn) should).value(row);
            // Sums of shorter rows, each rounded once, that cancel out differ from 0 by the rounding of their parts.
            assertThat(doubles.value(row)).as(where).isCloseTo(value, within(Math.max(1e-12, 1e-9 * Math.abs(value))));
        } else {
            assertThat(is.text(row)).as(where).isEqualTo(should.text(row));
        }
    }

    @Example
    void anIntervalThatPartsDoNotFillIsRefused() {
        assertThatThrownBy(() -> LongerFeatures.over(MemoryStore.create(), Interval.parse("1m"))
                        .read(series(SHORT), DAY))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("multiple");
    }

    private static Series series(Interval interval) {
        return new Series(Ticks.BTC, HftDatasets.hft(interval));
    }
}
