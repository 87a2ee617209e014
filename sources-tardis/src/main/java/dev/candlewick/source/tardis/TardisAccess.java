package dev.candlewick.source.tardis;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a key gives a right to.
 *
 * @param exchange Tardis' name of the exchange
 * @param accessType for example {@code pro}
 * @param dataPlan for example {@code perpetuals}
 * @param from the first instant, if there is one
 * @param to the first instant after, if there is one
 * @param symbols the only symbols; empty for all
 */
public record TardisAccess(
        String exchange,
        String accessType,
        String dataPlan,
        Optional<Instant> from,
        Optional<Instant> to,
        List<String> symbols) {

    /** Copies the list. */
    public TardisAccess {
        symbols = List.copyOf(symbols);
    }
}
