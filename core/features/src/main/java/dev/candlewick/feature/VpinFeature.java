package dev.candlewick.feature;

import static dev.candlewick.feature.FeatureColumn.number;

import dev.candlewick.spi.ExactSum;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;

/** How one-sided the last fifty equal volumes were. */
final class VpinFeature extends Feature {

    private static final int WINDOW = 50;
    private static final long LARGEST = 1L << 55;

    // Amounts are cut into volumes of this size, in a scale that keeps it far below 64 bits; 0 where nobody asked.
    private final long size;
    private final int scale;
    private final long[] imbalances = new long[WINDOW];
    private long completed;
    private long sum;
    private long filled;
    private long signed;

    /** Without a size the column stays empty: it depends on how much is traded in a day. */
    VpinFeature(Optional<BigDecimal> bucketVolume) {
        BigDecimal volume = bucketVolume.orElse(BigDecimal.ZERO);
        int places = TradeTick.PLACES;
        while (volume.movePointRight(places).compareTo(BigDecimal.valueOf(LARGEST)) > 0) {
            places--;
        }
        this.scale = places;
        this.size = volume.movePointRight(places).longValue();
    }

    @Override
    List<FeatureColumn> columns() {
        return List.of(number(
                "vpin_50",
                "0 to 1",
                "Σ |bought − sold| of the last 50 volumes of the size V that was asked for, divided by 50 V; trades are"
                        + " split where volumes meet, those of unknown side left out",
                "no V asked for, or fewer than 50 volumes since the state began",
                "Easley, López de Prado, O'Hara 2012, with the takers' sides instead of bulk classification",
                FeatureLaw.STATE));
    }

    @Override
    void trade(Bucket bucket, TradeTick trade) {
        if (size == 0 || trade.side == 0) {
            return;
        }
        long left = left(trade);
        while (left > 0) {
            long part = Math.min(left, size - filled);
            filled += part;
            signed += trade.side * part;
            left -= part;
            if (filled == size) {
                complete();
            }
        }
    }

    private long left(TradeTick trade) {
        if (scale == TradeTick.PLACES && trade.amountHigh == trade.amountLow >> 63 && trade.amountLow < LARGEST) {
            return enough(trade.amountLow);
        }
        BigInteger amount = new BigDecimal(ExactSum.integer(trade.amountHigh, trade.amountLow), TradeTick.PLACES)
                .movePointRight(scale)
                .setScale(0, RoundingMode.HALF_EVEN)
                .unscaledValue();
        BigInteger enough = BigInteger.valueOf(size).multiply(BigInteger.valueOf(2 * WINDOW));
        if (amount.compareTo(enough) > 0) {
            amount = enough.add(amount.mod(BigInteger.valueOf(size)));
        }
        return amount.longValueExact();
    }

    // Only the last volumes matter of a trade that fills more of them than the window holds.
    private long enough(long amount) {
        return amount / size > 2 * WINDOW ? 2 * WINDOW * size + amount % size : amount;
    }

    private void complete() {
        int at = (int) (completed % WINDOW);
        sum += Math.abs(signed) - imbalances[at];
        imbalances[at] = Math.abs(signed);
        completed++;
        filled = 0;
        signed = 0;
    }

    @Override
    void emit(Bucket bucket, FeatureRow row) {
        row.number(completed < WINDOW ? Double.NaN : sum / ((double) WINDOW * size));
    }
}
