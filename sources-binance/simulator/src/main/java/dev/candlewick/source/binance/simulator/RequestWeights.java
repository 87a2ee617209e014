package dev.candlewick.source.binance.simulator;

import java.util.Optional;

/** What each request costs, and from which budget. */
final class RequestWeights {
    private static final int DEFAULT_LIMIT = 500;

    private RequestWeights() {}

    static Optional<WeightPool> pool(VenueHost host) {
        return switch (host) {
            case API -> Optional.of(WeightPool.SPOT);
            case FAPI, DAPI -> Optional.of(WeightPool.FUTURES);
            case ARCHIVE -> Optional.empty();
        };
    }

    static int of(IncomingRequest request) {
        return switch (request.kind()) {
            case KLINES -> request.host() == VenueHost.API ? 2 : futuresKlines(request);
            case EXCHANGE_INFO -> request.host() == VenueHost.API ? 20 : 1;
            case PING, TIME -> 1;
            case TRADES -> trades(request);
            case FUNDING -> request.host() == VenueHost.DAPI ? 1 : 0;
            case ARCHIVE_FILE, ARCHIVE_CHECKSUM, LISTING, OTHER -> 0;
        };
    }

    private static int trades(IncomingRequest request) {
        boolean aggregates = request.path().endsWith("/aggTrades");
        if (request.host() == VenueHost.API) {
            return aggregates ? 4 : 25;
        }
        return aggregates ? 20 : 200;
    }

    private static int futuresKlines(IncomingRequest request) {
        int limit = request.parameter("limit").map(RequestWeights::number).orElse(DEFAULT_LIMIT);
        if (limit < 100) {
            return 1;
        }
        if (limit < 500) {
            return 2;
        }
        return limit <= 1000 ? 5 : 10;
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            return DEFAULT_LIMIT; // the request will be refused, but it costs
        }
    }
}
