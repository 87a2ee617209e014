package dev.candlewick.instrument;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * What a venue changes while an instrument is listed: grids, sizes and fees. A validator needs those of the time of its
 * data: {@link Instrument#at}.
 *
 * @param tickSize the price grid
 * @param amountStep the grid of amounts
 * @param minSize the least amount of an order
 * @param minNotional the least value of an order, in the quote asset
 * @param contractSize what one contract is worth
 * @param makerFee the maker's fee as a fraction; negative for a rebate
 * @param takerFee the taker's fee as a fraction
 * @param state whether it could be traded
 */
public record TradingTerms(
        Optional<BigDecimal> tickSize,
        Optional<BigDecimal> amountStep,
        Optional<BigDecimal> minSize,
        Optional<BigDecimal> minNotional,
        Optional<BigDecimal> contractSize,
        Optional<BigDecimal> makerFee,
        Optional<BigDecimal> takerFee,
        Optional<TradingState> state) {

    private static final TradingTerms UNKNOWN = new TradingTerms(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** Leaves trailing zeros away, so that equal numbers make equal terms. */
    public TradingTerms {
        tickSize = tickSize.map(TradingTerms::plain);
        amountStep = amountStep.map(TradingTerms::plain);
        minSize = minSize.map(TradingTerms::plain);
        minNotional = minNotional.map(TradingTerms::plain);
        contractSize = contractSize.map(TradingTerms::plain);
        makerFee = makerFee.map(TradingTerms::plain);
        takerFee = takerFee.map(TradingTerms::plain);
    }

    /** Nothing known. */
    public static TradingTerms unknown() {
        return UNKNOWN;
    }

    /** These where they are known, else the other ones. */
    public TradingTerms orElse(TradingTerms other) {
        return new TradingTerms(
                tickSize.or(other::tickSize),
                amountStep.or(other::amountStep),
                minSize.or(other::minSize),
                minNotional.or(other::minNotional),
                contractSize.or(other::contractSize),
                makerFee.or(other::makerFee),
                takerFee.or(other::takerFee),
                state.or(other::state));
    }

    /** The same terms in this state. */
    public TradingTerms in(TradingState other) {
        return new TradingTerms(
                tickSize, amountStep, minSize, minNotional, contractSize, makerFee, takerFee, Optional.of(other));
    }

    private static BigDecimal plain(BigDecimal value) {
        // A huge exponent would turn setScale into an attack on memory; no real value comes near.
        if (value.signum() != 0 && (Math.abs((long) value.scale()) > 100 || value.precision() > 100)) {
            throw new IllegalArgumentException("No venue has terms with a number of such a size: "
                    + value.unscaledValue().bitLength() + " bits at scale " + value.scale());
        }
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
