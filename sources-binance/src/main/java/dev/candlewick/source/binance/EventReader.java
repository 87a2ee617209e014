package dev.candlewick.source.binance;

import dev.candlewick.Answer;
import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Corrupt;
import dev.candlewick.GapReason;
import dev.candlewick.MarketDataException;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import dev.candlewick.Unavailable;
import dev.candlewick.http.HttpRefused;
import dev.candlewick.http.Interruption;
import dev.candlewick.spi.Findings;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lazy cursor over what has small files: funding by months, metrics, bands of book depth and liquidations by days. A
 * file at a time, held and put in order as a whole. Of these REST serves funding; it fills what the files lack.
 */
final class EventReader implements Iterator<Batch> {

    /** Metrics come every five minutes; they are labelled some seconds late at times. */
    private static final long LONGEST_STEP_OF_METRICS = Duration.ofMinutes(8).toSeconds() * 1_000_000L;

    /** From this day on the label of USD-margined metrics is the start of their five minutes. */
    private static final Instant LABELLED_BY_START = Instant.parse("2026-06-25T00:00:00Z");

    private static final int FUNDING_PAGE = 1_000;

    private final TickRequest request;
    private final TimeRange range;
    private final Interruption interruption;
    private final Findings findings = new Findings();
    private final Queue<TimeRange> parts = new ArrayDeque<>();
    private Instant now = Instant.EPOCH;
    private boolean planned;
    private @Nullable Loaded before;
    private FundingGaps.@Nullable Event lastFunding;
    private @Nullable Batch next;
    private @Nullable RuntimeException failure;

    /** A file that was read, or was not there. */
    private record Loaded(
            TickFile file, TickFiles.Outcome outcome, Optional<EventLines.Content> content, String note) {}

    private EventReader(TickRequest request, TimeRange range) {
        this.request = request;
        this.range = range;
        this.interruption = new Interruption("Reading " + request.series() + " over " + range);
    }

    static Batches batches(String source, TickRequest request, TimeRange range) {
        EventReader reader = new EventReader(request, range);
        return Batches.of(
                request.series(),
                range,
                reader,
                () -> reader.findings.provenance(source),
                reader.interruption::interrupt);
    }

    @Override
    public boolean hasNext() {
        RuntimeException before = failure;
        if (before != null) {
            throw before; // going on would leave a part of the range out in silence
        }
        if (next == null) {
            try {
                next = interruption.guard(this::fetch);
            } catch (RuntimeException failed) {
                failure = failed;
                throw failed;
            }
        }
        return next != null;
    }

