package dev.candlewick.candle;

import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Estimate;
import dev.candlewick.Gap;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Candles made of trades, exactly: a {@link Source} of {@code candles:INTERVAL} over a source of {@code trades}, of any
 * interval from a second up.
 *
 * <pre>{@code
 * TradeCandles.over(store).read(Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "15s"), TimeRange.day("2024-01-01"))
 * }</pre>
 *
 * <p>A trade belongs to the candle that holds its venue time; open and close are the first and last by venue time, trades of
 * the same microsecond in the order of their arrival. Taker columns add up trades whose side is {@code buy}; a trade of
 * unknown side counts in the totals only. Volumes are exact sums; quote volumes are exact sums of price × amount, rounded
 * once, half to even, where they have more than eight places. A price or volume that has more places than a candle is
 * {@link Refused}, naming the candle; {@code features:hft} has room for twelve.
 *
 * <p>Trades arrive in another order than they happen, so candles of a range are made of what arrived from {@code earliness}
 * before its start to {@code lateness} after its end. A trade that arrived later than that after it happened, or earlier, is
 * quarantined with its delay as the reason, whichever range is read: candles do not depend on the range they are read with.
 *
 * <p>A candle without trades is no row; the {@link Provenance} lists it as {@code confirmed_empty}. Wrap this in
 * {@link ForwardFill} for a row in every slot. A candle some of whose trades were not there to read is not given, and listed
 * with the reason that the source has for them; {@link Builder#acceptingBoundaries} looks at the candle's own time only.
 *
 * <p>A {@link Store} says beforehand what it lacks, and candles come while it is read. Another source says so at its end,
 * so all candles of the range are held until then: read it in units of a day or a month. Safe for many threads; the source
 * stays open.
 */
public final class TradeCandles implements Source {

    /** How late after it happened a trade may arrive, unless told otherwise: longer than venues lag in a crash. */
    public static final Duration LATENESS = Duration.ofMinutes(1);

    /** How far a recorder's clock may be behind the venue's, unless told otherwise. */
    public static final Duration EARLINESS = Duration.ofMinutes(1);

    /** What candles are made of; ids, which are most of a file of trades, are not read. */
    private static final List<String> COLUMNS = List.of("timestamp", "local_timestamp", "price", "amount", "side");

    private final Source source;
    private final Options options;

    private TradeCandles(Source source, Options options) {
        this.source = source;
        this.options = options;
    }

    /** What a candle is made of, in microseconds. */
    record Options(long lateness, long earliness, long closingBefore, boolean boundariesAccepted) {}

    /** Candles of the trades that a source has. */
    public static TradeCandles over(Source trades) {
        return from(trades).build();
    }

    /** Candles with other limits. */
    public static Builder from(Source trades) {
        return new Builder(Objects.requireNonNull(trades, "trades"));
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public boolean serves(Series series) {
        return grid(series).isPresent() && source.serves(series.with(Dataset.TRADES));
    }

    @Override
    public String refusal(Series series) {
        return grid(series).isPresent() ? source.refusal(series.with(Dataset.TRADES)) : noCandles(series);
    }

    @Override
    public Batches read(Series series, TimeRange range) {
        Cadence.Grid grid = grid(series).orElseThrow(() -> new Refused(noCandles(series)));
        Optional<TimeRange> slots = grid.slots(range);
        if (slots.isEmpty()) {
            return Batches.of(series, range, List.of(), Provenance.none());
        }
        Series trades = series.with(Dataset.TRADES);
        TimeRange arrivals = arrivals(slots.get());
        Optional<List<Gap>> known = source instanceof Store store
                ? Optional.of(store.coverage(trades, arrivals).gaps())
                : Optional.empty();
        return TradedCandles.read(
                source.read(trades, arrivals, COLUMNS), series, range, slots.get(), grid, known, options);
    }

    @Override
    public Estimate estimate(Series series, TimeRange range) {
        return grid(series)
                .flatMap(grid -> grid.slots(range))
                .map(slots -> source.estimate(series.with(Dataset.TRADES), arrivals(slots)))
                .orElse(Estimate.unknown());
    }

    @Override
    public String toString() {
        return "Candles made of trades of " + source.name();
    }

    private TimeRange arrivals(TimeRange slots) {
        return TimeRange.ofEpochMicros(
                slots.startMicros() - options.earliness(), slots.endMicros() + options.lateness() + 1);
    }

    private static String noCandles(Series series) {
        return series + " holds no plain candles; only these can be made of trades, for example " + series.subject()
                + "/candles:1m";
    }

    private static Optional<Cadence.Grid> grid(Series series) {
        return series.schema().equals(Schema.CANDLES) && series.cadence() instanceof Cadence.Grid grid
                ? Optional.of(grid)
                : Optional.empty();
    }

    /** Builds {@link TradeCandles}. For one thread. */
    public static final class Builder {

        private final Source source;
        private Duration lateness = LATENESS;
        private Duration earliness = EARLINESS;
        private Duration closingBefore = Duration.ofMillis(1);
        private boolean boundariesAccepted;

        private Builder(Source source) {
            this.source = source;
        }

        /** The longest that a trade may take to arrive; later ones are quarantined. */
        public Builder lateness(Duration longest) {
            lateness = notNegative(longest);
            return this;
        }

        /** The most that a trade's venue time may be ahead of its arrival, where the recorder's clock is behind. */
        public Builder earliness(Duration longest) {
            earliness = notNegative(longest);
            return this;
        }

        /** How long before the next candle {@code close_time} is: a millisecond, as most venues print it. */
        public Builder closingBefore(Duration margin) {
            if (margin.compareTo(Duration.ofNanos(1_000)) < 0 || margin.compareTo(Duration.ofSeconds(1)) > 0) {
                throw new IllegalArgumentException(
                        "Candles close a microsecond to a second before the next one, not " + margin);
            }
            closingBefore = margin;
            return this;
        }

        /**
         * Gives candles also where arrivals shortly before or after them were not there to read, such as the last minute of
         * a day when the next day's file is not published: they may lack trades.
         */
        public Builder acceptingBoundaries() {
            boundariesAccepted = true;
            return this;
        }

        /** The source of candles. */
        public TradeCandles build() {
            return new TradeCandles(
                    source,
                    new Options(micros(lateness), micros(earliness), micros(closingBefore), boundariesAccepted));
        }

        private static Duration notNegative(Duration duration) {
            if (duration.isNegative() || duration.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException("A limit is no time to a day, not " + duration);
            }
            return duration;
        }

        private static long micros(Duration duration) {
            return duration.toNanos() / 1_000;
        }
    }
}
