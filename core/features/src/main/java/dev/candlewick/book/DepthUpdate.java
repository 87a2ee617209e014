package dev.candlewick.book;

import java.util.List;
import java.util.OptionalLong;

/**
 * One message of a depth-difference feed: the levels that changed, with their new whole amounts.
 *
 * @param firstId the first update in it ({@code U})
 * @param lastId the last update in it ({@code u})
 * @param previousLastId the last update of the message before ({@code pu}); futures say it, spot does not
 * @param bids changed bids, 0 where a level went
 * @param asks changed asks, likewise
 */
public record DepthUpdate(
        long firstId, long lastId, OptionalLong previousLastId, List<BookLevel> bids, List<BookLevel> asks) {

    /** Checks the ids and copies the lists. */
    public DepthUpdate {
        if (firstId > lastId) {
            throw new IllegalArgumentException(
                    "A message cannot hold updates from " + firstId + " to " + lastId + ", which is before");
        }
        bids = List.copyOf(bids);
        asks = List.copyOf(asks);
    }
}
