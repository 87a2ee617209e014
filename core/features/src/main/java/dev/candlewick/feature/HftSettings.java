package dev.candlewick.feature;

import dev.candlewick.Dataset;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How {@code features:hft} are worked out. The same for batches and live, so that both give the same rows. Immutable.
 *
 * <pre>{@code
 * HftSettings.builder().vpinVolume(new BigDecimal("20")).emptyBuckets(EmptyBuckets.SPARSE).build()
 * }</pre>
 */
public final class HftSettings {

    private static final Pattern BOOK = Pattern.compile("book:([1-9][0-9]*)");
    private static final int LEVELS_USED = 5;

    private final Builder chosen;

    private HftSettings(Builder chosen) {
        this.chosen = chosen;
    }

    /** What {@link Builder} starts with. */
    public static HftSettings defaults() {
        return builder().build();
    }

    /** Starts with the defaults, which each method names. */
    public static Builder builder() {
        return new Builder();
    }

    EmptyBuckets emptyBuckets() {
        return chosen.emptyBuckets;
    }

    long lateness() {
        return micros(chosen.lateness);
    }

    long earliness() {
        return micros(chosen.earliness);
    }

    long history() {
        return micros(chosen.history);
    }

    int lookBackDays() {
        return chosen.lookBackDays;
    }

    Dataset book() {
        return chosen.book;
    }

    int bookLevels() {
        Matcher levels = BOOK.matcher(chosen.book.name());
        return levels.matches() ? Math.min(LEVELS_USED, Integer.parseInt(levels.group(1))) : 1;
    }

    Optional<BigDecimal> vpinVolume() {
        return chosen.vpinVolume;
    }

    Optional<Duration> vpinBar() {
        return chosen.vpinBar;
    }

    Optional<Duration> realizedSpreadAfter() {
        return chosen.realizedSpreadAfter;
    }

    long realizedSpreadMicros() {
        return chosen.realizedSpreadAfter.map(HftSettings::micros).orElse(0L);
    }

    boolean annualized() {
        return chosen.annualized;
    }

    boolean carriesTicker() {
        return chosen.carriesTicker;
    }

    boolean infersSides() {
        return chosen.infersSides;
    }

    boolean acceptsBoundaries() {
        return chosen.acceptsBoundaries;
    }

    boolean acceptsMissingFeeds() {
        return chosen.acceptsMissingFeeds;
    }

    BigDecimal multiplier() {
        return chosen.multiplier;
    }

    boolean isInverse() {
        return chosen.inverse;
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }

    /** Builds {@link HftSettings}. For one thread. */
    public static final class Builder {

        private EmptyBuckets emptyBuckets = EmptyBuckets.DENSE;
        private Duration lateness = Duration.ofMinutes(1);
        private Duration earliness = Duration.ofMinutes(1);
        private Duration history = Duration.ofHours(1);
        private int lookBackDays = 7;
        private Dataset book = Dataset.book(LEVELS_USED);
        private Optional<BigDecimal> vpinVolume = Optional.empty();
        private Optional<Duration> vpinBar = Optional.empty();
        private Optional<Duration> realizedSpreadAfter = Optional.empty();
        private boolean annualized;
        private boolean carriesTicker;
        private boolean infersSides;
        private boolean acceptsBoundaries;
        private boolean acceptsMissingFeeds;
        private BigDecimal multiplier = BigDecimal.ONE;
        private boolean inverse;

        private Builder() {}

        /** What becomes of buckets without trades: {@link EmptyBuckets#DENSE}. */
        public Builder emptyBuckets(EmptyBuckets policy) {
            emptyBuckets = policy;
            return this;
        }

        /**
         * How long after it happened a tick may arrive: a minute. Trades, tickers and liquidations that come later are
         * quarantined; a change of the book that comes later counts from when it came, less this. Live rows wait that long.
         */
        public Builder lateness(Duration longest) {
            lateness = within(longest, Duration.ofDays(1));
            return this;
        }

        /** How far a tick's venue time may be ahead of its arrival, where clocks differ: a minute. */
        public Builder earliness(Duration longest) {
            earliness = within(longest, Duration.ofDays(1));
            return this;
        }

        /**
         * How much before each UTC day is read so that what lasts is known at its beginning: an hour. Books, the close
         * before, open interest before and the volumes of {@code vpin_50} are those since then, whatever range is read.
         */
        public Builder history(Duration before) {
            history = within(before, Duration.ofDays(7));
            return this;
        }

        /**
         * How many days more are read where nothing was traded in the history before a midnight, one after the other until
         * there is a trade, so that buckets go on over midnight in an idle market: seven. Where a store lacks trades of
         * that time it is not done; where all of these days have none, nothing is known of a close before.
         */
        public Builder lookBackDays(int most) {
            if (most < 0 || most > 31) {
                throw new IllegalArgumentException("Looking back takes 0 to 31 days, not " + most);
            }
            lookBackDays = most;
            return this;
        }

