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
        Map<String, Failure> failures = failures(day);
        List<TickStatus> statuses = new ArrayList<>();
        for (ExpectedTicks each : expected.stream().sorted().toList()) {
            if (!each.day().equals(day)) {
                throw new IllegalArgumentException("A report of " + day + " cannot be about " + each);
            }
            TickStatus status = TickStatus.of(store, each);
            Failure failure = failures.get(name(each));
            statuses.add(failure == null ? status : status.afterwards(failure.state(), failure.message()));
        }
        return new TickReport(day, statuses);
    }

    /** Keeps what is not stored of a day, in place of what was kept of it before. */
    public void keepMissing(TickReport report) {
        keep(Dataset.MISSING_TICKS, report.day(), report.missing());
    }

    /** Keeps what is stored of a day, in place of what was kept of it before. */
    public void keepAvailable(TickReport report) {
        keep(Dataset.AVAILABLE_TICKS, report.day(), report.available());
    }

    /** Keeps what an attempt to fetch a day did not bring, in place of what was kept of the attempt before. */
    public void keepFailed(LocalDate day, Collection<TickStatus> failed) {
        if (!failed.isEmpty() || !failures(day).isEmpty()) {
            keep(Dataset.FAILED_TICKS, day, failed);
        }
    }

    private void keep(Dataset dataset, LocalDate day, Collection<TickStatus> statuses) {
        Series series = new Series(subject, dataset);
        TimeRange range = TimeRange.day(day, ZoneOffset.UTC);
        Batch rows = rows(series, range, statuses);
        Answer answer = new Answer(
                range, "report", store.name(), 0, "", "", rows.rows(), clock.instant(), "made of the store's ledger");
        store.write(Batches.of(
                series, range, List.of(rows), new Provenance("report", List.of(answer), List.of(), List.of())));
    }

    private static Batch rows(Series series, TimeRange day, Collection<TickStatus> statuses) {
        BatchBuilder rows = new BatchBuilder(series, statuses.size());
        for (TickStatus each : statuses) {
            Subject about = each.expected().series().subject();
            rows.row(
                    day.start(),
                    about.toString(),
                    about.venue(),
                    about.kind(),
                    DataType.name(each.expected().series().dataset()),
                    each.state().toString(),
                    each.isOpen(),
                    each.rows(),
                    each.evidence().isEmpty() ? null : each.evidence());
        }
        return rows.build();
    }

    private record Failure(TickState state, String message) {}

    private Map<String, Failure> failures(LocalDate day) {
        Series series = new Series(subject, Dataset.FAILED_TICKS);
        TimeRange range = TimeRange.day(day, ZoneOffset.UTC);
        Map<String, Failure> failures = new HashMap<>();
        if (store.ledger(series, range).isEmpty()) {
            return failures;
        }
        try (Batches batches = store.read(series, range)) {
            for (Batch batch : batches) {
                TextColumn keys = batch.texts("instrument_key");
                TextColumn types = batch.texts("data_type");
                TextColumn states = batch.texts("state");
                TextColumn evidence = batch.texts("evidence");
                for (int row = 0; row < batch.rows(); row++) {
                    failures.put(
                            keys.value(row) + "/" + types.value(row),
                            new Failure(
                                    TickState.parse(states.value(row)),
                                    evidence.isNull(row) ? "" : evidence.value(row)));
                }
            }
        }
        return failures;
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
