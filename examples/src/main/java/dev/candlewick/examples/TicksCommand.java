package dev.candlewick.examples;

import java.time.LocalDate;
import java.util.List;

/** {@code candlewick ticks}: instruments, ticks, candles with features and indicators, day by day. */
final class TicksCommand implements Command {

    @Override
    public Usage usage() {
        return Usage.of("ticks", "Ticks day by day: instruments, reports, downloads, candles, features, checks.")
                .requiring(TicksFlags.MODE)
                .allowing(TicksFlags.OPTIONAL.toArray(Flag[]::new))
                .noting("Modes:\n" + TicksMode.listed() + """

                        Days are UTC days of arrival, --end-date is worked on too. All modes but daily and demo need both.
                        What is done already is left alone unless --force, so a run that was stopped goes on where it was.
                        What is typed wins over the environment, that over --env-file, that over --config-file.
                        The key for Tardis is TARDIS_API_KEY. Without one the first day of each month can be downloaded.
                        Exit status: 0 all is there; 3 done, and what is missing is named; 1 some of it failed, the same
                        command goes on.

                        Example:
                          candlewick ticks download --start-date 2023-05-23 --end-date 2023-05-25 \\
                            --venues deribit binance-futures --data-types trades book_snapshot_5""");
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) throws Exception {
        TicksMode mode = TicksMode.parse(arguments.required(TicksFlags.MODE));
        TicksSettings settings = TicksSettings.of(arguments, console);
        List<LocalDate> days =
                settings.days().orElseGet(() -> mode.needsDays() ? List.of() : List.of(settings.yesterday()));
        if (days.isEmpty()) {
            throw new UsageException("candlewick ticks " + mode.word() + " needs " + TicksFlags.START_DATE + " and "
                    + TicksFlags.END_DATE + ": UTC days as YYYY-MM-DD, both worked on");
        }
        try (TicksJob job = new TicksJob(settings, days, console.with(settings.environment()))) {
            return mode.step().run(job);
        }
    }
}
