package dev.candlewick.source.binance;

import dev.candlewick.Batch;
import dev.candlewick.Cadence;
import dev.candlewick.Corrupt;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.MarketDataException;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import dev.candlewick.Unavailable;
import dev.candlewick.http.HttpRefused;
import dev.candlewick.spi.Findings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one piece: goes its routes until no slot is missing, then says why those that still are. For one use by one thread.
 */
final class PieceReader {

    private final KlineRequest request;
    private final Piece piece;
    private final Instant now;
    private final Findings findings;
    private final Series series;
    private final Cadence.Grid grid;

    private Batch rows;
    private TimeRanges missing;
    private TimeRanges attested = TimeRanges.none();
    private TimeRanges absent = TimeRanges.none();
    private TimeRanges quarantined = TimeRanges.none();
    private TimeRanges setAside = TimeRanges.none();
    private final List<String> archiveEvidence = new ArrayList<>();
    private String restEvidence = "";
    private @Nullable MarketDataException restFailure;
    private @Nullable MarketDataException archiveFailure;
    private boolean listingAsked;

    PieceReader(KlineRequest request, Piece piece, Instant now, Findings findings) {
        this.request = request;
        this.piece = piece;
        this.now = now;
        this.findings = findings;
        this.series = request.series();
        this.grid = request.grid();
        this.rows = CandleRows.none(series);
        this.missing = TimeRanges.of(piece.range());
    }

    /** The rows of the piece; gaps, answers and rows set aside go to the findings. */
    Batch read() {
        List<Route.Files> spare = new ArrayList<>();
        for (Route route : piece.routes()) {
            if (missing.isEmpty()) {
                break;
            }
            if (route instanceof Route.Rest) {
                askRest();
            } else if (route instanceof Route.Files files) {
                if (attested.covers(piece.range())) {
                    spare.add(files); // a month's file was read already: its days are asked only if REST fails
                } else {
                    askArchive(files);
                }
            }
        }
        if (restFailure != null) {
            spare.forEach(this::askArchive);
        }
        if (leadsWithHole()) {
            askListing();
        }
        explainEnd();
        explainRest();
        return rows;
    }

    private void askArchive(Route.Files files) {
        for (ArchiveFile file : files.files()) {
            if (missing.within(file.period()).isEmpty() || archiveFailure != null) {
                continue;
            }
            if (!isDue(file) && restFailure == null) {
                continue; // REST answered, and has younger candles than any file
            }
            TimeRange part = file.period().intersection(piece.range()).orElseThrow();
            try {
                settle(file, part, request.archive().read(file, part, series, grid));
            } catch (Unavailable | HttpRefused unreachable) {
                archiveFailure = unreachable;
                archiveEvidence.add("the archive could not be asked: " + unreachable.getMessage());
            }
        }
    }

    private void settle(ArchiveFile file, TimeRange part, ArchiveFiles.Outcome outcome) {
        if (outcome instanceof ArchiveFiles.Loaded loaded) {
            take(file, part, loaded);
        } else if (outcome instanceof ArchiveFiles.Absent) {
            findings.add(outcome.answer());
            archiveEvidence.add("the archive has no " + file);
            if (isDue(file)) {
                absent = absent.union(TimeRanges.of(part));
            }
            askListing();
        } else {
            findings.add(outcome.answer());
            archiveEvidence.add(file + " " + outcome.answer().note());
            setAside = setAside.union(TimeRanges.of(part));
        }
    }

    private boolean isDue(ArchiveFile file) {
        return request.lag().isDue(file, now);
    }

    private void take(ArchiveFile file, TimeRange part, ArchiveFiles.Loaded loaded) {
        ParsedKlines klines = loaded.klines();
        Batch own = klines.rows().within(part);
        int differences = CandleRows.differences(own, rows);
        findings.add(loaded.answer()
                .noted(differences == 0 ? "" : differences + " candles differ from REST; the archive's are kept"));
        findings.setAside(klines.quarantined());
        findings.setAside(klines.outside());
        rows = CandleRows.merge(series, own, rows);
        quarantined = quarantined.union(klines.quarantinedSlots(grid.interval()));
        attested = attested.union(TimeRanges.of(part));
        missing = CandleRows.missing(grid, rows, missing);
        request.sawRows(rows);
        String checksum = loaded.answer().checksum();
        archiveEvidence.add(file + " (" + checksum.substring(0, Math.min(19, checksum.length())) + "…) lacks them");
    }

