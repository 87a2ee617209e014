package dev.candlewick.source.binance;

import dev.candlewick.Answer;
import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Interval;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import dev.candlewick.http.Interruption;
import dev.candlewick.spi.Findings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The lazy cursor over files in a directory: one batch per month, or per day for candles of seconds. Files of months come
 * first, those of days fill what they lack, whatever part of the month is asked for: a candle's values never depend on
 * that. A stretch without any file stays unknown.
 */
final class DirectoryReader implements Iterator<Batch> {

    private final ArchiveTree tree;
    private final DirectoryFiles files;
    private final ArchiveTree.Key key;
    private final Series series;
    private final Cadence.Grid grid;
    private final TimeRange range;
    private final Clock clock;
    private final Interruption interruption;
    private final Findings findings = new Findings();
    private final Queue<TimeRange> pieces = new ArrayDeque<>();
    private Instant now = Instant.EPOCH;
    private boolean planned;
    private @Nullable Batch next;

    private DirectoryReader(
            ArchiveTree tree,
            DirectoryFiles files,
            ArchiveTree.Key key,
            Series series,
            Cadence.Grid grid,
            TimeRange range,
            Clock clock) {
        this.tree = tree;
        this.files = files;
        this.key = key;
        this.series = series;
        this.grid = grid;
        this.range = range;
        this.clock = clock;
        this.interruption = new Interruption("Reading " + series + " over " + range);
    }

    static Batches batches(
            String source,
            ArchiveTree tree,
            DirectoryFiles files,
            ArchiveTree.Key key,
            Series series,
            Cadence.Grid grid,
            TimeRange range,
            Clock clock) {
        DirectoryReader reader = new DirectoryReader(tree, files, key, series, grid, range, clock);
        return Batches.of(
                series, range, reader, () -> reader.findings.provenance(source), reader.interruption::interrupt);
    }

    /** The calendar periods by which a range is read: what files of months hold, or of days for seconds. */
    static List<TimeRange> periods(Cadence.Grid grid, TimeRange range) {
        if (grid.interval().unit() == Interval.Unit.SECOND) {
            return range.days(ZoneOffset.UTC).stream()
                    .map(day -> TimeRange.day(LocalDate.ofInstant(day.start(), ZoneOffset.UTC), ZoneOffset.UTC))
                    .toList();
        }
        List<TimeRange> months = new ArrayList<>();
        for (YearMonth month = YearMonth.from(range.start().atZone(ZoneOffset.UTC));
                month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant().isBefore(range.end());
                month = month.plusMonths(1)) {
            months.add(TimeRange.month(month, ZoneOffset.UTC));
        }
        return months;
    }

    /** The files that may hold candles of a period, in the order in which they are believed. */
    static List<ArchiveFolder.Entry> filesOf(
            ArchiveTree tree, ArchiveTree.Key key, Cadence.Grid grid, TimeRange period) {
        if (grid.interval().unit() != Interval.Unit.SECOND) {
            return tree.files(key, period);
        }
        TimeRange month = TimeRange.month(YearMonth.from(period.start().atZone(ZoneOffset.UTC)), ZoneOffset.UTC);
        return tree.files(key, month).stream()
                .filter(entry -> entry.file().period().overlaps(period))
                .toList();
    }

