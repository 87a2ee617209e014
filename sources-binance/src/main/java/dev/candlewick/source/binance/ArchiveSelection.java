package dev.candlewick.source.binance;

import dev.candlewick.Interval;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import dev.candlewick.source.binance.ArchiveFile.Span;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Which kline files of the archive are wanted. Whole finished months come as one file, all other days as a file each;
 * candles of seconds always by the day, those longer than a day always by the month. Immutable.
 *
 * <pre>{@code
 * ArchiveSelection.of(Market.SPOT).symbols(List.of("BTCUSDT")).intervals(List.of(Interval.parse("1m")))
 *         .within(TimeRanges.of(TimeRange.year(2024)));
 * }</pre>
 */
public final class ArchiveSelection {

    private static final Interval MINUTE = new Interval(1, Interval.Unit.MINUTE);
    private static final Interval DAY = new Interval(1, Interval.Unit.DAY);

    private final Market market;
    private final List<String> symbols;
    private final List<Interval> intervals;
    private final TimeRanges ranges;
    private final Set<Span> spans;
    private final Held held;

    /** What is done about files that are there and proven. */
    private enum Held {
        LEFT,
        COMPARED
    }

    private ArchiveSelection(
            Market market,
            List<String> symbols,
            List<Interval> intervals,
            TimeRanges ranges,
            Set<Span> spans,
            Held held) {
        this.market = market;
        this.symbols = symbols;
        this.intervals = intervals;
        this.ranges = ranges;
        this.spans = spans;
        this.held = held;
    }

    /** All symbols of a market, candles of a minute, since the archive begins: 2017 on spot, 2020 on futures. */
    public static ArchiveSelection of(Market market) {
        TimeRange ever = TimeRange.of(
                Year.of(market == Market.SPOT ? 2017 : 2020)
                        .atDay(1)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant(),
                Instant.parse("9999-01-01T00:00:00Z"));
        return new ArchiveSelection(
                market, List.of(), List.of(MINUTE), TimeRanges.of(ever), EnumSet.allOf(Span.class), Held.LEFT);
    }

    /**
     * These symbols only, by Binance's own names ({@code BTCUSDT}); all of the market when there are none.
     *
     * @throws IllegalArgumentException when one of them cannot be the name of a folder
     */
    public ArchiveSelection symbols(Collection<String> names) {
        names.forEach(ArchiveSelection::requireName);
        return new ArchiveSelection(market, names.stream().distinct().toList(), intervals, ranges, spans, held);
    }

    /**
     * Candles of these intervals.
     *
     * @throws IllegalArgumentException when the market has no candles of one of them
     */
    public ArchiveSelection intervals(Collection<Interval> wanted) {
        for (Interval interval : wanted) {
            if (!market.intervals().contains(interval)) {
                throw new IllegalArgumentException(
                        "binance:" + market + " has no candles of " + interval + "; it has " + market.intervals());
            }
        }
        return new ArchiveSelection(market, symbols, wanted.stream().distinct().toList(), ranges, spans, held);
    }

    /** Only days that lie in these stretches, not before the archive begins. */
    public ArchiveSelection within(TimeRanges stretches) {
        return new ArchiveSelection(market, symbols, intervals, ranges.intersection(stretches), spans, held);
    }

    /** Files of days only. */
    public ArchiveSelection withoutMonthlyFiles() {
        return with(Span.DAILY);
    }

    /** Files of months only; also of months of which only some days are wanted. */
    public ArchiveSelection withoutDailyFiles() {
        return with(Span.MONTHLY);
    }

    /** Asks of files that are there and proven, too, whether they were published anew, and fetches those again. */
    public ArchiveSelection refreshing() {
        return new ArchiveSelection(market, symbols, intervals, ranges, spans, Held.COMPARED);
    }

    boolean isRefreshing() {
        return held == Held.COMPARED;
    }

    private ArchiveSelection with(Span span) {
        if (!spans.contains(span)) {
            throw new IllegalArgumentException("Without the files of months and those of days nothing is left");
        }
        return new ArchiveSelection(market, symbols, intervals, ranges, EnumSet.of(span), held);
    }

    Market market() {
        return market;
    }

    List<String> symbols() {
        return symbols;
    }

    List<Interval> intervals() {
        return intervals;
    }

    /** The months with a day that is wanted and over by then, earlier ones first. */
    List<YearMonth> months(Instant now) {
        List<YearMonth> months = new ArrayList<>();
        for (TimeRange range : ranges) {
            Instant end = range.end().isBefore(now) ? range.end() : now;
            for (YearMonth month = YearMonth.from(range.start().atZone(ZoneOffset.UTC));
                    month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant().isBefore(end);
                    month = month.plusMonths(1)) {
                if (months.isEmpty() || months.get(months.size() - 1).isBefore(month)) {
                    months.add(month);
                }
            }
        }
        return months;
    }

    /** Whether the month is asked for as one file: finished, and all of it wanted or to be had in no other way. */
    boolean takesMonth(Interval interval, YearMonth month, Instant now) {
        TimeRange period = TimeRange.month(month, ZoneOffset.UTC);
        boolean byDays = takesDays(interval);
        boolean whole = ranges.covers(period);
        boolean fine = interval.unit() == Interval.Unit.SECOND;
        return spans.contains(Span.MONTHLY) && !period.end().isAfter(now) && (!byDays || (whole && !fine));
    }

    /** Whether there are files of days of an interval, and they are wanted. */
    boolean takesDays(Interval interval) {
        return spans.contains(Span.DAILY) && interval.maximumLength().compareTo(DAY.maximumLength()) <= 0;
    }

    /** The wanted days of a month that are over. */
    List<LocalDate> days(YearMonth month, Instant now) {
        return ranges.within(TimeRange.month(month, ZoneOffset.UTC)).asList().stream()
                .flatMap(part -> part.days(ZoneOffset.UTC).stream())
                .map(day -> LocalDate.ofInstant(day.start(), ZoneOffset.UTC))
                .distinct()
                .filter(day -> !day.plusDays(1)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant()
                        .isAfter(now))
                .toList();
    }

    /** A symbol becomes the name of a folder and of files, and must not lead anywhere else. */
    static void requireName(String symbol) {
        boolean unfit = symbol.isBlank()
                || !symbol.equals(symbol.strip())
                || symbol.startsWith(".")
                || symbol.length() > 60
                || symbol.chars().anyMatch(c -> c == '/' || c == '\\' || c == ':' || Character.isISOControl(c));
        if (unfit) {
            throw new IllegalArgumentException(
                    "'" + symbol.replaceAll("\\p{Cntrl}", "?") + "' is no symbol of Binance, which look like BTCUSDT");
        }
    }

    @Override
    public String toString() {
        return (symbols.isEmpty() ? "all symbols" : String.join(", ", symbols)) + " of binance:" + market + ", "
                + intervals
                + (spans.size() == 2 ? "" : ", " + spans.iterator().next().folder() + " files only");
    }
}
