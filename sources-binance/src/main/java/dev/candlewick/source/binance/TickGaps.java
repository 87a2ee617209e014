package dev.candlewick.source.binance;

import dev.candlewick.Cadence;
import dev.candlewick.Corrupt;
import dev.candlewick.Dataset;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Interval;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import dev.candlewick.Unavailable;
import dev.candlewick.http.HttpRefused;
import dev.candlewick.spi.Findings;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

/** Says why ticks are missing. When an instrument came and went is told by its daily candles. For one thread. */
final class TickGaps {

    private static final Cadence.Grid DAYS = new Cadence.Grid(new Interval(1, Interval.Unit.DAY), ZoneOffset.UTC);
    private static final long MILLISECOND = 1_000;

    private final TickRequest request;
    private final Instant now;
    private final Findings findings;

    TickGaps(TickRequest request, Instant now, Findings findings) {
        this.request = request;
        this.now = now;
        this.findings = findings;
    }

    void explain(TimeRange stretch, GapReason reason, String evidence) {
        findings.add(new Gap(stretch, reason, evidence, now, recheckAt(stretch, reason)));
    }

    /** Both the archive and REST have nothing there. */
    void explainEmpty(TimeRange stretch, String archive, String other) {
        afterListing(stretch)
                .forEach(rest -> explain(
                        rest,
                        rest.end().isAfter(now.minus(Duration.ofMinutes(10)))
                                ? GapReason.NOT_YET_PUBLISHED
                                : GapReason.CONFIRMED_EMPTY,
                        joined(archive, other)));
    }

    /** The archive has nothing there, and nobody else can be asked. */
    void explainHole(TimeRange stretch, String archive, String other) {
        afterListing(stretch).forEach(rest -> explain(rest, GapReason.ARCHIVE_HOLE, joined(archive, other)));
    }

    /** Numbers that nobody has, between the rows around them. */
    void missing(IdTrail.Hole hole, TimeRange part, GapReason reason, String evidence) {
        range(hole).intersection(part).ifPresent(stretch -> explain(stretch, reason, evidence));
    }

    /** Where a hole lies: behind the row before it; within its millisecond if the next row has the same time. */
    TimeRange range(IdTrail.Hole hole) {
        long start = hole.afterMicros() + 1;
        return TimeRange.ofEpochMicros(
                start, hole.beforeMicros() > start ? hole.beforeMicros() : hole.afterMicros() + MILLISECOND);
    }

    /** Whether an earlier part of the reading showed that the stretch lies before the listing. */
    boolean isKnownUnlisted(TimeRange stretch) {
        return request.venue()
                .flatMap(venue -> venue.listings().knownStart(DAYS, request.symbol()))
                .filter(start -> !start.isBefore(stretch.end()))
                .isPresent();
    }

    void requireKnownSymbol(UnknownSymbol unknown, TimeRange stretch) {
        request.venue().ifPresent(venue -> asCandles(venue).requireKnownSymbol(unknown, stretch));
    }

    boolean archiveKnowsSymbol(TimeRange stretch) {
        return request.venue()
                .filter(venue -> asCandles(venue).archiveKnowsSymbol(stretch))
                .isPresent();
    }

    /** Explains what lies before the listing and after the delisting; gives the rest. */
    private TimeRanges afterListing(TimeRange stretch) {
        if (request.venue().isEmpty()) {
            return TimeRanges.of(stretch);
        }
        BinanceRoutes venue = request.venue().get();
        TimeRanges rest = TimeRanges.of(stretch);
        try {
            Listings.Start start = venue.listings().start(candles(), DAYS, request.symbol());
            if (start.at().filter(stretch.start()::isBefore).isPresent()) {
                Instant first = start.at().get();
                TimeRange before = TimeRange.of(stretch.start(), first.isBefore(stretch.end()) ? first : stretch.end());
                explain(before, GapReason.BEFORE_LISTING, start.evidence());
                rest = rest.minus(before);
            }
            if (!rest.isEmpty()) {
                Optional<Instant> end = venue.listings()
                        .end(candles(), DAYS, request.symbol(), now)
                        .flatMap(Listings.End::at)
                        .filter(at -> at.isBefore(stretch.end()));
                if (end.isPresent()) {
                    TimeRange after = TimeRange.of(
                            end.get().isAfter(stretch.start()) ? end.get() : stretch.start(), stretch.end());
                    explain(
                            after,
                            GapReason.AFTER_DELISTING,
                            request.symbol() + " was traded up to " + end.get() + " by its daily candles");
                    rest = rest.minus(after);
                }
            }
        } catch (UnknownSymbol unknown) {
            requireKnownSymbol(unknown, stretch);
        } catch (Unavailable | HttpRefused | Corrupt cannotTell) {
            // The listing only explains holes; without it the routes' own answers do.
        }
        return rest;
    }

    private KlineRequest asCandles(BinanceRoutes venue) {
        return new KlineRequest(venue, candles(), DAYS, request.symbol());
    }

    private Series candles() {
        return request.series().with(Dataset.candles(DAYS.interval()));
    }

    private static String joined(String archive, String other) {
        return archive.isEmpty() ? other : other.isEmpty() ? archive : archive + "; " + other;
    }

    /** Files are replaced within days, seldom within months, hardly ever after a year. */
    private Instant recheckAt(TimeRange stretch, GapReason reason) {
        Duration age = Duration.between(stretch.end(), now);
        return switch (reason) {
            case BEFORE_LISTING -> Gap.NEVER;
            case QUARANTINED -> now.plus(Duration.ofDays(1));
            case NOT_YET_PUBLISHED -> now.plus(Duration.ofMinutes(age.compareTo(Duration.ofMinutes(10)) < 0 ? 1 : 60));
            default ->
                age.compareTo(Duration.ofDays(14)) < 0
                        ? now.plus(Duration.ofDays(1))
                        : age.compareTo(Duration.ofDays(365)) < 0 ? now.plus(Duration.ofDays(30)) : Gap.NEVER;
        };
    }
}
