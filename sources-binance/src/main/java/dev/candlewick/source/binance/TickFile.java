package dev.candlewick.source.binance;

import dev.candlewick.TimeRange;
import dev.candlewick.source.binance.ArchiveFile.Span;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;

/**
 * One file of the archive that holds no candles: {@code BTCUSDT-aggTrades-2024-01-31.zip}.
 *
 * @param market whose folder it lies in
 * @param symbol Binance's own name of the instrument
 * @param kind what it holds
 * @param span whether it holds a day or a month
 * @param period the day or month it holds
 */
record TickFile(Market market, String symbol, TickKind kind, Span span, TimeRange period) {

    static TickFile daily(Market market, String symbol, TickKind kind, Instant within) {
        LocalDate day = LocalDate.ofInstant(within, ZoneOffset.UTC);
        return new TickFile(market, symbol, kind, Span.DAILY, TimeRange.day(day, ZoneOffset.UTC));
    }

    static TickFile monthly(Market market, String symbol, TickKind kind, Instant within) {
        YearMonth month = YearMonth.from(within.atZone(ZoneOffset.UTC));
        return new TickFile(market, symbol, kind, Span.MONTHLY, TimeRange.month(month, ZoneOffset.UTC));
    }

    /** The name without an extension, also that of the member. */
    String stem() {
        String date = period.start().toString();
        return symbol + "-" + kind.folder() + "-" + date.substring(0, span == Span.DAILY ? 10 : 7);
    }

    String zipName() {
        return stem() + ".zip";
    }

    /** The folder and name below the archive's base URL, percent-encoded. */
    String path() {
        return folder(ArchiveFile.encode(symbol)) + ArchiveFile.encode(zipName());
    }

    /** Where a copy of the archive keeps it: as {@link #path}, in plain letters. */
    String place() {
        return folder(symbol) + zipName();
    }

    /** Whether its absence now would mean something. */
    boolean isDue(ArchiveLag lag, Instant now) {
        Duration after = span == Span.DAILY ? lag.daily() : lag.monthly();
        return !period.end().plus(after).isAfter(now);
    }

    private String folder(String symbolPart) {
        return market.archiveRoot() + "/" + span.folder() + "/" + kind.folder() + "/" + symbolPart + "/";
    }

    @Override
    public String toString() {
        return zipName();
    }
}
