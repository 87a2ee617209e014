package dev.candlewick.examples;

import dev.candlewick.CalendarUnit;
import dev.candlewick.Interval;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.spi.Addresses;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** The flags that several commands share, and what their values mean. A value that means nothing is a usage error. */
final class Flags {

    static final Flag FROM = Flag.of("from", "SOURCE", "where rows come from: a venue, or a store that is there");
    static final Flag TO = Flag.of("to", "STORE", "where rows go");
    static final Flag STORE = Flag.of("store", "STORE", "the store to look at");
    static final Flag SERIES = Flag.many("series", "SERIES", "such as BINANCE:SPOT_PAIR:BTC-USDT/candles:1m");
    static final Flag ALL = Flag.flagOnly("all", "every series that is there, instead of --series");
    static final Flag START = Flag.of("start", "T", "first instant: a date or an ISO instant");
    static final Flag END = Flag.of("end", "T", "first instant after: a date or an ISO instant");
    static final Flag ZONE = Flag.of("zone", "ZONE", "whose midnights dates are: Europe/Zurich, +02:00 (UTC)");
    static final Flag FORMAT = Flag.of("format", "FORMAT", "how results are printed");
    static final Flag OUT = Flag.of("out", "FILE", "write to a file, which appears when it is whole");
    static final Flag INTERVAL = Flag.of("interval", "INTERVAL", "build larger candles: 1h, 1d, 1w …");
    static final Flag PARALLELISM = Flag.of("parallelism", "N", "units worked on at once (2)");
    static final Flag DIR = Flag.of("dir", "DIR", "where the store goes (a new temporary directory)");

    /** More than a century of days: nothing that is traded is as old as that in data this fine. */
    private static final long MOST_UNITS_OF_A_SERIES = 50_000;

    private static final long MOST_UNITS = 1_000_000;

    private Flags() {}

    /** All series asked for, each once, in the order typed. */
    static List<Series> series(Arguments arguments) {
        return seriesTexts(arguments).stream()
                .map(text -> meaning(() -> Series.parse(text)))
                .distinct()
                .toList();
    }

    /**
     * Those of the series asked for whose columns everybody knows: candles. Others only a store can tell, by {@link
     * HeldSeries#asked(dev.candlewick.Store, Arguments)}; what is no series at all is a usage error here already.
     */
    static List<Series> commonSeries(Arguments arguments) {
        return seriesTexts(arguments).stream()
                .filter(text -> !text.contains("/") || text.contains("/candles:"))
                .map(text -> meaning(() -> Series.parse(text)))
                .distinct()
                .toList();
    }

    /** The series asked for as they were typed. */
    static List<String> seriesTexts(Arguments arguments) {
        return words(arguments, SERIES).stream().distinct().toList();
    }

    /** The values of a flag that takes many, separated by blanks or commas. */
    static List<String> words(Arguments arguments, Flag flag) {
        return arguments.values(flag).stream()
                .flatMap(value -> Arrays.stream(value.strip().split("[\\s,]+")))
                .filter(text -> !text.isEmpty())
                .toList();
    }

    static ZoneId zone(Arguments arguments) {
        return arguments
                .value(ZONE)
                .map(text -> {
                    try {
                        return ZoneId.of(text);
                    } catch (DateTimeException unknown) {
                        throw new UsageException(
                                "'" + text + "' is not a time zone; expected a name such as Europe/Zurich or an offset"
                                        + " such as +02:00",
                                unknown);
                    }
                })
                .orElse(ZoneOffset.UTC);
    }

    static TimeRange range(Arguments arguments) {
        return meaning(() -> TimeRange.of(arguments.required(START), arguments.required(END), zone(arguments)));
    }

    static Optional<Interval> interval(Arguments arguments) {
        return arguments.value(INTERVAL).map(text -> meaning(() -> Interval.parse(text)));
    }

    static Optional<Integer> parallelism(Arguments arguments) {
        return number(PARALLELISM, arguments).map(Math::toIntExact);
    }

