package dev.candlewick.book;

import java.util.List;

/**
 * A book as a venue's request for depth answers it.
 *
 * @param lastId the last update in it; −1 for a new instrument whose book is empty
 * @param bids its bids
 * @param asks its asks
 */
public record DepthSnapshot(long lastId, List<BookLevel> bids, List<BookLevel> asks) {

    /** Copies the lists. */
    public DepthSnapshot {
        bids = List.copyOf(bids);
        asks = List.copyOf(asks);
    }
}
