package dev.candlewick.feature;

import dev.candlewick.Batch;
import dev.candlewick.TimeRange;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The volatility surface of one underlying, kept from rows of its options and read at the ends of buckets: at-the-money
 * volatility, 25-delta skew, risk reversal and butterfly.
 *
 * <pre>{@code
 * OptionSurface surface = OptionSurface.withDefaults();
 * surface.accept(chain, row);                  // every row before the bucket's end
 * SurfacePoint point = surface.at(endMicros);
 * }</pre>
 *
 * <p>Used is the last row of each option with a venue time before the instant and no older than the staleness, of the
 * nearest expiry that is later than the instant by more than the minimum time to expiry; with a volatility above zero and
 * a delta. An option is taken where its delta is nearest; at equal distance the lower strike; none when the nearest is
 * farther than the tolerance. Deltas are compared within one venue only: some venues give those of the coin.
 *
 * <p>Holds one small record for each option with a fresh row; the others are dropped as it is read. For one thread.
 */
public final class OptionSurface {

    private final Settings settings;
    private final Map<String, OptionQuote> quotes = new HashMap<>();
    private long newest = Long.MIN_VALUE;
    // Those of the last batch, whose columns need not be looked up again.
    private @Nullable OptionRows rows;

    private OptionSurface(Settings settings) {
        this.settings = settings;
    }

    /**
     * What makes an option usable.
     *
     * @param staleness how old the last row of an option may be
     * @param deltaTolerance how far the nearest delta may be from the one wanted
     * @param minimumTimeToExpiry how far the expiry must be away, more than that; zero takes any later one
     */
    public record Settings(Duration staleness, double deltaTolerance, Duration minimumTimeToExpiry) {

        /** Five minutes, 0.10, no minimum. */
        public static final Settings DEFAULTS = new Settings(Duration.ofMinutes(5), 0.10, Duration.ZERO);

        /** Checks the bounds. */
        public Settings {
            if (staleness.isNegative() || staleness.isZero()) {
                throw new IllegalArgumentException("Rows of options stay fresh for a while, not " + staleness);
            }
            if (!(deltaTolerance >= 0 && deltaTolerance <= 1)) {
                throw new IllegalArgumentException("A tolerance of deltas is 0 to 1, not " + deltaTolerance);
            }
            if (minimumTimeToExpiry.isNegative()) {
                throw new IllegalArgumentException("A time to expiry is 0 or more, not " + minimumTimeToExpiry);
            }
        }
    }

    /** A surface without options, with {@link Settings#DEFAULTS}. */
    public static OptionSurface withDefaults() {
        return with(Settings.DEFAULTS);
    }

    /** A surface without options. */
    public static OptionSurface with(Settings settings) {
        return new OptionSurface(settings);
    }

    /**
     * The underlying of an option by its venue's symbol, the text before the first dash: {@code BTC} of
     * {@code BTC-9JUN20-9875-P}, {@code MATIC_USDC} of {@code MATIC_USDC-9MAR24-1D02-C}.
     */
    public static String underlying(String symbol) {
        int dash = symbol.indexOf('-');
        return dash < 0 ? symbol : symbol.substring(0, dash);
    }

    /**
     * Takes a row of {@code options_chain}. An older row of an option than the one that is known changes nothing; of two
     * with the same venue time the later taken counts.
     *
     * @throws dev.candlewick.Corrupt when it is neither a call nor a put
     */
    public void accept(Batch chain, int row) {
        OptionRows of = rows;
        if (of == null || !of.areOf(chain)) {
            of = new OptionRows(chain);
            rows = of;
        }
        OptionQuote quote = new OptionQuote();
        of.read(row, quote);
        accept(of.symbol(row), quote);
    }

    /** Takes a quote over. */
    void accept(String symbol, OptionQuote quote) {
        OptionQuote known = quotes.get(symbol);
        if (known == null || quote.timestamp >= known.timestamp) {
            quotes.put(symbol, quote);
            newest = Math.max(newest, quote.timestamp);
        }
    }

    /**
     * The surface at an instant; rows that are too old for it are forgotten, so instants must not go back.
     *
     * @param epochMicros the end of a bucket; every row taken so far has a venue time before it
     * @throws IllegalStateException when a row with a later venue time was taken: the answer would look ahead
     */
    public SurfacePoint at(long epochMicros) {
        if (newest >= epochMicros) {
            throw new IllegalStateException("The surface at " + TimeRange.instant(epochMicros)
                    + " cannot be told once a row of " + TimeRange.instant(newest) + " was taken; ask first");
        }
        forgetBefore(epochMicros - micros(settings.staleness()), epochMicros);
        long earliest = epochMicros + micros(settings.minimumTimeToExpiry());
        long expiry = Long.MAX_VALUE;
        long arrived = Long.MIN_VALUE;
        for (OptionQuote quote : quotes.values()) {
            arrived = Math.max(arrived, quote.arrived);
            if (quote.expiration > earliest) {
                expiry = Math.min(expiry, quote.expiration);
            }
        }
        return expiry == Long.MAX_VALUE ? none(arrived) : point(expiry, arrived);
    }

    private SurfacePoint none(long arrived) {
        OptionalDouble none = OptionalDouble.empty();
        return new SurfacePoint(none, none, none, none, OptionalLong.empty(), quotes.size(), 0, arrived);
    }

    private SurfacePoint point(long expiry, long arrived) {
        Nearest atm = new Nearest(true, 0.50);
        Nearest call = new Nearest(true, 0.25);
        Nearest put = new Nearest(false, -0.25);
        int usable = 0;
        for (OptionQuote quote : quotes.values()) {
            if (quote.expiration == expiry && quote.markIv > 0 && !Double.isNaN(quote.delta)) {
                usable++;
                atm.offer(quote);
                call.offer(quote);
                put.offer(quote);
            }
        }
        double atmIv = atm.markIv(settings.deltaTolerance());
        double callIv = call.markIv(settings.deltaTolerance());
        double putIv = put.markIv(settings.deltaTolerance());
        return new SurfacePoint(
                known(atmIv),
                known(putIv / callIv),
                known(callIv - putIv),
                known((callIv + putIv) / 2 - atmIv),
                OptionalLong.of(expiry),
                quotes.size(),
                usable,
                arrived);
    }

    private void forgetBefore(long oldest, long now) {
        for (Iterator<OptionQuote> each = quotes.values().iterator(); each.hasNext(); ) {
            OptionQuote quote = each.next();
            if (quote.timestamp < oldest || quote.expiration <= now) {
                each.remove();
            }
        }
    }

    private static OptionalDouble known(double value) {
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }

    /** Finds the option whose delta is nearest to the one wanted. */
    private static final class Nearest {
        private final boolean call;
        private final double wanted;
        private double distance = Double.POSITIVE_INFINITY;
        private double strike;
        private double markIv = Double.NaN;

        Nearest(boolean call, double wanted) {
            this.call = call;
            this.wanted = wanted;
        }

        void offer(OptionQuote quote) {
            if (quote.call != call) {
                return;
            }
            // Deltas are printed with few digits: 0.45 and 0.55 are equally far from a half, though not in binary.
            double away = Math.rint(Math.abs(quote.delta - wanted) * 1e12) / 1e12;
            if (away < distance || (away == distance && quote.strike < strike)) {
                distance = away;
                strike = quote.strike;
                markIv = quote.markIv;
            }
        }

        double markIv(double tolerance) {
            return distance <= tolerance ? markIv : Double.NaN;
        }
    }
}
