package dev.candlewick.examples;

import dev.candlewick.Cancelled;
import dev.candlewick.source.tardis.TardisRefused;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** {@code candlewick ticks}: instruments, ticks, candles with features and indicators, day by day. */
final class TicksCommand implements Command {

    // For a collector of counts. A process that was told to stop has five seconds for all.
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PATIENCE_WHEN_STOPPED = Duration.ofSeconds(2);

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
        try (TicksJob job = new TicksJob(mode, settings, days, console.with(settings.environment()))) {
            String unused = settings.unused();
            if (!unused.isEmpty()) {
                job.note(LogLevel.INFO, unused);
            }
            return counted(job, mode);
        }
    }

    /** Runs the mode and hands its counts over, however it ends. */
    private static ExitCode counted(TicksJob job, TicksMode mode) throws Exception {
        Instant begun = job.console().clock().instant();
        ExitCode code = ExitCode.FAILED;
        try {
            code = mode.step().run(job);
            return code;
        } catch (TardisRefused refused) {
            if (!refused.isKeyUnknown()) {
                throw refused;
            }
            code = ExitCode.USAGE;
            throw new UsageException(
                    "Tardis does not know the key in " + TicksJob.KEY + ": HTTP " + refused.status()
                            + (refused.reason().isEmpty()
                                    ? ""
                                    : ", " + refused.reason().replaceFirst("\\.$", ""))
                            + ". Nothing more was asked for, as all of it would be refused. What was fetched before stays,"
                            + " and with the right key the same command goes on from there",
                    refused);
        } catch (UsageException wrong) {
            code = ExitCode.USAGE;
            throw wrong;
        } catch (Cancelled stopped) {
            code = ExitCode.INTERRUPTED;
            throw stopped;
        } finally {
            publish(job, begun, code);
        }
    }

    // Whoever watches a job is told; that nobody listens is no reason for the job to fail.
    private static void publish(TicksJob job, Instant begun, ExitCode code) {
        Optional<MetricsEndpoint> endpoint = job.settings()
                .metrics()
                .map(named -> named.grouped(job.metrics().labels()));
        if (endpoint.isEmpty()) {
            return;
        }
        Instant ended = job.console().clock().instant();
        // A run that was stopped is told of as well: that takes seconds at the most, and then the thread is stopped
        // still.
        boolean stopped = Thread.interrupted();
        try {
            endpoint.get()
                    .publish(
                            job.metrics().text(code, Duration.between(begun, ended), ended),
                            stopped ? PATIENCE_WHEN_STOPPED : PATIENCE);
        } catch (IOException | RuntimeException unheard) {
            job.note(
                    LogLevel.WARNING,
                    "The run's counts did not reach " + endpoint.get() + ": " + FailureText.of(unheard));
        } catch (InterruptedException again) {
            stopped = true;
        } finally {
            if (stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
