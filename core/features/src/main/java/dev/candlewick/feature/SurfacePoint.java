package dev.candlewick.feature;

import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What the options of one underlying said at one instant. Volatilities are fractions a year: {@code 0.62} is 62 percent.
 *
 * @param atmMarkIv volatility of the call whose delta is nearest 0.50
 * @param skew25dPutCallRatio volatility of the put nearest −0.25 over that of the call nearest 0.25
 * @param riskReversal25d volatility of that call less that of that put
 * @param fly25d their mean less {@code atmMarkIv}
 * @param expiryMicros the expiry that was used, the nearest, in microseconds since the epoch; empty when no option is fresh
 * @param quotes options of any later expiry with a fresh row
 * @param usable those of the expiry used that have a volatility and a delta
 * @param arrivedMicros when the newest of the fresh rows arrived; {@link Long#MIN_VALUE} when there is none
 */
public record SurfacePoint(
        OptionalDouble atmMarkIv,
        OptionalDouble skew25dPutCallRatio,
        OptionalDouble riskReversal25d,
        OptionalDouble fly25d,
        OptionalLong expiryMicros,
        int quotes,
        int usable,
        long arrivedMicros) {}
