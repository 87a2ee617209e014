package dev.candlewick.examples;

import dev.candlewick.Cancelled;
import dev.candlewick.LedgerComparison;
import dev.candlewick.LedgerEntry;
import dev.candlewick.MarketDataException;
import dev.candlewick.Series;
import dev.candlewick.SeriesComparison;
import dev.candlewick.Source;
import dev.candlewick.Store;
import dev.candlewick.StoreComparison;
import dev.candlewick.TimeRange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** {@code candlewick compare}: says in what two stores differ, or a store and its venue. */
final class CompareCommand implements Command {

    private static final Flag LEFT = Flag.of("left", "SOURCE", "one side");
    private static final Flag RIGHT = Flag.of("right", "SOURCE", "the other side");
    private static final Flag QUICK =
            Flag.flagOnly("quick", "compare the content hashes of both ledgers, without reading a row");
    private static final Flag SHOW = Flag.of("show", "N", "differences shown of each series (20); all are counted");
    private static final int SHOWN = 20;

    @Override
    public Usage usage() {
        return Usage.of("compare", "Say in what two stores differ, row by row and column by column.")
                .requiring(LEFT, RIGHT)
                .allowing(Flags.SERIES, Flags.ALL, Flags.START, Flags.END, QUICK, SHOW, Flags.ZONE)
                .noting("""
                        Counts rows that are equal, on one side only, or differing, by column, and shows the first with
                        both exact values; then stretches that only one side lacks, or both for another reason. Without
                        --start and --end everything that the stores know; a venue needs both.
                        Exit status: 0 equal, 3 different, 1 a side could not be read.

                        Example:
                          candlewick compare --left parquet:data --right parquet:/backup/data --all --quick""");
    }

    /** What was found of all series. */
    private static final class Verdict {
        private int equal;
        private int different;
        private int failed;

        ExitCode code() {
            return failed > 0 ? ExitCode.FAILED : different > 0 ? ExitCode.DIFFERENT : ExitCode.DONE;
        }

        void add(boolean same) {
            equal += same ? 1 : 0;
            different += same ? 0 : 1;
        }

        @Override
        public String toString() {
            return equal + " of " + (equal + different + failed) + " series equal"
                    + (different == 0 ? "" : ", " + different + " different")
                    + (failed == 0 ? "" : ", " + failed + " could not be compared");
        }
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        Flags.requireSeriesOrAll(arguments);
        Optional<TimeRange> range = Flags.optionalRange(arguments);
        int shown = Flags.number(SHOW, arguments).map(Math::toIntExact).orElse(SHOWN);
        try (Source left = Flags.source(LEFT, arguments, console);
                Source right = Flags.source(RIGHT, arguments, console)) {
            List<Store> stores = Stream.of(left, right)
                    .filter(Store.class::isInstance)
                    .map(Store.class::cast)
                    .toList();
            requireStores(stores, arguments, range);
            StoreComparison comparison =
                    Flags.meaning(() -> StoreComparison.of(left, right).showing(shown));
            Map<Series, TimeRange> asked = asked(stores, arguments, range);
            Verdict verdict = new Verdict();
            asked.forEach((series, over) -> {
                try {
                    compare(comparison, series, over, arguments, console, verdict);
                } catch (Cancelled stop) {
                    throw stop;
                } catch (MarketDataException unreadable) {
                    verdict.failed++;
                    console.note("candlewick: " + series + ": " + FailureText.of(unreadable));
                }
            });
            console.print(verdict + "\n");
            return verdict.code();
        }
    }

    private static void compare(
            StoreComparison comparison,
            Series series,
            TimeRange range,
            Arguments arguments,
            Console console,
            Verdict verdict) {
        if (arguments.has(QUICK)) {
            LedgerComparison found = comparison.compareLedgers(series, range);
            verdict.add(found.isEqual());
            console.print(found + "\n");
        } else {
            SeriesComparison found = comparison.compare(series, range);
            verdict.add(found.isEqual());
            console.print(found + "\n");
        }
    }

    private static void requireStores(List<Store> stores, Arguments arguments, Optional<TimeRange> range) {
        if (stores.isEmpty()) {
            throw new UsageException("Two venues are not compared; one of --left and --right is a store");
        }
        if (stores.size() == 1 && arguments.has(QUICK)) {
            throw new UsageException("--quick compares ledgers, and a venue has none; leave it away");
        }
        if (stores.size() == 1 && range.isEmpty()) {
            throw new UsageException("Comparing with a venue asks it for every row; say which with --start and --end");
        }
    }

    /** What is compared: series with their ranges, those of {@code --all} sorted. */
    private static Map<Series, TimeRange> asked(List<Store> stores, Arguments arguments, Optional<TimeRange> range) {
        Map<Series, TimeRange> asked = new LinkedHashMap<>();
        for (Series series : arguments.has(Flags.ALL) ? held(stores) : named(stores, arguments)) {
            range.or(() -> span(stores, series)).ifPresent(over -> asked.put(series, over));
        }
        return asked;
    }

    // The columns may differ, which the comparison says; the name is what makes two series the same here.
    private static List<Series> held(List<Store> stores) {
        Map<String, Series> held = new TreeMap<>();
        stores.forEach(store -> store.series().forEach(series -> held.putIfAbsent(series.toString(), series)));
        return List.copyOf(held.values());
    }

    private static List<Series> named(List<Store> stores, Arguments arguments) {
        List<Series> asked = HeldSeries.asked(stores, arguments);
        for (Series series : asked) {
            if (stores.stream().noneMatch(store -> HeldSeries.holds(store, series))) {
                stores.forEach(store -> HeldSeries.require(store, series));
            }
        }
        return asked;
    }

    private static Optional<TimeRange> span(List<Store> stores, Series series) {
        return stores.stream()
                .flatMap(store -> store.ledger(series, ParquetStores.ALWAYS).stream())
                .map(LedgerEntry::unit)
                .reduce(TimeRange::span);
    }
}
