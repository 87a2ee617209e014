package dev.candlewick.source.binance;

import dev.candlewick.Answer;
import dev.candlewick.Batch;
import dev.candlewick.Corrupt;
import dev.candlewick.GapReason;
import dev.candlewick.MarketDataException;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.http.HttpRefused;
import dev.candlewick.source.binance.ArchivedTicks.Passage;
import dev.candlewick.source.binance.IdTrail.Hole;
import dev.candlewick.source.binance.VenueApi.TimeUnit;
import dev.candlewick.spi.Findings;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The part of one UTC day that is wanted: its rows from the file that has most of them, the numbers that this one lacks
 * from REST where REST still serves them, and gaps for the rest. For one use by one thread.
 */
final class TradeDay implements AutoCloseable {

    /** Silence at an end of a day that is believed where nothing tells what came before or behind. */
    private static final long LONGEST_UNWITNESSED = Duration.ofMinutes(5).toSeconds() * 1_000_000L;

    private final TickRequest request;
    private final TimeRange day;
    private final TimeRange part;
    private final Instant now;
    private final Findings findings;
    private final TickGaps gaps;
    private final Optional<RestTrades> rest;
    private final TradeArchive archive;
    private final TradeArchive.Choice choice;
    private final Deque<Flow> flows = new ArrayDeque<>();
    private Optional<MarketDataException> restFailure = Optional.empty();
    private OptionalLong firstNumber = OptionalLong.empty();
    private Edge last = Edge.UNKNOWN;
    private Edge before = Edge.UNKNOWN;

    /** A row at the edge of a day: its number and time; unknown where the number is negative. */
    record Edge(long id, long micros) {
        static final Edge UNKNOWN = new Edge(-1, 0);

        boolean isKnown() {
            return id >= 0;
        }
    }

    /** Rows that follow each other. */
    private interface Flow {
        /** The next rows, of which there may be none in a batch; null at the end. */
        @Nullable
        Batch next();
    }

    private TradeDay(
            TickRequest request,
            TimeRange day,
            TimeRange part,
            Instant now,
            Findings findings,
            TradeArchive archive,
            TradeArchive.Choice choice) {
        this.request = request;
        this.archive = archive;
        this.day = day;
        this.part = part;
        this.now = now;
        this.findings = findings;
        this.choice = choice;
        this.gaps = new TickGaps(request, now, findings);
        this.rest = request.venue()
                .map(venue -> new RestTrades(
                        venue.api(), request.market(), request.kind(), request.series(), request.symbol(), now));
    }

    /** Finds out where the day comes from, and looks through its file. */
    static TradeDay prepare(TickRequest request, TradeArchive archive, TimeRange part, Instant now, Findings findings) {
        LocalDate date = LocalDate.ofInstant(part.start(), ZoneOffset.UTC);
        TimeRange day = TimeRange.day(date, ZoneOffset.UTC);
        TickGaps known = new TickGaps(request, now, findings);
        TradeArchive.Choice choice =
                known.isKnownUnlisted(part) ? new TradeArchive.Choice() : archive.choose(day, part);
        TradeDay prepared = new TradeDay(request, day, part, now, findings, archive, choice);
        try {
            prepared.lookForFirstNumber();
        } catch (RuntimeException failed) {
            choice.close();
            throw failed;
        }
        return prepared;
    }

    /** The first row that its file has, or the first number that REST has, if the part begins with the day. */
    Edge firstRow() {
        if (!part.start().equals(day.start()) || !request.kind().isNumbered()) {
            return Edge.UNKNOWN;
        }
        if (choice.file().isPresent()) {
            IdTrail trail = choice.survey().trail();
            return trail.isEmpty() ? Edge.UNKNOWN : new Edge(trail.firstId(), trail.firstMicros());
        }
        return firstNumber.isPresent() ? new Edge(firstNumber.getAsLong(), part.startMicros()) : Edge.UNKNOWN;
    }

    /** The last row before the day by the word of others, where the day before is not read: does the file begin too late? */
    Edge witnessedStart() {
        if (!isNumberedFile() || !part.start().equals(day.start())) {
            return Edge.UNKNOWN;
        }
        Optional<Edge> witnessed = witnessed(day).map(first -> new Edge(first - 1, day.startMicros() - 1));
        IdTrail trail = choice.survey().trail();
        boolean late = trail.firstId() > 1 && trail.firstMicros() - day.startMicros() > LONGEST_UNWITNESSED;
        return witnessed.orElseGet(() -> late ? new NeighbourDays(request, now).before(day) : Edge.UNKNOWN);
    }

