package dev.candlewick.source.binance;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Corrupt;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.http.HttpRefused;
import dev.candlewick.http.Interruption;
import dev.candlewick.spi.Findings;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The lazy cursor over trades and best offers: a UTC day after the other, each looked through as a whole before its first
 * row is handed on, rows in batches. One day is looked at ahead, because only the first number of a day tells whether the
 * day before it ended too early.
 */
final class TradeReader implements Iterator<Batch> {

    /** What happened in the last seconds may not be in an answer yet. */
    private static final Duration SETTLING = Duration.ofSeconds(10);

    private final TickRequest request;
    private final TimeRange range;
    private final Interruption interruption;
    private final Findings findings = new Findings();
    private final Queue<TimeRange> days = new ArrayDeque<>();
    private final ReentrantLock reading = new ReentrantLock();
    private volatile boolean closed;
    private @Nullable TradeArchive archive;
    private @Nullable TradeDay current;
    private @Nullable TradeDay ahead;
    private TradeDay.Edge edge = TradeDay.Edge.UNKNOWN;
    private @Nullable Batch next;
    private @Nullable RuntimeException failure;
    private Instant now = Instant.EPOCH;

    private TradeReader(TickRequest request, TimeRange range) {
        this.request = request;
        this.range = range;
        this.interruption = new Interruption("Reading " + request.series() + " over " + range);
    }

    static Batches batches(String source, TickRequest request, TimeRange range) {
        TradeReader reader = new TradeReader(request, range);
        return Batches.of(request.series(), range, reader, () -> reader.findings.provenance(source), reader::close);
    }

    @Override
    public boolean hasNext() {
        RuntimeException before = failure;
        if (before != null) {
            throw before; // going on would leave a day out in silence
        }
        if (next == null) {
            reading.lock();
            boolean going = false;
            try {
                next = interruption.guard(this::fetch);
                going = next != null;
            } catch (RuntimeException failed) {
                failure = failed;
                throw failed;
            } finally {
                if (!going) {
                    release();
                }
                reading.unlock();
                releaseIfClosed();
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

    private void close() {
        closed = true;
        interruption.interrupt();
        releaseIfClosed();
    }

    /** Whoever comes last lets go of the files: the one who closes, or the one who was reading meanwhile. */
    private void releaseIfClosed() {
        if (closed && reading.tryLock()) {
            try {
                release();
            } finally {
                reading.unlock();
            }
        }
    }

    private void release() {
        TradeDay first = current;
        TradeDay second = ahead;
        TradeArchive files = archive;
        current = null;
        ahead = null;
        if (first != null) {
            first.close();
        }
        if (second != null) {
            second.close();
        }
        if (files != null) {
            files.close();
        }
    }

    private @Nullable Batch fetch() {
        if (archive == null) {
            plan();
        }
        while (true) {
            TradeDay day = current;
            if (day == null) {
                day = ahead != null ? ahead : prepared();
                ahead = null;
                if (day == null) {
                    return null;
                }
                current = day;
                ahead = prepared();
                TradeDay.Edge before = edge.isKnown() ? edge : day.witnessedStart();
                TradeDay.Edge after = ahead == null ? TradeDay.Edge.UNKNOWN : ahead.firstRow();
                day.begin(before, after.isKnown() ? after : day.witnessedEnd());
            }
            Batch rows = day.next();
            if (rows != null) {
                return rows;
            }
            edge = day.lastRow();
            day.close();
            current = null;
        }
    }

    private @Nullable TradeDay prepared() {
        TimeRange part = days.poll();
        return part == null ? null : TradeDay.prepare(request, Objects.requireNonNull(archive), part, now, findings);
    }

    private void plan() {
        now = now();
        Instant settled = request.venue().isPresent() ? now.minus(SETTLING) : range.end();
        if (range.start().isBefore(settled)) {
            Instant end = settled.isBefore(range.end()) ? settled : range.end();
            TimeRange past = TimeRange.of(range.start(), end);
            past.days(ZoneOffset.UTC).forEach(day -> day.intersection(past).ifPresent(days::add));
        }
        if (settled.isBefore(range.end())) {
            Instant start = settled.isAfter(range.start()) ? settled : range.start();
            findings.add(new Gap(
                    TimeRange.of(start, range.end()),
                    GapReason.NOT_YET_PUBLISHED,
                    "by the venue's clock it was " + now,
                    now,
                    start.isAfter(now) ? start : now.plus(Duration.ofMinutes(1))));
        }
        archive = new TradeArchive(request, findings, now);
    }

    /** The venue's time where it matters; this machine's where no clock could be wrong enough. */
    private Instant now() {
        Instant local = request.clock().instant();
        if (request.venue().isEmpty() || range.end().isBefore(local.minus(VenueApi.CLOCKS_AGREE_WITHIN))) {
            return local;
        }
        try {
            return request.venue().get().api().now();
        } catch (HttpRefused | Unavailable | Corrupt notTold) {
            return local; // files hold past days only, and REST knows no trades of the future
        }
    }

    @Override
    public String toString() {
        return "Reader of " + request.series() + " over " + range;
    }
}
