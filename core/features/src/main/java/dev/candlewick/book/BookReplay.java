package dev.candlewick.book;

import dev.candlewick.Batch;
import dev.candlewick.BooleanColumn;
import dev.candlewick.Corrupt;
import dev.candlewick.DecimalColumn;
import dev.candlewick.TextColumn;
import dev.candlewick.TimeColumn;
import java.util.Arrays;

/**
 * Keeps an {@link OrderBook} from rows of {@link dev.candlewick.Dataset#BOOK_CHANGES}, message by message, in recorded
 * or in live use.
 *
 * <pre>{@code
 * BookReplay replay = BookReplay.onEachMessage((book, timestamp, arrived) -> use(book.best(Side.BID)));
 * for (Batch changes : batches) {
 *     replay.accept(changes);
 * }
 * replay.endMessage();
 * }</pre>
 *
 * <p>The rules of recorded books: rows before the first snapshot tell nothing and are skipped; the first snapshot row after
 * others empties the book, and snapshot rows that follow it without a change between belong to the same snapshot whatever
 * their times: nothing in them tells that another began; adjoining rows with the same two times are one message, and the book is shown only after its
 * last row; amounts of zero, also in snapshots, are no level. Where a message leaves bid and ask crossed, the venue lost a
 * deletion: the side that the message did not improve gives way, and {@link #crossings} counts it.
 *
 * <p>After {@link #reset} the book is unknown until the next snapshot. For one thread.
 */
public final class BookReplay {

    /** Is shown the book after each whole message. */
    @FunctionalInterface
    public interface Listener {

        /**
         * A message was applied. The book is the replay's own: read it now, change nothing.
         *
         * @param timestamp the venue's time of the message, in microseconds since the epoch
         * @param arrived when it was received
         */
        void onMessage(OrderBook book, long timestamp, long arrived);
    }

    private final OrderBook book = new OrderBook();
    private final Listener listener;

    private boolean known;
    private boolean inSnapshot;
    private boolean inMessage;
    private long timestamp;
    private long arrived;
    private long crossings;
    private long skipped;
    private long snapshots;
    // How near the best level the message came, the fewest better levels of any change; MAX_VALUE when it changed
    // nothing.
    private int nearest = Integer.MAX_VALUE;
    private long[] askPrices = new long[2 * 64];
    private int askCount;

    private BookReplay(Listener listener) {
        this.listener = listener;
    }

    /** A replay that shows the book after each message. */
    public static BookReplay onEachMessage(Listener listener) {
        return new BookReplay(listener);
    }

    /**
     * Takes the rows of a batch in order. The last message stays open, since its next row may follow in the next batch.
     *
     * @throws Corrupt when a row has a side other than {@code bid} and {@code ask} or a negative amount, naming it
     */
    public void accept(Batch changes) {
        accept(changes, 0, changes.rows());
    }

    void accept(Batch changes, int from, int to) {
        TimeColumn timestamps = changes.times("timestamp");
        TimeColumn arrivals = changes.times("local_timestamp");
        BooleanColumn snapshot = changes.booleans("is_snapshot");
        TextColumn sides = changes.texts("side");
        DecimalColumn prices = changes.decimals("price");
        DecimalColumn amounts = changes.decimals("amount");
        int asks = sides.dictionary().indexOf("ask");
        int bids = sides.dictionary().indexOf("bid");
        for (int row = from; row < to; row++) {
            int side = sides.code(row);
            if (side != asks && side != bids) {
                throw unreadable(changes, row, "side '" + sides.value(row) + "' is neither bid nor ask");
            }
            long amountHigh = amounts.high(row);
            if (amountHigh < 0) {
                throw unreadable(changes, row, "its amount is negative: " + amounts.text(row));
            }
            begin(timestamps.epochMicros(row), arrivals.epochMicros(row), snapshot.value(row));
            if (known) {
                apply(
                        side == asks ? Side.ASK : Side.BID,
                        prices.high(row),
                        prices.low(row),
                        amountHigh,
                        amounts.low(row));
            } else {
                skipped++;
            }
        }
    }

    /** Says that the last message is whole; at the end of a recording, or where a live feed marks its messages. */
    public void endMessage() {
        if (!inMessage) {
            return;
        }
        inMessage = false;
        if (known) {
            uncross();
            listener.onMessage(book, timestamp, arrived);
        }
        nearest = Integer.MAX_VALUE;
        askCount = 0;
    }

    /** Ends the last message and forgets the book until the next snapshot: after a disconnect, a gap, an incident. */
    public void reset() {
        endMessage();
        book.clear();
        known = false;
        inSnapshot = false;
    }

    /** Whether a snapshot has been seen since the beginning or the last reset. */
    public boolean isKnown() {
        return known;
    }

    /** The book as it is; while a message is open it may be half applied. */
    public OrderBook book() {
        return book;
    }

    /** How many messages left the book crossed, so that a side had to give way. */
    public long crossings() {
        return crossings;
    }

    /** How many rows told nothing, because no snapshot had come before them. */
    public long skippedRows() {
        return skipped;
    }

    /** How many snapshots began. */
    public long snapshots() {
        return snapshots;
    }

    /** Fewer levels than this are better than any level that the message changed. */
    int nearest() {
        return nearest;
    }

    private void begin(long rowTimestamp, long rowArrived, boolean isSnapshot) {
        if (inMessage && (rowTimestamp != timestamp || rowArrived != arrived)) {
            endMessage();
        }
        inMessage = true;
        timestamp = rowTimestamp;
        arrived = rowArrived;
        if (isSnapshot && !inSnapshot) {
            book.clear();
            known = true;
            nearest = 0;
            snapshots++;
        }
        inSnapshot = isSnapshot;
    }

    private void apply(Side side, long priceHigh, long price, long amountHigh, long amount) {
        int depth = book.set(side, priceHigh, price, amountHigh, amount);
        if (depth >= 0) {
            nearest = Math.min(nearest, depth);
        }
        if (side == Side.ASK) {
            if (askCount == askPrices.length) {
                askPrices = Arrays.copyOf(askPrices, askCount * 2);
            }
            askPrices[askCount++] = priceHigh;
            askPrices[askCount++] = price;
        }
    }

    // As the recorder of most such files does it: a message that touched the best ask is believed there.
    private void uncross() {
        if (book.isCrossed()) {
            crossings++;
            nearest = 0;
            book.uncross(touchedBestAsk() ? Side.BID : Side.ASK);
        }
    }

    private boolean touchedBestAsk() {
        Levels asks = book.side(Side.ASK);
        for (int i = 0; i < askCount; i += 2) {
            if (askPrices[i] == asks.priceHigh(0) && askPrices[i + 1] == asks.price(0)) {
                return true;
            }
        }
        return false;
    }

    private static Corrupt unreadable(Batch changes, int row, String what) {
        return new Corrupt("A change of the book of " + changes.series() + " at "
                + changes.times("local_timestamp").text(row) + " cannot be applied: " + what
                + "; read its file again, or set the row aside at its source");
    }
}
