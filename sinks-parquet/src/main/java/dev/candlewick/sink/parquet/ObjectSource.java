package dev.candlewick.sink.parquet;

import dev.candlewick.MarketDataException;
import dev.candlewick.sink.parquet.file.ByteRange;
import dev.candlewick.sink.parquet.file.ByteSource;
import dev.candlewick.sink.parquet.objects.ObjectHead;
import dev.candlewick.sink.parquet.objects.ObjectPart;
import dev.candlewick.sink.parquet.objects.ObjectStorage;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The bytes of one version of an object. Its end is there from the start; of what is announced, as much as the window holds
 * is fetched beforehand, in few requests side by side. Anything else is fetched when it is read. Thread-safe.
 */
final class ObjectSource implements ByteSource {

    /** What one request brings at most: large enough that the time to the first byte does not matter. */
    static final int LARGEST_REQUEST = 8 << 20;

    // To fetch what nobody asked for costs less than another request.
    private static final int LARGEST_GAP = 1 << 16;

    private final ObjectStorage storage;
    private final Requests requests;
    private final ObjectPart end;
    private final int window;
    private final int largest;
    private final List<Piece> pieces = new ArrayList<>();
    private boolean closed;

    ObjectSource(ObjectStorage storage, Requests requests, ObjectPart end, int window) {
        this.storage = storage;
        this.requests = requests;
        this.end = end;
        this.window = window;
        this.largest = Math.min(LARGEST_REQUEST, window);
    }

    ObjectHead head() {
        return end.head();
    }

    @Override
    public long length() {
        return end.head().bytes();
    }

    @Override
    public boolean isFar() {
        return true;
    }

    @Override
    public synchronized void announce(List<ByteRange> ranges) {
        for (ByteRange range : ranges) {
            long to = Math.min(range.to(), end.offset());
            if (range.from() < to) {
                add(range.from(), to);
            }
        }
        ask();
    }

    private void add(long from, long to) {
        Piece last = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
        long at = from;
        if (last != null && last.isUnasked() && at >= last.from && at - last.to <= LARGEST_GAP) {
            last.to = Math.max(last.to, Math.min(to, last.from + largest));
            at = Math.max(at, last.to);
        }
        for (; at < to; at += largest) {
            pieces.add(new Piece(at, Math.min(to, at + largest)));
        }
    }

    // In the order of the bytes; what is read out of order is asked for when it is read.
    private void ask() {
        long under = pieces.stream()
                .mapToLong(piece -> piece.isUnasked() ? 0 : piece.length())
                .sum();
        for (Piece piece : pieces) {
            if (piece.isUnasked()) {
                if (closed || (under > 0 && under + piece.length() > window)) {
                    return;
                }
                piece.ask();
                under += piece.length();
            }
        }
    }

    @Override
    public synchronized void pass(long offset) {
        pieces.removeIf(piece -> piece.to <= offset);
        ask();
    }

    /** Waits for everything that has been asked for. */
    void awaitAsked() throws IOException {
        List<Piece> asked;
        synchronized (this) {
            asked = pieces.stream().filter(piece -> !piece.isUnasked()).toList();
        }
        for (Piece piece : asked) {
            piece.await();
        }
    }

    @Override
    public void read(long offset, byte[] target, int at, int count) throws IOException {
        Objects.checkFromIndexSize(at, count, target.length);
        if (offset < 0 || offset > length() - count) {
            throw new EOFException(end.head().name() + " ends at " + length() + ", before " + (offset + count));
        }
        for (int done = 0; done < count; ) {
            long from = offset + done;
            ObjectPart part = holding(from, count - done);
            int skipped = (int) (from - part.offset());
            int copied = Math.min(count - done, part.bytes().length - skipped);
            System.arraycopy(part.bytes(), skipped, target, at + done, copied);
            done += copied;
        }
    }

    private ObjectPart holding(long offset, int count) throws IOException {
        if (offset >= end.offset()) {
            return end;
        }
        long to = Math.min(offset + count, end.offset());
        Optional<Piece> holding = Optional.empty();
        synchronized (this) {
            for (Piece piece : pieces) {
                if (piece.from <= offset && offset < piece.to) {
                    holding = Optional.of(piece);
                    piece.ask();
                } else if (piece.from > offset) {
                    to = Math.min(to, piece.from);
                }
            }
        }
        return holding.isPresent() ? holding.get().await() : fetched(offset, (int) (to - offset));
    }

    private ObjectPart fetched(long from, int count) throws IOException {
        try {
            ObjectHead head = end.head();
            ObjectPart part = storage.read(head.name(), Optional.of(head.version()), from, count)
                    .orElseThrow(() -> new ObjectReplaced(head.name()));
            if (part.offset() != from || part.bytes().length != count) {
                throw new EOFException(head.name() + " gave " + part.bytes().length + " bytes at " + part.offset()
                        + " instead of " + count + " at " + from);
            }
            return part;
        } catch (MarketDataException failed) {
            throw new StorageFailed(failed);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        pieces.forEach(Piece::cancel);
        pieces.clear();
    }

    /** A stretch that is fetched by one request. */
    private final class Piece {

        private final long from;
        private long to;
        private Optional<Requests.Answer<Fetched>> answer = Optional.empty();

        Piece(long from, long to) {
            this.from = from;
            this.to = to;
        }

        long length() {
            return to - from;
        }

        boolean isUnasked() {
            return answer.isEmpty();
        }

        void ask() {
            if (answer.isEmpty()) {
                long start = from;
                int count = (int) length();
                answer = Optional.of(requests.send(() -> {
                    try {
                        return new Fetched(Optional.of(fetched(start, count)), Optional.empty());
                    } catch (IOException failed) {
                        return new Fetched(Optional.empty(), Optional.of(failed));
                    }
                }));
            }
        }

        ObjectPart await() throws IOException {
            Fetched fetched;
            try {
                fetched = answer.orElseThrow().await();
            } catch (MarketDataException ended) {
                throw new StorageFailed(ended);
            }
            if (fetched.failure().isPresent()) {
                throw fetched.failure().get();
            }
            return fetched.part().orElseThrow();
        }

        void cancel() {
            answer.ifPresent(Requests.Answer::cancel);
        }
    }

    private record Fetched(Optional<ObjectPart> part, Optional<IOException> failure) {}
}
