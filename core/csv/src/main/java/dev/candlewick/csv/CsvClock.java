package dev.candlewick.csv;

import dev.candlewick.Corrupt;

/** Turns the times of one file to microseconds, and holds its rows to one unit. For one thread. */
final class CsvClock {

    /** March 1973 in microseconds, the year 5138 in milliseconds: no recording is that old, none that new. */
    private static final long LEAST_MICROS = 100_000_000_000_000L;

    private static final long LEAST_MILLIS = LEAST_MICROS / 1_000;
    private static final long GREATEST_MICROS = 253_402_300_799_999_999L; // the end of the year 9999
    private static final long GREATEST_MILLIS = GREATEST_MICROS / 1_000;

    private final String file;
    private final boolean byMagnitude;
    private CsvTimes unit;
    private boolean known;

    CsvClock(CsvTimes times, String file) {
        this.file = file;
        this.byMagnitude = times == CsvTimes.BY_MAGNITUDE;
        this.unit = times;
        this.known = !byMagnitude;
    }

    /** The instant in microseconds where the value is beyond doubt, else 0. */
    long quickMicros(long value) {
        if (!known) {
            return 0;
        }
        if (unit == CsvTimes.MICROS) {
            return value >= LEAST_MICROS && value <= GREATEST_MICROS ? value : 0;
        }
        return value >= LEAST_MILLIS && value < LEAST_MICROS ? value * 1_000 : 0;
    }

    /** The instant in microseconds of any value. */
    long micros(long value, boolean anyTime) {
        CsvTimes written = byMagnitude ? told(value) : unit;
        long least = anyTime ? 0 : written == CsvTimes.MICROS ? LEAST_MICROS : LEAST_MILLIS;
        long greatest = written == CsvTimes.MICROS ? GREATEST_MICROS : anyTime ? GREATEST_MILLIS : LEAST_MICROS - 1;
        if (value < least || value > greatest) {
            throw new NumberFormatException(
                    value + " is no time in " + (written == CsvTimes.MICROS ? "microseconds" : "milliseconds"));
        }
        return written == CsvTimes.MICROS ? value : value * 1_000;
    }

    private CsvTimes told(long value) {
        CsvTimes told = value >= LEAST_MICROS ? CsvTimes.MICROS : CsvTimes.MILLIS;
        if (!known && value >= LEAST_MILLIS) {
            unit = told;
            known = true;
        } else if (known && value >= LEAST_MILLIS && told != unit) {
            throw new Corrupt(file + ": the time " + value + " is in " + told + " while those before it are in " + unit
                    + "; a file whose rows disagree on the time unit is refused");
        }
        return known ? unit : told;
    }
}
