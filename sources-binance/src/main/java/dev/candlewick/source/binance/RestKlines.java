package dev.candlewick.source.binance;

import dev.candlewick.Answer;
import dev.candlewick.Batch;
import dev.candlewick.Cadence;
import dev.candlewick.Corrupt;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Candles from REST for stretches of grid slots.
 *
 * <p>Every request names both bounds and a window of no more slots than one page holds, never more than 200 days: complete
 * under the paging rule of each market, whether a page holds the first or, as on coin-margined, the last rows of its range.
 * Slots that a page leaves out are asked for again until an answer adds nothing. A slot counts as empty once two witnesses
 * say so: two answers, or an archive file and one answer. Each request settles slots or raises their count of witnesses,
 * so the asking ends whatever the pages hold.
 */
final class RestKlines {

    static final String ROUTE = "rest";

    /** Coin-margined klines answer at most this span. */
    private static final Duration LONGEST_WINDOW = Duration.ofDays(199);

    private static final int WITNESSES = 2;

    private final VenueApi api;
    private final Series series;
    private final Cadence.Grid grid;
    private final String symbol;
    private final int pageRows;

    /**
     * What REST had.
     *
     * @param rows inside the slots asked for, still open ones included
     * @param evidence which requests showed that the rest is empty, for people
     */
    record Found(
            Batch rows,
            List<Answer> answers,
            List<QuarantinedRow> quarantined,
            TimeRanges quarantinedSlots,
            String evidence) {}

    RestKlines(VenueApi api, Market market, Series series, Cadence.Grid grid, String symbol) {
        this.api = api;
        this.series = series;
        this.grid = grid;
        this.symbol = symbol;
        this.pageRows = market.pageRows();
    }

    /**
     * Asks for the slots.
     *
     * @param attested those that an archive file has shown to be empty
     */
    Found read(TimeRanges slots, TimeRanges attested) throws UnknownSymbol {
        Collected collected = new Collected();
        for (TimeRange window = firstWindow(slots); ; window = firstWindow(slots)) {
            TimeRanges wanted = slots.within(window);
            ask(wanted, wanted.minus(attested).isEmpty() ? 1 : 0, collected);
            slots = slots.minus(window);
            if (slots.isEmpty()) {
                return collected.found();
            }
        }
    }

    /** How many requests a gapless answer takes. */
    static long pages(Market market, Cadence.Grid grid, TimeRange range) {
        long rows = grid.opens(range);
        long bySpan = range.duration().toDays() / LONGEST_WINDOW.toDays() + 1;
        return Math.max(
                1,
                Math.max(
                        (rows + market.pageRows() - 1) / market.pageRows(),
                        grid.interval().isCalendar() ? bySpan : 1));
    }

    private void ask(TimeRanges wanted, int witnesses, Collected collected) throws UnknownSymbol {
        TimeRanges missing = wanted;
        int attests = witnesses;
        while (!missing.isEmpty() && attests < WITNESSES) {
            TimeRange hull = hull(missing);
            ParsedKlines page = page(hull, collected);
            TimeRanges left =
                    CandleRows.missing(grid, collected.rows, missing).minus(page.quarantinedSlots(grid.interval()));
            attests = left.equals(missing) ? attests + 1 : 1;
            missing = left;
        }
    }

    private ParsedKlines page(TimeRange range, Collected collected) throws UnknownSymbol {
        int limit = (int) Math.max(1, Math.min(pageRows, grid.opens(range)));
        VenueApi.Page page = api.klines(symbol, grid.interval(), range, limit);
        byte[] csv = KlineJson.toCsv(page.body(), page.request());
        ParsedKlines parsed = new KlineCsvParser(series, grid.interval(), range, page.request(), csv).parse();
        if (parsed.rows().rows() == 0 && !parsed.outside().isEmpty()) {
            throw new Corrupt(page.request() + " answered only with rows outside of the range asked for: "
                    + parsed.outside().get(0) + ". That shows neither data nor a hole; read again later");
        }
        List<String> notes = new ArrayList<>(parsed.notes());
        if (!parsed.outside().isEmpty()) {
            notes.add(parsed.outside().size() + " rows outside of the range dropped");
        }
        collected.add(parsed, answer(page, range, parsed, String.join("; ", notes)));
        return parsed;
    }

    private static Answer answer(VenueApi.Page page, TimeRange range, ParsedKlines parsed, String note) {
        return new Answer(
                range,
                ROUTE,
                page.request(),
                page.status(),
                "sha256:" + Sha256.hex(page.body()),
                "",
                parsed.rows().rows(),
                page.at(),
                note);
    }

    /** From the first slot on, as many as fit one page. */
    private TimeRange firstWindow(TimeRanges slots) {
        TimeRange first = slots.asList().get(0);
        Instant last = slots.asList().get(slots.asList().size() - 1).end();
        long start = Epoch.micros(first.start());
        long end = start;
        long latest = start + LONGEST_WINDOW.toSeconds() * 1_000_000L;
        for (int rows = 0; rows < pageRows && end < Epoch.micros(last); rows++) {
            long next = grid.next(end);
            if (next > latest && rows > 0) {
                break; // a week or month that begins inside the span may end outside of it
            }
            end = next;
        }
        return hull(slots.within(TimeRange.ofEpochMicros(start, end)));
    }

    private static TimeRange hull(TimeRanges ranges) {
        List<TimeRange> list = ranges.asList();
        return TimeRange.of(list.get(0).start(), list.get(list.size() - 1).end());
    }

    private final class Collected {
        private Batch rows = CandleRows.none(series);
        private final List<Answer> answers = new ArrayList<>();
        private final List<QuarantinedRow> quarantined = new ArrayList<>();
        private TimeRanges quarantinedSlots = TimeRanges.none();

        void add(ParsedKlines page, Answer answer) {
            rows = CandleRows.merge(series, rows, page.rows());
            answers.add(answer);
            page.quarantined().stream()
                    .filter(row -> !quarantined.contains(row))
                    .forEach(quarantined::add);
            quarantinedSlots = quarantinedSlots.union(page.quarantinedSlots(grid.interval()));
        }

        Found found() {
            String last =
                    answers.isEmpty() ? "REST" : answers.get(answers.size() - 1).request();
            return new Found(
                    rows, answers, quarantined, quarantinedSlots, "REST answered without these candles: " + last);
        }
    }
}