    /** A whole number that an int holds. */
    static Optional<Long> number(Flag flag, Arguments arguments) {
        return arguments.value(flag).map(text -> {
            try {
                return Long.valueOf(Integer.parseInt(text));
            } catch (NumberFormatException notANumber) {
                throw new UsageException(flag + " needs a whole number, not '" + text + "'", notANumber);
            }
        });
    }

    /** The range of {@code --start} and {@code --end}; empty when neither was given. */
    static Optional<TimeRange> optionalRange(Arguments arguments) {
        return arguments.has(START) || arguments.has(END) ? Optional.of(range(arguments)) : Optional.empty();
    }

    /** Checks that either {@code --series} or {@code --all} says what is meant. */
    static void requireSeriesOrAll(Arguments arguments) {
        if (arguments.has(SERIES) == arguments.has(ALL)) {
            throw new UsageException("Say which series are meant: either " + SERIES + " or --all");
        }
    }

    /** The format asked for, the first known one when none was. */
    static String format(Arguments arguments, String... known) {
        String asked = arguments.value(FORMAT).orElse(known[0]).toLowerCase(Locale.ROOT);
        if (!List.of(known).contains(asked)) {
            throw new UsageException("Unknown format '" + asked + "'; expected one of " + String.join(", ", known));
        }
        return asked;
    }

    static Source source(Arguments arguments, Console console) {
        return source(FROM, arguments, console);
    }

    /** The venue or store of a flag; a store is there already. */
    static Source source(Flag flag, Arguments arguments, Console console) {
        HeldSeries.requireStore(arguments.required(flag));
        return meaning(() -> Addresses.source(arguments.required(flag), console.environment()));
    }

    static Store store(Flag flag, Arguments arguments, Console console) {
        return meaning(() -> Addresses.store(arguments.required(flag), console.environment()));
    }

    /** The store of {@code --store}, which is there already. */
    static Store existingStore(Arguments arguments, Console console) {
        return existingStore(STORE, arguments, console);
    }

    /** The store of a flag, which is there already. */
    static Store existingStore(Flag flag, Arguments arguments, Console console) {
        String address = arguments.required(flag);
        HeldSeries.requireStore(address);
        Store store = store(flag, arguments, console);
        try {
            HeldSeries.requireBegun(address, store);
            return store;
        } catch (RuntimeException unusable) {
            store.close();
            throw unusable;
        }
    }

    /** Checks that a range is none that was mistyped: its units must be so many that they can be looked at. */
    static void requirePlannable(Collection<Series> series, TimeRange range) {
        long all = 0;
        for (Series one : series) {
            long units = units(one, range);
            all += units;
            if (units > MOST_UNITS_OF_A_SERIES || all > MOST_UNITS) {
                throw new UsageException(String.format(
                        Locale.ROOT,
                        "%s is too long for %s: %,d units of a %s, and %,d of one series or %,d of all together are the"
                                + " most; take a shorter range or fewer series",
                        range,
                        one,
                        units,
                        one.cadence().unit().name().toLowerCase(Locale.ROOT),
                        MOST_UNITS_OF_A_SERIES,
                        MOST_UNITS));
            }
        }
    }

    private static long units(Series series, TimeRange range) {
        CalendarUnit calendar = series.cadence().unit();
        ChronoUnit unit = switch (calendar) {
            case DAY -> ChronoUnit.DAYS;
            case MONTH -> ChronoUnit.MONTHS;
            case YEAR -> ChronoUnit.YEARS;
        };
        Instant first = calendar.containing(range.start()).start();
        Instant last = calendar.containing(range.end().minusNanos(1)).start();
        return 1 + unit.between(first.atOffset(ZoneOffset.UTC), last.atOffset(ZoneOffset.UTC));
    }

    /** What a value means; when the library says that it means nothing, that is the user's to correct. */
    static <T> T meaning(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException meaningless) {
            throw new UsageException(String.valueOf(meaningless.getMessage()), meaningless);
        }
    }
}
