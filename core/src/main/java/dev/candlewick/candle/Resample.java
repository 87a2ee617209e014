package dev.candlewick.candle;

import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Coverage;
import dev.candlewick.Dataset;
import dev.candlewick.Estimate;
import dev.candlewick.Gap;
import dev.candlewick.Interval;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Longer candles made of shorter ones, exactly: open of the first, close of the last, highest high, lowest low, sums in
 * 128 bits. A {@link Source} like any other, so the result can be read, filled or stored.
 *
 * <pre>{@code
 * Resample.over(store).read(Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1h"), TimeRange.year(2024))
 * }</pre>
 *
 * <p>A candle is given when each of its parts is there or proven absent at the venue ({@code confirmed_empty},
 * {@code venue_outage}, {@code before_listing}, {@code after_delisting}) and at least one is there. One that lacks a part
 * for any other reason is not given: the {@link Provenance} lists it as a gap with that reason, so incomplete is not passed
 * off as complete. Days, weeks and months follow the zone of the series asked for, 23 and 25 hour days included.
 *
 * <p>A {@link Store}, or a resampling of one, tells beforehand why parts are missing. Any other source says so at its end:
 * holes before a later part count as absent at the venue, and the last candle is given only when nothing after its last
 * part is left to ask for.
 *
 * <p>Close times keep the venue's pattern: the candle ends as long before the next one as the last of its parts did. A
 * sum that exceeds its column is {@link Refused}, naming the candle. Safe for many threads; the source stays open.
 */
public final class Resample implements Source {

    private static final Interval MINUTE = Interval.parse("1m");

    private final Source source;
    private final Interval base;

    private Resample(Source source, Interval base) {
        this.source = source;
        this.base = base;
    }

    /** Candles made of 1-minute candles. */
    public static Resample over(Source source) {
        return over(source, MINUTE);
    }

    /** Candles made of the base interval's. */
    public static Resample over(Source source, Interval base) {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(base, "base");
        return new Resample(source, base);
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public boolean serves(Series series) {
        return grid(series).filter(grid -> base.divides(grid.interval())).isPresent() && source.serves(base(series));
    }

    @Override
    public String refusal(Series series) {
        Optional<Cadence.Grid> grid = grid(series);
        if (grid.isEmpty()) {
            return noCandles(series);
        }
        return base.divides(grid.get().interval()) ? source.refusal(base(series)) : uneven(series, grid.get());
    }

    @Override
    public Batches read(Series series, TimeRange range) {
        Cadence.Grid grid = check(series);
        if (grid.interval().equals(base)) {
            return source.read(series, range);
        }
        Optional<TimeRange> slots = grid.slots(range);
        if (slots.isEmpty()) {
            return Batches.of(series, range, List.of(), Provenance.none());
        }
        if (!opensWith(grid, slots.get())) {
            throw new Refused("Days of " + grid.zone() + " do not begin where candles of " + base + " open, so "
                    + series + " cannot be made of them; use a shorter base such as 1m");
        }
        Optional<MissingCandles> known = below().map(ledgers ->
                MissingCandles.of(ledgers.coverage(base(series), slots.get()).gaps(), grid));
        return ResampledCandles.read(source.read(base(series), slots.get()), series, range, grid, known);
    }

    @Override
    public Estimate estimate(Series series, TimeRange range) {
        Cadence.Grid grid = check(series);
        return grid.slots(range)
                .map(slots -> source.estimate(base(series), slots))
                .orElse(Estimate.unknown());
    }

    @Override
    public String toString() {
        return "Candles made of " + base + " of " + source.name();
    }

    /** What is known beforehand of the longer candles; only a store below can tell. */
    Optional<Ledgers> ledgers() {
        return below().map(parts -> (series, range) -> coverage(parts, series, range));
    }

    private Optional<Ledgers> below() {
        if (source instanceof Store store) {
            return Optional.of(store::coverage);
        }
        return source instanceof Resample resample ? resample.ledgers() : Optional.empty();
    }

    private Coverage coverage(Ledgers ledgers, Series series, TimeRange range) {
        Cadence.Grid grid = check(series);
        if (grid.interval().equals(base)) {
            return ledgers.coverage(series, range);
        }
        Optional<TimeRange> slots = grid.slots(range);
        if (slots.isEmpty()) {
            return Coverage.unknown(series, range);
        }
        Coverage parts = ledgers.coverage(base(series), slots.get());
        List<Gap> gaps = MissingCandles.of(parts.gaps(), grid).gaps();
        return new Coverage(series, range, TimeRanges.of(slots.get()), gaps);
    }

    private Series base(Series series) {
        ZoneId zone = grid(series).orElseThrow().zone();
        return series.with(base.isCalendar() ? Dataset.candles(base, zone) : Dataset.candles(base));
    }

    private Cadence.Grid check(Series series) {
        Cadence.Grid grid = grid(series).orElseThrow(() -> new Refused(noCandles(series)));
        if (!base.divides(grid.interval())) {
            throw new Refused(uneven(series, grid));
        }
        return grid;
    }

    private String noCandles(Series series) {
        return series + " holds no plain candles; only these can be made of " + base + " candles, for example "
                + series.subject() + "/candles:1h";
    }

    private String uneven(Series series, Cadence.Grid grid) {
        return "Candles of " + base + " do not fill candles of " + grid.interval() + " evenly, so " + series
                + " cannot be made of them; choose a multiple of " + base;
    }

    /** Whether a part opens where each candle of the range does. */
    boolean opensWith(Series series, TimeRange range) {
        Cadence.Grid grid = check(series);
        return grid.slots(range).stream().allMatch(slots -> opensWith(grid, slots));
    }

    // A zone half an hour off UTC has midnights that no hour opens at.
    private boolean opensWith(Cadence.Grid grid, TimeRange slots) {
        if (!grid.interval().isCalendar() || base.isCalendar()) {
            return true;
        }
        for (long open = slots.startMicros(); open <= slots.endMicros(); open = grid.next(open)) {
            if (base.floorMicros(open, grid.zone()) != open) {
                return false;
            }
        }
        return true;
    }

    private static Optional<Cadence.Grid> grid(Series series) {
        return series.schema().equals(Schema.CANDLES) && series.cadence() instanceof Cadence.Grid grid
                ? Optional.of(grid)
                : Optional.empty();
    }
}
