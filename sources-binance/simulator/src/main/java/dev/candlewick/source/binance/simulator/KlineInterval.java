package dev.candlewick.source.binance.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;

/** The venue's candle lengths and their grids. All times are epoch milliseconds, UTC. */
enum KlineInterval {
    SECOND_1("1s", Duration.ofSeconds(1)),
    MINUTE_1("1m", Duration.ofMinutes(1)),
    MINUTE_3("3m", Duration.ofMinutes(3)),
    MINUTE_5("5m", Duration.ofMinutes(5)),
    MINUTE_15("15m", Duration.ofMinutes(15)),
    MINUTE_30("30m", Duration.ofMinutes(30)),
    HOUR_1("1h", Duration.ofHours(1)),
    HOUR_2("2h", Duration.ofHours(2)),
    HOUR_4("4h", Duration.ofHours(4)),
    HOUR_6("6h", Duration.ofHours(6)),
    HOUR_8("8h", Duration.ofHours(8)),
    HOUR_12("12h", Duration.ofHours(12)),
    DAY_1("1d", Duration.ofDays(1)),
    DAY_3("3d", Duration.ofDays(3)),
    WEEK_1("1w", Duration.ofDays(7)),
    /** Calendar months; the duration is only the longest one. */
    MONTH_1("1M", Duration.ofDays(31));

    /** 1970-01-05, the first Monday: weeks are counted from it. */
    private static final long FIRST_MONDAY_MILLIS = Duration.ofDays(4).toMillis();

    private final String text;
    private final long longestMillis;

    KlineInterval(String text, Duration longest) {
        this.text = text;
        this.longestMillis = longest.toMillis();
    }

    static Optional<KlineInterval> parse(String text) {
        return Arrays.stream(values()).filter(each -> each.text.equals(text)).findFirst();
    }

    static KlineInterval of(String text) {
        return parse(text)
                .orElseThrow(() -> new IllegalArgumentException("No interval '" + text + "'; the venue has "
                        + Arrays.stream(values()).map(each -> each.text).toList()));
    }

    static Optional<KlineInterval> parseArchiveText(String text) {
        return Arrays.stream(values())
                .filter(each -> each.archiveText().equals(text))
                .findFirst();
    }

    String text() {
        return text;
    }

    /** The archive writes a month as {@code 1mo}, because file systems may not tell {@code 1M} from {@code 1m}. */
    String archiveText() {
        return this == MONTH_1 ? "1mo" : text;
    }

    boolean tradedOn(MarketType market) {
        return this != SECOND_1 || market == MarketType.SPOT;
    }

    boolean hasDailyFiles() {
        return longestMillis <= DAY_1.longestMillis;
    }

    long longestMillis() {
        return longestMillis;
    }

    /** The open time of the candle that holds an instant. */
    long floor(long millis) {
        if (this == MONTH_1) {
            return dayStart(dateOf(millis).withDayOfMonth(1));
        }
        long origin = this == WEEK_1 ? FIRST_MONDAY_MILLIS : 0;
        return Math.floorDiv(millis - origin, longestMillis) * longestMillis + origin;
    }

    long ceiling(long millis) {
        long floor = floor(millis);
        return floor == millis ? floor : next(floor);
    }

    long next(long openMillis) {
        return this == MONTH_1 ? dayStart(dateOf(openMillis).plusMonths(1)) : openMillis + longestMillis;
    }

    long closeMillis(long openMillis) {
        return next(openMillis) - 1;
    }

    static LocalDate dateOf(long millis) {
        return Instant.ofEpochMilli(millis).atZone(ZoneOffset.UTC).toLocalDate();
    }

    static long dayStart(LocalDate date) {
        return date.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }
}
