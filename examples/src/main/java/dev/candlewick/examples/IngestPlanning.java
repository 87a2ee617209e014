package dev.candlewick.examples;

import dev.candlewick.Answer;
import dev.candlewick.Coverage;
import dev.candlewick.Gap;
import dev.candlewick.GapDetector;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import dev.candlewick.source.binance.ArchiveDirectorySource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What has to be read from a directory: what the store does not know, what comes from files that were replaced since, or
 * everything when that is forced; never a stretch that no file is there of. For one thread.
 */
final class IngestPlanning implements GapDetector {

    /** How the routes of answers begin that came from files in a directory. */
    static final String ROUTES = "directory-";

    private final ArchiveDirectorySource files;
    private final Store store;
    private final TimeRanges days;
    private final boolean forced;
    private final Map<Series, TimeRanges> wanted = new HashMap<>();

    IngestPlanning(ArchiveDirectorySource files, Store store, TimeRanges days, boolean forced) {
        this.files = files;
        this.store = store;
        this.days = days;
        this.forced = forced;
    }

    /** The stretches of a series that files are there of and that are asked for. */
    TimeRanges wanted(Series series) {
        return wanted.computeIfAbsent(series, one -> files.onDisk(one).intersection(days));
    }

    /** From the first to the last file of all. */
    TimeRange span(List<Series> series) {
        return series.stream().map(this::span).reduce(TimeRange::span).orElseThrow();
    }

    /**
     * What is missing of a series from its first candle to its last file. The file of the month of a listing begins with
     * nothing, and no file tells a listing from a loss.
     */
    List<Gap> gaps(Series series) {
        Coverage coverage = store.coverage(series, span(series));
        List<TimeRange> present = coverage.present().asList();
        return coverage.gaps().stream()
                .filter(gap -> present.isEmpty()
                        || gap.range().start().isAfter(present.get(0).start()))
                .toList();
    }

    @Override
    public List<Gap> detect(Series series, TimeRange range, Coverage coverage) {
        TimeRanges again = forced ? TimeRanges.of(range) : replaced(series, range);
        Coverage known = new Coverage(
                series,
                range,
                coverage.present().minus(again),
                coverage.proven().stream()
                        .flatMap(gap -> TimeRanges.of(gap.range()).minus(again).asList().stream()
                                .map(gap::over))
                        .toList());
        TimeRanges there = wanted(series).within(range);
        TimeRanges readBefore = readBefore(series, range);
        List<Gap> gaps = new ArrayList<>();
        for (Gap gap : GapDetector.byCadence().detect(series, range, known)) {
            if (canBeFilled(gap, readBefore)) {
                for (TimeRange part : there.within(gap.range())) {
                    series.cadence().slots(part).ifPresent(slots -> gaps.add(gap.over(slots)));
                }
            }
        }
        return gaps;
    }

    /**
     * Whether files may say more than is known. The same files say the same again, but one that was set aside may be whole
     * by now; and what a venue itself has confirmed is no file's to doubt.
     */
    private static boolean canBeFilled(Gap gap, TimeRanges readBefore) {
        return switch (gap.reason()) {
            case NOT_FETCHED, NOT_YET_PUBLISHED -> true;
            case ARCHIVE_HOLE -> !readBefore.covers(gap.range());
            case QUARANTINED ->
                !readBefore.covers(gap.range()) || gap.recheckAt().equals(gap.provenAt());
            default -> false;
        };
    }

    private TimeRanges readBefore(Series series, TimeRange range) {
        return TimeRanges.of(store.ledger(series, range).stream()
                .flatMap(entry -> entry.answers().stream())
                .filter(answer -> answer.route().startsWith(ROUTES))
                .map(Answer::range)
                .toList());
    }

    private TimeRanges replaced(Series series, TimeRange range) {
        List<TimeRange> units = new ArrayList<>();
        for (LedgerEntry entry : store.ledger(series, range)) {
            if (files.changed(entry).isPresent()) {
                units.add(entry.unit());
            }
        }
        return TimeRanges.of(units);
    }

    private TimeRange span(Series series) {
        List<TimeRange> stretches = wanted(series).asList();
        return TimeRange.of(
                stretches.get(0).start(), stretches.get(stretches.size() - 1).end());
    }
}
