package dev.candlewick.source.binance.simulator;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of one archive file with trades, aggregates or funding.
 *
 * @param start first day of the file's period
 * @param end the first day after it
 */
record TapeFile(MarketType market, Content content, String symbol, LocalDate start, LocalDate end) {

    private static final Pattern KEY = Pattern.compile(
            "(data/spot/|data/futures/um/|data/futures/cm/)(daily|monthly)/(trades|aggTrades|fundingRate)/"
                    + "([^/]+)/\\4-\\3-([0-9-]+)\\.zip");

    /** What a file holds. */
    enum Content {
        TRADES("trades"),
        AGGREGATES("aggTrades"),
        FUNDING("fundingRate");

        private final String folder;

        Content(String folder) {
            this.folder = folder;
        }
    }

    static Optional<TapeFile> parse(String key) {
        Matcher parts = KEY.matcher(key);
        if (!parts.matches()) {
            return Optional.empty();
        }
        MarketType market = Arrays.stream(MarketType.values())
                .filter(each -> each.archivePrefix().equals(parts.group(1)))
                .findFirst()
                .orElseThrow();
        Content content = Arrays.stream(Content.values())
                .filter(each -> each.folder.equals(parts.group(3)))
                .findFirst()
                .orElseThrow();
        boolean daily = parts.group(2).equals("daily");
        if (content == Content.FUNDING && (daily || market == MarketType.SPOT)) {
            return Optional.empty();
        }
        try {
            LocalDate start = daily
                    ? LocalDate.parse(parts.group(5))
                    : YearMonth.parse(parts.group(5)).atDay(1);
            LocalDate end = daily ? start.plusDays(1) : start.plusMonths(1);
            return Optional.of(new TapeFile(market, content, parts.group(4), start, end));
        } catch (DateTimeException noDate) {
            return Optional.empty();
        }
    }

    boolean isMonthly() {
        return !end.equals(start.plusDays(1));
    }

    /** The name that zip and member share. */
    String stem() {
        return symbol + "-" + content.folder + "-"
                + (isMonthly() ? YearMonth.from(start).toString() : start.toString());
    }

    long startMillis() {
        return KlineInterval.dayStart(start);
    }

    long endMillis() {
        return KlineInterval.dayStart(end);
    }

    Instant publishedAt(ArchiveRules rules) {
        return Instant.ofEpochMilli(endMillis()).plus(isMonthly() ? rules.monthlyLag() : rules.dailyLag());
    }
}