    @Override
    public Batch next() {
        if (!hasNext()) {
            throw new NoSuchElementException("No more batches of " + request.series());
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
        for (TimeRange part = parts.poll(); part != null; part = parts.poll()) {
            Batch rows = batch(request.kind() == TickKind.FUNDING ? funding(part) : day(part));
            if (rows.rows() > 0) {
                return rows;
            }
        }
        return null;
    }

    private void plan() {
        Instant local = request.clock().instant();
        now = local;
        if (request.venue().isPresent() && range.end().isAfter(local.minus(VenueApi.CLOCKS_AGREE_WITHIN))) {
            try {
                now = request.venue().get().api().now();
            } catch (HttpRefused | Unavailable | Corrupt notTold) {
                now = local;
            }
        }
        Instant end = now.isBefore(range.end()) && request.venue().isPresent() ? now : range.end();
        if (range.start().isBefore(end)) {
            TimeRange past = TimeRange.of(range.start(), end);
            (request.kind() == TickKind.FUNDING ? months(past) : past.days(ZoneOffset.UTC))
                    .forEach(period -> period.intersection(past).ifPresent(parts::add));
        }
        if (end.isBefore(range.end())) {
            Instant start = end.isAfter(range.start()) ? end : range.start();
            gaps().explain(
                            TimeRange.of(start, range.end()),
                            GapReason.NOT_YET_PUBLISHED,
                            "by the venue's clock it was " + now);
        }
    }

    private static List<TimeRange> months(TimeRange range) {
        List<TimeRange> months = new ArrayList<>();
        YearMonth month = YearMonth.from(range.start().atZone(ZoneOffset.UTC));
        for (TimeRange period = TimeRange.month(month, ZoneOffset.UTC);
                period.start().isBefore(range.end());
                period = TimeRange.month(month, ZoneOffset.UTC)) {
            months.add(period);
            month = month.plusMonths(1);
        }
        return months;
    }

    /** A day of metrics, bands or liquidations. */
    private List<EventRow> day(TimeRange part) {
        List<EventRow> rows = new ArrayList<>();
        if (request.kind() == TickKind.METRICS && range.start().equals(part.start())) {
            // Where labels are ends of periods, the last row of a day lies in the file of the day before.
            before = load(file(part.start().minus(Duration.ofDays(1))), part, Neighbour.ONLY);
        }
        Loaded yesterday = before;
        if (request.kind() == TickKind.METRICS && yesterday != null) {
            List<EventRow> late = yesterday
                    .content
                    .map(content -> within(content.rows(), part))
                    .orElse(List.of());
            if (!late.isEmpty()) {
                rows.addAll(late);
                report(yesterday, part, late.size());
            }
        }
        Loaded today = load(file(part.start()), part, Neighbour.NO);
        before = today;
        if (today.content.isPresent()) {
            List<EventRow> own = within(today.content.get().rows(), part);
            rows.addAll(own);
            report(today, part, own.size());
            boolean silent = request.kind() == TickKind.METRICS && metricsGaps(today, yesterday, part);
            if (rows.isEmpty() && !silent) {
                gaps().explain(part, GapReason.CONFIRMED_EMPTY, today.file + " has no rows of it");
            }
        } else {
            absent(today, part);
        }
        rows.sort(Comparator.comparingLong(EventRow::micros));
        return rows;
    }

    private enum Neighbour {
        NO,
        ONLY
    }

    private TickFile file(Instant within) {
        return request.kind().hasFilesOfDays()
                ? TickFile.daily(request.market(), request.symbol(), request.kind(), within)
                : TickFile.monthly(request.market(), request.symbol(), request.kind(), within);
    }

    private static List<EventRow> within(List<EventRow> rows, TimeRange part) {
        return rows.stream()
                .filter(row -> row.micros() >= part.startMicros() && row.micros() < part.endMicros())
                .toList();
    }

    private Loaded load(TickFile file, TimeRange part, Neighbour neighbour) {
        TickFiles.Outcome outcome;
        if (!file.period().start().isBefore(now)) {
            return new Loaded(file, nothing(file, part), Optional.empty(), "the day has not begun");
        }
        try {
            outcome = request.files().fetch(file, part);
        } catch (Unavailable | HttpRefused unreachable) {
            if (neighbour == Neighbour.ONLY) {
                return new Loaded(file, nothing(file, part), Optional.empty(), "");
            }
            throw unreachable;
        }
        if (!(outcome instanceof TickFiles.There there)) {
            return new Loaded(file, outcome, Optional.empty(), outcome.answer().note());
        }
        try {
            EventLines.Content content = EventLines.read(
                    request.kind(),
                    request.symbol(),
                    there.zip(),
                    file.stem() + ".csv",
                    there.answer().request());
            return settled(file, there, content);
        } catch (Corrupt unusable) {
            TickFiles.Unusable aside =
                    new TickFiles.Unusable(there.answer().noted("set aside: " + unusable.getMessage()));
            return new Loaded(file, aside, Optional.empty(), aside.answer().note());
        } finally {
            there.release().run();
        }
    }

    private TickFiles.Outcome nothing(TickFile file, TimeRange part) {
        return new TickFiles.Absent(
                new Answer(part, request.files().route(file), file.zipName(), 0, "", "", 0, now, "not asked"));
    }

    /** The rows of a file in order and without repetitions, and what was done to them. */
    private Loaded settled(TickFile file, TickFiles.There there, EventLines.Content content) {
        List<String> notes = new ArrayList<>();
        List<EventRow> rows = new ArrayList<>(labelled(file, content.rows(), notes));
        boolean ascending = true;
        for (int row = 1; row < rows.size(); row++) {
            ascending &= rows.get(row - 1).micros() <= rows.get(row).micros();
        }
        if (!ascending) {
            rows.sort(Comparator.comparingLong(EventRow::micros));
            notes.add("rows were out of order and are sorted by time");
        }
        List<EventRow> single = request.kind() == TickKind.LIQUIDATIONS ? halved(rows) : distinct(rows);
        int repeated = rows.size() - single.size();
        if (repeated > 0) {
            notes.add(
                    request.kind() == TickKind.LIQUIDATIONS && repeated == single.size()
                            ? "every row is there twice and taken once"
                            : repeated + " repeated rows left out");
        }
        if (request.kind() != TickKind.METRICS) {
            List<EventRow> inside = within(single, file.period());
            if (inside.isEmpty() && !single.isEmpty()) {
                throw new Corrupt(file + " has " + single.size() + " rows, all of another period");
            }
            if (inside.size() < single.size()) {
                notes.add(single.size() - inside.size() + " rows of another period left out");
            }
            single = inside;
        }
        return new Loaded(
                file,
                there,
                Optional.of(new EventLines.Content(single, content.quarantined())),
                String.join("; ", notes));
    }

    private static List<EventRow> distinct(List<EventRow> sorted) {
        Set<EventRow.Meaning> seen = new HashSet<>();
        return sorted.stream().filter(row -> seen.add(row.meaning())).toList();
    }

    /** One of each pair, if all rows come in pairs; else one of each. Equal orders at one time are two pairs. */
    private static List<EventRow> halved(List<EventRow> sorted) {
        Map<EventRow.Meaning, Integer> copies = new HashMap<>();
        sorted.forEach(row -> copies.merge(row.meaning(), 1, Integer::sum));
        List<EventRow> single = distinct(sorted);
        if (copies.values().stream().anyMatch(count -> count % 2 != 0)) {
            return single;
        }
        List<EventRow> half = new ArrayList<>();
        for (EventRow row : single) {
            half.addAll(Collections.nCopies(Objects.requireNonNull(copies.get(row.meaning())) / 2, row));
        }
        return half;
    }

    /** Which end of its five minutes a row is labelled by, where the file or its date shows it. */
    private List<EventRow> labelled(TickFile file, List<EventRow> rows, List<String> notes) {
        if (request.kind() != TickKind.METRICS) {
            return rows;
        }
        boolean byEnd =
                rows.stream().anyMatch(row -> row.micros() >= file.period().endMicros());
        boolean byStart = !byEnd
                && request.market() == Market.USD_MARGINED
                && !file.period().start().isBefore(LABELLED_BY_START);
        String label = byEnd ? "end" : byStart ? "start" : "unknown";
        notes.add("times label " + (byEnd ? "the end" : byStart ? "the start" : "an unknown end") + " of their period");
        return rows.stream()
                .map(row -> {
                    List<@Nullable Object> cells = new ArrayList<>(row.cells());
                    cells.set(1, label);
                    return new EventRow(row.micros(), cells);
                })
                .toList();
    }

    private void report(Loaded loaded, TimeRange part, int rows) {
        Answer about = loaded.outcome.answer();
        findings.add(new Answer(
                        part,
                        about.route(),
                        about.request(),
                        about.status(),
                        about.checksum(),
                        about.version(),
                        rows,
                        about.at(),
                        about.note())
                .noted(loaded.note));
        List<QuarantinedRow> aside =
                loaded.content.map(EventLines.Content::quarantined).orElse(List.of());
        findings.setAside(aside);
    }

    /** There is no file of a day, and REST has nothing like it. */
    private void absent(Loaded loaded, TimeRange part) {
        if (loaded.outcome instanceof TickFiles.Unusable unusable) {
            findings.add(unusable.answer());
            gaps().explain(
                            part,
                            GapReason.QUARANTINED,
                            loaded.file + " " + unusable.answer().note());
        } else if (request.files().knowsWhatIsAbsent()) {
            findings.add(loaded.outcome.answer());
            String evidence = "the archive has no " + loaded.file;
            if (loaded.file.isDue(request.lag(), now)) {
                gaps().explainHole(
                                part,
                                evidence,
                                "REST serves no " + request.series().dataset());
            } else {
                gaps().explain(part, GapReason.NOT_YET_PUBLISHED, evidence + ", which is not due yet");
            }
        }
    }

    /** Says where rows are missing in the day of a file, at its ends as well; whether that is so in the part. */
    private boolean metricsGaps(Loaded file, @Nullable Loaded yesterday, TimeRange part) {
        TimeRange day = file.file.period();
        List<Long> times = new ArrayList<>();
        if (yesterday != null) {
            yesterday.content.ifPresent(content -> within(content.rows(), day).forEach(row -> times.add(row.micros())));
        }
        file.content.ifPresent(content -> content.rows().forEach(row -> times.add(row.micros())));
        if (times.isEmpty()) {
            return false;
        }
        times.sort(Comparator.naturalOrder());
        boolean silent = false;
        long first = times.get(0);
        if (first - day.startMicros() > LONGEST_STEP_OF_METRICS) {
            silent = metricsGap(TimeRange.ofEpochMicros(day.startMicros(), first), part, file, "before its first one");
        }
        for (int row = 1; row < times.size(); row++) {
            long from = times.get(row - 1);
            long to = times.get(row);
            if (to - from > LONGEST_STEP_OF_METRICS) {
                silent |= metricsGap(
                        TimeRange.ofEpochMicros(from + 1, to),
                        part,
                        file,
                        "between two that lie " + Duration.ofSeconds((to - from) / 1_000_000) + " apart");
            }
        }
        long last = times.get(times.size() - 1);
        if (day.endMicros() - last > LONGEST_STEP_OF_METRICS) {
            silent |= metricsGap(TimeRange.ofEpochMicros(last + 1, day.endMicros()), part, file, "behind its last one");
        }
        return silent;
    }

    private boolean metricsGap(TimeRange silence, TimeRange part, Loaded file, String where) {
        Optional<TimeRange> inside = silence.intersection(part);
        inside.ifPresent(gap ->
                gaps().explainHole(gap, file.file + " has no rows " + where + "; they come every 5 minutes", ""));
        return inside.isPresent();
    }

    /** A month of funding: the file, and from REST what it lacks or all if there is none. */
    private List<EventRow> funding(TimeRange part) {
        TickFile file = file(part.start());
        List<EventRow> rows = new ArrayList<>();
        List<EventRow> ofMonth = List.of();
        String evidence = "";
        TimeRanges wanted = TimeRanges.of(part);
        Optional<MarketDataException> archiveFailure = Optional.empty();
        if (file.isDue(request.lag(), now) || !request.files().knowsWhatIsAbsent()) {
            try {
                Loaded loaded = load(file, part, Neighbour.NO);
                evidence = file + " " + (loaded.content.isPresent() ? "lacks them" : loaded.note);
                if (loaded.content.isPresent()) {
                    ofMonth = loaded.content.get().rows();
                    rows.addAll(within(ofMonth, part));
                    report(loaded, part, rows.size());
                    wanted = TimeRanges.of(FundingGaps.inside(part, fundingHoles(ofMonth, file.period())));
                } else if (!(loaded.outcome instanceof TickFiles.Absent)
                        || request.files().knowsWhatIsAbsent()) {
                    findings.add(loaded.outcome.answer());
                }
            } catch (Unavailable | HttpRefused unreachable) {
                archiveFailure = Optional.of(unreachable);
            }
        }
        boolean ofFile = !ofMonth.isEmpty();
        String rest = request.venue().isPresent() ? askRest(wanted, rows, ofFile, archiveFailure, part) : "";
        explainFunding(rows, silences(ofMonth, rows, file.period(), part), part, evidence, rest, ofFile);
        return rows;
    }

    private String askRest(
            TimeRanges wanted,
            List<EventRow> rows,
            boolean ofFile,
            Optional<MarketDataException> archiveFailure,
            TimeRange part) {
        String said = "";
        for (TimeRange stretch : wanted) {
            try {
                List<EventRow> found = fundingFromRest(stretch, ofFile);
                found.stream()
                        .filter(row -> rows.stream().noneMatch(have -> minute(have) == minute(row)))
                        .forEach(rows::add);
                said = "REST was asked";
            } catch (UnknownSymbol unknown) {
                gaps().requireKnownSymbol(unknown, part);
                said = String.valueOf(unknown.getMessage());
            } catch (Unavailable | HttpRefused | Corrupt unreachable) {
                if (!ofFile) {
                    archiveFailure.ifPresent(unreachable::addSuppressed);
                    throw unreachable;
                }
                said = "REST gave no usable answer: " + unreachable.getMessage();
            }
        }
        rows.sort(Comparator.comparingLong(EventRow::micros));
        return said;
    }

    /** The same event may be stamped some milliseconds apart on two routes. */
    private static long minute(EventRow row) {
        return Math.floorDiv(row.micros() + 30_000_000L, 60_000_000L);
    }

    private List<EventRow> fundingFromRest(TimeRange stretch, boolean ofFile) throws UnknownSymbol {
        List<EventRow> rows = new ArrayList<>();
        VenueApi api = request.venue().orElseThrow().api();
        for (TimeRange left = stretch; ; ) {
            VenueApi.Page page = api.fundingRates(request.symbol(), left, FUNDING_PAGE);
            EventLines.Content found = FundingJson.read(page.body(), page.request());
            List<EventRow> inside = distinct(within(found.rows(), left).stream()
                    .sorted(Comparator.comparingLong(EventRow::micros))
                    .toList());
            rows.addAll(inside);
            findings.add(new Answer(
                    left,
                    RestKlines.ROUTE,
                    page.request(),
                    page.status(),
                    "sha256:" + Sha256.hex(page.body()),
                    "",
                    inside.size(),
                    page.at(),
                    ofFile && !inside.isEmpty() ? "REST filled events that the archive's file lacks" : ""));
            findings.setAside(found.quarantined());
            if (found.rows().size() < FUNDING_PAGE || inside.isEmpty()) {
                return rows;
            }
            Instant last = Epoch.instant(inside.get(inside.size() - 1).micros()).plusMillis(1);
            if (!last.isBefore(stretch.end())) {
                return rows;
            }
            left = TimeRange.of(last, stretch.end());
        }
    }

    private List<TimeRange> fundingHoles(List<EventRow> rows, TimeRange period) {
        return rows.isEmpty() ? List.of(period) : FundingGaps.within(period, events(rows));
    }

    /** Where events are missing in a part: told by all of its month's file and by what REST filled in. */
    private List<TimeRange> silences(List<EventRow> ofMonth, List<EventRow> rows, TimeRange month, TimeRange part) {
        if (ofMonth.isEmpty()) {
            return FundingGaps.between(events(rows));
        }
        List<EventRow> known = new ArrayList<>(ofMonth);
        known.removeIf(row -> row.micros() >= part.startMicros() && row.micros() < part.endMicros());
        known.addAll(rows);
        known.sort(Comparator.comparingLong(EventRow::micros));
        return FundingGaps.inside(part, FundingGaps.within(month, events(known)));
    }

    private List<FundingGaps.Event> events(List<EventRow> rows) {
        List<FundingGaps.Event> events = new ArrayList<>();
        FundingGaps.Event last = lastFunding;
        if (last != null && !rows.isEmpty() && last.micros() < rows.get(0).micros()) {
            events.add(last);
        }
        rows.forEach(row -> events.add(
                new FundingGaps.Event(row.micros(), (Long) row.cells().get(1))));
        return events;
    }

    private void explainFunding(
            List<EventRow> rows,
            List<TimeRange> silences,
            TimeRange part,
            String evidence,
            String rest,
            boolean ofFile) {
        boolean asked = rest.equals("REST was asked");
        for (TimeRange silence : silences) {
            String due = "the events around it and their interval show that one was due; " + (ofFile ? evidence : "");
            if (asked) {
                gaps().explainEmpty(silence, due, rest);
            } else {
                gaps().explainHole(silence, due, rest);
            }
        }
        if (!rows.isEmpty()) {
            EventRow last = rows.get(rows.size() - 1);
            lastFunding =
                    new FundingGaps.Event(last.micros(), (Long) last.cells().get(1));
        } else if (silences.isEmpty() && request.venue().isPresent()) {
            gaps().explainEmpty(part, evidence, rest.isEmpty() ? "no route has events there" : rest + " and has none");
        }
    }

    private TickGaps gaps() {
        return new TickGaps(request, now, findings);
    }

    private Batch batch(List<EventRow> rows) {
        BatchBuilder builder = new BatchBuilder(request.series(), rows.size());
        for (EventRow row : rows) {
            try {
                builder.row(row.cells().toArray());
            } catch (IllegalArgumentException | ArithmeticException unfit) {
                findings.setAside(List.of(new QuarantinedRow(
                        request.symbol() + " " + request.kind().folder(),
                        0,
                        "",
                        String.valueOf(unfit.getMessage()),
                        row.cells().toString())));
            }
        }
        return builder.build();
    }

    @Override
    public String toString() {
        return "Reader of " + request.series() + " over " + range;
    }
}