    /** The first row behind the day by the word of others, where the day after is not read: does the file end too early? */
    Edge witnessedEnd() {
        Instant end = day.end();
        if (!isNumberedFile() || !part.end().equals(end) || !end.isBefore(now)) {
            return Edge.UNKNOWN;
        }
        Instant until = end.plus(Duration.ofDays(1));
        return witnessed(TimeRange.of(end, until.isBefore(now) ? until : now))
                .map(first -> new Edge(first, day.endMicros()))
                .orElseGet(() -> new NeighbourDays(request, now).after(day));
    }

    private boolean isNumberedFile() {
        return request.kind().isNumbered()
                && choice.file().isPresent()
                && !choice.survey().trail().isEmpty();
    }

    /** REST bears witness of spot at any age and for little weight, of futures only of the last hours. */
    private Optional<Long> witnessed(TimeRange stretch) {
        if (rest.isEmpty()
                || rest.get().numbersBefore() > 0
                || rest.get().obstacle(stretch.start()).isPresent()) {
            return Optional.empty();
        }
        try {
            OptionalLong first = rest.get().firstNumber(stretch, new ArrayList<>());
            return first.isPresent() ? Optional.of(first.getAsLong()) : Optional.empty();
        } catch (UnknownSymbol | Unavailable | HttpRefused | Corrupt silent) {
            return Optional.empty();
        }
    }

    /** The last row of the day; only known at its end. */
    Edge lastRow() {
        return last;
    }

    /**
     * Settles what comes when.
     *
     * @param before the last row of the day before
     * @param after the first row of the day after
     */
    void begin(Edge before, Edge after) {
        this.before = before;
        if (choice.file().isPresent()) {
            if (isCutShort(after)) {
                archive.reconsider(choice, day, part);
            }
            archive.report(choice, part, unwitnessed(after));
            beginWithFile(after);
        } else if (request.venue().isEmpty()) {
            if (choice.isSetAside()) {
                gaps.explain(part, GapReason.QUARANTINED, choice.evidence());
            } // else nobody knows: that a file is not on this disk proves nothing
        } else {
            beginWithoutFile(after);
        }
    }

    /** The next rows; null at the end of the day. */
    @Nullable
    Batch next() {
        for (Flow flow = flows.peek(); flow != null; flow = flows.peek()) {
            Batch rows = flow.next();
            if (rows == null) {
                flows.remove(flow);
            } else if (rows.rows() > 0) {
                return rows;
            }
        }
        return null;
    }

    @Override
    public void close() {
        flows.forEach(flow -> {
            if (flow instanceof FileFlow file) {
                file.passage.close();
            }
        });
        flows.clear();
        choice.close();
    }

    private boolean isCutShort(Edge after) {
        if (!isNumberedFile()) {
            return false;
        }
        IdTrail trail = choice.survey().trail();
        return beginsLate(trail) || endsEarly(trail, after);
    }

    private boolean beginsLate(IdTrail trail) {
        return part.start().equals(day.start())
                && (before.isKnown() ? before.id() + 1 < trail.firstId() : isSilentAtStart(trail));
    }

    private boolean endsEarly(IdTrail trail, Edge after) {
        return part.end().equals(day.end())
                && (after.isKnown() ? trail.lastId() + 1 < after.id() : isSilentAtEnd(trail));
    }

    /** The numbers of an instrument begin with 0 or 1: before them there is nothing to miss. */
    private boolean isSilentAtStart(IdTrail trail) {
        return trail.firstId() > 1 && trail.firstMicros() - day.startMicros() > LONGEST_UNWITNESSED;
    }

    private boolean isSilentAtEnd(IdTrail trail) {
        return day.endMicros() - trail.lastMicros() > LONGEST_UNWITNESSED;
    }

    private String unwitnessed(Edge after) {
        if (!isNumberedFile()) {
            return "";
        }
        boolean start = part.start().equals(day.start()) && !before.isKnown();
        boolean end = part.end().equals(day.end()) && !after.isKnown();
        return !start && !end
                ? ""
                : "no number " + (start ? end ? "before or behind" : "before" : "behind")
                        + " the day is known to tell whether the file is whole there";
    }

