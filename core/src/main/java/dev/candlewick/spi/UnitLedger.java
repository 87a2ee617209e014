package dev.candlewick.spi;

import dev.candlewick.Answer;
import dev.candlewick.Batch;
import dev.candlewick.Cadence;
import dev.candlewick.ContentHash;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Works out the ledger entry of a unit while its rows go by: the same for every store, so that coverage means the same
 * everywhere.
 *
 * <p>Give it every row that the unit will hold, kept ones and new ones, in order, then ask for the {@link #entry}.
 * Presence on a grid is computed from these rows alone. For one thread.
 */
public final class UnitLedger {

    private static final String WRITER = "candlewick "
            + Optional.ofNullable(UnitLedger.class.getPackage().getImplementationVersion())
                    .orElse("(unpackaged)");

    private final Series series;
    private final TimeRange unit;
    private final ContentHash hash;
    private final Optional<SlotRuns> slots;

    /** Starts with no rows. */
    public UnitLedger(Series series, TimeRange unit) {
        this.series = series;
        this.unit = unit;
        this.hash = new ContentHash(series.schema());
        this.slots = series.cadence() instanceof Cadence.Grid grid ? Optional.of(new SlotRuns(grid)) : Optional.empty();
    }

    /** Takes rows that the unit will hold, after the ones before. */
    public void add(Batch batch) {
        hash.add(batch);
        slots.ifPresent(runs -> runs.add(batch.times()));
    }

    /** Rows so far. */
    public long rows() {
        return hash.rows();
    }

    /**
     * The entry of the unit once the written range holds the new rows. Where there is a row there is no gap, whatever was
     * said of the stretch; only after a delisting the gap stays, as the flat candles that a venue goes on publishing do
     * not count.
     *
     * @param previous the unit's entry so far, if it has one
     * @param written the range that was replaced; what the previous entry says of it is forgotten
     * @param provenance what is known of the new rows and of the stretches without any
     * @param now when, by the writer's clock
     */
    public LedgerEntry entry(Optional<LedgerEntry> previous, TimeRange written, Provenance provenance, Instant now) {
        TimeRange replaced = written.intersection(unit).orElseThrow();
        List<Gap> stated = new ArrayList<>();
        previous.ifPresent(old -> old.gaps()
                .forEach(
                        gap -> TimeRanges.of(gap.range()).minus(replaced).forEach(left -> stated.add(gap.over(left)))));
        provenance
                .gaps()
                .forEach(gap -> gap.range().intersection(replaced).ifPresent(part -> stated.add(gap.over(part))));
        List<Gap> gaps = withoutRows(stated);
        List<Answer> answers = new ArrayList<>();
        previous.ifPresent(old -> old.answers().stream()
                .filter(answer -> !replaced.contains(answer.range()))
                .forEach(answers::add));
        provenance.answers().stream()
                .filter(answer -> answer.range().overlaps(replaced))
                .map(answer -> withFormerVersion(answer, previous))
                .filter(answer -> !answers.contains(answer))
                .forEach(answers::add);
        return new LedgerEntry(
                series,
                unit,
                previous.map(LedgerEntry::revision).orElse(0L) + 1,
                present(previous, replaced)
                        .minus(TimeRanges.of(gaps.stream().map(Gap::range).toList())),
                gaps,
                hash.rows(),
                hash.value(),
                answers,
                quarantined(previous, answers, provenance),
                now,
                WRITER);
    }

    /** What was published anew keeps the version that it replaces in its note: which one was read before stays known. */
    private static Answer withFormerVersion(Answer answer, Optional<LedgerEntry> previous) {
        Optional<String> former = previous.stream()
                .flatMap(old -> old.answers().stream())
                .filter(old -> old.request().equals(answer.request()))
                .map(Answer::version)
                .filter(version -> !version.isEmpty() && !version.equals(answer.version()))
                .findFirst();
        return former.map(version -> answer.noted("replaces version " + version))
                .orElse(answer);
    }

    // Gaps and runs are both in time order, so that one pass over each is enough.
    private List<Gap> withoutRows(List<Gap> gaps) {
        gaps.sort(null);
        if (slots.isEmpty()) {
            return gaps;
        }
        List<TimeRange> runs = slots.get().ranges().asList();
        List<Gap> cut = new ArrayList<>();
        int first = 0;
        for (Gap gap : gaps) {
            while (first < runs.size()
                    && runs.get(first).endMicros() <= gap.range().startMicros()) {
                first++;
            }
            int after = first;
            while (after < runs.size()
                    && runs.get(after).startMicros() < gap.range().endMicros()) {
                after++;
            }
            if (first == after || gap.reason() == GapReason.AFTER_DELISTING) {
                cut.add(gap);
            } else {
                TimeRanges rows = TimeRanges.of(runs.subList(first, after));
                TimeRanges.of(gap.range()).minus(rows).forEach(left -> cut.add(gap.over(left)));
            }
        }
        cut.sort(null);
        return cut;
    }

    private TimeRanges present(Optional<LedgerEntry> previous, TimeRange replaced) {
        if (slots.isPresent()) {
            return slots.get().ranges();
        }
        return previous.map(LedgerEntry::present).orElse(TimeRanges.none()).union(TimeRanges.of(replaced));
    }

    // A row set aside has no reliable time: it belongs to every unit that the answer it came in is about, and is kept
    // as
    // long as that answer is. One that came in no known answer could belong anywhere, and is not lost.
    private static List<QuarantinedRow> quarantined(
            Optional<LedgerEntry> previous, List<Answer> kept, Provenance provenance) {
        Set<String> requests = requests(kept);
        Set<String> arrived = requests(provenance.answers());
        List<QuarantinedRow> rows = new ArrayList<>();
        previous.ifPresent(old -> old.quarantined().stream()
                .filter(row -> requests.contains(row.file()))
                .filter(row -> !provenance.quarantined().contains(row))
                .forEach(rows::add));
        provenance.quarantined().stream()
                .filter(row -> requests.contains(row.file()) || !arrived.contains(row.file()))
                .forEach(rows::add);
        return rows;
    }

    private static Set<String> requests(List<Answer> answers) {
        return answers.stream().map(Answer::request).collect(Collectors.toSet());
    }
}
