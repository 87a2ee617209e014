package dev.candlewick.candle;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Estimate;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Candles made of trades, exactly: a {@link Source} of {@code candles:INTERVAL} over a source of {@code trades} or, where
 * {@linkplain Builder#madeOf told so}, of {@code agg_trades}; of any interval from a second up.
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
 * <p>A candle without trades is no row; the {@link Provenance} lists it as {@code confirmed_empty}. With
 * {@link Builder#fillingForward} it is a flat one, flagged. A candle some of whose trades were not there to read is never
 * given, and listed with the reason that the source has for them; {@link Builder#acceptingBoundaries} looks at the candle's
 * own time only. Candles are labelled with their start, {@code open_time}; {@link EndLabels} shows them by their end.
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

    /** How long after the last candle with trades a flat one may stand for no trade. */
    static final long LONGEST_IDLE = 7 * 86_400_000_000L;

    private static final long LOOK_BACK = 86_400_000_000L;
    private static final Set<GapReason> NOTHING_TRADED = EnumSet.of(GapReason.CONFIRMED_EMPTY, GapReason.VENUE_OUTAGE);

    /** What candles are made of; ids, which are most of a file of trades, are not read. */
    private static final List<String> TRADE_COLUMNS =
            List.of("timestamp", "local_timestamp", "price", "amount", "side");

    private static final List<String> AGGREGATE_COLUMNS =
            List.of("timestamp", "price", "amount", "side", "first_id", "last_id");

    private final Source source;
    private final Options options;

    private TradeCandles(Source source, Options options) {
        this.source = source;
        this.options = options;
    }

    /**
     * What a candle is made of.
     *
     * @param trades the dataset
     * @param lateness how late a trade may arrive, in microseconds; aggregates have one time only and lie in its order
     * @param earliness how early
     * @param closingBefore how long before the next candle one closes
     * @param boundariesAccepted whether candles may lack what arrived beside them
     * @param empty what becomes of a candle without trades
     */
    record Options(
            Dataset trades,
            long lateness,
            long earliness,
            long closingBefore,
            boolean boundariesAccepted,
            EmptyCandles empty) {

        boolean areAggregates() {
            return trades.equals(Dataset.AGG_TRADES);
        }

        boolean areFilled() {
            return empty == EmptyCandles.FLAT;
        }
    }

    /** What becomes of candles in which nothing was traded. */
    enum EmptyCandles {
        ABSENT,
        FLAT
    }

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
        return grid(series).isPresent() && source.serves(trades(series));
    }

    @Override
    public String refusal(Series series) {
        return grid(series).isPresent() ? source.refusal(trades(series)) : noCandles(series);
    }

    @Override
    public Batches read(Series series, TimeRange range) {
        Cadence.Grid grid = grid(series).orElseThrow(() -> new Refused(noCandles(series)));
        Series plain = ForwardFill.plain(series);
        Series given = options.areFilled() ? series.with(plain.dataset().filled()) : plain;
        Optional<TimeRange> slots = grid.slots(range);
        if (slots.isEmpty()) {
            return Batches.of(given, range, List.of(), Provenance.none());
        }
        long first = slots.get().startMicros();
        return read(given, range, slots.get(), grid, () -> options.areFilled() ? before(plain, grid, first) : none());
    }

    private Batches read(
            Series given,
            TimeRange range,
            TimeRange slots,
            Cadence.Grid grid,
            Supplier<Optional<TradedCandles.Close>> before) {
        Series trades = trades(given);
        TimeRange arrivals = arrivals(slots);
        Optional<List<Gap>> known = source instanceof Store store
                ? Optional.of(store.coverage(trades, arrivals).gaps())
                : Optional.empty();
        return TradedCandles.read(
                source.read(trades, arrivals, options.areAggregates() ? AGGREGATE_COLUMNS : TRADE_COLUMNS),
                given,
                range,
                slots,
                grid,
                known,
                options,
                before);
    }

    /**
     * The close that flat candles from a slot on repeat: none where nothing was traded for long, or where it is not known
     * that nothing was.
     */
    private Optional<TradedCandles.Close> before(Series plain, Cadence.Grid grid, long slot) {
        Optional<TradedCandles.Close> last = none();
        long start = slot;
        while (last.isEmpty() && start > slot - LONGEST_IDLE) {
            TimeRange stretch = TimeRange.ofEpochMicros(grid.floor(start - LOOK_BACK), start);
            start = stretch.startMicros();
            try (Batches candles = read(plain, stretch, stretch, grid, TradeCandles::none)) {
                for (Batch batch : candles) {
                    last = Optional.of(TradedCandles.Close.of(batch, batch.rows() - 1));
                }
                long from = last.map(TradedCandles.Close::start).orElse(start);
                boolean idle = candles.provenance().gaps().stream()
                        .filter(gap ->
                                gap.range().startMicros() > from || gap.range().contains(TimeRange.instant(from)))
                        .allMatch(gap -> NOTHING_TRADED.contains(gap.reason()));
                if (!idle) {
                    return none();
                }
            }
        }
        return last;
    }

    private static Optional<TradedCandles.Close> none() {
        return Optional.empty();
    }

    @Override
    public Estimate estimate(Series series, TimeRange range) {
        return grid(series)
                .flatMap(grid -> grid.slots(range))
                .map(slots -> source.estimate(trades(series), arrivals(slots)))
                .orElse(Estimate.unknown());
    }

    @Override
    public String toString() {
        return "Candles made of " + options.trades() + " of " + source.name();
    }

    private Series trades(Series candles) {
        return candles.with(options.trades());
    }

    private TimeRange arrivals(TimeRange slots) {
        return options.areAggregates()
                ? slots
                : TimeRange.ofEpochMicros(
                        slots.startMicros() - options.earliness(), slots.endMicros() + options.lateness() + 1);
    }

    private String noCandles(Series series) {
        return series + " holds no plain candles; only these can be made of " + options.trades() + ", for example "
                + series.subject() + "/candles:1m";
    }

    private Optional<Cadence.Grid> grid(Series series) {
        if (series.dataset().isFilled() && !options.areFilled()) {
            return Optional.empty();
        }
        Series plain = ForwardFill.plain(series);
        return plain.schema().equals(Schema.CANDLES) && plain.cadence() instanceof Cadence.Grid grid
                ? Optional.of(grid)
                : Optional.empty();
    }

    /** Builds {@link TradeCandles}. For one thread. */
    public static final class Builder {

        private final Source source;
        private Dataset trades = Dataset.TRADES;
        private Duration lateness = LATENESS;
        private Duration earliness = EARLINESS;
        private Duration closingBefore = Duration.ofMillis(1);
        private boolean boundariesAccepted;
        private EmptyCandles empty = EmptyCandles.ABSENT;

        private Builder(Source source) {
            this.source = source;
        }

        /**
         * Which rows candles are made of: {@link Dataset#TRADES}; or {@link Dataset#AGG_TRADES}, which venues keep for
         * longer and in smaller files. Of an aggregate counts every trade from its first to its last id. It has one time:
         * one whose trades lie on both sides of a candle's edge counts whole on one side, so candles of aggregates may
         * differ from the venue's own at their edges, where those of trades do not. Lateness and earliness do not matter
         * to them. Aggregates without a first id, which the venue took back, count nowhere; one whose last id is below its
         * first is quarantined.
         *
         * @throws IllegalArgumentException for another dataset
         */
        public Builder madeOf(Dataset dataset) {
            if (!dataset.equals(Dataset.TRADES) && !dataset.equals(Dataset.AGG_TRADES)) {
                throw new IllegalArgumentException("Candles are made of trades or agg_trades, not of " + dataset);
            }
            trades = dataset;
            return this;
        }

        /**
         * Gives a flat candle where nothing was traded: all four prices are the close before, sums and counts are 0,
         * {@code filled} is set. Rows are then those of {@code candles:INTERVAL:filled}, whichever of the two is asked for,
         * which no store takes; {@code features:hft} with {@code FILL_FORWARD} are flat buckets that are stored.
         *
         * <p>Only slots that trades are known for are filled, for as long as the last candle with a trade is not more than
         * seven days before them, whichever range is read: where a range begins with an empty slot, the days before it are
         * read until one has a trade. Nothing is carried over a stretch whose trades are missing, or over one without
         * listing. The {@link Provenance} still lists flat candles as {@code confirmed_empty}. {@link ForwardFill} differs
         * in that it also fills what is missing for another reason.
         */
        public Builder fillingForward() {
            empty = EmptyCandles.FLAT;
            return this;
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
            boolean ordered = trades.equals(Dataset.AGG_TRADES);
            return new TradeCandles(
                    source,
                    new Options(
                            trades,
                            ordered ? 0 : micros(lateness),
                            ordered ? 0 : micros(earliness),
                            micros(closingBefore),
                            boundariesAccepted,
                            empty));
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
