package dev.candlewick.source.binance;

import dev.candlewick.Interval;
import dev.candlewick.source.binance.ArchiveFile.Span;
import java.text.Normalizer;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of a kline file says: {@code BTCUSDT-1m-2024-01-31.zip}. Symbols may hold any letter, hyphens too.
 *
 * @param symbol Binance's own name of the instrument, as the file spells it
 * @param intervalText the interval as the file spells it: {@code 1mo} or {@code 1M} for a month
 * @param interval the candles' length
 * @param span whether it holds a day or a month
 * @param start the first day it holds
 * @param packing how the rows are kept
 */
record ArchiveName(String symbol, String intervalText, Interval interval, Span span, LocalDate start, Packing packing) {

    /** How the rows of a file are kept; also the end of its name. */
    enum Packing {
        ZIP(".zip"),
        CSV(".csv");

        private final String extension;

        Packing(String extension) {
            this.extension = extension;
        }
    }

    private static final Pattern NAME = Pattern.compile(
            "(.+)-([1-9][0-9]{0,3}(?:mo|[smhdwM]))-([0-9]{4}-[0-9]{2}(?:-[0-9]{2})?)(\\.zip|\\.csv)", Pattern.DOTALL);

    private static final int MONTH_LENGTH = "2024-01".length();

    /** Empty when the name is none of a kline file; that says nothing about what the file holds. */
    static Optional<ArchiveName> parse(String fileName) {
        Matcher parts = NAME.matcher(fileName);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            String interval = parts.group(2);
            String date = parts.group(3);
            boolean month = date.length() == MONTH_LENGTH;
            return Optional.of(new ArchiveName(
                    parts.group(1),
                    interval,
                    Interval.parse(interval.replace("mo", "M")),
                    month ? Span.MONTHLY : Span.DAILY,
                    month ? YearMonth.parse(date).atDay(1) : LocalDate.parse(date),
                    parts.group(4).equals(Packing.ZIP.extension) ? Packing.ZIP : Packing.CSV));
        } catch (DateTimeException | IllegalArgumentException noSuchDateOrInterval) {
            return Optional.empty();
        }
    }

    /** Whether a name that is none of a kline file would be one if its date or its interval existed. */
    static boolean isNearly(String fileName) {
        return NAME.matcher(fileName).matches();
    }

    /** The symbol in composed letters: some file systems hand names back decomposed. */
    static String composed(String symbol) {
        return Normalizer.normalize(symbol, Normalizer.Form.NFC);
    }

    /** The name without its extension. */
    String stem() {
        String date = start.toString();
        return symbol + "-" + intervalText + "-" + (span == Span.DAILY ? date : date.substring(0, MONTH_LENGTH));
    }

    /** The name as it was parsed. */
    @Override
    public String toString() {
        return stem() + packing.extension;
    }
}