        /** Which feed of books to use: {@code book:5}; or {@code book:25}, {@code quotes}, {@code book_ticker}. */
        public Builder book(Dataset dataset) {
            if (!BOOK.matcher(dataset.name()).matches()
                    && !dataset.equals(Dataset.QUOTES)
                    && !dataset.equals(Dataset.BOOK_TICKER)) {
                throw new IllegalArgumentException(
                        "Features are made of book:LEVELS, quotes or book_ticker, not of " + dataset);
            }
            book = dataset;
            return this;
        }

        /** The volume that {@code vpin_50} cuts trades into: none, so that the column is empty. A day's volume / 50 is usual. */
        public Builder vpinVolume(BigDecimal volume) {
            if (volume.signum() <= 0
                    || volume.stripTrailingZeros().scale() > TradeTick.PLACES
                    || volume.precision() - volume.scale() > 15) {
                throw new IllegalArgumentException(
                        "A volume for vpin_50 is above 0 and below 10^15 with at most 12 places, not " + volume);
            }
            vpinVolume = Optional.of(volume);
            return this;
        }

        /**
         * Says by changes of the price what was bought of the volumes of {@code vpin_50} (bulk classification) and not by
         * the sides of trades, which need not be known: of the volume of each bar of this length the share Φ(ΔP/σ), where
         * ΔP is the change of the close since the bar with trades before and σ the deviation of the last 60 changes, this
         * one included. Bars count when they are over; until there are ten changes their volume is left out. A minute is usual.
         *
         * @throws IllegalArgumentException unless it is whole seconds that divide a day
         */
        public Builder bulkVpin(Duration bar) {
            long seconds = bar.toSeconds();
            if (seconds < 1 || bar.toNanosPart() != 0 || Duration.ofDays(1).toSeconds() % seconds != 0) {
                throw new IllegalArgumentException("Bars for vpin_50 take whole seconds that divide a day, not " + bar);
            }
            vpinBar = Optional.of(bar);
            return this;
        }

        /**
         * Fills {@code realized_spread_bps} and {@code price_impact_bps} with the middle so long after each trade: neither.
         * Rows are available, and live ones given, that much later.
         */
        public Builder realizedSpreadAfter(Duration later) {
            if (later.isZero()) {
                throw new IllegalArgumentException("A realized spread needs some time to pass, such as 5 s");
            }
            realizedSpreadAfter = Optional.of(within(later, Duration.ofHours(1)));
            return this;
        }

        /** Gives {@code realized_vol_1s} of a year instead of that of the interval. */
        public Builder annualizing() {
            annualized = true;
            return this;
        }

        /** Gives the last known values of a derivative's ticker where the bucket has none of its own. */
        public Builder carryingTicker() {
            carriesTicker = true;
            return this;
        }

        /**
         * Infers the side of trades that have none (Lee, Ready 1991): above the middle bought, below sold, on it or
         * without a book as the last change of price went. {@code inferred_sides} counts them.
         */
        public Builder inferringSides() {
            infersSides = true;
            return this;
        }

        /** Gives rows also where ticks shortly before or after them were not there to read: they may lack some. */
        public Builder acceptingBoundaries() {
            acceptsBoundaries = true;
            return this;
        }

        /**
         * Gives rows also where books, tickers, liquidations or options are still to come, with their columns empty. Otherwise rows
         * wait, as for trades, where one of these feeds is not published yet, or was not fetched although the store holds
         * some of it; a feed of which the store holds nothing is never waited for. Options that were asked for always are.
         */
        public Builder acceptingMissingFeeds() {
            acceptsMissingFeeds = true;
            return this;
        }

        /** What one contract is worth, in base currency for linear and in quote currency for inverse ones: 1. */
        public Builder multiplier(BigDecimal contract) {
            if (contract.signum() <= 0) {
                throw new IllegalArgumentException("A contract is worth more than 0, not " + contract);
            }
            multiplier = contract;
            return this;
        }

        /** Contracts are worth quote currency, as those of coin-margined perpetuals: linear. */
        public Builder inverse() {
            inverse = true;
            return this;
        }

        /** The settings; changing the builder afterwards does not change them. */
        public HftSettings build() {
            Builder copy = new Builder();
            copy.emptyBuckets = emptyBuckets;
            copy.lateness = lateness;
            copy.earliness = earliness;
            copy.history = history;
            copy.lookBackDays = lookBackDays;
            copy.book = book;
            copy.vpinVolume = vpinVolume;
            copy.vpinBar = vpinBar;
            copy.realizedSpreadAfter = realizedSpreadAfter;
            copy.annualized = annualized;
            copy.carriesTicker = carriesTicker;
            copy.infersSides = infersSides;
            copy.acceptsBoundaries = acceptsBoundaries;
            copy.acceptsMissingFeeds = acceptsMissingFeeds;
            copy.multiplier = multiplier;
            copy.inverse = inverse;
            return new HftSettings(copy);
        }

        private static Duration within(Duration duration, Duration most) {
            if (duration.isNegative() || duration.compareTo(most) > 0) {
                throw new IllegalArgumentException("That takes no time to " + most + ", not " + duration);
            }
            return duration;
        }
    }
}
