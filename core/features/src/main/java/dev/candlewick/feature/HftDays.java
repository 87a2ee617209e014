package dev.candlewick.feature;

import dev.candlewick.Answer;
import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Estimate;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Provenance;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.Store;
import dev.candlewick.TimeColumn;
import dev.candlewick.TimeRange;
import dev.candlewick.spi.BucketGaps;
import dev.candlewick.spi.SlotRuns;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Features of a range, UTC day after UTC day, each worked out by itself. For one thread, but for {@link #close}. */
final class HftDays extends RowsByDay {

    private static final Set<GapReason> ABSENT_AT_VENUE = EnumSet.of(
            GapReason.CONFIRMED_EMPTY, GapReason.VENUE_OUTAGE, GapReason.BEFORE_LISTING, GapReason.AFTER_DELISTING);

    private final Source source;
    private final HftSettings settings;
    private final Optional<Surfaces.Origin> options;
    private final List<Gap> gaps = new ArrayList<>();
    private Provenance below = Provenance.none();
    private boolean closed;
    private @Nullable HftDay open;
    private @Nullable Set<Series> stored;

    HftDays(Source source, Series series, TimeRange slots, HftSettings settings, Optional<Surfaces.Origin> options) {
        super(series, slots);
        this.source = source;
        this.options = options;
        this.settings = settings;
    }

    /** What reading a part would ask for, but for earlier days of an idle market, which only its trades tell. */
    static Estimate estimate(
            Source source, Series series, TimeRange part, HftSettings settings, Optional<Surfaces.Origin> options) {
        Estimate all = options.map(origin -> origin.estimate((Cadence.Grid) series.cadence(), part))
                .orElseGet(Estimate::unknown);
        TimeRange arrivals = HftDay.arrivals(part, from(midnight(part), settings), settings);
        for (Series feed : HftDay.feeds(source, series, settings)) {
            all = all.plus(source.estimate(feed, arrivals));
        }
        return all;
    }

    private static long from(long midnight, HftSettings settings) {
        return midnight - settings.history() - settings.earliness();
    }

    @Override
    List<Batch> work(TimeRange part, long midnight) {
        Surfaces surfaces = options.map(origin -> origin.read(grid, part)).orElseGet(Surfaces::none);
        long from = from(midnight, settings);
        HftDay day = open(part, from, surfaces, Map.of());
        try {
            if (!day.isTradedBefore(midnight)) {
                long earlier = lastTraded(from, midnight);
                if (earlier < from) {
                    day.close();
                    from = earlier;
                    day = open(part, from, surfaces, Map.of());
                }
            }
            Batch rows = day.run();
            if (!(source instanceof Store) && !day.lacks().isEmpty()) {
                // It told what it lacks of a feed only after rows had been made as if that were all: made anew,
                // knowing.
                day.close();
                day = open(part, from, surfaces, day.lacks());
                rows = day.run();
            }
            Provenance answered = day.provenance();
            List<Gap> lacking = new ArrayList<>(day.gaps());
            if (!settings.acceptsMissingFeeds()) {
                lacking.addAll(day.open(this::isStored));
                lacking.sort(null);
            }
            BucketGaps missing = settings.acceptsBoundaries()
                    ? BucketGaps.of(grid, part, lacking, 0, 0)
                    : BucketGaps.of(
                            grid,
                            part,
                            lacking,
                            settings.lateness() + settings.realizedSpreadMicros(),
                            settings.earliness());
            if (!settings.acceptsMissingFeeds()) {
                missing = missing.and(surfaces.open());
            }
            SlotRuns given = new SlotRuns(grid);
            List<Batch> ready = without(rows, missing);
            ready.forEach(batch -> given.add(batch.times()));
            Instant at = answered.answers().stream()
                    .map(Answer::at)
                    .max(Instant::compareTo)
                    .orElse(Instant.EPOCH);
            gaps.addAll(missing.gaps(
                    given.ranges(),
                    "nothing was traded then" + before() + ", by the trades that " + answered.source() + " has",
                    at));
            List<QuarantinedRow> quarantined = new ArrayList<>(answered.quarantined());
            quarantined.addAll(day.late());
            quarantined.addAll(surfaces.provenance().quarantined());
            List<Answer> answers = new ArrayList<>(answered.answers());
            answers.addAll(surfaces.provenance().answers());
            below = below.plus(new Provenance(answered.source(), answers, List.of(), quarantined));
            return ready;
        } finally {
            synchronized (this) {
                open = null;
            }
            day.close();
        }
    }

    /** Where the latest day with a trade before the midnight begins, its history included; {@code from} where that is not known. */
    private long lastTraded(long from, long midnight) {
        Series trades = series.with(Dataset.TRADES);
        long end = midnight;
        for (int days = 0; days <= settings.lookBackDays(); days++) {
            long start = from - days * DAY;
            TimeRange stretch = TimeRange.ofEpochMicros(start, end);
            if (source instanceof Store store
                    && isOpen(store.coverage(trades, stretch).gaps())) {
                return from;
            }
            if (days > 0) {
                try (Batches batches = source.read(trades, stretch)) {
                    for (Batch batch : batches) {
                        if (batch.rows() > 0) {
                            return start;
                        }
                    }
                    if (isOpen(batches.provenance().gaps())) {
                        return from;
                    }
                }
            }
            end = start;
        }
        return from;
    }

    // Where empty buckets have rows, those without any come before all that was read.
    private String before() {
        int days = settings.lookBackDays();
        return settings.emptyBuckets() == EmptyBuckets.SPARSE
                ? ""
                : " nor, as far as is stored, in the " + (days == 0 ? "history" : days + " days") + " before";
    }

    private static boolean isOpen(List<Gap> gaps) {
        return gaps.stream().anyMatch(gap -> !ABSENT_AT_VENUE.contains(gap.reason()));
    }

    // A store that holds nothing at all of a series was never meant to hold it; asked once, since it may ask a server.
    private boolean isStored(Series feed) {
        Set<Series> known = stored;
        if (known == null) {
            known = source instanceof Store store ? Set.copyOf(store.series()) : Set.of();
            stored = known;
        }
        return known.contains(feed);
    }

    private synchronized HftDay open(TimeRange part, long from, Surfaces surfaces, Map<Dataset, List<Gap>> told) {
        HftDay day = HftDay.open(source, series, part, from, settings, surfaces, told);
        open = day;
        if (closed) {
            day.close();
        }
        return day;
    }

    /** The rows of buckets that are not withheld. */
    static List<Batch> without(Batch rows, BucketGaps missing) {
        List<Batch> kept = new ArrayList<>();
        TimeColumn times = rows.times();
        int from = 0;
        for (int row = 0; row <= rows.rows(); row++) {
            if (row == rows.rows() || missing.isWithheld(times.epochMicros(row))) {
                if (from < row) {
                    kept.add(rows.slice(from, row));
                }
                from = row + 1;
            }
        }
        return kept;
    }

    Provenance provenance() {
        return new Provenance(source.name(), below.answers(), gaps, below.quarantined());
    }

    synchronized void close() {
        closed = true;
        if (open != null) {
            open.close();
        }
    }
}
