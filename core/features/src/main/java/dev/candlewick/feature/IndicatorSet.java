package dev.candlewick.feature;

import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Interval;
import dev.candlewick.Schema;
import java.util.ArrayList;
import java.util.List;

/**
 * Indicators that make the columns of one family of datasets, {@code features:NAME:INTERVAL}.
 *
 * <p>Each row also says when its bar opened ({@code timestamp}), when the row could be known ({@code available_at}) and
 * whether nothing was traded, so that the bar was filled forward ({@code filled}). Datasets of the two sets here are known
 * by name; those of others are once a {@link dev.candlewick.spi.DatasetProvider} names them.
 *
 * @param name the family, for example {@code mft}
 * @param indicators the columns in order
 */
public record IndicatorSet(String name, List<Indicator> indicators) {

    private static final Interval A_DAY = Interval.parse("24h");

    /** Returns, averages, oscillators, bands and volatilities of bars: {@code features:mft:1m}. */
    public static final IndicatorSet MFT = new IndicatorSet(
            "mft",
            List.of(
                    LogReturn.over(1),
                    LogReturn.over(5),
                    LogReturn.over(15),
                    RollingVolatility.ofSample(20),
                    EwmaVolatility.ofDays(),
                    SimpleAverage.ofClose(20),
                    ExponentialAverage.over(12),
                    ExponentialAverage.over(26),
                    RelativeStrength.over(14),
                    Convergence.line(),
                    Convergence.signal(),
                    Convergence.histogram(),
                    TrueRange.averageOver(14),
                    Bollinger.upper(20),
                    Bollinger.lower(20),
                    Bollinger.position("bb_pct_b", 20),
                    Bollinger.width(20),
                    StandardScore.ofClose(20),
                    StandardScore.ofVolume(20),
                    RateOfChange.named("roc_10", 10),
                    OnBalanceVolume.sinceTheAnchor(),
                    VolumeWeightedAverage.over(20),
                    RangeVolatility.parkinson(20),
                    RangeVolatility.garmanKlass(20),
                    RangeVolatility.rogersSatchell(20)));

    /** Short windows for live use: {@code features:live:1m}. */
    public static final IndicatorSet LIVE = new IndicatorSet(
            "live",
            List.of(
                    SimpleAverage.ofClose(5),
                    SimpleAverage.ofClose(10),
                    SimpleAverage.ofClose(20),
                    ExponentialAverage.over(5),
                    ExponentialAverage.over(10),
                    ExponentialAverage.over(20),
                    WeightedAverage.over(5),
                    WeightedAverage.over(10),
                    WeightedAverage.over(20),
                    RateOfChange.named("momentum_3", 3),
                    RateOfChange.named("momentum_5", 5),
                    CloseSteps.velocity(),
                    CloseSteps.acceleration(),
                    SimpleAverage.ofVolume(5),
                    VolumeRatio.over(5),
                    BarRatio.vwapDeviation(),
                    RollingVolatility.ofPopulation(5),
                    RollingVolatility.ofPopulation(10),
                    RelativeStrength.over(5),
                    Bollinger.position("bollinger_position", 5),
                    Convergence.line(),
                    Convergence.signal(),
                    BarRatio.highLow(),
                    BarRatio.trades()));

    /** Copies the list; names of columns are checked when a dataset is made. */
    public IndicatorSet {
        indicators = List.copyOf(indicators);
        if (!name.matches("[a-z][a-z0-9_]*") || indicators.isEmpty()) {
            throw new IllegalArgumentException("A set of indicators has a name of lower-case letters and digits and one"
                    + " indicator or more, not '" + name + "' and " + indicators.size());
        }
    }

    /** The dataset of these columns for bars of an interval. */
    public Dataset dataset(Interval interval) {
        List<Field> fields =
                new ArrayList<>(List.of(Field.time("timestamp"), Field.time("available_at"), Field.bool("filled")));
        for (Indicator indicator : indicators) {
            fields.add(Field.float64(indicator.column()).orNull());
        }
        Schema schema = new Schema(fields, "timestamp", List.of("timestamp"));
        // By the day, as the ticks below them: a new day rewrites no month.
        Cadence cadence = interval.divides(A_DAY) ? Cadence.everyByDay(interval) : Cadence.every(interval);
        return new Dataset("features:" + name + ":" + interval, schema, cadence);
    }
}
