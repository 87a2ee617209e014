package dev.candlewick.source.binance;

import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import dev.candlewick.Interval;
import dev.candlewick.MarketDataException;
import dev.candlewick.Refused;
import dev.candlewick.Unavailable;
import dev.candlewick.http.Forbidden;
import dev.candlewick.http.GeoBlocked;
import dev.candlewick.http.HttpRefused;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One run over a selection on threads of its own, a month of one instrument and interval at a time. Used once. */
final class DownloadRun {

    private static final int MOST_FAILURES_KEPT = 100;

    /** So many files in a row without an answer, and the archive is not there. */
    private static final int HOPELESS = 8;

    /** How far the listing may be behind the files; it was seen some months behind. */
    private static final Duration LISTING_MAY_LAG = Duration.ofDays(200);

    private static final int MOST_FOLDERS_KEPT = 64;

    /** Where so many files were not there, a listing costs less than asking on. */
    private static final int WORTH_LISTING = 3;

    private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(4);

    private final ArchiveDownload download;
    private final ArchiveSelection selection;
    private final boolean named;
    private final Instant now;
    private final int parallelism;
    private final Iterator<Work> work;
    private final Map<String, Integer> absences = new ConcurrentHashMap<>();
    private final Map<String, Optional<Set<String>>> listed = new ConcurrentHashMap<>();
    private volatile boolean listingFails;
    private volatile @Nullable RuntimeException fatal;
    private volatile @Nullable Error error;

    private long there;
    private long fetched;
    private long unproven;
    private long notPublished;
    private long failed;
    private long bytes;
    private int unansweredInARow;
    private final List<String> failures = new ArrayList<>();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    /** A month of one instrument and interval. */
    private record Work(String symbol, Interval interval, YearMonth month) {}

    DownloadRun(ArchiveDownload download, ArchiveSelection selection, boolean named, Instant now, int parallelism) {
        this.download = download;
        this.selection = selection;
        this.named = named;
        this.now = now;
        this.parallelism = parallelism;
        List<YearMonth> months = selection.months(now);
        Stream<Work> all = selection.symbols().stream()
                .flatMap(symbol -> selection.intervals().stream()
                        .flatMap(interval -> months.stream().map(month -> new Work(symbol, interval, month))));
        this.work = all.iterator();
    }

    ArchiveDownloadReport run() {
        List<Thread> workers = new ArrayList<>();
        for (int i = 1; i <= parallelism; i++) {
            Thread worker = new Thread(this::work, "candlewick-download-" + i);
            workers.add(worker);
            worker.start();
        }
        try {
            for (Thread worker : workers) {
                worker.join();
            }
        } catch (InterruptedException interrupted) {
            throw cancelled(workers);
        }
        Error fault = error;
        if (fault != null) {
            throw fault;
        }
        RuntimeException reason = fatal;
        if (reason != null) {
            throw reason;
        }
        return report();
    }

    private void work() {
        for (Work next = next(); next != null; next = next()) {
            try {
                settle(next);
            } catch (RuntimeException unforeseen) {
                fatal = unforeseen;
            } catch (Error fault) {
                error = fault;
                fatal = new Cancelled("The download ended by " + fault);
            }
        }
    }

    private synchronized @Nullable Work next() {
        return fatal == null && work.hasNext() ? work.next() : null;
    }

    private void settle(Work month) {
        Interval interval = month.interval;
        boolean absent = true;
        if (selection.takesMonth(interval, month.month, now)) {
            absent = fetch(ArchiveFile.monthly(selection.market(), month.symbol, interval, month.month))
                    == ArchivedCopy.Outcome.NOT_PUBLISHED;
        }
        if (absent && selection.takesDays(interval)) {
            for (LocalDate day : selection.days(month.month, now)) {
                if (fatal != null) {
                    return;
                }
                fetch(ArchiveFile.daily(selection.market(), month.symbol, interval, day));
            }
        }
    }

