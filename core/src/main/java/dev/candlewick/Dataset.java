package dev.candlewick;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
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
    private static final String CANDLES_BY_END = "candles_by_end:";
    private static final String FILLED = ":filled";
    private static final String GROUPED = ":grouped";

    /** Every trade; {@code side} is the taker's. Ordered by arrival, as all ticks. */
    public static final Dataset TRADES = events("trades", TickSchemas.TRADES);

    /** Trades of one taker order, price and time added up by the venue; first and last trade id in each row. */
    public static final Dataset AGG_TRADES = events("agg_trades", TickSchemas.AGG_TRADES);

    /** Every change of an order book's levels: absolute sizes, 0 where a level went; snapshots marked. */
    public static final Dataset BOOK_CHANGES = events("book:l2", TickSchemas.BOOK_CHANGES);

    /** The top of an order book, a row whenever it changed, made from its level changes. */
    public static final Dataset QUOTES = events("quotes", TickSchemas.TOP);

    /** The venue's own feed of best bid and offer. */
    public static final Dataset BOOK_TICKER = events("book_ticker", TickSchemas.TOP);

    /** Funding, open interest, last, index and mark price of a derivative, a row whenever one changed. */
    public static final Dataset DERIVATIVE_TICKER = events("derivative_ticker", TickSchemas.DERIVATIVE_TICKER);

    /** Forced orders; {@code side} is that of the order: {@code buy} closes a short. Lower bounds on many venues. */
    public static final Dataset LIQUIDATIONS = events("liquidations", TickSchemas.TRADES);

    /** Quotes, volatilities and sensitivities of options, a row per option whenever one changed. */
    public static final Dataset OPTIONS_CHAIN = events("options_chain", TickSchemas.OPTIONS_CHAIN);

    /** Funding payments as events, with the interval that each was for where the venue says it. */
    public static final Dataset FUNDING = events("funding", TickSchemas.FUNDING);

    /**
     * Open interest and ratios of long to short, every few minutes. {@code timestamp} is the label as published;
     * {@code label} says which end of the period that labels: {@code start}, {@code end} or {@code unknown}.
     */
    public static final Dataset METRICS = events("metrics", TickSchemas.METRICS);

    /** What an order book holds within bands of some percent around the middle, negative ones being bids; cumulative. */
    public static final Dataset BOOK_DEPTH = events("book_depth", TickSchemas.BOOK_DEPTH);

    /** Definitions of instruments, a row for each that was alive on a UTC day: see {@link dev.candlewick.instrument}. */
    public static final Dataset INSTRUMENTS = events("instruments", InstrumentSchema.COLUMNS);

    /** What of a day's ticks is not stored, and why: see {@link dev.candlewick.tick.TickReports}. */
    public static final Dataset MISSING_TICKS = events("tick_report:missing", TickSchemas.REPORT);

    /** What of a day's ticks is stored. */
    public static final Dataset AVAILABLE_TICKS = events("tick_report:available", TickSchemas.REPORT);

    /** What of a day's ticks the last attempt to fetch it did not bring, and why. */
    public static final Dataset FAILED_TICKS = events("tick_report:failed", TickSchemas.REPORT);

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

    /** The best levels of an order book, a row whenever one of them changed: {@code book:5}. */
    public static Dataset book(int levels) {
        return new Dataset("book:" + levels, TickSchemas.book(levels), Cadence.events());
    }

    /**
     * Reads a name: {@code candles:1m}, {@code candles:1d@Europe/Zurich}, {@code trades}, {@code book:5}, or one that a
     * {@link dev.candlewick.spi.DatasetProvider} on the class path knows.
     *
     * @throws IllegalArgumentException for a name that nobody knows, listing those that are known
     */
    public static Dataset parse(String name) {
        if (name.endsWith(FILLED)) {
            Dataset holed = parse(name.substring(0, name.length() - FILLED.length()));
            if (holed.interval().isEmpty()) {
                throw new IllegalArgumentException("Dataset '" + name
                        + "' cannot be: only rows on a grid, such as candles," + " have holes to fill forward");
            }
            return holed.filled();
        }
        if (name.endsWith(GROUPED)) {
            return parse(name.substring(0, name.length() - GROUPED.length())).grouped();
        }
        if (name.startsWith(CANDLES_BY_END)) {
            return parse(CANDLES + name.substring(CANDLES_BY_END.length())).byEnd();
        }
        if (!name.startsWith(CANDLES)) {
            return KnownDatasets.parse(name);
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
        Schema flagged = schema.names().contains("filled") ? schema : schema.with(Field.bool("filled"));
        return isFilled() ? this : new Dataset(name + FILLED, flagged, cadence);
    }

    /** Whether rows may be invented by forward fill; such rows are never stored. */
    public boolean isFilled() {
        return name.endsWith(FILLED);
    }

    /**
     * The same candles labelled with their end, {@code candles_by_end:1m}: the time and key is {@code end_time}, the first
     * instant after the candle, in place of {@code open_time}. Ranges and units of work go by it, so the candle that ends at
     * midnight lies in the next day.
     *
     * @throws IllegalArgumentException of anything but candles
     * @see dev.candlewick.candle.EndLabels
     */
    public Dataset byEnd() {
        if (isFilled()) {
            return parse(name.substring(0, name.length() - FILLED.length()))
                    .byEnd()
                    .filled();
        }
        if (!name.startsWith(CANDLES) || !schema.equals(Schema.CANDLES)) {
            throw new IllegalArgumentException("Only candles are labelled with their end, not " + name);
        }
        List<Field> fields = new ArrayList<>(schema.fields());
        fields.set(0, Field.time("end_time"));
        return new Dataset(
                CANDLES_BY_END + name.substring(CANDLES.length()),
                new Schema(fields, "end_time", List.of("end_time")),
                cadence);
    }

    /** Whether these are candles labelled with their end. */
    public boolean isByEnd() {
        return name.startsWith(CANDLES_BY_END);
    }

    /** Candles labelled with their start, where these are labelled with their end; else itself. */
    public Dataset byStart() {
        return isByEnd() ? parse(CANDLES + name.substring(CANDLES_BY_END.length())) : this;
    }

    /**
     * The same rows of many instruments in one file, as some venues are recorded: with the {@code symbol} of each as the
     * venue's files spell it. Of one that has symbols already, itself.
     */
    public Dataset grouped() {
        return schema.names().contains("symbol")
                ? this
                : new Dataset(name + GROUPED, schema.with(Field.text("symbol")), cadence);
    }

    /** Whether each row names its own instrument. */
    public boolean isGrouped() {
        return name.endsWith(GROUPED);
    }

    private static Dataset events(String name, Schema schema) {
        return new Dataset(name, schema, Cadence.events());
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
