package dev.candlewick.examples;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Interval;
import dev.candlewick.Series;
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

    @Override
    public Usage usage() {
        return Usage.of("read", "Print rows of a store, also filled forward or as larger candles.")
                .requiring(Flags.STORE, Flags.SERIES, Flags.START, Flags.END)
                .allowing(FILL, Flags.INTERVAL, Flags.FORMAT, Flags.OUT, Flags.ZONE)
                .noting("""
                        Formats: table (default; the first and last rows), csv, json. Times are ISO-8601 UTC, decimals
                        plain and exact (strings in json). With several series the first column names the series.
                        --interval builds candles from those of the series, 1d and longer on the days of --zone.
                        Rows that are missing in the range are counted on standard error; the exit status stays 0.

                        Example:
                          candlewick read --store parquet:data --series BINANCE:SPOT_PAIR:BTC-USDT/candles:1m \\
                            --start 2024-01-01 --end 2024-02-01 --interval 1h --format csv --out january.csv""");
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) throws IOException {
        List<Series> stored = Flags.series(arguments);
        TimeRange range = Flags.range(arguments);
        String format = Flags.format(arguments, "table", "csv", "json");
        Optional<Interval> interval = Flags.interval(arguments);
        for (Series series : stored) {
            requirePlain(series);
            interval.ifPresent(longer -> {
                requireDivides(series, longer);
                daysOf(series, longer, arguments);
            });
        }
        requireOneSchema(stored);
        Optional<OutputTarget> out = outputTarget(arguments);
        try (Store store = Flags.existingStore(arguments, console)) {
            for (Series series : stored) {
                HeldSeries.require(store, series, range);
            }
            List<Reading> readings = stored.stream()
                    .map(series -> reading(store, series, arguments))
                    .toList();
            Map<Series, List<Gap>> gaps = out.isPresent()
                    ? writeFile(out.get(), format, readings, range, console)
                    : print(console.out(), format, readings, range);
            gaps.forEach((series, missing) -> noteGaps(series, missing, console));
            return ExitCode.DONE;
        }
    }

    /** What is read, and how. */
    private record Reading(Series series, Function<TimeRange, Batches> rows) {}

    private static Reading reading(Store store, Series series, Arguments arguments) {
        boolean filled = arguments.has(FILL);
        Optional<Interval> interval = Flags.interval(arguments);
        if (interval.isEmpty()) {
            return filled
                    ? new Reading(
                            filled(series), range -> ForwardFill.over(store).read(series, range))
                    : new Reading(series, range -> store.read(series, range));
        }
        Interval longer = interval.get();
        Series target = series.with(Dataset.candles(longer, daysOf(series, longer, arguments)));
        Resample resample = Resample.over(store, series.dataset().interval().orElseThrow());
        if (!filled) {
            return new Reading(target, range -> resample.read(target, range));
        }
        return new Reading(filled(target), range -> ForwardFill.over(resample).read(target, range));
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

    /** Prints every row, and gives what is missing between them, which is known only then. */
    private static Map<Series, List<Gap>> print(
            OutputStream stream, String format, List<Reading> readings, TimeRange range) {
        TextOutput out = new TextOutput(stream);
        RowFormat.SeriesColumn naming =
                readings.size() > 1 ? RowFormat.SeriesColumn.SHOWN : RowFormat.SeriesColumn.HIDDEN;
        RowFormat rows = switch (format) {
            case "csv" -> new CsvRows(out, naming);
            case "json" -> new JsonRows(out, naming);
            default -> new TableRows(out, naming);
        };
        Map<Series, List<Gap>> gaps = new LinkedHashMap<>();
        rows.begin(readings.get(0).series().schema());
        for (Reading reading : readings) {
            try (Batches batches = reading.rows().apply(range)) {
                for (Batch batch : batches) {
                    rows.rows(batch);
                }
                gaps.put(reading.series(), batches.provenance().gaps());
            }
        }
        rows.end();
        return gaps;
    }

    private static Map<Series, List<Gap>> writeFile(
            OutputTarget target, String format, List<Reading> readings, TimeRange range, Console console)
            throws IOException {
        try (OutputFile file = OutputFile.at(target)) {
            Map<Series, List<Gap>> gaps = print(file.stream(), format, readings, range);
            file.publish();
            console.note("Wrote " + target.given());
            return gaps;
        }
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

    private static void requireOneSchema(List<Series> stored) {
        for (Series series : stored) {
            if (!series.schema().equals(stored.get(0).schema())) {
                throw new UsageException(
                        stored.get(0) + " and " + series + " have different columns; read them one at a time");
            }
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
