package dev.candlewick;

/** What a column holds. Two equal types have the same physical form in every store. */
public sealed interface ColumnType {

    /** An instant to the microsecond. */
    record Time() implements ColumnType {
        @Override
        public String toString() {
            return "time";
        }
    }

    /**
     * An exact decimal: an unscaled integer of at most {@code precision} digits times 10<sup>-scale</sup>.
     *
     * @param precision the greatest number of digits, 1 to 38
     * @param scale digits behind the point, 0 to precision
     */
    record Decimal(int precision, int scale) implements ColumnType {

        /** Checks the bounds, which are those of every store. */
        public Decimal {
            if (precision < 1 || precision > 38 || scale < 0 || scale > precision) {
                throw new IllegalArgumentException(
                        "A decimal has 1 to 38 digits, 0 to all of them behind the point; not " + "decimal(" + precision
                                + ", " + scale + ")");
            }
        }

        /** Whether none of the unscaled integers has more digits than the precision. */
        boolean holdsAll(long[] unscaled) {
            if (precision > 18) {
                return true; // 64 bits never hold more than 19 digits
            }
            long bound = 1;
            for (int digit = 0; digit < precision; digit++) {
                bound *= 10;
            }
            bound--;
            // Without a branch: beyond the bound either way, wrapped around or not, one of the two turns negative.
            long beyond = 0;
            for (long value : unscaled) {
                beyond |= (bound + value) | (bound - value);
            }
            return beyond >= 0;
        }

        @Override
        public String toString() {
            return "decimal(" + precision + ", " + scale + ")";
        }
    }

    /** A 64-bit integer: counts and ids. */
    record Int64() implements ColumnType {
        @Override
        public String toString() {
            return "int64";
        }
    }

    /** A 64-bit binary floating-point number: features only, never prices or quantities. */
    record Float64() implements ColumnType {
        @Override
        public String toString() {
            return "float64";
        }
    }

    /** True or false. */
    record Bool() implements ColumnType {
        @Override
        public String toString() {
            return "bool";
        }
    }

    /** Unicode text, usually of few distinct values. */
    record Text() implements ColumnType {
        @Override
        public String toString() {
            return "text";
        }
    }
}
