package dev.candlewick.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Column;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.book.BatchSource;
import dev.candlewick.book.RecordedTicks;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The numbers of indicators: against recorded expectations, third parties' printed ones, and the formulas spelled out. */
class IndicatorFormulasTest {

    private static final String RECORDING = "60s_binance-futures_2020-02-22_BTCUSDT.part1.csv";

    @Test
    void everyColumnOfTheRecordedHourAgreesToNineDigits() throws IOException {
        List<Batch> candles = candles(RecordedTicks.lines("tardis/expected/features_" + RECORDING));
        List<String> expected = RecordedTicks.lines("tardis/expected/indicators_" + RECORDING);
        String[] names = expected.get(0).split(",", -1);
        Series series = Series.parse("VENUE:SPOT_PAIR:A-B/features:mft:1m");

        int row = 0;
        int values = 0;
        try (Batches batches = Indicators.over(BatchSource.of(candles)).read(series, TimeRange.day("2020-02-22"))) {
            for (Batch batch : batches) {
                for (int at = 0; at < batch.rows(); at++) {
                    String[] cells = expected.get(++row).split(",", -1);
                    assertThat(batch.times().epochMicros(at)).isEqualTo(Long.parseLong(cells[0]));
                    for (int column = 2; column < names.length; column++) {
                        values += assertCell(batch.column(names[column]), at, cells[column]);
                    }
                }
            }
        }
        assertThat(row).isEqualTo(expected.size() - 1);
        assertThat(values).isGreaterThan(1_000);
    }

    @Test
    void trueRangesAgreeWithThePrintedOnesOfAnotherLibrary() throws IOException {
        assertPrinted("tardis/reference-indicators/spy_atr_wilder.txt", "atr_14", 5, 5.1e-6);
    }

    @Test
    void convergenceAgreesWithThePrintedOnesOfAnotherLibrary() throws IOException {
        assertPrinted("tardis/reference-indicators/spy_with_macd.txt", "macd", 5, 6e-6);
        assertPrinted("tardis/reference-indicators/spy_with_macd.txt", "macd_signal", 6, 6e-6);
        assertPrinted("tardis/reference-indicators/spy_with_macd.txt", "macd_hist", 7, 6e-6);
    }

