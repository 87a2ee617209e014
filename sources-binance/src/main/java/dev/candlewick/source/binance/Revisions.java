package dev.candlewick.source.binance;

import dev.candlewick.Answer;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.LedgerEntry;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether the archive has something else today than what a unit was made from. */
final class Revisions {

    private final KlineRequest request;
    private final BinanceRoutes routes;

    Revisions(KlineRequest request, BinanceRoutes routes) {
        this.request = request;
        this.routes = routes;
    }

    Optional<String> changed(LedgerEntry entry) {
        Set<String> known = new HashSet<>();
        for (Answer answer : entry.answers()) {
            known.add(answer.request());
            known.add(answer.version()); // the same file may have come another way, from a directory say
        }
        Optional<String> reason = checksums(entry);
        return reason.isPresent() ? reason : known(entry).flatMap(stretch -> published(stretch, known));
    }

    /** Which of the files that the stretch would be read from today were not there when it was. */
    private Optional<String> published(TimeRange stretch, Set<String> known) {
        Instant now = routes.clock().instant();
        ReadPlan plan = new ReadPlan(request.market(), request.symbol(), request.grid(), now, routes.lag());
        for (Piece piece : plan.pieces(stretch)) {
            if (piece.routes().get(0) instanceof Route.Files files) {
                Optional<String> reason = published(files, known);
                if (reason.isPresent()) {
                    return reason;
                }
            }
        }
        return Optional.empty();
    }

    /** From the first to the last slot of which the unit knows something but that it is not published yet. */
    private static Optional<TimeRange> known(LedgerEntry entry) {
        List<TimeRange> stretches = new ArrayList<>(entry.present().asList());
        entry.gaps().stream()
                .filter(gap -> gap.reason() != GapReason.NOT_YET_PUBLISHED)
                .map(Gap::range)
                .forEach(stretches::add);
        List<TimeRange> known = TimeRanges.of(stretches).asList();
        return known.isEmpty()
                ? Optional.empty()
                : Optional.of(TimeRange.of(
                        known.get(0).start(), known.get(known.size() - 1).end()));
    }

    /** Files that were read, or were looked for in vain, and are others now. */
    private Optional<String> checksums(LedgerEntry entry) {
        for (Answer answer : entry.answers()) {
            Optional<ArchiveFile> file = file(answer);
            if (file.isEmpty()) {
                continue;
            }
            Optional<String> now = request.archive().published(file.get()).map(PublishedChecksum::sha256);
            if (now.isPresent() && !now.get().equals(answer.version())) {
                return Optional.of(
                        answer.version().isEmpty()
                                ? file.get() + " was published since (sha256 " + cut(now.get()) + ")"
                                : file.get() + " was published anew (sha256 " + cut(answer.version()) + " → "
                                        + cut(now.get()) + ")");
            }
        }
        return Optional.empty();
    }

    private Optional<String> published(Route.Files files, Set<String> known) {
        for (ArchiveFile file : files.files()) {
            if (known.contains(request.archive().url(file))) {
                continue;
            }
            Optional<PublishedChecksum> checksum = request.archive().published(file);
            if (checksum.isPresent() && !known.contains(checksum.get().sha256())) {
                return Optional.of(file + " was published since (sha256 "
                        + cut(checksum.get().sha256()) + ")");
            }
        }
        return Optional.empty();
    }

    private Optional<ArchiveFile> file(Answer answer) {
        for (ArchiveFile.Span span : ArchiveFile.Span.values()) {
            if (span.route().equals(answer.route())) {
                ArchiveFile file = ArchiveFile.holding(
                        request.market(),
                        request.symbol(),
                        request.grid().interval(),
                        span,
                        answer.range().start());
                return request.archive().url(file).equals(answer.request()) ? Optional.of(file) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static String cut(String sha256) {
        return sha256.substring(0, Math.min(12, sha256.length())) + "…";
    }
}
