package dev.candlewick.book;

import java.math.BigDecimal;

/**
 * How much is wanted or offered at a price.
 *
 * @param price the price, exact
 * @param amount the whole amount there, exact, in the venue's own unit
 */
public record BookLevel(BigDecimal price, BigDecimal amount) {

    @Override
    public String toString() {
        return amount.toPlainString() + " @ " + price.toPlainString();
    }
}
