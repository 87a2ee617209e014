package dev.candlewick.source.binance;

import dev.candlewick.Answer;
import dev.candlewick.LedgerEntry;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Whether the archive has something else today than what a unit of ticks was made from. */
final class TickRevisions {

    private final TickRequest request;
    private final BinanceRoutes routes;

    TickRevisions(TickRequest request, BinanceRoutes routes) {
        this.request = request;
        this.routes = routes;
    }

    Optional<String> changed(LedgerEntry entry) {
        Set<String> known = new HashSet<>();
        for (Answer answer : entry.answers()) {
            known.add(answer.request());
            if (!answer.route().startsWith("archive-")) {
                continue;
            }
            Optional<String> now = routes.ticks().publishedNow(answer.request());
            if (now.isPresent() && !now.get().equals(answer.version())) {
                String name = answer.request().substring(answer.request().lastIndexOf('/') + 1);
                return Optional.of(
                        answer.version().isEmpty()
                                ? name + " was published since (sha256 " + cut(now.get()) + ")"
                                : name + " was published anew (sha256 " + cut(answer.version()) + " → " + cut(now.get())
                                        + ")");
            }
        }
        return entry.present().isEmpty() && entry.gaps().isEmpty() ? Optional.empty() : since(entry, known);
    }

    /** What came from REST because the day's file was not there yet. */
    private Optional<String> since(LedgerEntry entry, Set<String> known) {
        Instant start = entry.unit().days(ZoneOffset.UTC).get(0).start();
        TickFile file = request.kind().hasFilesOfDays()
                ? TickFile.daily(request.market(), request.symbol(), request.kind(), start)
                : TickFile.monthly(request.market(), request.symbol(), request.kind(), start);
        String url = routes.ticks().url(file);
        if (known.contains(url) || !file.isDue(request.lag(), routes.clock().instant())) {
            return Optional.empty();
        }
        return routes.ticks()
                .publishedNow(url)
                .filter(sha256 -> entry.answers().stream()
                        .noneMatch(answer -> answer.version().equals(sha256)))
                .map(sha256 -> file + " was published since (sha256 " + cut(sha256) + ")");
    }

    private static String cut(String sha256) {
        return sha256.substring(0, Math.min(12, sha256.length())) + "…";
    }
}
