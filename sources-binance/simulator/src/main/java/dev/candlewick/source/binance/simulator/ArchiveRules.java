package dev.candlewick.source.binance.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;

/**
 * The archive's habits: when files appear and how they are written. Immutable.
 *
 * @param dailyLag from the end of a day to its file
 * @param monthlyLag from the end of a month to its file
 * @param futuresHeadersFrom futures files of periods that start on or after this date begin with a header line
 */
record ArchiveRules(Duration dailyLag, Duration monthlyLag, LocalDate futuresHeadersFrom) {
    private static final LocalDate SPOT_MICROS_FROM = LocalDate.of(2025, 1, 1);

    static final ArchiveRules USUAL =
            new ArchiveRules(Duration.ofHours(1), Duration.ofDays(2).plusHours(4), LocalDate.of(2022, 5, 1));

    ArchiveRules withDailyLag(Duration lag) {
        return new ArchiveRules(lag, monthlyLag, futuresHeadersFrom);
    }

    ArchiveRules withMonthlyLag(Duration lag) {
        return new ArchiveRules(dailyLag, lag, futuresHeadersFrom);
    }

    ArchiveRules withFuturesHeadersFrom(LocalDate date) {
        return new ArchiveRules(dailyLag, monthlyLag, date);
    }

    /** When a file first appears; never before its last candle has closed. */
    Instant publishedAt(ArchiveFile file) {
        Duration lag = file.period() == ArchiveFile.Period.DAILY ? dailyLag : monthlyLag;
        long end = file.endMillis();
        long lastOpen = file.interval().floor(end - 1);
        return Instant.ofEpochMilli(
                Math.max(end + lag.toMillis(), file.interval().next(lastOpen)));
    }

    TimeFormat times(ArchiveFile file) {
        boolean micros = file.market() == MarketType.SPOT && !file.start().isBefore(SPOT_MICROS_FROM);
        return micros ? TimeFormat.MICROS : TimeFormat.MILLIS;
    }

    boolean hasHeader(ArchiveFile file) {
        return file.market() != MarketType.SPOT && !file.start().isBefore(futuresHeadersFrom);
    }
}
