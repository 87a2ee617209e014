package dev.candlewick.examples;

import dev.candlewick.BackfillReport;
import dev.candlewick.Backfiller;
import dev.candlewick.Gap;
import dev.candlewick.Interval;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import dev.candlewick.source.binance.ArchiveDirectorySource;
import dev.candlewick.source.binance.ArchiveDownload;
import java.nio.file.Path;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** {@code candlewick ingest-from-dir}: brings what lies in a directory of archive files into a store. */
final class IngestCommand implements Command {

    private static final Flag SOURCE = Flag.of("source", "DIR", "the directory that files lie in");
    private static final Flag PATTERN = Flag.of("pattern", "GLOB", "only files whose path or name matches");
    private static final Flag SYMBOLS =
            Flag.many("symbols", "SYMBOL", "BTCUSDT or BTC-USDT; all that is there when it is not given");
    private static final Flag TYPE =
            Flag.of("type", "MARKET", "spot, um or cm: of files that no folder names the market of");
    private static final Flag FORCE = Flag.flagOnly("force", "write again what the store already holds");
    private static final Flag OFFLINE = Flag.flagOnly("offline", "do not fetch damaged files again");

    @Override
    public Usage usage() {
        return Usage.of("ingest-from-dir", "Bring archive files of a directory into a store; skip what it holds.")
                .requiring(SOURCE, Flags.TO)
                .allowing(
                        PATTERN,
                        SYMBOLS,
                        ArchiveFlags.INTERVALS,
                        Flags.SERIES,
                        TYPE,
                        ArchiveFlags.START,
                        ArchiveFlags.END,
                        FORCE,
                        OFFLINE,
                        Flags.PARALLELISM)
                .noting("""
                        What is skipped is decided by the store's coverage, candle by candle; files that were replaced
                        since are read again. A damaged file is fetched again from the archive, proven and read; where
                        that cannot be, it is named, and the others go on. Rows that the store holds are never given up
                        for a file that is damaged or gone, not even with --force.
                        Exit status: 0 every candle from the first one to the last file is there; 3 done, and gaps
                        remain, or something was left out, which is named; 1 files were set aside or units failed, the
                        same command tries them again; 2 wrong usage.

                        Example:
                          candlewick ingest-from-dir --source /data --to parquet:store --symbols BTCUSDT""");
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        Path directory = ArchiveFlags.directory(arguments.required(SOURCE));
        IngestTally tally = new IngestTally();
        ProgressReport progress = ProgressReport.on(console);
        try (ArchiveDownload download = ArchiveFlags.download(directory, console);
                ArchiveDirectorySource files = files(directory, arguments, console, tally, download);
                Store store = Flags.store(Flags.TO, arguments, console)) {
            Set<String> leftOut = new LinkedHashSet<>();
            List<Series> series = series(files, arguments, leftOut);
            IngestPlanning planning = new IngestPlanning(files, store, days(arguments, console), arguments.has(FORCE));
            List<Series> there = series.stream()
                    .filter(one -> !planning.wanted(one).isEmpty())
                    .toList();
            series.stream()
                    .filter(one -> !there.contains(one))
                    .forEach(one -> leftOut.add("No file of " + one + " is there."));
            List<String> contested =
                    there.stream().flatMap(one -> files.contested(one).stream()).toList();
            contested.forEach(file -> leftOut.add("Left out " + file));
            leftOut.stream().map(TerminalText::line).forEach(console::note);
            if (there.isEmpty()) {
                console.print("Nothing to ingest: no file in " + directory + " is asked for.\n");
                return ExitCode.DONE_WITH_GAPS;
            }
            Backfiller.Builder builder = Backfiller.from(new GuardedSource(files, store))
                    .to(store)
                    .clock(console.clock())
                    .detecting(planning)
                    .listener(progress);
            Flags.parallelism(arguments).ifPresent(units -> Flags.meaning(() -> builder.parallelism(units)));
            BackfillReport report = run(builder.build(), there, planning.span(there), progress);
            List<Gap> gaps = new ArrayList<>();
            there.forEach(one -> gaps.addAll(planning.gaps(one)));
            console.print(tally.text(report, gaps, contested.size()) + "\n");
            return report.failed().isEmpty() && tally.setAside() == 0
                    ? gaps.isEmpty() && leftOut.isEmpty() ? ExitCode.DONE : ExitCode.DONE_WITH_GAPS
                    : ExitCode.FAILED;
        }
    }

    private static BackfillReport run(
            Backfiller backfiller, List<Series> series, TimeRange span, ProgressReport progress) {
        try {
            return backfiller.fill(series, span);
        } finally {
            progress.clear();
        }
    }

    private static ArchiveDirectorySource files(
            Path directory, Arguments arguments, Console console, IngestTally tally, ArchiveDownload download) {
        ArchiveDirectorySource.Builder builder =
                ArchiveDirectorySource.builder(directory).clock(console.clock()).onFile(tally);
        arguments.value(TYPE).ifPresent(type -> builder.market(ArchiveFlags.market(type)));
        arguments.value(PATTERN).ifPresent(glob -> Flags.meaning(() -> builder.matching(glob)));
        if (!arguments.has(OFFLINE)) {
            builder.repairingFrom(download);
        }
        return builder.build();
    }

    private static TimeRanges days(Arguments arguments, Console console) {
        Year now = Year.from(console.clock().instant().atZone(ZoneOffset.UTC));
        return ArchiveFlags.days(arguments, now).orElse(TimeRanges.of(TimeRange.of("1970-01-01", "9999-01-01")));
    }

    /** What is to be ingested; what was asked for or lies there and cannot be is told. */
    private static List<Series> series(ArchiveDirectorySource files, Arguments arguments, Set<String> leftOut) {
        Set<Series> chosen = new TreeSet<>(Flags.series(arguments));
        for (Series named : chosen) {
            if (!files.serves(named)) {
                throw new Refused(files.refusal(named));
            }
            if (named.dataset().interval().isEmpty()) {
                throw new Refused("ingest-from-dir brings candles into a store, and " + named
                        + " is none. Use backfill --from " + files.name() + " --series " + named);
            }
        }
        if (arguments.has(Flags.SERIES) && !arguments.has(SYMBOLS)) {
            return List.copyOf(chosen);
        }
        List<String> symbols = Flags.words(arguments, SYMBOLS);
        List<Interval> intervals = ArchiveFlags.intervals(arguments);
        Set<String> found = new TreeSet<>();
        for (Series one : files.series()) {
            if (one.dataset().interval().isEmpty()) {
                continue; // of ticks nothing is counted candle by candle
            }
            Optional<String> named = named(one, files.symbol(one), symbols);
            named.ifPresent(found::add);
            if ((symbols.isEmpty() || named.isPresent())
                    && (intervals.isEmpty()
                            || intervals.contains(one.dataset().interval().orElseThrow()))) {
                chosen.add(one);
            }
        }
        if (!found.containsAll(symbols) || symbols.isEmpty()) {
            files.overlooked().forEach(what -> leftOut.add("Overlooked " + what));
        }
        symbols.stream()
                .filter(symbol -> !found.contains(symbol))
                .forEach(symbol -> leftOut.add("No file of " + symbol + " is there."));
        return List.copyOf(chosen);
    }

    /** Which of the typed symbols means the series: Binance's name, or the subject's code with or without its margin. */
    private static Optional<String> named(Series series, String symbol, List<String> typed) {
        String code = series.subject().code();
        String plain = code.replace("@LIN", "").replace("@INV", "");
        return typed.stream()
                .filter(text -> text.equals(symbol) || text.equals(code) || text.equals(plain))
                .findFirst();
    }
}
