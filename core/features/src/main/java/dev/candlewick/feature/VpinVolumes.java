package dev.candlewick.feature;

import dev.candlewick.spi.ExactSum;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** How one-sided the last fifty equal volumes were, whoever says what was bought and sold of them. For one thread. */
final class VpinVolumes {

    private static final int WINDOW = 50;
    private static final long LARGEST = 1L << 55;

    // Amounts are cut into volumes of this size, in a scale that keeps it far below 64 bits.
    private final long size;
    private final int scale;
    private final long[] imbalances = new long[WINDOW];
    private long completed;
    private long sum;
    private long filled;
    private long signed;

    VpinVolumes(BigDecimal volume) {
        int places = TradeTick.PLACES;
        while (volume.movePointRight(places).compareTo(BigDecimal.valueOf(LARGEST)) > 0) {
            places--;
        }
        this.scale = places;
        this.size = volume.movePointRight(places).longValue();
    }

    /** Adds a trade's amount, unscaled, that was bought (1) or sold (-1). */
    void add(long amountHigh, long amountLow, int side) {
        long left = units(amountHigh, amountLow);
        while (left > 0) {
            long part = Math.min(left, size - filled);
            fill(part, side * part);
            left -= part;
        }
    }

    /** Adds an amount of which so much more was bought than sold, as a share of it from -1 to 1. */
    void add(BigDecimal amount, double boughtLessSold) {
        long left = units(amount);
        while (left > 0) {
            long part = Math.min(left, size - filled);
            fill(part, Math.round(part * boughtLessSold));
            left -= part;
        }
    }

    /** From 0 to 1; not a number before there are fifty volumes. */
    double value() {
        return completed < WINDOW ? Double.NaN : sum / ((double) WINDOW * size);
    }

    private void fill(long part, long boughtLessSold) {
        filled += part;
        signed += boughtLessSold;
        if (filled == size) {
            int at = (int) (completed % WINDOW);
            sum += Math.abs(signed) - imbalances[at];
            imbalances[at] = Math.abs(signed);
            completed++;
            filled = 0;
            signed = 0;
        }
    }

    private long units(long high, long low) {
        if (scale == TradeTick.PLACES && high == low >> 63 && low < LARGEST) {
            return enough(low);
        }
        return units(new BigDecimal(ExactSum.integer(high, low), TradeTick.PLACES));
    }

    private long units(BigDecimal amount) {
        BigInteger units =
                amount.movePointRight(scale).setScale(0, RoundingMode.HALF_EVEN).toBigIntegerExact();
        BigInteger enough = BigInteger.valueOf(size).multiply(BigInteger.valueOf(2 * WINDOW));
        if (units.compareTo(enough) > 0) {
            units = enough.add(units.mod(BigInteger.valueOf(size)));
        }
        return units.longValueExact();
    }

    // Only the last volumes matter of an amount that fills more of them than the window holds.
    private long enough(long amount) {
        return amount / size > 2 * WINDOW ? 2 * WINDOW * size + amount % size : amount;
    }
}
