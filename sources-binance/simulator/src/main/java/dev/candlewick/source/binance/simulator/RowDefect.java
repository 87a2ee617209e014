package dev.candlewick.source.binance.simulator;

import java.util.Arrays;

/** A way in which one candle row can be wrong. */
public enum RowDefect {
    /** The last column is not there. */
    MISSING_COLUMN {
        @Override
        String[] spoil(String[] row) {
            return Arrays.copyOf(row, row.length - 1);
        }
    },
    /** One column more than there should be. */
    EXTRA_COLUMN {
        @Override
        String[] spoil(String[] row) {
            String[] longer = Arrays.copyOf(row, row.length + 1);
            longer[row.length] = "0";
            return longer;
        }
    },
    /** The close is {@code NaN}. */
    NOT_A_NUMBER {
        @Override
        String[] spoil(String[] row) {
            return with(row, CLOSE, "NaN");
        }
    },
    /** The volume is the empty string. */
    EMPTY_FIELD {
        @Override
        String[] spoil(String[] row) {
            return with(row, VOLUME, "");
        }
    },
    /** The volume has forty digits. */
    FORTY_DIGITS {
        @Override
        String[] spoil(String[] row) {
            return with(row, VOLUME, "12345678901234567890.12345678901234567890");
        }
    },
    /** The volume is written with a huge exponent, which naive parsers expand. */
    EXPONENT_BOMB {
        @Override
        String[] spoil(String[] row) {
            return with(row, VOLUME, "1e999999999");
        }
    },
    /** The low is below zero. */
    NEGATIVE_PRICE {
        @Override
        String[] spoil(String[] row) {
            return with(row, LOW, "-" + row[LOW]);
        }
    },
    /** High and low have changed places; the prices of such a candle contradict each other unless it was flat. */
    HIGH_BELOW_LOW {
        @Override
        String[] spoil(String[] row) {
            return with(with(row, HIGH, row[LOW]), LOW, "9" + row[HIGH]);
        }
    },
    /** The open time is not a number. */
    UNREADABLE_TIME {
        @Override
        String[] spoil(String[] row) {
            return with(row, OPEN_TIME, "2024-01-01 00:00:00");
        }
    },
    /** The open time is in seconds. */
    TIME_IN_SECONDS {
        @Override
        String[] spoil(String[] row) {
            return with(row, OPEN_TIME, row[OPEN_TIME].substring(0, 10));
        }
    };

    private static final int OPEN_TIME = 0;
    private static final int HIGH = 2;
    private static final int LOW = 3;
    private static final int CLOSE = 4;
    private static final int VOLUME = 5;

    abstract String[] spoil(String[] row);

    private static String[] with(String[] row, int column, String text) {
        String[] changed = row.clone();
        changed[column] = text;
        return changed;
    }
}
