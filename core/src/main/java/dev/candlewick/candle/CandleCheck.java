package dev.candlewick.candle;

import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Compares the candles of two sources by three rules: the same times of trading, the same prices, the same volume. For example those
 * that a venue publishes with those made of its recorded trades.
 *
 * <pre>{@code
 * CandleCheck.between(binance, TradeCandles.over(tardis)).run(series, TimeRange.day("2024-01-01"));
 * }</pre>
 *
 * <p>Immutable, safe for many threads; the sources stay open.
 */
public final class CandleCheck {

    private static final int SHOWN = 10;

    private final Source left;
    private final Source right;
    private final BigDecimal priceTolerance;
    private final BigDecimal volumeTolerance;
    private final QuietCandles quiet;

    /** What to make of a candle in which nothing was traded, when the other side has none there. */
    private enum QuietCandles {
        AS_ABSENT,
        AS_CANDLES
    }

    private CandleCheck(
            Source left, Source right, BigDecimal priceTolerance, BigDecimal volumeTolerance, QuietCandles quiet) {
        this.left = left;
        this.right = right;
        this.priceTolerance = priceTolerance;
        this.volumeTolerance = volumeTolerance;
        this.quiet = quiet;
    }

    /**
     * A check that takes nothing but equality. Venues publish candles of quiet intervals, and candles made of trades have
     * none there: a candle without trades and without volume agrees with no candle. {@link #countingQuietCandles} takes it
     * for a difference.
     */
    public static CandleCheck between(Source left, Source right) {
        return new CandleCheck(
                Objects.requireNonNull(left, "left"),
                Objects.requireNonNull(right, "right"),
                BigDecimal.ZERO,
                BigDecimal.ZERO,
                QuietCandles.AS_ABSENT);
    }

    /**
     * The same check, taking prices and volumes for equal that differ by no more than these shares of the larger one.
     *
     * @param prices such as 0.0001 for a hundredth of a percent; 0 or more
     * @param volumes likewise
     */
    public CandleCheck within(BigDecimal prices, BigDecimal volumes) {
        if (prices.signum() < 0 || volumes.signum() < 0) {
            throw new IllegalArgumentException("A tolerance is 0 or more, not " + prices + " and " + volumes);
        }
        return new CandleCheck(left, right, prices, volumes, quiet);
    }

    /** The same check, for which a candle without trades on one side only breaks the alignment. */
    public CandleCheck countingQuietCandles() {
        return new CandleCheck(left, right, priceTolerance, volumeTolerance, QuietCandles.AS_CANDLES);
    }

    /** Reads the candles of both and compares them. */
    public Result run(Series series, TimeRange range) {
        Candles ours = Candles.of(left.read(series, range));
        Candles theirs = Candles.of(right.read(series, range));
        Rule alignment = new Rule("alignment");
        Rule prices = new Rule("prices");
        Rule volume = new Rule("volume");
        int other = 0;
        long common = 0;
        for (Candle candle : ours) {
            while (other < theirs.size() && theirs.get(other).openTime().isBefore(candle.openTime())) {
                alone(theirs.get(other++), right, alignment);
            }
            if (other == theirs.size() || !theirs.get(other).openTime().equals(candle.openTime())) {
                alone(candle, left, alignment);
                continue;
            }
            Candle match = theirs.get(other++);
            common++;
            differences(candle, match, PRICES, priceTolerance).ifDifferent(prices, candle);
            differences(candle, match, VOLUMES, volumeTolerance).ifDifferent(volume, candle);
        }
        for (; other < theirs.size(); other++) {
            alone(theirs.get(other), right, alignment);
        }
        return new Result(series, range, common, List.of(alignment.outcome(), prices.outcome(), volume.outcome()));
    }

    private void alone(Candle candle, Source source, Rule alignment) {
        boolean traded = candle.trades() != 0 || candle.volume().signum() != 0;
        if (traded || quiet == QuietCandles.AS_CANDLES) {
            alignment.broken(candle.openTime() + " is only in " + source.name());
        }
    }

    private record Value(String name, Function<Candle, BigDecimal> of) {}

    private static final List<Value> PRICES = List.of(
            new Value("open", Candle::open),
            new Value("high", Candle::high),
            new Value("low", Candle::low),
            new Value("close", Candle::close));

    private static final List<Value> VOLUMES = List.of(new Value("volume", Candle::volume));

    private record Differences(Set<String> texts) {
        void ifDifferent(Rule rule, Candle candle) {
            if (!texts.isEmpty()) {
                rule.broken(candle.openTime() + " " + String.join(", ", texts));
            }
        }
    }

    private static Differences differences(Candle one, Candle two, List<Value> values, BigDecimal tolerance) {
        Set<String> texts = new TreeSet<>();
        for (Value value : values) {
            BigDecimal mine = value.of().apply(one);
            BigDecimal theirs = value.of().apply(two);
            BigDecimal allowed = mine.abs().max(theirs.abs()).multiply(tolerance, MathContext.DECIMAL128);
            if (mine.subtract(theirs).abs().compareTo(allowed) > 0) {
                texts.add(value.name() + " " + mine.stripTrailingZeros().toPlainString() + " and "
                        + theirs.stripTrailingZeros().toPlainString());
            }
        }
        return new Differences(texts);
    }

    private static final class Rule {

        private final String name;
        private final List<String> examples = new ArrayList<>();
        private long broken;

        Rule(String name) {
            this.name = name;
        }

        void broken(String what) {
            broken++;
            if (examples.size() < SHOWN) {
                examples.add(what);
            }
        }

        RuleOutcome outcome() {
            return new RuleOutcome(name, broken, List.copyOf(examples));
        }
    }

    /**
     * What became of one rule.
     *
     * @param rule {@code alignment}, {@code prices} or {@code volume}
     * @param broken how many candles break it
     * @param examples the first of them
     */
    public record RuleOutcome(String rule, long broken, List<String> examples) {

        /** Whether no candle breaks it. */
        public boolean holds() {
            return broken == 0;
        }

        @Override
        public String toString() {
            return rule + ": "
                    + (holds()
                            ? "holds"
                            : broken
                                    + (broken == 1 ? " candle differs" : " candles differ")
                                    + examples.stream()
                                            .map(line -> "\n  " + line)
                                            .collect(Collectors.joining()));
        }
    }

    /**
     * What the comparison gave.
     *
     * @param series which candles
     * @param range where
     * @param common how many candles both have; with none of them nothing is proven
     * @param rules the three rules
     */
    public record Result(Series series, TimeRange range, long common, List<RuleOutcome> rules) {

        /** Whether both have candles and no rule is broken. */
        public boolean agrees() {
            return common > 0 && rules.stream().allMatch(RuleOutcome::holds);
        }

        @Override
        public String toString() {
            return series + " over " + range + ": " + common + (common == 1 ? " common candle\n" : " common candles\n")
                    + rules.stream().map(RuleOutcome::toString).collect(Collectors.joining("\n"));
        }
    }
}
