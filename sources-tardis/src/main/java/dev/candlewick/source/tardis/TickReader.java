package dev.candlewick.source.tardis;

import dev.candlewick.Answer;
import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.CalendarUnit;
import dev.candlewick.Corrupt;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import dev.candlewick.csv.CsvOptions;
import dev.candlewick.csv.CsvRows;
import dev.candlewick.http.Interruption;
import dev.candlewick.spi.Findings;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The lazy cursor over a range: day by day, file by file, in the order of each file. */
final class TickReader implements Iterator<Batch> {

    private final String source;
    private final TardisFiles files;
    private final Target target;
    private final TimeRange range;
    private final CsvOptions options;
    private final Interruption interruption;
    private final Findings findings = new Findings();
    private final Queue<TimeRange> parts = new ArrayDeque<>();
    private volatile @Nullable Day day;
    private @Nullable Batch next;
    private @Nullable RuntimeException failure;

    private TickReader(String source, TardisFiles files, Target target, TimeRange range, CsvOptions options) {
        this.source = source;
        this.files = files;
        this.target = target;
        this.range = range;
        this.options = options;
        this.interruption = new Interruption("Reading " + target.series() + " over " + range);
        for (TimeRange unit : CalendarUnit.DAY.touching(range)) {
            unit.intersection(range).ifPresent(parts::add);
        }
    }

    static Batches batches(String source, TardisFiles files, Target target, TimeRange range, CsvOptions options) {
        TickReader reader = new TickReader(source, files, target, range, options);
        return Batches.of(target.series(), range, reader, () -> reader.findings.provenance(source), reader::close);
    }