    /** Long silence at an end of the day that nobody vouches for: rows may be missing, and that is said. */
    private void explainSilence(IdTrail trail, Edge after) {
        if (!before.isKnown() && beginsLate(trail)) {
            TimeRange.ofEpochMicros(day.startMicros(), trail.firstMicros())
                    .intersection(part)
                    .ifPresent(silence -> gaps.explainHole(silence, choice.evidence(), "its first row comes late"));
        }
        if (!after.isKnown() && endsEarly(trail, after)) {
            TimeRange.ofEpochMicros(trail.lastMicros() + 1, day.endMicros())
                    .intersection(part)
                    .ifPresent(silence -> gaps.explainHole(silence, choice.evidence(), "its last row comes early"));
        }
    }

    private void beginWithFile(Edge after) {
        ArchivedTicks file = choice.file().orElseThrow();
        IdTrail trail = choice.survey().trail();
        List<Hole> holes = new ArrayList<>();
        if (!trail.isEmpty()) {
            if (request.kind().isNumbered()) {
                explainSilence(trail, after);
            }
            if (before.isKnown() && part.start().equals(day.start()) && before.id() + 1 < trail.firstId()) {
                holes.add(new Hole(before.id() + 1, trail.firstId() - 1, before.micros(), trail.firstMicros()));
            }
            holes.addAll(trail.holes());
            boolean ends = part.end().equals(day.end());
            if (after.isKnown() && ends && trail.lastId() + 1 < after.id()) {
                holes.add(new Hole(trail.lastId() + 1, after.id() - 1, trail.lastMicros(), after.micros()));
            }
            last = ends ? new Edge(trail.lastId(), trail.lastMicros()) : Edge.UNKNOWN;
        } else {
            last = before;
        }
        holes.removeIf(hole -> gaps.range(hole).intersection(part).isEmpty());
        if (choice.survey().rows() == 0 && holes.isEmpty()) {
            gaps.explain(part, GapReason.CONFIRMED_EMPTY, choice.evidence());
        }
        flows.add(new FileFlow(file.open(), file, holes));
    }

    private void beginWithoutFile(Edge after) {
        RestTrades trades = rest.orElseThrow();
        last = before;
        Optional<Instant> served = trades.servedFrom(part.start()).filter(from -> from.isBefore(part.end()));
        if (restFailure.isPresent()) {
            withoutRest(restFailure.get());
            return;
        }
        Instant from = served.orElse(part.end());
        if (from.isAfter(part.start())) {
            unserved(
                    TimeRange.of(part.start(), from),
                    trades.obstacle(part.start()).orElse(""));
        }
        if (from.isBefore(part.end())) {
            TimeRange stretch = TimeRange.of(from, part.end());
            OptionalLong start = before.isKnown() && from.equals(day.start())
                    ? OptionalLong.of(before.id() + 1)
                    : firstNumber.isPresent()
                            ? OptionalLong.of(Math.max(0, firstNumber.getAsLong() - trades.numbersBefore()))
                            : OptionalLong.empty();
            if (start.isEmpty() || (firstNumber.isEmpty() && !before.isKnown())) {
                gaps.explainEmpty(
                        stretch,
                        choice.evidence(),
                        "REST has no " + request.series().dataset() + " of it");
            } else {
                long until = after.isKnown() && part.end().equals(day.end()) ? after.id() - 1 : Long.MAX_VALUE;
                flows.add(new RestFlow(trades.walk(start.getAsLong(), until, stretch, unit()), stretch));
            }
        }
    }

    private TimeUnit unit() {
        return request.market() == Market.SPOT ? TimeUnit.MICROS : TimeUnit.MILLIS;
    }

    /** Neither the archive nor REST has the stretch. */
    private void unserved(TimeRange stretch, String obstacle) {
        choice.failure().ifPresent(failure -> {
            throw failure;
        });
        if (choice.isSetAside()) {
            gaps.explain(stretch, GapReason.QUARANTINED, choice.evidence() + "; " + obstacle);
        } else if (choice.isDue()) {
            gaps.explainHole(stretch, choice.evidence(), obstacle);
        } else {
            gaps.explain(stretch, GapReason.NOT_YET_PUBLISHED, "the file of the day is not published yet; " + obstacle);
        }
    }

