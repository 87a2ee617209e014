package dev.candlewick.source.binance;

import dev.candlewick.Subject;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Optional;

/**
 * What Binance says of one instrument in {@code exchangeInfo}. Immutable.
 *
 * @param subject the qualified subject, such as {@code BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN}
 * @param symbol Binance's own name, such as {@code BTCUSDT}
 * @param base the base asset
 * @param quote the quote asset
 * @param status the status as Binance spells it, values unknown to this version included; empty when it has none
 * @param contractType the contract type as Binance spells it; empty on spot and on some futures
 * @param listedFrom since when it is listed; futures only
 * @param listedTo when it is delivered or was; dated futures only
 * @param tickSize the price grid, from the filters
 * @param stepSize the quantity grid, from the filters
 * @param contractSize what one contract is worth in the quote asset; coin-margined only
 * @param minSize the least quantity of an order, from the filters
 * @param minNotional the least value of an order, from the filters
 * @param settle the asset it is margined and settled in; futures only
 * @param pair the pair that a future is on
 * @param underlyingType the class of what a future is on, as Binance spells it; empty where it has none
 */
record BinanceSymbol(
        Subject subject,
        String symbol,
        String base,
        String quote,
        String status,
        String contractType,
        Optional<Instant> listedFrom,
        Optional<Instant> listedTo,
        Optional<BigDecimal> tickSize,
        Optional<BigDecimal> stepSize,
        Optional<BigDecimal> contractSize,
        Optional<BigDecimal> minSize,
        Optional<BigDecimal> minNotional,
        String settle,
        String pair,
        String underlyingType) {

    /** Whether it can be traded, or will be, or is only halted: whether it has a future. */
    public boolean isAlive() {
        return switch (status) {
            case "BREAK", "SETTLING", "CLOSE", "DELIVERED", "DELIVERING", "PRE_DELIVERING", "PRE_SETTLE" -> false;
            default -> true;
        };
    }
}