    @Override
    public boolean hasNext() {
        RuntimeException before = failure;
        if (before != null) {
            throw before; // going on would leave the day out in silence
        }
        if (next == null) {
            try {
                next = interruption.guard(this::fetch);
            } catch (RuntimeException failed) {
                closeDay();
                failure = failed;
                throw failed;
            }
        }
        return next != null;
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("No more batches of " + target.series());
        }
        Batch batch = java.util.Objects.requireNonNull(next);
        next = null;
        return batch;
    }

    private void close() {
        interruption.interrupt();
        closeDay();
    }

    private void closeDay() {
        Day open = day;
        if (open != null) {
            open.close();
        }
    }

    private @Nullable Batch fetch() {
        while (true) {
            Day open = day;
            if (open != null) {
                Batch batch = open.nextInside();
                if (batch != null) {
                    return batch;
                }
                day = null;
                open.finish();
            } else if (parts.isEmpty()) {
                return null;
            } else {
                day = open(parts.remove());
            }
        }
    }

    /** The file of a part of the range; null when it has no rows to read, and the findings say why. */
    private @Nullable Day open(TimeRange part) {
        LocalDate date = part.start().atZone(ZoneOffset.UTC).toLocalDate();
        DatasetFile file = target.file(date);
        Instant now = files.now();
        TardisFiles.Found found = files.find(file, part, now);
        found.answer().ifPresent(findings::add);
        if (found.copy().isEmpty()) {
            found.gap().ifPresent(findings::add);
            return null;
        }
        CachedCopy copy = found.copy().get();
        Day opened = new Day(file, copy, part, now);
        try {
            FirstRow first = FirstRow.of(file, copy);
            if (first.symbol().isEmpty()) {
                opened.explainEmpty(
                        first.hasHeader() ? "a header and no row" : "nothing at all, " + copy.bytes() + " bytes");
                return null;
            }
            day = opened; // from here on whoever closes this closes the file
            opened.open(first.symbol().get());
            return opened;
        } catch (Corrupt damaged) {
            throw opened.damaged(damaged);
        } catch (IOException vanished) {
            throw FileCache.vanished(file, vanished);
        }
    }

    @Override
    public String toString() {
        return "Reader of " + target.series() + " over " + range + " from " + source;
    }

    /** One file and the part of its day that is asked for. */
    private final class Day {

        private final DatasetFile file;
        private final CachedCopy copy;
        private final TimeRange part;
        private final Instant now;
        private final Silences silences;
        private volatile @Nullable CsvRows rows;
        private long rowsInside;

        private Day(DatasetFile file, CachedCopy copy, TimeRange part, Instant now) {
            this.file = file;
            this.copy = copy;
            this.part = part;
            this.now = now;
            this.silences = new Silences(part);
        }

        private void open(String symbol) throws IOException {
            Optional<String> every = target.group().isPresent()
                    ? Optional.empty()
                    : Optional.of(symbol.isEmpty() ? file.symbol() : symbol);
            if (every.isPresent() && !TardisSymbols.datasetId(every.get()).equalsIgnoreCase(file.symbol())) {
                throw new Corrupt(file.localName() + ": the rows are about '" + symbol + "', the file is that of "
                        + file.symbol());
            }
            rows = CsvRows.open(
                    Files.newInputStream(copy.path()),
                    TickLayouts.of(
                            target.data(),
                            target.series().dataset(),
                            file.exchange(),
                            every,
                            target.wanted(file.day()),
                            file.range()),
                    target.series(),
                    file.localName(),
                    options);
        }

        private void close() {
            CsvRows open = rows;
            if (open != null) {
                open.close();
            }
        }

        /** The next rows inside the part; null after the last. */
        private @Nullable Batch nextInside() {
            CsvRows open = java.util.Objects.requireNonNull(rows);
            try {
                while (open.hasNext()) {
                    Batch batch = open.next();
                    if (batch.times().epochMicros(0) >= part.endMicros()) {
                        return null; // rows are in the order of their arrival: none that follows is inside
                    }
                    Batch inside = batch.within(part);
                    if (inside.rows() > 0) {
                        rowsInside += inside.rows();
                        silences.add(inside);
                        return inside;
                    }
                }
                return null;
            } catch (Corrupt damaged) {
                throw damaged(damaged);
            }
        }

        private void finish() {
            CsvRows read = java.util.Objects.requireNonNull(rows);
            int bad = read.quarantined().size();
            // Named as the answer is: then a later fill of another part of the day keeps both.
            findings.setAside(read.quarantined().stream()
                    .map(row -> new QuarantinedRow(files.url(file), row.line(), row.column(), row.reason(), row.text()))
                    .toList());
            read.close();
            String note = bad == 0 ? "" : bad + (bad == 1 ? " row" : " rows") + " set aside";
            findings.add(answer(rowsInside, note));
            if (rowsInside == 0 && bad == 0) {
                explainEmptiness("was read and has no row in it");
            } else if (rowsInside == 0) {
                findings.add(new Gap(
                        part,
                        GapReason.QUARANTINED,
                        "the file of " + file + " was read and has no row in it that is right; " + note,
                        now,
                        files.recheckEmpty(file, now)));
            } else {
                explainSilences();
            }
        }

        private void explainEmpty(String what) {
            findings.add(answer(0, what));
            explainEmptiness("has " + what + " (sha256 " + copy.sha256() + ")");
        }

        /** Where an incident is reported, nobody can say that nothing happened; everywhere else the file says so. */
        private void explainEmptiness(String what) {
            List<Gap> outages = files.explain(file, List.of(part), now);
            outages.forEach(findings::add);
            TimeRanges.of(part)
                    .minus(TimeRanges.of(outages.stream().map(Gap::range).toList()))
                    .forEach(empty -> findings.add(new Gap(
                            empty,
                            GapReason.CONFIRMED_EMPTY,
                            "the file of " + file + " " + what,
                            now,
                            files.recheckEmpty(file, now))));
        }

        private void explainSilences() {
            List<TimeRange> silent = silences.finish();
            if (!silent.isEmpty()) {
                files.explain(file, silent, now).forEach(findings::add);
            }
        }

        private Answer answer(long inside, String note) {
            return new Answer(
                    part,
                    TardisFiles.ROUTE,
                    files.url(file),
                    200,
                    "sha256:" + copy.sha256(),
                    copy.version(),
                    inside,
                    copy.askedAt(),
                    note);
        }

        /** The copy is not used again; whoever reads next downloads it anew. */
        private Corrupt damaged(Corrupt cause) {
            files.setAside(file, "damaged");
            return new Corrupt(
                    cause.getMessage() + " (" + files.url(file) + "). The copy is set aside; reading again fetches it"
                            + " anew.",
                    cause);
        }
    }
}
