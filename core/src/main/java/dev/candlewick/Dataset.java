package dev.candlewick;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * What is recorded of a subject: a name such as {@code candles:1m}, the columns, and when rows are due.
 *
 * <p>The name identifies it: {@code Dataset.parse(dataset.name())} gives the dataset back for every dataset that ships
 * with Candlewick. Candles of days, weeks and months may follow a zone's calendar; the zone is part of the name
 * ({@code candles:1d@Europe/Zurich}).
 *
 * @param name the identity, for example {@code candles:1m}
 * @param schema its columns
 * @param cadence when rows are due
 */
public record Dataset(String name, Schema schema, Cadence cadence) {

    private static final String CANDLES = "candles:";
    private static final String FILLED = ":filled";

    /** Checks the name. */
    public Dataset {
        if (name.isBlank() || name.chars().anyMatch(Character::isISOControl) || !Words.isUnicode(name)) {
            throw new IllegalArgumentException(
                    "A dataset needs a name without control characters or halves of surrogate" + " pairs, not '" + name
                            + "'");
        }
    }

    /** Candles of an interval such as {@code 1m}, days being UTC days. */
    public static Dataset candles(String interval) {
        return candles(Interval.parse(interval));
    }

    /** Candles of an interval, days being UTC days. */
    public static Dataset candles(Interval interval) {
        return candles(interval, ZoneOffset.UTC);
    }

    /** Candles of an interval whose days, weeks and months are those of a zone. */
    public static Dataset candles(Interval interval, ZoneId zone) {
        Cadence cadence = Cadence.every(interval, zone);
        return new Dataset(CANDLES + cadence, Schema.CANDLES, cadence);
    }

    /** Reads a name such as {@code candles:1m} or {@code candles:1d@Europe/Zurich}. */
    public static Dataset parse(String name) {
        if (name.endsWith(FILLED)) {
            return parse(name.substring(0, name.length() - FILLED.length())).filled();
        }
        if (!name.startsWith(CANDLES)) {
            throw new IllegalArgumentException("Unknown dataset '" + name
                    + "'; candles are written candles:INTERVAL, for example candles:1m or candles:1d@Europe/Zurich");
        }
        String cadence = name.substring(CANDLES.length());
        int at = cadence.indexOf('@');
        if (at < 0) {
            return candles(cadence);
        }
        try {
            return candles(Interval.parse(cadence.substring(0, at)), ZoneId.of(cadence.substring(at + 1)));
        } catch (DateTimeException unknownZone) {
            throw new IllegalArgumentException(
                    "'" + cadence.substring(at + 1) + "' in dataset '" + name + "' is not a time zone", unknownZone);
        }
    }

    /**
     * The same rows with holes filled forward and a {@code filled} flag on each: what a reader may be given and no
     * store accepts.
     */
    public Dataset filled() {
        return isFilled() ? this : new Dataset(name + FILLED, schema.with(Field.bool("filled")), cadence);
    }

    /** Whether rows may be invented by forward fill; such rows are never stored. */
    public boolean isFilled() {
        return name.endsWith(FILLED);
    }

    /** The candle interval, if rows are due on a grid. */
    public Optional<Interval> interval() {
        return cadence instanceof Cadence.Grid grid ? Optional.of(grid.interval()) : Optional.empty();
    }

    @Override
    public String toString() {
        return name;
    }
}