    private ArchivedCopy.Outcome fetch(ArchiveFile file) {
        try {
            ArchivedCopy.Result result = isLacking(file)
                    ? new ArchivedCopy.Result(ArchivedCopy.Outcome.NOT_PUBLISHED, 0, "")
                    : download.fetch(file, selection);
            count(file, result);
            return result.outcome();
        } catch (Cancelled | GeoBlocked | Forbidden nobodyIsServed) {
            fatal = nobodyIsServed;
        } catch (HttpRefused | Unavailable | Corrupt failure) {
            fail(file, failure);
        } catch (Refused nothingCanBeWritten) {
            fatal = nothingCanBeWritten;
        }
        return ArchivedCopy.Outcome.FAILED;
    }

    /** Whether the archive's listing lacks a file that is so old that it would be listed; a younger one is asked for. */
    private boolean isLacking(ArchiveFile file) {
        if (listingFails || file.period().end().isAfter(now.minus(LISTING_MAY_LAG))) {
            return false;
        }
        String folder = folder(file);
        if (absences.getOrDefault(folder, 0) < WORTH_LISTING) {
            return false;
        }
        if (listed.size() > MOST_FOLDERS_KEPT) {
            listed.clear(); // files are asked for folder by folder
        }
        Optional<Set<String>> names = listed.computeIfAbsent(folder, this::list);
        return names.isPresent() && !names.get().contains(file.zipName());
    }

    private static String folder(ArchiveFile file) {
        return ArchiveFile.folder(file.market(), file.span(), file.symbol(), file.interval());
    }

    private Optional<Set<String>> list(String folder) {
        Optional<Set<String>> names = Optional.empty();
        try {
            names = download.listing().filesIn(folder).map(Set::copyOf);
        } catch (Unavailable | HttpRefused | Corrupt cannotTell) {
            // Then every file is asked for.
        }
        listingFails |= names.isEmpty();
        return names;
    }

    private synchronized void count(ArchiveFile file, ArchivedCopy.Result result) {
        unansweredInARow = 0;
        switch (result.outcome()) {
            case THERE -> there++;
            case FETCHED, UNPROVEN -> {
                fetched++;
                unproven += result.outcome() == ArchivedCopy.Outcome.UNPROVEN ? 1 : 0;
                bytes += result.bytes();
                download.tell("fetched " + file);
            }
            case NOT_PUBLISHED -> {
                notPublished++;
                absences.merge(folder(file), 1, Integer::sum);
            }
            case FAILED -> {
                failed++;
                keep(result.note());
            }
        }
        if (result.outcome() != ArchivedCopy.Outcome.NOT_PUBLISHED) {
            seen.add(file.symbol());
        }
    }

    private synchronized void fail(ArchiveFile file, MarketDataException failure) {
        failed++;
        seen.add(file.symbol());
        keep(file + ": " + failure.getMessage());
        unansweredInARow += failure instanceof Unavailable ? 1 : 0;
        if (unansweredInARow >= HOPELESS) {
            fatal = new Unavailable(
                    "The archive does not answer: " + failure.getMessage() + " So far: " + tally()
                            + ". What was fetched stays; the same run goes on from there",
                    failure);
        }
    }

    private void keep(String failure) {
        if (failures.size() < MOST_FAILURES_KEPT) {
            failures.add(failure);
            download.tell("failed " + failure);
        }
    }

    private Cancelled cancelled(List<Thread> workers) {
        fatal = new Cancelled("The download was stopped");
        workers.forEach(Thread::interrupt);
        long end = System.nanoTime() + CANCEL_PATIENCE.toNanos();
        for (Thread worker : workers) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(worker, Math.max(1, end - System.nanoTime()));
            } catch (InterruptedException again) {
                end = System.nanoTime(); // asked twice: stop waiting
            }
        }
        Thread.currentThread().interrupt();
        return new Cancelled("The download was interrupted: " + tally() + "; what was fetched stays, run it again for"
                + " the rest");
    }

    private synchronized String tally() {
        return there + " files there, " + fetched + " fetched, " + notPublished + " not published, " + failed
                + " failed";
    }

    private synchronized ArchiveDownloadReport report() {
        List<String> unknown = named
                ? selection.symbols().stream()
                        .filter(symbol -> !seen.contains(symbol))
                        .toList()
                : List.of();
        failures.sort(null);
        return new ArchiveDownloadReport(there, fetched, unproven, notPublished, failed, bytes, failures, unknown);
    }
}
