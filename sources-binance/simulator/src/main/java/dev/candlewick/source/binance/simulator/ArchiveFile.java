package dev.candlewick.source.binance.simulator;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of one candle file of the archive.
 *
 * @param start first day of the file's period
 */
record ArchiveFile(MarketType market, Period period, String symbol, KlineInterval interval, LocalDate start) {
    static final String CHECKSUM_SUFFIX = ".CHECKSUM";

    private static final Pattern KEY = Pattern.compile(
            "(data/spot/|data/futures/um/|data/futures/cm/)(daily|monthly)/klines/([^/]+)/([^/]+)/\\3-\\4-([0-9-]+)\\.zip");

    enum Period {
        DAILY("daily/"),
        MONTHLY("monthly/");

        private final String folder;

        Period(String folder) {
            this.folder = folder;
        }
    }

    static Optional<ArchiveFile> parse(String key) {
        Matcher parts = KEY.matcher(key);
        if (!parts.matches()) {
            return Optional.empty();
        }
        Period period = parts.group(2).equals("daily") ? Period.DAILY : Period.MONTHLY;
        MarketType market = Arrays.stream(MarketType.values())
                .filter(each -> each.archivePrefix().equals(parts.group(1)))
                .findFirst()
                .orElseThrow();
        return KlineInterval.parseArchiveText(parts.group(4))
                .filter(interval -> exists(market, period, interval))
                .flatMap(interval -> date(period, parts.group(5))
                        .map(date -> new ArchiveFile(market, period, parts.group(3), interval, date)));
    }

    private static Optional<LocalDate> date(Period period, String text) {
        try {
            LocalDate date = period == Period.DAILY
                    ? LocalDate.parse(text)
                    : YearMonth.parse(text).atDay(1);
            return Optional.of(date);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** One-second candles are spot's; what is longer than a day has monthly files only. */
    static boolean exists(MarketType market, Period period, KlineInterval interval) {
        return interval.tradedOn(market) && (period == Period.MONTHLY || interval.hasDailyFiles());
    }

    static String folder(MarketType market, Period period, String symbol, KlineInterval interval) {
        return market.archivePrefix() + period.folder + "klines/" + symbol + "/" + interval.archiveText() + "/";
    }

    /** The key in the bucket, without a leading slash. */
    String key() {
        return folder(market, period, symbol, interval) + stem() + ".zip";
    }

    /** The name that zip and member share, such as {@code BTCUSDT-1m-2024-01}. */
    String stem() {
        return symbol + "-" + interval.archiveText() + "-" + periodText();
    }

    /** {@code 2024-01-31} or {@code 2024-01}. */
    String periodText() {
        return period == Period.DAILY ? start.toString() : YearMonth.from(start).toString();
    }

    String zipName() {
        return stem() + ".zip";
    }

    /** The first day after the file's period. */
    LocalDate end() {
        return period == Period.DAILY ? start.plusDays(1) : start.plusMonths(1);
    }

    ArchiveFile next() {
        return new ArchiveFile(market, period, symbol, interval, end());
    }

    long startMillis() {
        return KlineInterval.dayStart(start);
    }

    long endMillis() {
        return KlineInterval.dayStart(end());
    }
}
