package dev.candlewick.source.binance;

import dev.candlewick.http.HttpTransport;
import dev.candlewick.http.RateBudget;
import java.time.Clock;
import java.util.Optional;

/** What all readings of one source share. */
record BinanceRoutes(
        Market market,
        VenueApi api,
        ArchiveFiles archive,
        PublishedTickFiles ticks,
        Listings listings,
        ArchiveLag lag,
        Clock clock) {

    static BinanceRoutes of(
            Market market,
            String apiUrl,
            String archiveUrl,
            HttpTransport http,
            RateBudget budget,
            Optional<String> key,
            ChecksumPolicy policy,
            ArchiveLag lag,
            Clock clock) {
        VenueApi api = new VenueApi(market, apiUrl, http, budget, key, clock);
        return new BinanceRoutes(
                market,
                api,
                new ArchiveFiles(archiveUrl, http, policy, clock),
                new PublishedTickFiles(archiveUrl, http, policy, clock),
                new Listings(market, api),
                lag,
                clock);
    }
}
