package dev.candlewick.instrument;

import dev.candlewick.Answer;
import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.CalendarUnit;
import dev.candlewick.Dataset;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * The days of a catalog as a source: for a store's registry these are then fetched, found missing and filled like any other
 * rows. Of each day that had ended when the catalog was taken it gives a row for every instrument alive then.
 */
final class InstrumentDefinitions implements Source {

    private final String name;
    private final InstrumentCatalog catalog;
    private final Instant takenAt;

    InstrumentDefinitions(String name, InstrumentCatalog catalog, Instant takenAt) {
        this.name = name;
        this.catalog = catalog;
        this.takenAt = takenAt;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean serves(Series series) {
        return series.dataset().equals(Dataset.INSTRUMENTS)
                && InstrumentRegistry.series(series.subject().venue()).equals(series)
                && catalog.venues().contains(series.subject().venue());
    }

    @Override
    public String refusal(Series series) {
        return name + " has " + Dataset.INSTRUMENTS + " of " + catalog.venues() + ", such as "
                + InstrumentRegistry.series("DERIBIT") + "; not " + series;
    }

    @Override
    public Batches read(Series series, TimeRange range) {
        if (!serves(series)) {
            throw new Refused(refusal(series));
        }
        List<Batch> rows = new ArrayList<>();
        List<Gap> gaps = new ArrayList<>();
        List<Answer> answers = new ArrayList<>();
        for (TimeRange day : CalendarUnit.DAY.touching(range)) {
            TimeRange part = day.intersection(range).orElseThrow();
            if (day.end().isAfter(takenAt)) {
                gaps.add(new Gap(
                        part,
                        GapReason.NOT_YET_PUBLISHED,
                        "the definitions were taken at " + takenAt + ", before the day had ended",
                        takenAt,
                        day.end()));
                continue;
            }
            List<Instrument> alive = alive(series.subject().venue(), day);
            if (alive.isEmpty()) {
                gaps.add(new Gap(
                        part,
                        GapReason.CONFIRMED_EMPTY,
                        "none of the venue's instruments was listed on that day",
                        takenAt,
                        Gap.NEVER));
            }
            int given = part.start().equals(day.start()) ? alive.size() : 0; // all rows of a day are at its midnight
            if (given > 0) {
                rows.add(InstrumentRows.write(series, day.start(), alive, catalog));
            }
            answers.add(new Answer(part, "catalog", name, 0, "", "", given, takenAt, ""));
        }
        return Batches.of(series, range, rows, new Provenance(name, answers, gaps, List.of()));
    }

    private List<Instrument> alive(String venue, TimeRange day) {
        LocalDate date = day.start().atZone(ZoneOffset.UTC).toLocalDate();
        return catalog.aliveOn(date).stream()
                .filter(each -> each.key().venue().equals(venue))
                .toList();
    }
}
