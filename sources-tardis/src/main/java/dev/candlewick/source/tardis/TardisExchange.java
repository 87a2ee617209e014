package dev.candlewick.source.tardis;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An exchange that Tardis records, as its catalogue describes it.
 *
 * @param id Tardis' own name: {@code binance-futures}
 * @param name for people
 * @param enabled whether it is recorded and offered
 * @param delisted whether it exists no more
 * @param supportsDatasets whether there are daily files of it
 * @param availableSince since when it is recorded
 * @param availableTo until when; empty while it goes on
 * @param channels the channels of the venue's own feed that are recorded
 */
public record TardisExchange(
        String id,
        String name,
        boolean enabled,
        boolean delisted,
        boolean supportsDatasets,
        Instant availableSince,
        Optional<Instant> availableTo,
        List<String> channels) {

    /** Copies the list. */
    public TardisExchange {
        channels = List.copyOf(channels);
    }

    @Override
    public String toString() {
        return id + " since " + availableSince;
    }
}
