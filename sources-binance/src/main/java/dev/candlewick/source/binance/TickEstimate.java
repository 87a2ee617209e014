package dev.candlewick.source.binance;

import dev.candlewick.Estimate;
import dev.candlewick.TimeRange;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** What reading ticks would ask for. Pure. */
final class TickEstimate {

    private TickEstimate() {}

    static Estimate of(TickRequest request, TimeRange range, String lane) {
        Instant now = request.clock().instant();
        Map<String, Long> requests = new HashMap<>();
        Set<TickFile> files = new HashSet<>();
        for (TimeRange day : range.days(ZoneOffset.UTC)) {
            TickFile file = request.kind().hasFilesOfDays()
                    ? TickFile.daily(request.market(), request.symbol(), request.kind(), day.start())
                    : TickFile.monthly(request.market(), request.symbol(), request.kind(), day.start());
            if (!file.period().end().isAfter(now)) {
                if (files.add(file)) {
                    requests.merge(file.span().route(), 2L, Long::sum); // the file and its checksum
                }
            }
        }
        return new Estimate(requests, 0, 0, OptionalLong.empty(), lane);
    }
}
