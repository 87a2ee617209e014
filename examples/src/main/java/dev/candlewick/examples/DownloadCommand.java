package dev.candlewick.examples;

import dev.candlewick.Interval;
import dev.candlewick.TimeRanges;
import dev.candlewick.source.binance.ArchiveDownload;
import dev.candlewick.source.binance.ArchiveDownloadReport;
import dev.candlewick.source.binance.ArchiveSelection;
import dev.candlewick.source.binance.Market;
import java.nio.file.Path;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** {@code candlewick download}: fetches archive files into a directory, for ingesting or for any other program. */
final class DownloadCommand implements Command {

    private static final String DIRECTORY_VARIABLE = "STORE_DIRECTORY";
    private static final Flag DIR = Flag.of("dir", "DIR", "where files go; STORE_DIRECTORY names it otherwise");
    private static final Flag PARALLELISM = Flag.of("parallelism", "N", "files fetched at once (4)");
    private static final Flag SKIP_MONTHLY = Flag.flagOnly("skip-monthly", "files of days only");
    private static final Flag REFRESH =
            Flag.flagOnly("refresh", "ask also whether files that are there were published anew");
    private static final Flag SKIP_DAILY = Flag.flagOnly("skip-daily", "files of months only");

    @Override
    public Usage usage() {
        return Usage.of("download", "Fetch files of Binance's public archive into a directory, proven by checksum.")
                .requiring(ArchiveFlags.TYPE)
                .allowing(
                        ArchiveFlags.SYMBOLS,
                        ArchiveFlags.INTERVALS,
                        ArchiveFlags.DATE,
                        ArchiveFlags.YEARS,
                        ArchiveFlags.MONTHS,
                        ArchiveFlags.START,
                        ArchiveFlags.END,
                        SKIP_MONTHLY,
                        SKIP_DAILY,
                        REFRESH,
                        DIR,
                        PARALLELISM)
                .noting("""
                        Without days everything since the archive begins (spot 2017, futures 2020). Whole finished months
                        come as one file, other days as a file each, candles of seconds always by the day. A file that is
                        there and that its .CHECKSUM proves is left alone; any other is fetched.
                        Ctrl-C is safe: the same command goes on from there.
                        Exit status: 0 all that is published is there; 3 so too, but nothing at all is published of a
                        symbol that was named; 1 some files failed, the same command fetches them again; 2 wrong usage.

                        Example:
                          candlewick download --type um --symbols BTCUSDT --interval 1m --date 2024-01-01 --dir /data""");
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        Market market = ArchiveFlags.market(arguments.required(ArchiveFlags.TYPE));
        ArchiveSelection selection = selection(market, arguments, console);
        ArchiveDownload.Builder builder = Flags.meaning(() -> ArchiveDownload.into(directory(arguments, console))
                .fromEnvironment(console.environment())
                .clock(console.clock())
                .listener(new BoundedNotes(console)));
        Flags.parallelism(arguments).ifPresent(files -> Flags.meaning(() -> builder.parallelism(files)));
        try (ArchiveDownload download = builder.build()) {
            console.note("Downloading " + selection + ": " + download);
            ArchiveDownloadReport report = download.run(selection);
            console.print(report + "\n");
            if (report.failed() > 0) {
                return ExitCode.FAILED;
            }
            return report.unknownSymbols().isEmpty() ? ExitCode.DONE : ExitCode.DONE_WITH_GAPS;
        }
    }

    private static ArchiveSelection selection(Market market, Arguments arguments, Console console) {
        Year now = Year.from(console.clock().instant().atZone(ZoneOffset.UTC));
        Optional<TimeRanges> days = ArchiveFlags.days(arguments, now);
        List<Interval> intervals = ArchiveFlags.intervals(arguments);
        return Flags.meaning(() -> {
            ArchiveSelection all = ArchiveSelection.of(market).symbols(Flags.words(arguments, ArchiveFlags.SYMBOLS));
            ArchiveSelection timed = days.map(all::within).orElse(all);
            ArchiveSelection chosen = intervals.isEmpty() ? timed : timed.intervals(intervals);
            ArchiveSelection spanned = arguments.has(SKIP_MONTHLY) ? chosen.withoutMonthlyFiles() : chosen;
            ArchiveSelection asked = arguments.has(REFRESH) ? spanned.refreshing() : spanned;
            return arguments.has(SKIP_DAILY) ? asked.withoutDailyFiles() : asked;
        });
    }

    private static Path directory(Arguments arguments, Console console) {
        return arguments
                .value(DIR)
                .or(() -> Optional.ofNullable(console.environment().get(DIRECTORY_VARIABLE))
                        .filter(value -> !value.isBlank()))
                .map(ArchiveFlags::directory)
                .orElseThrow(() -> new UsageException(
                        "candlewick download needs " + DIR + ", or the environment variable " + DIRECTORY_VARIABLE));
    }
}
