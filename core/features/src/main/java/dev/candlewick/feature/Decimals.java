package dev.candlewick.feature;

import dev.candlewick.DecimalColumn;

/** Exact decimals as the nearest floating-point number: the one place where features leave exactness. */
final class Decimals {

    private static final double[] POWERS = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };
    private static final long EXACT = 1L << 53;
    private static final int SPARE = 4;
    private static final long SPARE_POWER = 10_000;

    private Decimals() {}

    /** The row's value, rounded once; NaN where it is null. */
    static double value(DecimalColumn column, int row) {
        if (column.isNull(row)) {
            return Double.NaN;
        }
        long low = column.low(row);
        if (column.high(row) == low >> 63) {
            int scale = column.scale();
            // Two numbers that doubles hold exactly: their quotient is rounded once. Twelve places behind the point are
            // more than venues print, so the last four are mostly zeros.
            if (isExact(low) && scale < POWERS.length) {
                return low / POWERS[scale];
            }
            long shorter = low / SPARE_POWER;
            if (scale >= SPARE && scale - SPARE < POWERS.length && low % SPARE_POWER == 0 && isExact(shorter)) {
                return shorter / POWERS[scale - SPARE];
            }
        }
        return column.get(row).doubleValue();
    }

    private static boolean isExact(long value) {
        return value <= EXACT && value >= -EXACT;
    }
}
