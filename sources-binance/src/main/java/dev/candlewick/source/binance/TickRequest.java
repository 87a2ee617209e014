package dev.candlewick.source.binance;

import dev.candlewick.Series;
import java.time.Clock;
import java.util.Optional;

/**
 * One series of ticks as Binance knows it, and where to get it.
 *
 * @param venue the REST API and what it knows; empty where nobody may be asked
 */
record TickRequest(
        Series series,
        TickKind kind,
        Market market,
        String symbol,
        TickFiles files,
        Optional<BinanceRoutes> venue,
        ArchiveLag lag,
        Clock clock) {}