    @Property(tries = 8)
    void theFormulasSpelledOutGiveTheSame(@ForAll Random random) {
        List<Bar> bars = new ArrayList<>();
        double close = 100;
        for (int i = 0; i < 80; i++) {
            double open = close;
            close = Math.max(1, close + (random.nextInt(3) == 0 ? 0 : random.nextGaussian()));
            double high = Math.max(open, close) + random.nextDouble();
            double low = Math.min(open, close) - random.nextDouble() / 2;
            double volume = random.nextInt(4) == 0 ? 0 : random.nextInt(100);
            bars.add(new Bar(i, i, open, high, low, close, volume, volume * open, random.nextInt(9)));
        }
        double[] c = bars.stream().mapToDouble(Bar::close).toArray();
        double[] v = bars.stream().mapToDouble(Bar::volume).toArray();
        IntToDoubleFunction r = t -> Math.log(c[t] / c[t - 1]);

        check(bars, "log_return_5", 5, t -> Math.log(c[t] / c[t - 5]));
        check(bars, "roc_10", 10, t -> c[t] / c[t - 10] - 1);
        check(bars, "momentum_3", 3, t -> c[t] / c[t - 3] - 1);
        check(bars, "rolling_vol_20", 20, t -> deviation(last(20, t, r), 19));
        check(bars, "volatility_10", 10, t -> deviation(last(10, t, r), 10));
        check(bars, "sma_20", 19, t -> mean(last(20, t, i -> c[i])));
        check(bars, "volume_sma_5", 4, t -> mean(last(5, t, i -> v[i])));
        check(bars, "volume_ratio", 4, t -> v[t] / mean(last(5, t, i -> v[i])));
        check(bars, "wma_5", 4, t -> (5 * c[t] + 4 * c[t - 1] + 3 * c[t - 2] + 2 * c[t - 3] + c[t - 4]) / 15);
        check(bars, "ema_12", 11, t -> exponential(c, 12, t));
        check(bars, "macd", 25, t -> exponential(c, 12, t) - exponential(c, 26, t));
        check(bars, "ewma_vol", 1, t -> {
            double variance = r.applyAsDouble(1) * r.applyAsDouble(1);
            for (int i = 2; i <= t; i++) {
                variance = 0.94 * variance + 0.06 * r.applyAsDouble(i) * r.applyAsDouble(i);
            }
            return Math.sqrt(variance);
        });
        check(bars, "rsi_14", 14, t -> strength(c, 14, t));
        check(bars, "rsi_5", 5, t -> strength(c, 5, t));
        check(bars, "bb_upper", 19, t -> mean(last(20, t, i -> c[i])) + 2 * deviation(last(20, t, i -> c[i]), 20));
        check(bars, "bb_width", 19, t -> 4 * deviation(last(20, t, i -> c[i]), 20) / mean(last(20, t, i -> c[i])));
        check(
                bars,
                "zscore_20",
                19,
                t -> (c[t] - mean(last(20, t, i -> c[i]))) / deviation(last(20, t, i -> c[i]), 20));
        check(
                bars,
                "volume_zscore_20",
                19,
                t -> (v[t] - mean(last(20, t, i -> v[i]))) / deviation(last(20, t, i -> v[i]), 20));
        check(
                bars,
                "mvwap_20",
                19,
                t -> mean(last(20, t, i -> bars.get(i).quoteVolume())) / mean(last(20, t, i -> v[i])));
        check(
                bars,
                "obv",
                0,
                t -> IntStream.rangeClosed(1, t)
                        .mapToDouble(i -> Math.signum(c[i] - c[i - 1]) * v[i])
                        .sum());
        check(bars, "velocity", 1, t -> c[t] - c[t - 1]);
        check(bars, "acceleration", 2, t -> c[t] - 2 * c[t - 1] + c[t - 2]);
        check(
                bars,
                "parkinson_20",
                19,
                t -> Math.sqrt(mean(last(
                        20,
                        t,
                        i -> Math.pow(Math.log(bars.get(i).high() / bars.get(i).low()), 2) / 4 / Math.log(2)))));
        check(bars, "high_low_ratio", 0, t -> bars.get(t).high() / bars.get(t).low());
        check(
                bars,
                "vwap_deviation",
                0,
                t -> (c[t] - bars.get(t).open()) / bars.get(t).open() + (v[t] == 0 ? Double.NaN : 0));
    }

    @Test
    void pricesThatStandStillHaveNoScoreAndTheirStrengthIsInTheMiddle() {
        List<Bar> flat = IntStream.range(0, 30)
                .mapToObj(i -> new Bar(i, i, 0.1, 0.1, 0.1, 0.1, 0.3, 0.03, 1))
                .toList();

        assertThat(values(flat, "zscore_20")).containsOnly(Double.NaN);
        assertThat(values(flat, "bb_pct_b")).matches(all -> DoubleStream.of(all).noneMatch(Double::isFinite));
        assertThat(values(flat, "rsi_14")[29]).isEqualTo(50);
        assertThat(values(flat, "rolling_vol_20")[29]).isZero();
    }

    private static void check(List<Bar> bars, String column, int first, IntToDoubleFunction formula) {
        double[] values = values(bars, column);
        for (int t = 0; t < values.length; t++) {
            double expected = t < first ? Double.NaN : formula.applyAsDouble(t);
            String what = column + " of bar " + t;
            if (Double.isFinite(expected)) {
                assertThat(values[t]).as(what).isCloseTo(expected, within(1e-9 * Math.max(1, Math.abs(expected))));
            } else {
                assertThat(Double.isFinite(values[t])).as(what).isFalse();
            }
        }
    }

    private static double[] values(List<Bar> bars, String column) {
        Indicator.Running running = List.of(IndicatorSet.MFT, IndicatorSet.LIVE).stream()
                .flatMap(set -> set.indicators().stream())
                .filter(indicator -> indicator.column().equals(column))
                .findFirst()
                .orElseThrow()
                .begin()
                .get();
        return bars.stream().mapToDouble(running::next).toArray();
    }

