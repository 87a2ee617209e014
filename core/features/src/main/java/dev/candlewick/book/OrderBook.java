package dev.candlewick.book;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An order book: sorted levels on two sides, exact prices and amounts, the best ones at hand.
 *
 * <pre>{@code
 * OrderBook book = new OrderBook();
 * book.set(Side.BID, new BigDecimal("61800.2"), new BigDecimal("2.89"));
 * book.best(Side.BID);        // 2.89 @ 61800.2
 * book.levels(Side.ASK, 5);   // the best five, best first
 * }</pre>
 *
 * <p>Inside, numbers are integers of 10<sup>-12</sup>, as the columns of {@link dev.candlewick.Dataset#BOOK_CHANGES}: 64-bit
 * until one needs 128. It knows levels only; what makes a message, a snapshot or a gap is for {@link BookReplay} and
 * {@link DiffBook}. For one thread.
 */
public final class OrderBook {

    /** Digits behind the point of prices and amounts. */
    public static final int SCALE = 12;

    private final Levels bids = new Levels(Side.BID);
    private final Levels asks = new Levels(Side.ASK);

    /**
     * Sets the amount at a price; 0 removes the level, and one that is not there is none the less fine.
     *
     * @throws ArithmeticException when a number has digits behind the twelfth place or needs more than 128 bits
     * @throws IllegalArgumentException when the amount is negative
     */
    public void set(Side side, BigDecimal price, BigDecimal amount) {
        BigInteger unscaledPrice = unscaled(price);
        BigInteger unscaledAmount = unscaled(amount);
        set(
                side,
                unscaledPrice.shiftRight(64).longValue(),
                unscaledPrice.longValue(),
                unscaledAmount.shiftRight(64).longValue(),
                unscaledAmount.longValue());
    }

    /**
     * Sets the amount at a price, both 128-bit integers of 10<sup>-12</sup> in two halves.
     *
     * @return how many better levels the side has than the one that was set or removed; -1 when nothing changed
     */
    int set(Side side, long priceHigh, long price, long amountHigh, long amount) {
        if (amountHigh < 0) {
            throw new IllegalArgumentException("No level of a book has the negative amount "
                    + decimal(amountHigh, amount).toPlainString());
        }
        return side(side).set(priceHigh, price, amountHigh, amount);
    }

    /** Takes every level away. */
    public void clear() {
        bids.clear();
        asks.clear();
    }

    /** How many levels a side has. */
    public int size(Side side) {
        return side(side).size();
    }

    /** The best level of a side, if it has any. */
    public Optional<BookLevel> best(Side side) {
        return size(side) == 0 ? Optional.empty() : Optional.of(level(side, 0));
    }

    /** The best levels of a side, best first, at most so many. */
    public List<BookLevel> levels(Side side, int most) {
        int count = Math.min(most, size(side));
        List<BookLevel> levels = new ArrayList<>(count);
        for (int depth = 0; depth < count; depth++) {
            levels.add(level(side, depth));
        }
        return List.copyOf(levels);
    }

    /** Every level of a side, best first. */
    public List<BookLevel> levels(Side side) {
        return levels(side, Integer.MAX_VALUE);
    }

    /** Whether somebody bids as much as another asks, which no market shows for long: a deletion was lost. */
    public boolean isCrossed() {
        if (bids.size() == 0 || asks.size() == 0) {
            return false;
        }
        int order = Long.compare(bids.priceHigh(0), asks.priceHigh(0));
        return order > 0 || (order == 0 && Long.compareUnsigned(bids.price(0), asks.price(0)) >= 0);
    }

    /** Takes the best levels of a side away until the book is not crossed; gives how many. */
    public int uncross(Side side) {
        int removed = 0;
        while (isCrossed()) {
            side(side).removeBest();
            removed++;
        }
        return removed;
    }

    Levels side(Side side) {
        return side == Side.BID ? bids : asks;
    }

    private BookLevel level(Side side, int depth) {
        Levels levels = side(side);
        return new BookLevel(
                decimal(levels.priceHigh(depth), levels.price(depth)),
                decimal(levels.amountHigh(depth), levels.amount(depth)));
    }

    /** {@code 2.89 @ 61800.2 / 1.088 @ 61800.3 (4578 and 5018 levels)}. */
    @Override
    public String toString() {
        return best(Side.BID).map(BookLevel::toString).orElse("no bid") + " / "
                + best(Side.ASK).map(BookLevel::toString).orElse("no ask") + " (" + bids.size() + " and " + asks.size()
                + " levels)";
    }

    static BigDecimal decimal(long high, long low) {
        BigInteger unscaled = high == low >> 63
                ? BigInteger.valueOf(low)
                : BigInteger.valueOf(high).shiftLeft(64).or(new BigInteger(Long.toUnsignedString(low)));
        BigDecimal value = new BigDecimal(unscaled, SCALE).stripTrailingZeros();
        return value.scale() < 0 ? value.setScale(0) : value;
    }

    private static BigInteger unscaled(BigDecimal value) {
        // A huge exponent would take minutes to write out; no price comes near.
        if (value.precision() - (long) value.scale() > 38) {
            throw new ArithmeticException(value + " needs more than 128 bits as an integer of 10^-" + SCALE);
        }
        BigInteger unscaled = value.setScale(SCALE).unscaledValue();
        if (unscaled.bitLength() > 127) {
            throw new ArithmeticException(value + " needs more than 128 bits as an integer of 10^-" + SCALE);
        }
        return unscaled;
    }
}
