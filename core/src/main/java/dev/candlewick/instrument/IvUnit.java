package dev.candlewick.instrument;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** In which unit a venue prints the implied volatilities of its options: {@code 62.89} and {@code 0.6289} are the same. */
public enum IvUnit {
    /** One is one hundred percent. */
    FRACTION(1),
    /** One hundred is one hundred percent. */
    PERCENT(100);

    // As seen in recorded rows of each venue; by the venue of a subject and by the name that recorders use.
    private static final Map<String, IvUnit> BY_VENUE = Map.of(
            "DERIBIT", PERCENT,
            "OKX-OPTIONS", FRACTION,
            "OKEX-OPTIONS", FRACTION,
            "BYBIT-OPTIONS", FRACTION,
            "BINANCE-OPTIONS", FRACTION,
            "BINANCE-EUROPEAN-OPTIONS", FRACTION,
            "HUOBI-DM-OPTIONS", FRACTION);

    private final double whole;

    IvUnit(double whole) {
        this.whole = whole;
    }

    /**
     * The unit of a venue, in either case: {@code DERIBIT}, {@code okex-options}. Empty for a venue whose unit is not
     * known: its volatilities are best kept as they are and not compared.
     */
    public static Optional<IvUnit> of(String venue) {
        return Optional.ofNullable(BY_VENUE.get(venue.toUpperCase(Locale.ROOT)));
    }

    /** A volatility in this unit as a fraction: {@code 62.89} percent gives {@code 0.6289}. */
    public double fraction(double volatility) {
        return volatility / whole;
    }
}
