package dev.candlewick.source.binance;

import dev.candlewick.Interval;
import dev.candlewick.TimeRange;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;

/**
 * One kline file of the archive.
 *
 * @param market whose folder it lies in
 * @param symbol Binance's own name of the instrument
 * @param interval the candles' length
 * @param span whether it holds a day or a month
 * @param period the day or month it holds
 */
record ArchiveFile(Market market, String symbol, Interval interval, Span span, TimeRange period) {

    /** How much of the calendar a file holds; also the folder's name. */
    enum Span {
        DAILY,
        MONTHLY;

        String folder() {
            return this == DAILY ? "daily" : "monthly";
        }

        String route() {
            return "archive-" + folder();
        }
    }

    static ArchiveFile monthly(Market market, String symbol, Interval interval, YearMonth month) {
        return new ArchiveFile(market, symbol, interval, Span.MONTHLY, TimeRange.month(month, ZoneOffset.UTC));
    }

    static ArchiveFile daily(Market market, String symbol, Interval interval, LocalDate day) {
        return new ArchiveFile(market, symbol, interval, Span.DAILY, TimeRange.day(day, ZoneOffset.UTC));
    }

    /** The file of a kind that holds an instant. */
    static ArchiveFile holding(Market market, String symbol, Interval interval, Span span, Instant instant) {
        LocalDate day = LocalDate.ofInstant(instant, ZoneOffset.UTC);
        return span == Span.DAILY
                ? daily(market, symbol, interval, day)
                : monthly(market, symbol, interval, YearMonth.from(day));
    }

    /** The name without an extension: {@code BTCUSDT-1m-2024-01}. */
    String stem() {
        String date = period.start().toString();
        return symbol + "-" + archiveName(interval) + "-" + date.substring(0, span == Span.DAILY ? 10 : 7);
    }

    String zipName() {
        return stem() + ".zip";
    }

    /** The folder and name below the archive's base URL, percent-encoded: symbols may hold any Unicode letter. */
    String path() {
        return folder(market, span, encode(symbol), interval) + encode(zipName());
    }

    /** Where a copy of the archive keeps it: as {@link #path}, in plain letters. */
    String place() {
        return folder(market, span, symbol, interval) + zipName();
    }

    static String folder(Market market, Span span, String symbol, Interval interval) {
        return market.archiveRoot() + "/" + span.folder() + "/klines/" + symbol + "/" + archiveName(interval) + "/";
    }

    /** A month is {@code 1mo} in the archive, because file names that differ only in case are trouble. */
    private static String archiveName(Interval interval) {
        return interval.unit() == Interval.Unit.MONTH ? interval.count() + "mo" : interval.toString();
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return zipName();
    }
}
