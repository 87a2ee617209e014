package dev.candlewick.source.tardis;

import dev.candlewick.TimeRange;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * One published file: what arrived of one exchange, type and symbol in one UTC day.
 *
 * @param exchange as Tardis calls it: {@code binance-futures}
 * @param data which type
 * @param symbol as files spell it: {@code BTCUSDT}, or a group such as {@code OPTIONS}
 * @param day the UTC day of arrival
 */
record DatasetFile(String exchange, TardisData data, String symbol, LocalDate day) {

    /** The day as a range. */
    TimeRange range() {
        return TimeRange.day(day, ZoneOffset.UTC);
    }

    /** What follows the base URL. */
    String path() {
        return String.format(
                Locale.ROOT,
                "/%s/%s/%04d/%02d/%02d/%s.csv.gz",
                encode(exchange),
                data.type(),
                day.getYear(),
                day.getMonthValue(),
                day.getDayOfMonth(),
                encode(symbol));
    }

    /** How the clients of Tardis name the copy on disk, so that their downloads are found and ours are by them. */
    String localName() {
        return (exchange + "_" + data.type() + "_" + day + "_" + symbol).replaceAll("[:\\\\/?*<>|\"]", "-") + ".csv.gz";
    }

    /** As {@code encodeURIComponent} does, which is how these addresses are made. */
    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%21", "!")
                .replace("%27", "'")
                .replace("%28", "(")
                .replace("%29", ")")
                .replace("%7E", "~");
    }

    /** {@code binance-futures trades BTCUSDT of 2024-01-01}. */
    @Override
    public String toString() {
        return exchange + " " + data + " " + symbol + " of " + day;
    }
}