    private static double[] last(int bars, int t, IntToDoubleFunction value) {
        return IntStream.rangeClosed(t - bars + 1, t).mapToDouble(value).toArray();
    }

    private static double mean(double[] values) {
        return IntStream.range(0, values.length)
                .mapToDouble(i -> values[i])
                .average()
                .orElseThrow();
    }

    private static double deviation(double[] values, int divisor) {
        BigDecimal count = BigDecimal.valueOf(values.length);
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal squares = BigDecimal.ZERO;
        for (double value : values) {
            BigDecimal exact = new BigDecimal(value);
            sum = sum.add(exact);
            squares = squares.add(exact.multiply(exact));
        }
        BigDecimal spread = squares.subtract(sum.multiply(sum).divide(count, 60, RoundingMode.HALF_EVEN));
        return Math.sqrt(spread.max(BigDecimal.ZERO).doubleValue() / divisor);
    }

    private static double exponential(double[] c, int bars, int t) {
        double average = mean(last(bars, bars - 1, i -> c[i]));
        for (int i = bars; i <= t; i++) {
            average = c[i] * 2 / (bars + 1) + average * (bars - 1) / (bars + 1);
        }
        return average;
    }

    private static double strength(double[] c, int bars, int t) {
        double gains = 0;
        double losses = 0;
        for (int i = 1; i <= t; i++) {
            double gain = Math.max(0, c[i] - c[i - 1]);
            double loss = Math.max(0, c[i - 1] - c[i]);
            gains = i <= bars ? gains + gain / bars : gains * (bars - 1) / bars + gain / bars;
            losses = i <= bars ? losses + loss / bars : losses * (bars - 1) / bars + loss / bars;
        }
        return losses == 0 ? gains == 0 ? 50 : 100 : 100 - 100 / (1 + gains / losses);
    }

    private static int assertCell(Column column, int row, String expected) {
        if (expected.isEmpty()) {
            assertThat(column.isNull(row)).as(column.name() + " of row " + row).isTrue();
            return 0;
        }
        double value = Double.parseDouble(expected);
        assertThat(Double.parseDouble(column.text(row)))
                .as(column.name() + " of row " + row)
                .isCloseTo(value, within(1e-9 * Math.max(Math.abs(value), 1e-3)));
        return 1;
    }

    private static void assertPrinted(String file, String name, int cell, double precision) throws IOException {
        List<Bar> bars = new ArrayList<>();
        List<String> lines = RecordedTicks.lines(file);
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            bars.add(new Bar(0, 0, number(cells[1]), number(cells[2]), number(cells[3]), number(cells[4]), 0, 0, 0));
        }
        double[] values = values(bars, name);
        int compared = 0;
        for (int i = 0; i < values.length; i++) {
            String printed = lines.get(i + 1).split(",", -1)[cell].strip();
            if (!printed.isEmpty()) {
                assertThat(values[i]).as("line " + (i + 2)).isCloseTo(number(printed), within(precision));
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(100);
    }

    private static double number(String text) {
        return Double.parseDouble(text.strip());
    }

    private static List<Batch> candles(List<String> lines) {
        Series series = Series.candles("VENUE:SPOT_PAIR:A-B", "1m");
        List<String> names = List.of(lines.get(0).split(",", -1));
        BatchBuilder builder = new BatchBuilder(series, lines.size());
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            if (cells[names.indexOf("close")].isEmpty()) {
                continue;
            }
            long open = Long.parseLong(cells[0]);
            builder.row(
                    open,
                    cells[names.indexOf("open")],
                    cells[names.indexOf("high")],
                    cells[names.indexOf("low")],
                    cells[names.indexOf("close")],
                    new BigDecimal(cells[names.indexOf("volume")]).setScale(8, RoundingMode.HALF_EVEN),
                    open + 59_999_000,
                    new BigDecimal(cells[names.indexOf("quote_volume")]).setScale(8, RoundingMode.HALF_EVEN),
                    Long.parseLong(cells[names.indexOf("trade_count")]),
                    "0",
                    "0");
        }
        return List.of(builder.build());
    }
}
