package dev.candlewick;

/**
 * A unit that could not be fetched or committed; it stays open work.
 *
 * @param unit what was to be done
 * @param cause why it was not: a {@link MarketDataException}, or a bug
 */
public record FailedUnit(PlannedUnit unit, RuntimeException cause) {

    @Override
    public String toString() {
        String message = cause.getMessage();
        return unit.series() + " " + unit.label() + ": "
                + (cause instanceof MarketDataException && message != null ? message : cause.toString());
    }
}
