package dev.candlewick.tick;

import dev.candlewick.Answer;
import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.Subject;
import dev.candlewick.TextColumn;
import dev.candlewick.TimeRange;
import dev.candlewick.instrument.Shard;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What of the ticks that ought to be there a store has, day by day, with the reasons for what it has not. Reports can be
 * kept in the store like any rows: what is missing as {@code ALL:REPORT:TICKS/tick_report:missing}, what is there as
 * {@code tick_report:available}, what the last attempt did not bring as {@code tick_report:failed}.
 *
 * <pre>{@code
 * TickReports reports = TickReports.over(store, clock);
 * TickReport report = reports.of(day, expected);
 * reports.keepMissing(report);
 * System.out.println(report);
 * }</pre>
 *
 * <p>Asks nobody but the store. Immutable, safe for many threads; the store stays open.
 */
public final class TickReports {

    private static final String WHOLE = "ALL:REPORT:TICKS";

    private final Store store;
    private final Clock clock;
    private final Subject subject;

    private TickReports(Store store, Clock clock, Subject subject) {
        this.store = store;
        this.clock = clock;
        this.subject = subject;
    }

    /**
     * Reports on a store, kept in it.
     *
     * @param clock says when a report was made
     */
    public static TickReports over(Store store, Clock clock) {
        return new TickReports(
                Objects.requireNonNull(store, "store"), Objects.requireNonNull(clock, "clock"), Subject.parse(WHOLE));
    }

    /** The same for one worker's share of the instruments, whose reports lie beside those of the other shares. */
    public TickReports of(Shard shard) {
        return shard.equals(Shard.all())
                ? this
                : new TickReports(store, clock, Subject.parse(WHOLE + "-" + shard.index() + "-OF-" + shard.total()));
    }

    /** What the store has of a day, with what became of the last attempt to fetch what it has not. */
    public TickReport of(LocalDate day, Collection<ExpectedTicks> expected) {
        Map<String, Kept> failures = failures(day);
        List<TickStatus> statuses = new ArrayList<>();
        for (ExpectedTicks each : expected.stream().sorted().toList()) {
            if (!each.day().equals(day)) {
                throw new IllegalArgumentException("A report of " + day + " cannot be about " + each);
            }
            TickStatus status = TickStatus.of(store, each);
            Kept failure = failures.get(name(each));
            statuses.add(failure == null ? status : status.afterwards(failure.state(), failure.evidence()));
        }
        return new TickReport(day, statuses);
    }

    /** Keeps what is not stored of a day, in place of what was kept of the same series before. */
    public void keepMissing(TickReport report) {
        keep(Dataset.MISSING_TICKS, report.day(), looked(report), report.missing());
    }

    /** Keeps what is stored of a day, in place of what was kept of the same series before. */
    public void keepAvailable(TickReport report) {
        keep(Dataset.AVAILABLE_TICKS, report.day(), looked(report), report.available());
    }

    /**
     * Keeps what an attempt to fetch a day did not bring, in place of what was kept of the attempt before.
     *
     * @param tried all that was asked for; what is kept of other series stays
     * @param failed those of them that did not come
     */
    public void keepFailed(LocalDate day, Collection<ExpectedTicks> tried, Collection<TickStatus> failed) {
        if (!failed.isEmpty() || !failures(day).isEmpty()) {
            Set<String> names = tried.stream().map(TickReports::name).collect(Collectors.toSet());
            keep(Dataset.FAILED_TICKS, day, names, failed);
        }
    }

    private static Set<String> looked(TickReport report) {
        return report.statuses().stream().map(status -> name(status.expected())).collect(Collectors.toSet());
    }

    private void keep(Dataset dataset, LocalDate day, Set<String> looked, Collection<TickStatus> statuses) {
        Series series = new Series(subject, dataset);
        TimeRange range = TimeRange.day(day, ZoneOffset.UTC);
        SortedMap<String, Kept> kept = new TreeMap<>(kept(series, range));
        kept.keySet().removeAll(looked);
        statuses.forEach(status -> kept.put(name(status.expected()), Kept.of(status)));
        BatchBuilder builder = new BatchBuilder(series, kept.size());
        kept.values().forEach(row -> row.addTo(builder, range));
        Batch rows = builder.build();
        Answer answer = new Answer(
                range, "report", store.name(), 0, "", "", rows.rows(), clock.instant(), "made of the store's ledger");
        store.write(Batches.of(
                series, range, List.of(rows), new Provenance("report", List.of(answer), List.of(), List.of())));
    }

    /** A row of a kept report. */
    private record Kept(
            String subject,
            String venue,
            String kind,
            String type,
            TickState state,
            boolean open,
            long rows,
            String evidence) {

        static Kept of(TickStatus status) {
            Series series = status.expected().series();
            Subject about = series.subject();
            return new Kept(
                    about.toString(),
                    about.venue(),
                    about.kind(),
                    DataType.name(series.dataset()),
                    status.state(),
                    status.isOpen(),
                    status.rows(),
                    status.evidence());
        }

        void addTo(BatchBuilder builder, TimeRange day) {
            builder.row(
                    day.start(),
                    subject,
                    venue,
                    kind,
                    type,
                    state.toString(),
                    open,
                    rows,
                    evidence.isEmpty() ? null : evidence);
        }

        String name() {
            return subject + "/" + type;
        }
    }

    /** What is kept of a day, by series. */
    private Map<String, Kept> kept(Series series, TimeRange range) {
        Map<String, Kept> kept = new HashMap<>();
        if (store.ledger(series, range).isEmpty()) {
            return kept;
        }
        try (Batches batches = store.read(series, range)) {
            for (Batch batch : batches) {
                TextColumn evidence = batch.texts("evidence");
                for (int row = 0; row < batch.rows(); row++) {
                    Kept each = new Kept(
                            batch.texts("instrument_key").value(row),
                            batch.texts("venue").value(row),
                            batch.texts("instrument_type").value(row),
                            batch.texts("data_type").value(row),
                            TickState.parse(batch.texts("state").value(row)),
                            batch.booleans("open").value(row),
                            batch.longs("rows").value(row),
                            evidence.isNull(row) ? "" : evidence.value(row));
                    kept.put(each.name(), each);
                }
            }
        }
        return kept;
    }

    private Map<String, Kept> failures(LocalDate day) {
        return kept(new Series(subject, Dataset.FAILED_TICKS), TimeRange.day(day, ZoneOffset.UTC));
    }

    private static String name(ExpectedTicks expected) {
        return expected.series().subject() + "/"
                + DataType.name(expected.series().dataset());
    }

    @Override
    public String toString() {
        return "Reports on ticks in " + store.name() + " as " + subject;
    }
}