    @Override
    public boolean hasNext() {
        if (next == null) {
            next = interruption.guard(this::fetch);
        }
        return next != null;
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("No more batches of " + series);
        }
        Batch batch = Objects.requireNonNull(next);
        next = null;
        return batch;
    }

    private @Nullable Batch fetch() {
        if (!planned) {
            plan();
            planned = true;
        }
        for (TimeRange period = pieces.poll(); period != null; period = pieces.poll()) {
            Batch rows = new Piece(period).read();
            if (rows.rows() > 0) {
                return rows;
            }
        }
        return null;
    }

    private void plan() {
        now = clock.instant();
        pieces.addAll(periods(grid, range));
        grid.slots(range).ifPresent(slots -> {
            long open = Math.max(grid.floor(Epoch.micros(now)), slots.startMicros());
            if (open < slots.endMicros()) {
                findings.add(new Gap(
                        TimeRange.ofEpochMicros(open, slots.endMicros()),
                        GapReason.NOT_YET_PUBLISHED,
                        "by this machine's clock it was " + now + ", before these candles close",
                        now,
                        Epoch.instant(grid.next(open))));
            }
        });
    }

    @Override
    public String toString() {
        return "Reader of " + series + " over " + range;
    }

    /** What the files of one period have of the range. */
    private final class Piece {

        private final TimeRange period;
        private Batch rows = CandleRows.none(series);
        private TimeRanges missing = TimeRanges.none();
        private TimeRanges quarantined = TimeRanges.none();
        private final List<Evidence> attested = new ArrayList<>();
        private final List<Evidence> setAside = new ArrayList<>();

        private record Evidence(TimeRange part, String text) {}

        Piece(TimeRange period) {
            this.period = period;
        }

        Batch read() {
            TimeRange wanted = period.intersection(range).orElseThrow();
            long open = grid.floor(Epoch.micros(now));
            grid.slots(wanted)
                    .filter(slots -> slots.startMicros() < open)
                    .map(slots -> TimeRange.ofEpochMicros(slots.startMicros(), Math.min(open, slots.endMicros())))
                    .ifPresent(closed -> missing = TimeRanges.of(closed));
            if (missing.isEmpty()) {
                return rows;
            }
            for (ArchiveFolder.Entry entry : filesOf(tree, key, grid, period)) {
                entry.file()
                        .period()
                        .intersection(wanted)
                        .flatMap(grid::slots)
                        .filter(part -> !missing.within(part).isEmpty())
                        .ifPresent(part -> take(entry, part));
            }
            rows = CandleRows.closedBefore(rows, Epoch.micros(now));
            explain();
            return rows;
        }

        private void take(ArchiveFolder.Entry entry, TimeRange part) {
            ArchiveFiles.Outcome outcome = files.read(entry, part, series, grid);
            Answer answer = outcome.answer();
            if (outcome instanceof ArchiveFiles.Loaded loaded) {
                ParsedKlines klines = loaded.klines();
                // Off-grid rows may open before the first slot of the part, and are within what was asked for.
                Batch own = klines.rows().within(period.intersection(range).orElseThrow());
                int differences = CandleRows.differences(rows, own);
                findings.add(differences == 0 ? answer : differing(answer, differences));
                findings.setAside(klines.quarantined());
                findings.setAside(klines.outside());
                rows = CandleRows.merge(series, rows, own);
                quarantined = quarantined.union(klines.quarantinedSlots(grid.interval()));
                missing = CandleRows.missing(grid, rows, missing);
                attested.add(new Evidence(part, entry + " (" + answer.checksum() + ") lacks them"));
            } else if (outcome instanceof ArchiveFiles.Unusable) {
                findings.add(answer);
                setAside.add(new Evidence(part, entry + " " + answer.note()));
            }
        }

        private static Answer differing(Answer answer, int differences) {
            return answer.noted(differences + " candles differ from a file that was read before it, whose are kept");
        }

        private void explain() {
            explain(
                    missing.intersection(quarantined),
                    GapReason.QUARANTINED,
                    "rows of these candles are set aside: see the quarantined rows of the unit",
                    now.plus(Duration.ofDays(1)));
            for (Evidence bad : setAside) {
                explain(missing.within(bad.part), GapReason.QUARANTINED, bad.text, now);
            }
            for (Evidence good : attested) {
                for (TimeRange hole : missing.within(good.part)) {
                    KnownOutages.during(key.market(), hole)
                            .ifPresentOrElse(
                                    outage -> explain(
                                            TimeRanges.of(hole),
                                            GapReason.VENUE_OUTAGE,
                                            good.text + "; Binance stood still (" + outage.record() + ")",
                                            Gap.NEVER),
                                    () -> explain(
                                            TimeRanges.of(hole),
                                            GapReason.ARCHIVE_HOLE,
                                            good.text + "; nobody else was asked",
                                            now.plus(Duration.ofDays(1))));
                }
            }
        }

        private void explain(TimeRanges holes, GapReason reason, String evidence, Instant recheckAt) {
            for (TimeRange hole : holes) {
                findings.add(new Gap(hole, reason, evidence, now, recheckAt));
            }
            missing = missing.minus(holes);
        }
    }
}
