package dev.candlewick.sink.bigquery;

import dev.candlewick.Batch;
import dev.candlewick.Corrupt;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.ledger.UnitRecord;
import dev.candlewick.spi.AppendCheck;
import dev.candlewick.spi.UnitChange;
import dev.candlewick.spi.UnitLedger;
import dev.candlewick.spi.Writes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What one writer writes over one range: its rows, unit by unit, and what was there when it began. For one thread. */
final class Write implements AutoCloseable {

    private final StoreParts store;
    private final Series series;
    private final TimeRange range;
    private final StagedFile file;
    private final int attempt;
    private final AppendCheck check;
    private final RowCheck rowCheck;
    private final List<Ledger.Row> before;
    private final Map<TimeRange, UnitDraft> drafts = new LinkedHashMap<>();
    private Optional<UnitDraft> current = Optional.empty();
    private Provenance provenance = Provenance.none();

    /**
     * Nothing yet.
     *
     * @param before the ledger's rows of the range as they are now
     * @param attempt tells the rows from those of a write of the same range whose source failed
     */
    Write(
            StoreParts store,
            Series series,
            TimeRange range,
            AppendCheck check,
            Tables.Held held,
            StagedFile file,
            List<Ledger.Row> before,
            int attempt) {
        this.store = store;
        this.series = series;
        this.range = range;
        this.file = file;
        this.attempt = attempt;
        this.check = check;
        this.rowCheck = new RowCheck(series, held, store.clock().instant());
        this.before = List.copyOf(before);
    }

    Series series() {
        return series;
    }

    TimeRange range() {
        return range;
    }

    long rows() {
        return check.rows();
    }

    Provenance provenance() {
        return provenance;
    }

    void append(Batch batch) {
        long rowsBefore = check.rows();
        check.accept(batch);
        rowCheck.accept(batch, rowsBefore);
        try {
            int from = 0;
            while (from < batch.rows()) {
                UnitDraft draft = draftFor(batch, from);
                int to = batch.firstRowFrom(draft.unit().endMicros());
                draft.add(batch.slice(from, to));
                from = to;
            }
        } catch (IOException failed) {
            throw spooling(failed);
        }
    }

    private UnitDraft draftFor(Batch batch, int row) {
        long time = batch.times().epochMicros(row);
        if (current.isPresent() && time < current.get().unit().endMicros()) {
            return current.get();
        }
        TimeRange unit = series.cadence().unit().containing(TimeRange.instant(time));
        String tag =
                Digests.of(Ledger.key(series, unit), Integer.toString(attempt)).substring(0, 16);
        UnitDraft next = new UnitDraft(series, unit, tag, file, range);
        drafts.put(unit, next);
        current = Optional.of(next);
        return next;
    }

    private Unavailable spooling(IOException failed) {
        return new Unavailable(
                "Keeping rows of " + Failures.cut(series) + " until their commit failed: " + failed.getMessage()
                        + ". They are buffered in the folder for temporary files (java.io.tmpdir); make room there, then run"
                        + " again",
                failed);
    }

    /** Says that these were all rows, and what is known of them. */
    void end(Provenance known) {
        provenance = known;
        try {
            for (UnitDraft draft : drafts.values()) {
                draft.finish();
            }
        } catch (IOException failed) {
            throw spooling(failed);
        }
    }

    /** The units of which there is something to say, in time order. */
    List<UnitTask> tasks() {
        Set<TimeRange> known = before.stream().map(Ledger.Row::unit).collect(Collectors.toSet());
        List<UnitTask> tasks = new ArrayList<>();
        for (TimeRange unit : series.cadence().unit().touching(range)) {
            if (drafts.containsKey(unit) || known.contains(unit) || saysSomething(unit)) {
                tasks.add(new UnitTask(this, unit, Optional.ofNullable(drafts.get(unit)), writesBefore(unit)));
            }
        }
        return tasks;
    }

    private boolean saysSomething(TimeRange unit) {
        LedgerEntry entry = new UnitLedger(series, unit)
                .entry(Optional.empty(), range, provenance, store.clock().instant());
        return !UnitChange.of(Optional.empty(), Writes.NONE, entry, range, Writes.NONE)
                .isNothing();
    }

    private Writes writesBefore(TimeRange unit) {
        return before.stream()
                .filter(row -> row.unit().equals(unit))
                .findFirst()
                .map(Write::writes)
                .orElse(Writes.NONE);
    }

    // What is damaged is either written whole, and then it does not matter what it was, or it is refused later.
    private static Writes writes(Ledger.Row row) {
        try {
            UnitRecord record = row.record();
            return record.writes();
        } catch (Corrupt damaged) {
            return Writes.NONE;
        }
    }

    @Override
    public void close() {
        drafts.values().forEach(UnitDraft::close);
        drafts.clear();
        current = Optional.empty();
    }
}
