package dev.candlewick.source.binance;

import dev.candlewick.Cadence;
import dev.candlewick.Interval;
import dev.candlewick.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * Which way each part of a range is read. The past comes from the archive, whose files cost no request weight and which has
 * the last word: a month's file, or the files of its days where those are fewer requests. REST is for the recent edge and
 * for what the archive lacks. Only candles of 8 hours and more, a year of which fits one page, are asked from REST first.
 * Pure; touches nothing.
 */
final class ReadPlan {

    /** What a file costs in requests: its checksum and itself. */
    private static final int FILE_COST = 2;

    /** Up to so many requests for the files of days, a month's file is not worth its bytes. */
    private static final int MOST_REQUESTS_FOR_DAYS = 4;

    /** A month with fewer candles than this is no file's worth: REST answers a year of them in one page. */
    private static final int FEW_ROWS = 100;

    private static final Interval DAY = new Interval(1, Interval.Unit.DAY);

    private final Market market;
    private final String symbol;
    private final Cadence.Grid grid;
    private final Instant now;
    private final ArchiveLag lag;

    ReadPlan(Market market, String symbol, Cadence.Grid grid, Instant now, ArchiveLag lag) {
        this.market = market;
        this.symbol = symbol;
        this.grid = grid;
        this.now = now;
        this.lag = lag;
    }

    /** The pieces of a range of whole, closed slots, in time order. */
    List<Piece> pieces(TimeRange range) {
        if (isCoarse()) {
            return List.of(
                    new Piece(range, List.of(new Route.Rest(), monthlyFiles(range), dailyFilesOfLastMonths(range))));
        }
        List<Piece> pieces = new ArrayList<>();
        for (YearMonth month = monthOf(range.start());
                period(month).start().isBefore(range.end());
                month = month.plusMonths(1)) {
            YearMonth current = month;
            period(month).intersection(range).ifPresent(part -> addPieces(current, part, pieces));
        }
        return pieces;
    }

    private void addPieces(YearMonth month, TimeRange part, List<Piece> pieces) {
        Instant published = hasMonthlyFile(month) ? part.end() : startOfDay(now.minus(lag.daily()));
        if (published.isAfter(part.start())) {
            TimeRange past = TimeRange.of(part.start(), earlier(published, part.end()));
            pieces.add(new Piece(past, past(month, past)));
        }
        if (published.isBefore(part.end())) {
            TimeRange edge = TimeRange.of(later(published, part.start()), part.end());
            pieces.add(new Piece(edge, List.of(new Route.Rest(), dailyFiles(edge, Duration.ZERO))));
        }
    }

    private List<Route> past(YearMonth month, TimeRange part) {
        Route.Files days = dailyFiles(part, Duration.ZERO);
        return hasMonthlyFile(month) && FILE_COST * days.files().size() > MOST_REQUESTS_FOR_DAYS
                ? List.of(monthlyFile(month), days, new Route.Rest())
                : List.of(days, new Route.Rest());
    }

    private boolean hasMonthlyFile(YearMonth month) {
        return hasMonthlyFiles() && isPublished(period(month).end(), lag.monthly());
    }

    /** A month of 1s candles has 2.6 million rows; a day's file keeps memory small and is the unit of work anyway. */
    private boolean hasMonthlyFiles() {
        return grid.interval().unit() != Interval.Unit.SECOND;
    }

    private boolean isCoarse() {
        return 31 * 24 * 3_600 / grid.interval().maximumLength().toSeconds() < FEW_ROWS;
    }

    private Route.Files monthlyFile(YearMonth month) {
        return new Route.Files(
                ArchiveFile.Span.MONTHLY, List.of(ArchiveFile.monthly(market, symbol, grid.interval(), month)));
    }

    private Route.Files monthlyFiles(TimeRange range) {
        List<ArchiveFile> files = new ArrayList<>();
        for (YearMonth month = monthOf(range.start());
                period(month).start().isBefore(range.end())
                        && isPublished(period(month).end(), lag.monthly());
                month = month.plusMonths(1)) {
            files.add(ArchiveFile.monthly(market, symbol, grid.interval(), month));
        }
        return new Route.Files(ArchiveFile.Span.MONTHLY, files);
    }

    /** The days whose month's file is not published yet; candles longer than a day have no files of days. */
    private Route.Files dailyFilesOfLastMonths(TimeRange range) {
        Route.Files days = dailyFiles(range, lag.daily());
        return new Route.Files(
                ArchiveFile.Span.DAILY,
                grid.interval().maximumLength().compareTo(DAY.maximumLength()) > 0
                        ? List.of()
                        : days.files().stream()
                                .filter(file -> !isPublished(
                                        period(monthOf(file.period().start())).end(), lag.monthly()))
                                .toList());
    }

    private Route.Files dailyFiles(TimeRange range, Duration after) {
        return new Route.Files(
                ArchiveFile.Span.DAILY,
                range.days(ZoneOffset.UTC).stream()
                        .map(day -> LocalDate.ofInstant(day.start(), ZoneOffset.UTC))
                        .map(day -> ArchiveFile.daily(market, symbol, grid.interval(), day))
                        .filter(file -> isPublished(file.period().end(), after))
                        .toList());
    }

    private static YearMonth monthOf(Instant instant) {
        return YearMonth.from(instant.atZone(ZoneOffset.UTC));
    }

    private static TimeRange period(YearMonth month) {
        return TimeRange.month(month, ZoneOffset.UTC);
    }

    private boolean isPublished(Instant end, Duration after) {
        return !end.plus(after).isAfter(now);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Instant startOfDay(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneOffset.UTC)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
    }
}
