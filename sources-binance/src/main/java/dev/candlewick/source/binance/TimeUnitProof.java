package dev.candlewick.source.binance;

/**
 * The unit of a timestamp, proven by its magnitude: between 1973 and 5138 milliseconds have 12 to 14 digits and
 * microseconds 15 to 17, so neither can be mistaken for the other, for seconds or for nanoseconds.
 */
enum TimeUnitProof {
    MILLISECONDS("ms", 1_000),
    MICROSECONDS("µs", 1);

    private static final long LOWEST_MILLIS = 100_000_000_000L;
    private static final long LOWEST_MICROS = 100_000_000_000_000L;
    private static final long LOWEST_NANOS = 100_000_000_000_000_000L;

    private final String symbol;
    private final long micros;

    TimeUnitProof(String symbol, long micros) {
        this.symbol = symbol;
        this.micros = micros;
    }

    /**
     * The unit of a timestamp.
     *
     * @throws NumberFormatException when it is neither; the message holds the value
     */
    static TimeUnitProof of(long value) {
        if (value >= LOWEST_MILLIS && value < LOWEST_MICROS) {
            return MILLISECONDS;
        }
        if (value >= LOWEST_MICROS && value < LOWEST_NANOS) {
            return MICROSECONDS;
        }
        throw new NumberFormatException(value + " is a time neither in milliseconds nor in microseconds"
                + (value >= LOWEST_NANOS ? "; nanoseconds are refused" : "; seconds are refused"));
    }

    long toMicros(long value) {
        return value * micros;
    }

    @Override
    public String toString() {
        return symbol;
    }
}
