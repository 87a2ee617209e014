package dev.candlewick.examples;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Estimate;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Interval;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Query;
import dev.candlewick.QueryResult;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.candle.ForwardFill;
import dev.candlewick.candle.Resample;
import java.io.IOException;
import java.io.OutputStream;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** {@code candlewick read}: rows of a store, as they are, filled forward, or built into larger candles. */
final class ReadCommand implements Command {

    private static final Flag FILL =
            Flag.flagOnly("fill", "fill holes forward; a column 'filled' marks such rows, nothing is stored");

    private static final Flag LIMIT = Flag.of("limit", "N", "the first N rows only");
    private static final Flag ORDER = Flag.of("order", "ORDER", "series: one after the other (default); time: merged");

    private static final Flag DRY_RUN = Flag.flagOnly("dry-run", "say what reading would cost; reads no row");

    @Override
    public Usage usage() {
        return Usage.of("read", "Print rows of a store, also filled forward or as larger candles.")
                .requiring(Flags.STORE, Flags.SERIES, Flags.START, Flags.END)
                .allowing(FILL, Flags.INTERVAL, LIMIT, ORDER, Flags.FORMAT, Flags.OUT, Flags.ZONE, DRY_RUN)
                .noting("""
                        Formats: table (default; the first and last rows), csv, json. Times are ISO-8601 UTC, decimals
                        plain and exact (strings in json). With several series the first column names the series.
                        --interval builds candles from those of the series, 1d and longer on the days of --zone.
                        --dry-run prints rows, bytes and requests that a read of the stored rows asks for, a line per
                        series, as far as the store can tell beforehand; a query that is charged for is not run.
                        Rows that are missing in the range, or cut off by --limit, are noted on standard error; the exit
                        status stays 0.

                        Example:
                          candlewick read --store parquet:data --series BINANCE:SPOT_PAIR:BTC-USDT/candles:1m \\
                            --start 2024-01-01 --end 2024-02-01 --interval 1h --format csv --out january.csv""");
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) throws IOException {
        TimeRange range = Flags.range(arguments);
        String format = Flags.format(arguments, "table", "csv", "json");
        Optional<Interval> interval = Flags.interval(arguments);
        Optional<OutputTarget> out = outputTarget(arguments);
        requireReadable(Flags.commonSeries(arguments), interval, arguments);
        Flags.requirePlannable(Flags.commonSeries(arguments), range);
        try (Store store = Flags.existingStore(arguments, console)) {
            List<Series> stored = HeldSeries.asked(store, arguments);
            requireReadable(stored, interval, arguments);
            Flags.requirePlannable(stored, range);
            for (Series series : stored) {
                HeldSeries.require(store, series, range);
            }
            if (arguments.has(DRY_RUN)) {
                stored.forEach(series -> console.print(costs(store, series, range)));
                return ExitCode.DONE;
            }
            Readings readings = new Readings(store);
            List<Series> read = stored.stream()
                    .map(series -> readings.add(series, arguments))
                    .toList();
            try (QueryResult rows = query(read, range, arguments).on(readings)) {
                if (out.isPresent()) {
                    writeFile(out.get(), format, read, rows, console);
                } else {
                    print(console.out(), format, read, rows);
                }
                note(rows, console);
            }
            return ExitCode.DONE;
        }
    }

    // What a store cannot tell by itself its ledger can, where the range covers units whole.
    private static String costs(Store store, Series series, TimeRange range) {
        Estimate asked = store.dryRun(series, range);
        long most = store.ledger(series, range).stream()
                .mapToLong(LedgerEntry::rows)
                .sum();
        String rows = asked.rows() > 0 ? "" : String.format(Locale.ROOT, ", at most %,d rows", most);
        return series + " over " + range + ": "
                + (asked.equals(Estimate.unknown()) ? "requests and bytes are not known beforehand" : asked.toString())
                + rows + "\n";
    }

    private static void requireReadable(List<Series> asked, Optional<Interval> interval, Arguments arguments) {
        for (Series series : asked) {
            requirePlain(series);
            interval.ifPresent(longer -> {
                requireDivides(series, longer);
                daysOf(series, longer, arguments);
            });
        }
        RowFormat.requireOneSchema(asked);
    }

    private static Query query(List<Series> series, TimeRange range, Arguments arguments) {
        Query query = Query.of(series, range);
        Optional<Long> limit = Flags.number(LIMIT, arguments);
        Query limited = limit.isEmpty() ? query : Flags.meaning(() -> query.limit(limit.get()));
        String order = arguments.value(ORDER).orElse("series");
        return switch (order) {
            case "series" -> limited.bySeries();
            case "time" -> limited.byTime();
            default -> throw new UsageException("Unknown order '" + order + "'; expected series or time");
        };
    }

    /** The store as it is read here: each series as it is, filled forward, or built into larger candles. */
    private static final class Readings implements Source {

        private final Store store;
        private final Map<Series, Function<TimeRange, Batches>> readings = new LinkedHashMap<>();