    private void askRest() {
        try {
            RestKlines.Found found = new RestKlines(request.api(), request.market(), series, grid, request.symbol())
                    .read(missing, attested);
            Batch closed = CandleRows.closedBefore(
                            found.rows(), Epoch.micros(request.api().surelyPast(now)))
                    .within(piece.range());
            int differences = CandleRows.differences(rows, closed);
            TimeRanges before = missing;
            rows = CandleRows.merge(series, rows, closed);
            missing = CandleRows.missing(grid, rows, missing);
            String note = attested.isEmpty() || missing.equals(before)
                    ? ""
                    : "REST filled candles that the archive's file lacks";
            String difference =
                    differences == 0 ? "" : differences + " candles differ from the archive's, which are kept";
            found.answers().forEach(answer -> findings.add(answer.noted(note).noted(difference)));
            findings.setAside(found.quarantined());
            quarantined = quarantined.union(found.quarantinedSlots());
            restEvidence = found.evidence();
            request.sawRows(rows);
        } catch (UnknownSymbol unknown) {
            request.requireKnownSymbol(unknown, piece.range());
            restEvidence = String.valueOf(unknown.getMessage());
        } catch (Unavailable | HttpRefused | Corrupt unreachable) {
            restFailure = unreachable;
        }
    }

    /** Finds out since when there are candles, once; what lies before is explained and not asked any more. */
    private void askListing() {
        if (listingAsked) {
            return;
        }
        listingAsked = true;
        try {
            Listings.Start start = request.listings().start(series, grid, request.symbol());
            start.at().ifPresent(first -> {
                if (first.isAfter(piece.range().start())) {
                    Instant end = first.isBefore(piece.range().end())
                            ? first
                            : piece.range().end();
                    explain(
                            TimeRange.of(piece.range().start(), end),
                            GapReason.BEFORE_LISTING,
                            start.evidence(),
                            Gap.NEVER);
                }
            });
        } catch (UnknownSymbol unknown) {
            request.requireKnownSymbol(unknown, piece.range());
            restEvidence = String.valueOf(unknown.getMessage());
        } catch (Unavailable | HttpRefused | Corrupt cannotTell) {
            // The listing only explains holes; without it the routes' own answers do.
        }
    }

    private boolean leadsWithHole() {
        return !missing.isEmpty()
                && missing.asList().get(0).start().equals(piece.range().start());
    }

    /** Candles end, or go on without trades: was the instrument delisted? */
    private void explainEnd() {
        boolean endsWithHole =
                !missing.isEmpty() && last(missing).end().equals(piece.range().end());
        boolean endsFlat = rows.rows() > 0 && CandleRows.isFlat(rows, rows.rows() - 1);
        if (!endsWithHole && !endsFlat) {
            return;
        }
        Optional<Listings.End> end;
        try {
            end = request.listings().end(series, grid, request.symbol(), now);
        } catch (Unavailable | HttpRefused | Corrupt cannotTell) {
            return; // nobody can tell; holes are explained by what the routes answered
        }
        end.ifPresent(ended -> {
            Instant from = ended.at().orElseGet(this::afterLastTrade);
            Instant start =
                    from.isAfter(piece.range().start()) ? from : piece.range().start();
            if (start.isBefore(piece.range().end())) {
                TimeRange stretch = TimeRange.of(start, piece.range().end());
                int flat = rows.within(stretch).rows();
                explain(
                        stretch,
                        GapReason.AFTER_DELISTING,
                        ended.evidence()
                                + (flat == 0
                                        ? ""
                                        : "; " + flat + " flat zero-trade candles since " + start
                                                + " are published and kept"),
                        recheckAt(stretch));
            }
        });
    }

