package dev.candlewick.source.tardis;

import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Refused;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import dev.candlewick.source.tardis.TardisExchangeDetails.DatasetSymbol;
import dev.candlewick.source.tardis.TardisExchangeDetails.Datasets;
import dev.candlewick.source.tardis.TardisExchangeDetails.Incident;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Why there is no file of a day, as far as the catalogue knows. Pure. */
final class Availability {

    /** Files come at about 06:00 UTC of the next day. */
    static final Duration PUBLISHED_AFTER = Duration.ofHours(6);

    private static final Duration SOON = Duration.ofHours(1);
    private static final Duration TOMORROW = Duration.ofDays(1);
    private static final Duration NEXT_MONTH = Duration.ofDays(30);

    /** A file that is late is late by days, not by weeks. */
    private static final Duration MAY_STILL_COME = Duration.ofDays(3);

    private static final int NEAR_MATCHES = 5;

    private final DatasetFile file;
    private final Instant now;

    Availability(DatasetFile file, Instant now) {
        this.file = file;
        this.now = now;
    }

    /** Why a day is not even asked for: it is not over yet. */
    Optional<Gap> beforeAsking(TimeRange part) {
        Instant end = file.range().end();
        if (!end.isAfter(now)) {
            return Optional.empty();
        }
        return Optional.of(new Gap(
                part,
                GapReason.NOT_YET_PUBLISHED,
                "it was " + now + ", and the files of a day are published after its end",
                now,
                end.plus(PUBLISHED_AFTER)));
    }

    /** What the catalogue alone can tell. */
    Optional<Gap> byCatalogue(TimeRange part, TardisExchangeDetails details) {
        Optional<Datasets> files = details.datasets();
        Optional<DatasetSymbol> symbol = details.datasetSymbol(file.symbol());
        if (files.isEmpty() || symbol.isEmpty()) {
            return Optional.empty();
        }
        TimeRange day = file.range();
        DatasetSymbol known = symbol.get();
        if (!known.availableSince().isBefore(day.end())) {
            return gap(part, GapReason.BEFORE_LISTING, "Tardis has it since " + known.availableSince(), Gap.NEVER);
        }
        Optional<Instant> ended = details.ended(known).filter(end -> !end.isAfter(day.start()));
        if (ended.isPresent()) {
            return gap(part, GapReason.AFTER_DELISTING, "Tardis has it until " + ended.get(), now.plus(NEXT_MONTH));
        }
        if (!known.dataTypes().isEmpty()
                && !known.dataTypes().contains(file.data().type())) {
            return gap(
                    part,
                    GapReason.ARCHIVE_HOLE,
                    "Tardis does not offer " + file.data() + " of it, only " + String.join(", ", known.dataTypes()),
                    now.plus(NEXT_MONTH));
        }
        return Optional.empty();
    }

    /** Why Tardis answered that there is no such file. */
    Gap notThere(TimeRange part, String answered, TardisCatalogue.Asked asked) {
        TimeRange day = file.range();
        Instant recheck = now.plus(day.end().isAfter(now.minus(NEXT_MONTH)) ? TOMORROW : NEXT_MONTH);
        boolean recent = day.end().isAfter(now.minus(MAY_STILL_COME));
        if (asked.details().isEmpty()) {
            return new Gap(
                    part,
                    recent ? GapReason.NOT_YET_PUBLISHED : GapReason.ARCHIVE_HOLE,
                    answered + "; the catalogue could not be asked why: " + asked.failure(),
                    now,
                    now.plus(recent ? SOON : TOMORROW));
        }
        TardisExchangeDetails details = asked.details().get();
        requireKnown(details, answered);
        Optional<Gap> told = byCatalogue(part, details);
        if (told.isPresent()) {
            Gap why = told.get();
            return new Gap(part, why.reason(), why.evidence() + "; " + answered, now, why.recheckAt());
        }
        Optional<Instant> until = details.datasets().map(Datasets::exportedUntil);
        if (until.isPresent() && day.end().isAfter(until.get())) {
            return new Gap(
                    part,
                    GapReason.NOT_YET_PUBLISHED,
                    answered + "; days are exported until " + until.get(),
                    now,
                    now.plus(SOON));
        }
        Optional<Incident> incident = details.incidents().stream()
                .filter(each -> each.range().contains(part))
                .findFirst();
        if (incident.isPresent()) {
            return new Gap(
                    part,
                    GapReason.VENUE_OUTAGE,
                    report(incident.get()) + "; " + answered,
                    now,
                    recheck(incident.get()));
        }
        return new Gap(part, GapReason.ARCHIVE_HOLE, answered, now, recheck);
    }

    /** The stretches without rows that a report explains. */
    List<Gap> incidents(List<TimeRange> silences, List<Incident> incidents) {
        List<Gap> explained = new ArrayList<>();
        TimeRanges left = TimeRanges.of(silences);
        for (Incident incident : incidents) {
            left.within(incident.range())
                    .forEach(silent -> explained.add(
                            new Gap(silent, GapReason.VENUE_OUTAGE, report(incident), now, recheck(incident))));
            left = left.minus(incident.range());
        }
        explained.sort(Comparator.naturalOrder());
        return explained;
    }

    private Instant recheck(Incident incident) {
        return incident.status().equals("unresolved") ? now.plus(TOMORROW) : Gap.NEVER;
    }

    private static String report(Incident incident) {
        return "Tardis reports an incident (" + incident.status() + ") over " + incident.range() + ": "
                + (incident.details().isBlank()
                        ? "no details"
                        : incident.details().strip());
    }

    private Optional<Gap> gap(TimeRange part, GapReason reason, String evidence, Instant recheckAt) {
        return Optional.of(new Gap(part, reason, evidence, now, recheckAt));
    }

    /** A symbol that the catalogue does not have at all is a mistake of the asker's. */
    private void requireKnown(TardisExchangeDetails details, String answered) {
        List<DatasetSymbol> symbols = details.datasets().map(Datasets::symbols).orElse(List.of());
        if (symbols.isEmpty() || details.datasetSymbol(file.symbol()).isPresent()) {
            return;
        }
        String near = symbols.stream()
                .map(DatasetSymbol::id)
                .sorted(Comparator.comparingInt((String id) -> distance(file.symbol(), id))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(NEAR_MATCHES)
                .collect(Collectors.joining(", "));
        throw new Refused("Tardis has no files of " + file.symbol() + " on " + file.exchange() + " (" + answered
                + "). Near matches: " + near);
    }

    /** How many letters have to change, be added or go; good enough to find a slip of the pen. */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int changed = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
