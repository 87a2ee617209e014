package dev.candlewick.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Dataset;
import dev.candlewick.Interval;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.testkit.MemoryStore;
import dev.candlewick.testkit.Rows;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** VPIN by bulk classification against a plain program, and its parts against tables. */
class BulkVpinTest {

    private static final TimeRange HOURS = TimeRange.of("2024-01-01", "2024-01-01T02:00:00Z");
    private static final Series TRADES = new Series(Ticks.BTC, Dataset.TRADES);

    @Example
    void theShareBoughtIsThatOfTheNormalDistribution() {
        // 2Φ(x) − 1 from printed tables of Φ.
        assertThat(BulkVpinFeature.boughtLessSold(0)).isZero();
        assertThat(BulkVpinFeature.boughtLessSold(1)).isCloseTo(0.682_689_492_137_085_9, within(1e-15));
        assertThat(BulkVpinFeature.boughtLessSold(-1.959_963_984_540_054)).isCloseTo(-0.95, within(1e-15));
        assertThat(BulkVpinFeature.boughtLessSold(3)).isCloseTo(0.997_300_203_936_739_8, within(1e-15));
        assertThat(BulkVpinFeature.boughtLessSold(7.99))
                .isCloseTo(1, within(1e-14))
                .isLessThanOrEqualTo(1);
        assertThat(BulkVpinFeature.boughtLessSold(Double.NEGATIVE_INFINITY)).isEqualTo(-1);
        assertThat(BulkVpinFeature.boughtLessSold(Double.NaN)).isZero();
    }

    @Property(tries = 8)
    void vpinInBulkIsThatOfAPlainProgram(@ForAll long seed) {
        Random random = new Random(seed);
        long bar = 1_000_000L * List.of(1, 10, 60).get(random.nextInt(3));
        BigDecimal size = BigDecimal.valueOf(1 + random.nextInt(300), 1);
        TreeMap<Long, List<Object[]>> bars = new TreeMap<>();
        BatchBuilder rows = new BatchBuilder(TRADES, 16);
        long time = HOURS.startMicros();
        BigDecimal price = new BigDecimal("100.0");
        for (int i = 0; time < HOURS.endMicros() - 60_000_000L; i++) {
            price = price.add(BigDecimal.valueOf(random.nextInt(5) - 2, 1)).max(BigDecimal.ONE);
            BigDecimal amount = BigDecimal.valueOf(1 + random.nextInt(99), 1);
            rows.row(time, time, "" + i, List.of("buy", "sell", "unknown").get(random.nextInt(3)), price, amount);
            bars.computeIfAbsent(Math.floorDiv(time, bar), none -> new ArrayList<>())
                    .add(new Object[] {price, amount});
            time += random.nextInt(30_000_000);
        }
        MemoryStore store = MemoryStore.create();
        RecordedTicks.write(store, rows.build(), TimeRange.of("2023-12-20", "2024-01-03"));
        HftSettings settings = HftSettings.builder()
                .vpinVolume(size)
                .bulkVpin(Duration.ofNanos(bar * 1_000))
                .build();
        HftFeatures features = HftFeatures.over(store, settings);
        Series quarters = series("15s");
        Batch made = Rows.join(quarters, Rows.read(features, quarters, HOURS));
        for (int row = 0; row < made.rows(); row += 1 + random.nextInt(120)) {
            long end = made.times().epochMicros(row) + 15_000_000L;
            double expected = vpin(bars, bar, end, size.doubleValue());
            if (Double.isNaN(expected)) {
                assertThat(made.doubles("vpin_50").isNull(row)).isTrue();
            } else {
                assertThat(made.doubles("vpin_50").value(row)).isCloseTo(expected, within(1e-9));
            }
        }
        assertThat(made.doubles("vpin_50").isNull(made.rows() - 1)).isFalse();
        // A bar is of its own length: a longer bucket has the value of the last shorter one in it.
        Batch minutes = Rows.join(series("1m"), Rows.read(features, series("1m"), HOURS));
        for (int row = 0; row < minutes.rows(); row++) {
            assertThat(minutes.doubles("vpin_50").text(row))
                    .isEqualTo(made.doubles("vpin_50").text(4 * row + 3));
        }
    }

    private static double vpin(TreeMap<Long, List<Object[]>> bars, long bar, long end, double size) {
        List<Double> changes = new ArrayList<>();
        Deque<Double> imbalances = new ArrayDeque<>();
        double before = Double.NaN;
        double filled = 0;
        double signed = 0;
        for (var entry : bars.entrySet()) {
            if ((entry.getKey() + 1) * bar > end) {
                break;
            }
            List<Object[]> trades = entry.getValue();
            double close = ((BigDecimal) trades.get(trades.size() - 1)[0]).doubleValue();
            if (!Double.isNaN(before)) {
                changes.add(close - before);
            }
            before = close;
            if (changes.size() < 10) {
                continue;
            }
            List<Double> last = changes.subList(Math.max(0, changes.size() - 60), changes.size());
            double mean = last.stream().mapToDouble(x -> x).average().orElseThrow();
            double deviation = Math.sqrt(
                    last.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum() / (last.size() - 1));
            double change = changes.get(changes.size() - 1);
            double bought = deviation == 0 ? change == 0 ? 0.5 : change > 0 ? 1 : 0 : normal(change / deviation);
            double left = trades.stream()
                    .mapToDouble(trade -> ((BigDecimal) trade[1]).doubleValue())
                    .sum();
            while (left > 1e-9) {
                double part = Math.min(left, size - filled);
                filled += part;
                signed += part * (2 * bought - 1);
                left -= part;
                if (filled > size - 1e-9) {
                    imbalances.addLast(Math.abs(signed));
                    if (imbalances.size() > 50) {
                        imbalances.removeFirst();
                    }
                    filled = 0;
                    signed = 0;
                }
            }
        }
        return imbalances.size() < 50
                ? Double.NaN
                : imbalances.stream().mapToDouble(x -> x).sum() / (50 * size);
    }

    // Simpson's rule over the density: another way than the one that is tested.
    private static double normal(double x) {
        int steps = 600;
        double step = x / steps;
        double sum = 0;
        for (int i = 0; i <= steps; i++) {
            double weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * Math.exp(-(i * step) * (i * step) / 2);
        }
        return 0.5 + sum * step / 3 / Math.sqrt(2 * Math.PI);
    }

    @Example
    void aBarThatDoesNotDivideADayIsRefused() {
        for (Duration bar : List.of(Duration.ZERO, Duration.ofMillis(1_500), Duration.ofSeconds(7))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> HftSettings.builder().bulkVpin(bar))
                    .withMessageContaining(bar.toString());
        }
    }

    private static Series series(String interval) {
        return new Series(Ticks.BTC, HftDatasets.hft(Interval.parse(interval)));
    }
}