    /** REST failed: what the archive says of the day stands, if it says something; else that is an error. */
    private void withoutRest(MarketDataException why) {
        if (choice.isSetAside()) {
            gaps.explain(
                    part,
                    GapReason.QUARANTINED,
                    choice.evidence() + "; REST gave no usable answer: " + why.getMessage());
        } else if (choice.isDue() && choice.failure().isEmpty() && gaps.archiveKnowsSymbol(part)) {
            gaps.explain(
                    part,
                    GapReason.ARCHIVE_HOLE,
                    choice.evidence() + "; REST gave no usable answer: " + why.getMessage());
        } else {
            choice.failure().ifPresent(why::addSuppressed);
            throw why;
        }
    }

    private void lookForFirstNumber() {
        if (choice.file().isPresent() || rest.isEmpty() || gaps.isKnownUnlisted(part)) {
            return;
        }
        RestTrades trades = rest.get();
        Optional<Instant> served = trades.servedFrom(part.start()).filter(from -> from.isBefore(part.end()));
        if (served.isEmpty()) {
            return;
        }
        List<Answer> sightings = new ArrayList<>();
        try {
            firstNumber = trades.firstNumber(TimeRange.of(served.get(), part.end()), sightings);
        } catch (UnknownSymbol unknown) {
            gaps.requireKnownSymbol(unknown, part);
        } catch (Unavailable | HttpRefused | Corrupt unreachable) {
            restFailure = Optional.of(unreachable);
        }
        sightings.forEach(findings::add);
    }

    /** The rows of a file, without repetitions, and before the row behind a hole what fills it. */
    private final class FileFlow implements Flow {
        private final Passage passage;
        private final ArchivedTicks file;
        private final Deque<Hole> holes;
        private final Deque<Flow> pending = new ArrayDeque<>();
        private final IdTrail trail = new IdTrail();
        private boolean ended;

        FileFlow(Passage passage, ArchivedTicks file, List<Hole> holes) {
            this.passage = passage;
            this.file = file;
            this.holes = new ArrayDeque<>(holes);
        }

        @Override
        public @Nullable Batch next() {
            while (true) {
                for (Flow flow = pending.peek(); flow != null; flow = pending.peek()) {
                    Batch rows = flow.next();
                    if (rows != null) {
                        return rows;
                    }
                    pending.remove();
                }
                if (ended) {
                    return null;
                }
                Optional<NumberedRows> rows = passage.next();
                if (rows.isEmpty() || isBehind(rows.get().rows())) {
                    ended = true;
                    passage.close();
                    holes.forEach(hole -> pending.add(new FillFlow(hole, file)));
                } else {
                    cut(rows.get().within(part));
                }
            }
        }

        private boolean isBehind(Batch rows) {
            return rows.rows() > 0 && rows.times().epochMicros(0) >= part.endMicros();
        }

        private void cut(NumberedRows rows) {
            int from = 0;
            for (int row = 0; row < rows.ids().length; row++) {
                long id = rows.ids()[row];
                boolean filled = !holes.isEmpty() && id > holes.peek().last();
                boolean kept =
                        trail.accept(id, rows.rows().times().epochMicros(row)) && !file.isWithdrawn(rows.rows(), row);
                if (filled || !kept) {
                    hand(rows.rows().slice(from, row));
                    from = kept ? row : row + 1;
                }
                while (!holes.isEmpty() && id > holes.peek().last()) {
                    pending.add(new FillFlow(holes.remove(), file));
                }
            }
            hand(rows.rows().slice(from, rows.rows().rows()));
        }

        private void hand(Batch rows) {
            if (rows.rows() > 0) {
                Deque<Batch> once = new ArrayDeque<>(List.of(rows));
                pending.add(once::poll);
            }
        }
    }

    /** What REST has of the numbers that a file lacks. */
    private final class FillFlow implements Flow {
        private final Hole hole;
        private final ArchivedTicks file;
        private final IdTrail trail = new IdTrail();
        private RestTrades.@Nullable Walk walk;
        private String obstacle = "";
        private long filled;
        private boolean begun;

        FillFlow(Hole hole, ArchivedTicks file) {
            this.hole = hole;
            this.file = file;
        }

