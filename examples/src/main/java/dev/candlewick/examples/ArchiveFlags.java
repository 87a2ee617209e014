package dev.candlewick.examples;

import dev.candlewick.Interval;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import dev.candlewick.source.binance.ArchiveDownload;
import dev.candlewick.source.binance.Market;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The flags of the commands that deal in archive files, and what their values mean. */
final class ArchiveFlags {

    static final Flag TYPE = Flag.of("type", "MARKET", "spot, um (or futures) or cm");
    static final Flag SYMBOLS = Flag.many("symbols", "SYMBOL", "such as BTCUSDT; all when it is not given");
    static final Flag INTERVALS = Flag.many("interval", "INTERVAL", "1s, 1m, 1h, 1d, 1w, 1M …");
    static final Flag DATE = Flag.many("date", "DATE", "these days: 2024-01-01");
    static final Flag YEARS = Flag.many("years", "YEAR", "these years: 2023 2024");
    static final Flag MONTHS = Flag.many("months", "MONTH", "these months: 1 to 12 of each year, or 2024-01");
    static final Flag START = Flag.of("start", "DATE", "first day");
    static final Flag END = Flag.of("end", "DATE", "first day after");

    private static final int FIRST_YEAR = 2017;

    private ArchiveFlags() {}

    static Market market(String word) {
        return Flags.meaning(() -> Market.parse(word.equals("futures") ? "um" : word));
    }

    static List<Interval> intervals(Arguments arguments) {
        return Flags.words(arguments, INTERVALS).stream()
                .map(text -> Flags.meaning(() -> Interval.parse(text.equals("1mo") ? "1M" : text)))
                .distinct()
                .toList();
    }

    /** What fetches files into a directory, from where the environment says. */
    static ArchiveDownload download(Path directory, Console console) {
        return Flags.meaning(() -> ArchiveDownload.into(directory)
                .fromEnvironment(console.environment())
                .clock(console.clock())
                .build());
    }

    static Path directory(String text) {
        if (!TerminalText.withoutSecrets(text).equals(text)) {
            throw new UsageException("An address with a user or a password is no directory of files");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException unnameable) {
            throw new UsageException("'" + text + "' is no directory name here: " + unnameable.getReason(), unnameable);
        }
    }

    /** The days asked for by any flag; empty when none restricts them. */
    static Optional<TimeRanges> days(Arguments arguments, Year now) {
        List<TimeRange> named = new ArrayList<>();
        Flags.words(arguments, DATE).forEach(text -> named.add(Flags.meaning(() -> TimeRange.day(text))));
        List<Integer> years = Flags.words(arguments, YEARS).stream()
                .map(text -> number(YEARS, text, FIRST_YEAR, 9999))
                .toList();
        List<String> months = Flags.words(arguments, MONTHS);
        if (months.isEmpty()) {
            years.forEach(year -> named.add(TimeRange.year(year)));
        }
        for (String month : months) {
            if (month.indexOf('-') >= 0) {
                named.add(Flags.meaning(() -> TimeRange.month(month)));
                continue;
            }
            int number = number(MONTHS, month, 1, 12);
            for (int year = FIRST_YEAR; year <= now.getValue(); year++) {
                if (years.isEmpty() || years.contains(year)) {
                    named.add(TimeRange.month(YearMonth.of(year, number), ZoneOffset.UTC));
                }
            }
        }
        Optional<TimeRanges> days = named.isEmpty() ? Optional.empty() : Optional.of(TimeRanges.of(named));
        if (!arguments.has(START) && !arguments.has(END)) {
            return days;
        }
        TimeRange between = Flags.meaning(() -> TimeRange.of(
                arguments.value(START).orElse(FIRST_YEAR + "-01-01"),
                arguments.value(END).orElse("9999-01-01")));
        return Optional.of(days.map(all -> all.within(between)).orElse(TimeRanges.of(between)));
    }

    private static int number(Flag flag, String text, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException | DateTimeException notANumber) {
            throw new UsageException("--" + flag.name() + " needs whole numbers, not '" + text + "'", notANumber);
        }
        throw new UsageException("--" + flag.name() + " takes " + least + " to " + most + ", not " + text);
    }
}
