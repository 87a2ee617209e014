package dev.candlewick.source.binance;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Corrupt;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.http.HttpRefused;
import dev.candlewick.http.Interruption;
import dev.candlewick.spi.Findings;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The lazy cursor over a range: one batch per piece that has rows. Each piece is fetched and checked as a whole before its
 * rows are handed on, so a file that turns out bad at its end has not been emitted half.
 */
final class KlineReader implements Iterator<Batch> {

    private final String source;
    private final BinanceRoutes routes;
    private final KlineRequest request;
    private final TimeRange range;
    private final Interruption interruption;
    private final Findings findings = new Findings();
    private final Queue<Piece> pieces = new ArrayDeque<>();
    private Instant now = Instant.EPOCH;
    private boolean planned;
    private @Nullable Batch next;

    private KlineReader(String source, BinanceRoutes routes, KlineRequest request, TimeRange range) {
        this.source = source;
        this.routes = routes;
        this.request = request;
        this.range = range;
        this.interruption = new Interruption("Reading " + request.series() + " over " + range);
    }

    static Batches batches(String source, BinanceRoutes routes, KlineRequest request, TimeRange range) {
        KlineReader reader = new KlineReader(source, routes, request, range);
        return Batches.of(
                request.series(),
                range,
                reader,
                () -> reader.findings.provenance(source),
                reader.interruption::interrupt);
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
            throw new NoSuchElementException("No more batches of " + request.series());
        }
        Batch batch = java.util.Objects.requireNonNull(next);
        next = null;
        return batch;
    }

    private @Nullable Batch fetch() {
        if (!planned) {
            plan();
            planned = true;
        }
        for (Piece piece = pieces.poll(); piece != null; piece = pieces.poll()) {
            Batch rows = new PieceReader(request, piece, now, findings).read();
            if (rows.rows() > 0) {
                return rows;
            }
        }
        return null;
    }

    private void plan() {
        Cadence.Grid grid = request.grid();
        now = now();
        grid.slots(range).ifPresent(slots -> {
            long open = grid.floor(Epoch.micros(now));
            long end = Math.min(open, slots.endMicros());
            if (slots.startMicros() < end) {
                TimeRange closed = TimeRange.ofEpochMicros(slots.startMicros(), end);
                pieces.addAll(new ReadPlan(request.market(), request.symbol(), grid, now, routes.lag()).pieces(closed));
            }
            long firstOpen = Math.max(open, slots.startMicros());
            if (firstOpen < slots.endMicros()) {
                findings.add(new Gap(
                        TimeRange.ofEpochMicros(firstOpen, slots.endMicros()),
                        GapReason.NOT_YET_PUBLISHED,
                        "by the venue's clock it was " + now + ", before these candles close",
                        now,
                        Epoch.instant(grid.next(firstOpen))));
            }
        });
    }

    /** The venue's time where it matters; this machine's where no clock could be wrong enough. */
    private Instant now() {
        Instant local = routes.clock().instant();
        if (range.end().isBefore(local.minus(VenueApi.CLOCKS_AGREE_WITHIN))) {
            return local;
        }
        try {
            return request.api().now();
        } catch (HttpRefused | Unavailable | Corrupt notTold) {
            return local; // archive files hold closed days only, and what REST gives is held against its own stamps
        }
    }

    @Override
    public String toString() {
        return "Reader of " + request.series() + " over " + range + " from " + source;
    }
}