        @Override
        public @Nullable Batch next() {
            if (!begun) {
                begin();
            }
            if (walk == null) {
                return null;
            }
            try {
                Optional<NumberedRows> rows = walk.next();
                if (rows.isPresent()) {
                    return taken(rows.get());
                }
            } catch (UnknownSymbol | Unavailable | HttpRefused | Corrupt unreachable) {
                obstacle = "REST gave no usable answer: " + unreachable.getMessage();
            }
            end(walk);
            walk = null;
            return null;
        }

        private void begin() {
            begun = true;
            obstacle = rest.map(trades -> trades.obstacle(Epoch.instant(hole.afterMicros())))
                    .orElse(Optional.of("no one else may be asked"))
                    .orElse("");
            if (obstacle.isEmpty()) {
                TimeRange stretch = TimeRange.ofEpochMicros(
                        hole.afterMicros(), Math.max(hole.beforeMicros(), hole.afterMicros()) + 1);
                walk = rest.orElseThrow()
                        .walk(
                                hole.first(),
                                hole.last(),
                                stretch,
                                choice.survey().unit());
                trail.accept(hole.first() - 1, hole.afterMicros());
            } else {
                lacking(hole);
            }
        }

        private Batch taken(NumberedRows rows) {
            for (int row = 0; row < rows.ids().length; row++) {
                trail.accept(rows.ids()[row], rows.rows().times().epochMicros(row));
            }
            Batch inside = rows.rows().within(part);
            filled += inside.rows();
            return inside;
        }

        private void end(RestTrades.Walk asked) {
            asked.silent().stream()
                    .filter(id -> id >= hole.first() && id <= hole.last())
                    .forEach(id -> trail.accept(id, trail.lastMicros()));
            trail.accept(hole.last() + 1, hole.beforeMicros());
            TimeRange about = gaps.range(hole).intersection(part).orElse(part);
            asked.answer(about, "REST filled " + filled + " of the numbers " + hole + " that " + file + " lacks")
                    .ifPresent(findings::add);
            findings.setAside(asked.quarantined());
            trail.holes().forEach(this::lacking);
        }

        private void lacking(Hole missing) {
            gaps.missing(
                    missing,
                    part,
                    obstacle.isEmpty() ? GapReason.CONFIRMED_EMPTY : GapReason.ARCHIVE_HOLE,
                    file + " lacks the numbers " + missing + "; "
                            + (obstacle.isEmpty() ? "REST has none of them either" : obstacle));
        }
    }

    /** A stretch from REST alone. */
    private final class RestFlow implements Flow {
        private final RestTrades.Walk walk;
        private final TimeRange stretch;
        private final IdTrail trail = new IdTrail();
        private long rows;
        private boolean ended;

        RestFlow(RestTrades.Walk walk, TimeRange stretch) {
            this.walk = walk;
            this.stretch = stretch;
        }

        @Override
        public @Nullable Batch next() {
            if (ended) {
                return null;
            }
            Optional<NumberedRows> page;
            try {
                page = walk.next();
            } catch (UnknownSymbol unknown) {
                throw new Unavailable(
                        String.valueOf(unknown.getMessage()) + " in the middle of a reading; read again later");
            }
            if (page.isPresent()) {
                NumberedRows found = page.get();
                for (int row = 0; row < found.ids().length; row++) {
                    long micros = found.rows().times().epochMicros(row);
                    trail.accept(found.ids()[row], micros);
                    last = new Edge(found.ids()[row], micros);
                }
                rows += found.rows().rows();
                return found.rows();
            }
            ended = true;
            end();
            return null;
        }

        private void end() {
            walk.answer(stretch, trail.isEmpty() ? "" : "numbers " + trail.firstId() + "–" + trail.lastId())
                    .ifPresent(findings::add);
            findings.setAside(walk.quarantined());
            if (rows == 0) {
                gaps.explainEmpty(
                        stretch,
                        choice.evidence(),
                        "REST has no " + request.series().dataset() + " of it");
                return;
            }
            walk.silent().stream()
                    .filter(id -> id >= trail.firstId() && id <= trail.lastId())
                    .forEach(id -> trail.accept(id, trail.lastMicros()));
            trail.holes()
                    .forEach(hole -> gaps.missing(
                            hole, part, GapReason.CONFIRMED_EMPTY, "REST does not have the numbers " + hole));
        }
    }
}