    private Instant afterLastTrade() {
        for (int row = rows.rows() - 1; row >= 0; row--) {
            if (!CandleRows.isFlat(rows, row)) {
                return Epoch.instant(grid.next(rows.times().epochMicros(row)));
            }
        }
        return piece.range().start();
    }

    private void explainRest() {
        explainEach(missing.intersection(quarantined), GapReason.QUARANTINED, "rows of these candles are set aside");
        explainWithoutRest();
        explainEach(missing.intersection(setAside), GapReason.QUARANTINED, restEvidence);
        for (TimeRange hole : missing) {
            KnownOutages.during(request.market(), hole)
                    .ifPresentOrElse(
                            outage -> explain(
                                    hole,
                                    GapReason.VENUE_OUTAGE,
                                    evidence("Binance stood still (" + outage.record() + ")"),
                                    recheckAt(hole)),
                            () -> explain(
                                    hole,
                                    isFresh(hole) ? GapReason.NOT_YET_PUBLISHED : GapReason.CONFIRMED_EMPTY,
                                    evidence(restEvidence),
                                    recheckAt(hole)));
        }
    }

    /**
     * REST could not be asked. What a proven file lacks is a hole of the archive, and so are the days of which the archive
     * has no file though it has others of this symbol. The rest is nobody's word: an error, never empty.
     */
    private void explainWithoutRest() {
        MarketDataException failure = restFailure;
        if (failure == null || missing.isEmpty()) {
            return;
        }
        TimeRanges unknown = missing.minus(attested);
        if (!unknown.isEmpty() && (!unknown.minus(absent).isEmpty() || !request.archiveKnowsSymbol(piece.range()))) {
            if (archiveFailure != null) {
                failure.addSuppressed(archiveFailure);
            }
            throw failure;
        }
        explainEach(missing, GapReason.ARCHIVE_HOLE, "REST gave no usable answer: " + failure.getMessage());
    }

    private void explainEach(TimeRanges holes, GapReason reason, String why) {
        holes.forEach(hole -> explain(hole, reason, evidence(why), now.plus(Duration.ofDays(1))));
    }

    private void explain(TimeRange stretch, GapReason reason, String evidence, Instant recheckAt) {
        findings.add(new Gap(stretch, reason, evidence, now, recheckAt));
        missing = missing.minus(stretch);
    }

    private String evidence(String why) {
        List<String> all = new ArrayList<>(archiveEvidence);
        if (!why.isEmpty()) {
            all.add(why);
        }
        if (!restEvidence.isEmpty() && !why.equals(restEvidence)) {
            all.add(restEvidence);
        }
        int shown = 4;
        return all.size() <= shown
                ? String.join("; ", all)
                : String.join("; ", all.subList(0, 2)) + "; … ; "
                        + String.join("; ", all.subList(all.size() - 2, all.size()));
    }

    /** The venue may need some minutes to publish a candle. */
    private boolean isFresh(TimeRange hole) {
        return hole.end().isAfter(now.minus(Duration.ofMinutes(10)));
    }

    /** Holes are filled from above within days, seldom within months, hardly ever after a year. */
    private Instant recheckAt(TimeRange hole) {
        if (archiveFailure != null) {
            return now.plus(Duration.ofDays(1)); // one of the two was not asked
        }
        Duration age = Duration.between(hole.end(), now);
        if (age.compareTo(Duration.ofMinutes(10)) < 0) {
            return now.plus(Duration.ofMinutes(1));
        }
        if (age.compareTo(Duration.ofDays(2)) < 0) {
            return now.plus(Duration.ofHours(12));
        }
        return age.compareTo(Duration.ofDays(365)) < 0 ? now.plus(Duration.ofDays(30)) : Gap.NEVER;
    }

    private static TimeRange last(TimeRanges ranges) {
        return ranges.asList().get(ranges.asList().size() - 1);
    }

    /** What the message of an unknown symbol says. */
    static Refused unknownSymbol(KlineRequest request, String what, List<String> near) {
        return new Refused("binance:" + request.market() + " has no instrument " + request.symbol() + " ("
                + request.series().subject() + "): " + what + ", and the archive has no candles of it. "
                + (near.isEmpty() ? "Look it up with instruments()" : "Near matches: " + String.join(", ", near)));
    }
}
