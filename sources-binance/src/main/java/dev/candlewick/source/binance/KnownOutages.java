package dev.candlewick.source.binance;

import dev.candlewick.TimeRange;
import java.util.List;
import java.util.Optional;

/**
 * When Binance's spot exchange is publicly known to have stood still: nothing traded, so candles do not exist. A hole
 * inside such a window that archive and REST both confirm is the outage's. Windows are a little wider than the missing
 * candles, because the edge of an outage differs by interval.
 */
final class KnownOutages {

    private static final String ARCHIVE_ISSUES = "binance-public-data issues 14, 77, 84, 169, 316, 379";

    record Outage(TimeRange window, String record) {}

    private static final List<Outage> SPOT = List.of(
            outage("2017-09-06T15:00:00Z", "2017-09-07T00:00:00Z", ARCHIVE_ISSUES),
            outage("2017-12-18T12:00:00Z", "2017-12-18T14:00:00Z", ARCHIVE_ISSUES),
            outage("2018-01-04T03:00:00Z", "2018-01-04T06:00:00Z", ARCHIVE_ISSUES),
            outage("2018-02-08T00:00:00Z", "2018-02-09T10:00:00Z", ARCHIVE_ISSUES),
            outage("2019-03-12T02:00:00Z", "2019-03-12T08:00:00Z", ARCHIVE_ISSUES),
            outage("2020-02-19T11:00:00Z", "2020-02-19T18:00:00Z", ARCHIVE_ISSUES),
            outage("2020-11-30T06:00:00Z", "2020-11-30T07:00:00Z", ARCHIVE_ISSUES),
            outage("2023-03-24T12:30:00Z", "2023-03-24T14:00:00Z", "spot trading halt of 2023-03-24"));

    private KnownOutages() {}

    static Optional<Outage> during(Market market, TimeRange hole) {
        return market == Market.SPOT
                ? SPOT.stream().filter(outage -> outage.window.contains(hole)).findFirst()
                : Optional.empty();
    }

    private static Outage outage(String start, String end, String record) {
        return new Outage(TimeRange.of(start, end), record);
    }
}
