package dev.candlewick.book;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A live book of a venue that sends depth differences with update ids, as Binance does: a snapshot asked for once, then
 * messages whose ids must join without a hole.
 *
 * <pre>{@code
 * DiffBook book = DiffBook.spot();
 * if (book.accept(update) == DiffBook.Step.NEEDS_SNAPSHOT) {
 *     book.accept(askForDepth());
 * }
 * book.book().best(Side.BID);
 * }</pre>
 *
 * <p>Messages that arrive before the snapshot are kept and applied after it. Where an id is missing the book is unknown
 * again: {@link Step#OUT_OF_SEQUENCE} says so, {@link #breaks} counts it, and the message begins the next round. Levels
 * beyond the depth of the snapshot are unknown until they change. For one thread.
 */
public final class DiffBook {

    /** What became of a message or a snapshot. */
    public enum Step {
        /** It changed the book, which is sound. */
        APPLIED,
        /** It is older than the book, which stays sound. */
        DISCARDED,
        /** It is kept until a snapshot comes; or the snapshot is older than the first message kept, and a newer one is needed. */
        NEEDS_SNAPSHOT,
        /** The messages before it were lost: the book is unknown, and a snapshot is needed. */
        OUT_OF_SEQUENCE
    }

    private enum Rule {
        SPOT {
            @Override
            boolean isOld(DepthUpdate update, long last) {
                return update.lastId() <= last;
            }

            @Override
            boolean isFirstAfter(DepthUpdate update, long snapshot) {
                return update.firstId() <= snapshot + 1;
            }

            @Override
            boolean follows(DepthUpdate update, long last) {
                return update.firstId() == last + 1;
            }
        },
        // Ids are shared by all symbols of a market, so only "the one before" tells whether one was lost. A snapshot
        // taken
        // between two messages of a symbol lies behind the one and before the other.
        FUTURES {
            @Override
            boolean isOld(DepthUpdate update, long last) {
                return update.lastId() < last;
            }

            @Override
            boolean isFirstAfter(DepthUpdate update, long snapshot) {
                return update.firstId() <= snapshot || previous(update) <= snapshot;
            }

            @Override
            boolean follows(DepthUpdate update, long last) {
                return previous(update) == last;
            }
        };

        abstract boolean isOld(DepthUpdate update, long last);

        abstract boolean isFirstAfter(DepthUpdate update, long snapshot);

        abstract boolean follows(DepthUpdate update, long last);

        static long previous(DepthUpdate update) {
            return update.previousLastId()
                    .orElseThrow(() -> new IllegalArgumentException("A message of a futures book names the one before ("
                            + "pu), and that of the updates " + update.firstId() + " to " + update.lastId()
                            + " does not; books of spot pairs are DiffBook.spot()"));
        }
    }

    private enum State {
        UNKNOWN,
        AT_SNAPSHOT,
        IN_SEQUENCE
    }

    /** A feed that is not answered by a snapshot within so many messages has nobody listening: older ones are dropped. */
    private static final int MOST_KEPT = 10_000;

    private static final long NEW_INSTRUMENT = -1;

    private final Rule rule;
    private final OrderBook book = new OrderBook();
    private final Deque<DepthUpdate> kept = new ArrayDeque<>();
    private State state = State.UNKNOWN;
    private long lastId;
    private long applied;
    private long discarded;
    private long breaks;

    private DiffBook(Rule rule) {
        this.rule = rule;
    }

    /** A book of a spot pair: each message begins with the update after the last one before. */
    public static DiffBook spot() {
        return new DiffBook(Rule.SPOT);
    }

    /** A book of a futures contract: each message names the last update of the one before. */
    public static DiffBook futures() {
        return new DiffBook(Rule.FUTURES);
    }

    /**
     * Takes a message.
     *
     * @throws IllegalArgumentException when a futures message does not name the one before, or a level cannot be a book's:
     *     then the book is unknown until the next snapshot
     */
    public Step accept(DepthUpdate update) {
        if (state == State.UNKNOWN) {
            keep(update);
            return Step.NEEDS_SNAPSHOT;
        }
        Step step = apply(update);
        if (step == Step.OUT_OF_SEQUENCE) {
            breaks++;
            reset();
            keep(update);
        } else if (step == Step.NEEDS_SNAPSHOT) {
            reset();
            keep(update);
        }
        return step;
    }

    /**
     * Takes the answer to a request for depth, then the messages kept. While the book is sound it is not needed and
     * discarded.
     *
     * @throws IllegalArgumentException when a level cannot be a book's; the book stays unknown and empty
     */
    public Step accept(DepthSnapshot snapshot) {
        if (state != State.UNKNOWN) {
            return Step.DISCARDED;
        }
        set(snapshot.bids(), snapshot.asks());
        lastId = snapshot.lastId();
        state = State.AT_SNAPSHOT;
        Deque<DepthUpdate> waiting = new ArrayDeque<>(kept);
        kept.clear();
        Step worst = Step.APPLIED;
        while (!waiting.isEmpty()) {
            Step step = accept(waiting.removeFirst());
            if (step == Step.NEEDS_SNAPSHOT || step == Step.OUT_OF_SEQUENCE) {
                worst = worst == Step.OUT_OF_SEQUENCE ? worst : step;
            }
        }
        return worst;
    }

    /** Forgets the book and the messages kept: after a disconnect. */
    public void reset() {
        book.clear();
        kept.clear();
        state = State.UNKNOWN;
    }

    /** Whether the book is sound: a snapshot, and every message since. */
    public boolean isSound() {
        return state != State.UNKNOWN;
    }

    /** The book, empty while it is not {@linkplain #isSound sound}. The caller changes nothing. */
    public OrderBook book() {
        return book;
    }

    /** The last update in the book, or of the snapshot. */
    public long lastId() {
        return lastId;
    }

    /** Messages that changed the book. */
    public long applied() {
        return applied;
    }

    /** Messages that were older than the book. */
    public long discarded() {
        return discarded;
    }

    /** How often messages were lost. */
    public long breaks() {
        return breaks;
    }

    private Step apply(DepthUpdate update) {
        if (state == State.AT_SNAPSHOT && lastId != NEW_INSTRUMENT) {
            if (rule.isOld(update, lastId)) {
                discarded++;
                return Step.DISCARDED;
            }
            if (!rule.isFirstAfter(update, lastId)) {
                return Step.NEEDS_SNAPSHOT;
            }
        } else if (state == State.IN_SEQUENCE && !rule.follows(update, lastId)) {
            return Step.OUT_OF_SEQUENCE;
        }
        set(update.bids(), update.asks());
        lastId = update.lastId();
        state = State.IN_SEQUENCE;
        applied++;
        return Step.APPLIED;
    }

    // Half a message is no book: the next snapshot begins anew.
    private void set(List<BookLevel> bids, List<BookLevel> asks) {
        try {
            bids.forEach(level -> book.set(Side.BID, level.price(), level.amount()));
            asks.forEach(level -> book.set(Side.ASK, level.price(), level.amount()));
        } catch (RuntimeException failure) {
            reset();
            throw failure;
        }
    }

    private void keep(DepthUpdate update) {
        if (kept.size() == MOST_KEPT) {
            kept.removeFirst();
        }
        kept.addLast(update);
    }
}