        Readings(Store store) {
            this.store = store;
        }

        /** Takes a stored series; gives the one that its rows are read as. */
        Series add(Series series, Arguments arguments) {
            Optional<Interval> interval = Flags.interval(arguments);
            Source source = store;
            Series target = series;
            if (interval.isPresent()) {
                Interval longer = interval.get();
                source = Resample.over(store, series.dataset().interval().orElseThrow());
                target = series.with(Dataset.candles(longer, daysOf(series, longer, arguments)));
            }
            Source rows = arguments.has(FILL) ? ForwardFill.over(source) : source;
            Series read = arguments.has(FILL) ? filled(target) : target;
            readings.put(read, range -> rows.read(read, range));
            return read;
        }

        @Override
        public String name() {
            return store.name();
        }

        @Override
        public boolean serves(Series series) {
            return readings.containsKey(series);
        }

        @Override
        public Batches read(Series series, TimeRange range) {
            Function<TimeRange, Batches> reading = readings.get(series);
            if (reading == null) {
                throw new Refused(refusal(series));
            }
            return reading.apply(range);
        }
    }

    private static Optional<OutputTarget> outputTarget(Arguments arguments) throws IOException {
        Optional<String> out = arguments.value(Flags.OUT);
        return out.isEmpty()
                ? Optional.empty()
                : Optional.of(OutputTarget.of(out.get(), StoreAddress.directory(arguments.required(Flags.STORE))));
    }

    /** Whose days the longer candles have; days that are stored already cannot be cut at other midnights. */
    private static ZoneId daysOf(Series series, Interval longer, Arguments arguments) {
        if (!longer.isCalendar()) {
            return ZoneOffset.UTC;
        }
        boolean storedDays = series.dataset().interval().orElseThrow().isCalendar();
        if (!storedDays || !(series.cadence() instanceof Cadence.Grid grid)) {
            return Flags.zone(arguments);
        }
        ZoneId stored = grid.zone();
        ZoneId asked = arguments.has(Flags.ZONE) ? Flags.zone(arguments) : stored;
        if (!asked.normalized().equals(stored.normalized())) {
            throw new UsageException("Candles of " + longer + " on the days of " + asked + " cannot be built from "
                    + series + ", whose days are those of " + stored + ". Read from a series shorter than a day, such"
                    + " as " + series.subject() + "/candles:1m, store one, or leave --zone away");
        }
        return stored;
    }

    private static Series filled(Series series) {
        return series.with(series.dataset().filled());
    }

    private static void print(OutputStream stream, String format, List<Series> series, QueryResult result) {
        RowFormat rows = RowFormat.of(format, new TextOutput(stream), series.size());
        rows.begin(series.get(0).schema());
        for (Batch batch : result) {
            rows.rows(batch);
        }
        rows.end();
    }

    private static void writeFile(
            OutputTarget target, String format, List<Series> series, QueryResult rows, Console console)
            throws IOException {
        try (OutputFile file = OutputFile.at(target)) {
            print(file.stream(), format, series, rows);
            file.publish();
            console.note("Wrote " + target.given());
        }
    }

    private static void note(QueryResult rows, Console console) {
        if (rows.isCut()) {
            console.note(String.format(
                    Locale.ROOT, "Note: there are more rows than these %,d; --limit cut them off.", rows.rows()));
        }
        rows.coverage().forEach((series, known) -> noteGaps(series, known.gaps(), console));
    }

    private static void requirePlain(Series series) {
        if (series.dataset().isFilled()) {
            throw new UsageException(series + " is never stored; use --fill with "
                    + series.toString().replaceFirst(":filled$", ""));
        }
    }

    private static void requireDivides(Series series, Interval longer) {
        Interval stored = series.dataset()
                .interval()
                .orElseThrow(() -> new UsageException(series + " has no candles that --interval could build on"));
        if (!stored.divides(longer)) {
            throw new UsageException("Candles of " + longer + " cannot be built from those of " + stored + " in "
                    + series + ": whole candles of " + stored + " do not fill them. Choose one of "
                    + Interval.BINANCE.stream().filter(stored::divides).toList());
        }
    }

    private static void noteGaps(Series printed, List<Gap> gaps, Console console) {
        if (gaps.isEmpty()) {
            return;
        }
        Map<GapReason, Long> reasons = new TreeMap<>();
        gaps.forEach(gap -> reasons.merge(gap.reason(), 1L, Long::sum));
        List<String> counts = new ArrayList<>();
        reasons.forEach((reason, count) -> counts.add(String.format(Locale.ROOT, "%,d %s", count, reason)));
        console.note(String.format(
                Locale.ROOT,
                "Note: %s has %,d %s in this range (%s); 'candlewick gaps' lists what is missing of the stored rows.",
                printed.toString().replaceFirst(":filled$", ""),
                gaps.size(),
                gaps.size() == 1 ? "gap" : "gaps",
                String.join(", ", counts)));
    }
}
