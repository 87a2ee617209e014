package dev.candlewick.source.binance;

import dev.candlewick.Estimate;
import dev.candlewick.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What reading ticks would ask for if the archive has every day that is over and no row is missing: its files, and the looks
 * beyond the ends of the range that tell whether they are whole. Pure.
 */
final class TickEstimate {

    /** The file and its checksum. */
    private static final long REQUESTS_OF_A_FILE = 2;

    private final TickRequest request;
    private final Instant now;
    private final Set<TickFile> files = new HashSet<>();
    private final Map<String, Long> requests = new HashMap<>();
    private long weight;

    private TickEstimate(TickRequest request) {
        this.request = request;
        this.now = request.clock().instant();
    }

    static Estimate of(TickRequest request, TimeRange range, String lane) {
        TickEstimate estimate = new TickEstimate(request);
        range.days(ZoneOffset.UTC).forEach(day -> estimate.file(day.start()));
        if (request.kind() == TickKind.METRICS) {
            estimate.file(
                    range.start().minus(Duration.ofDays(1))); // the last row of a day may lie in the file before it
        } else if (request.kind().isNumbered()) {
            if (isMidnight(range.start()) && estimate.isOver(range.start().plus(Duration.ofDays(1)))) {
                estimate.askRest(range.start());
            }
            if (isMidnight(range.end()) && estimate.isOver(range.end())) {
                estimate.lookBehind(range.end());
            }
        }
        return new Estimate(estimate.requests, estimate.weight, 0, OptionalLong.empty(), lane);
    }

    private static boolean isMidnight(Instant time) {
        return time.equals(time.truncatedTo(ChronoUnit.DAYS));
    }

    private boolean isOver(Instant end) {
        return !end.isAfter(now);
    }

    private void file(Instant within) {
        TickFile file = request.kind().hasFilesOfDays()
                ? TickFile.daily(request.market(), request.symbol(), request.kind(), within)
                : TickFile.monthly(request.market(), request.symbol(), request.kind(), within);
        if (isOver(file.period().end()) && files.add(file)) {
            requests.merge(file.span().route(), REQUESTS_OF_A_FILE, Long::sum);
        }
    }

    /** The first number behind a day, from REST or else from the first bytes of the next day's file. */
    private void lookBehind(Instant end) {
        if (!askRest(end)) {
            TickFile next = TickFile.daily(request.market(), request.symbol(), request.kind(), end);
            if (isOver(next.period().end())) {
                requests.merge(next.span().route(), 1L, Long::sum);
            }
        }
    }

    private boolean askRest(Instant about) {
        boolean witness = request.venue()
                .map(venue -> new RestTrades(
                        venue.api(), request.market(), request.kind(), request.series(), request.symbol(), now))
                .filter(rest -> rest.numbersBefore() == 0)
                .filter(rest -> rest.obstacle(about).isEmpty())
                .isPresent();
        if (witness && about.isBefore(now)) {
            requests.merge(RestKlines.ROUTE, 1L, Long::sum);
            weight += request.market().aggTradesWeight();
        }
        return witness;
    }
}
