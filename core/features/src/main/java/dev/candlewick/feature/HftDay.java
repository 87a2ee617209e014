package dev.candlewick.feature;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Provenance;
import dev.candlewick.QuarantinedRow;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The feeds of one day, merged by arrival into an engine. For one thread, but for {@link #close}. */
final class HftDay implements AutoCloseable {

    private final TimeRange arrivals;
    private final List<Feed> feeds = new ArrayList<>();
    private final BucketEngine engine;
    private final BatchBuilder rows;
    private final SetAside aside;
    private final FeedReader reader;
    private final Feed trades;
    private final Dataset book;

    private HftDay(
            Source source,
            Series series,
            TimeRange part,
            TimeRange arrivals,
            HftSettings settings,
            Surfaces surfaces,
            Map<Dataset, List<Gap>> told) {
        this.arrivals = arrivals;
        this.book = settings.book();
        this.rows = new BatchBuilder(series, 1_024);
        this.aside = new SetAside(series);
        this.reader = new FeedReader(series, settings);
        this.engine = new BucketEngine(series, settings, this::covers, surfaces, rows, aside);
        this.engine.give(part.startMicros(), part.endMicros());
        List<Series> all = feeds(source, series, settings);
        this.trades = new Feed(source, all.get(0), arrivals, List.of());
        feeds.add(trades);
        try {
            for (Series feed : all.subList(1, all.size())) {
                feeds.add(new Feed(source, feed, arrivals, told.getOrDefault(feed.dataset(), List.of())));
            }
        } catch (RuntimeException | Error failure) {
            feeds.forEach(feed -> feed.closeAfter(failure));
            throw failure;
        }
    }

    /**
     * Opens the feeds of a part of a day.
     *
     * @param from the arrival that what lasts begins with
     * @param told what a source that is no store said at its end, when it was read before
     */
    static HftDay open(
            Source source,
            Series series,
            TimeRange part,
            long from,
            HftSettings settings,
            Surfaces surfaces,
            Map<Dataset, List<Gap>> told) {
        return new HftDay(source, series, part, arrivals(part, from, settings), settings, surfaces, told);
    }

    /** The arrivals that a part of a day is made of, from one on. */
    static TimeRange arrivals(TimeRange part, long from, HftSettings settings) {
        return TimeRange.ofEpochMicros(
                from, part.endMicros() + settings.lateness() + settings.realizedSpreadMicros() + 1);
    }

    /**
     * The feeds that a source has: trades, and those that go with them. Where ticks of several arrive at once, they are taken
     * in this order, so that a trade does not know the book row beside it.
     */
    static List<Series> feeds(Source source, Series series, HftSettings settings) {
        List<Series> feeds = new ArrayList<>();
        feeds.add(series.with(Dataset.TRADES));
        for (Dataset dataset : List.of(Dataset.LIQUIDATIONS, Dataset.DERIVATIVE_TICKER, settings.book())) {
            if (source.serves(series.with(dataset))) {
                feeds.add(series.with(dataset));
            }
        }
        return feeds;
    }

    /** Whether any trade arrived before the time; what lasts is known from it. */
    boolean isTradedBefore(long time) {
        trades.begin(reader::read);
        return trades.arrival() < time;
    }

    /** The rows of the day's part. */
    Batch run() {
        for (Feed feed : feeds) {
            feed.begin(reader::read);
        }
        List<Gap> lost = lostBooks();
        int nextLost = 0;
        while (true) {
            Feed earliest = null;
            for (Feed feed : feeds) {
                if (feed.hasRow() && (earliest == null || feed.arrival() < earliest.arrival())) {
                    earliest = feed;
                }
            }
            long arrival = earliest == null ? arrivals.endMicros() : earliest.arrival();
            while (nextLost < lost.size() && lost.get(nextLost).range().startMicros() <= arrival) {
                engine.loseBook(Math.max(
                        arrivals.startMicros(), lost.get(nextLost++).range().startMicros()));
            }
            if (earliest == null) {
                break;
            }
            earliest.push(engine);
        }
        engine.completeTo(arrivals.endMicros());
        return rows.build();
    }

    /** What feeds other than trades lack, as is known at their end. */
    Map<Dataset, List<Gap>> lacks() {
        Map<Dataset, List<Gap>> lacks = new HashMap<>();
        for (Feed feed : feeds) {
            if (feed != trades && !feed.gaps().isEmpty()) {
                lacks.put(feed.dataset(), feed.gaps());
            }
        }
        return lacks;
    }

    /** The stretches of trades that were not there to read. */
    List<Gap> gaps() {
        return trades.gaps();
    }

    /**
     * The stretches of other feeds than trades that are still to come: not published yet, or of a series that is stored
     * elsewhere and was not fetched there.
     */
    List<Gap> open(Predicate<Series> isStored) {
        List<Gap> open = new ArrayList<>();
        for (Feed feed : feeds) {
            for (Gap gap : feed == trades ? List.<Gap>of() : feed.gaps()) {
                boolean unfetched = gap.reason() == GapReason.NOT_FETCHED && isStored.test(feed.series());
                if (unfetched || gap.reason() == GapReason.NOT_YET_PUBLISHED) {
                    String said = gap.evidence().isEmpty() ? "" : ": " + gap.evidence();
                    open.add(new Gap(
                            gap.range(),
                            gap.reason(),
                            feed.dataset() + " of these buckets is not there yet" + said,
                            gap.provenAt(),
                            gap.recheckAt()));
                }
            }
        }
        return open;
    }

    List<QuarantinedRow> late() {
        return aside.rows();
    }

    Provenance provenance() {
        Provenance all = trades.provenance();
        for (Feed feed : feeds) {
            if (feed != trades) {
                all = all.plus(feed.provenance());
            }
        }
        return all;
    }

    @Override
    public void close() {
        RuntimeException failure = null;
        for (Feed feed : feeds) {
            try {
                feed.close();
            } catch (RuntimeException of) {
                if (failure == null) {
                    failure = of;
                } else {
                    failure.addSuppressed(of);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private List<Gap> lostBooks() {
        return feeds.stream()
                .filter(feed -> feed.dataset().equals(book))
                .flatMap(feed -> feed.gaps().stream())
                .toList();
    }

    private boolean covers(Dataset dataset, long start, long end) {
        for (Feed feed : feeds) {
            if (feed.dataset().equals(dataset)) {
                return feed.gaps().stream()
                        .noneMatch(gap ->
                                gap.range().startMicros() < end && gap.range().endMicros() > start);
            }
        }
        return false;
    }

    /** One feed: its rows, and what is known of those missing. */
    private static final class Feed {

        private final Batches batches;
        private final Iterator<Batch> iterator;
        private List<Gap> known;
        private boolean begun;
        private Function<Batch, FeedRows> reader = batch -> {
            throw new IllegalStateException("Not begun");
        };
        private @Nullable FeedRows rows;
        private int row;

        Feed(Source source, Series series, TimeRange arrivals, List<Gap> told) {
            known = source instanceof Store store
                    ? store.coverage(series, arrivals).gaps()
                    : told;
            this.batches = source.read(series, arrivals);
            this.iterator = batches.iterator();
        }

        void begin(Function<Batch, FeedRows> with) {
            if (!begun) {
                begun = true;
                reader = with;
                fetch();
            }
        }

        Series series() {
            return batches.series();
        }

        Dataset dataset() {
            return series().dataset();
        }

        boolean hasRow() {
            return rows != null;
        }

        long arrival() {
            return rows == null ? Long.MAX_VALUE : rows.arrivals[row];
        }

        void push(BucketEngine engine) {
            FeedRows from = rows;
            if (from != null) {
                from.push(row++, engine);
                if (row == from.rows()) {
                    fetch();
                }
            }
        }

        List<Gap> gaps() {
            return known;
        }

        Provenance provenance() {
            return batches.provenance();
        }

        void close() {
            batches.close();
        }

        void closeAfter(Throwable failure) {
            try {
                close();
            } catch (RuntimeException second) {
                failure.addSuppressed(second);
            }
        }

        // A source that is no store tells what it lacks at its end.
        private void fetch() {
            row = 0;
            rows = null;
            while (rows == null && iterator.hasNext()) {
                Batch batch = iterator.next();
                rows = batch.rows() == 0 ? null : reader.apply(batch);
            }
            if (rows == null && known.isEmpty()) {
                known = batches.provenance().gaps();
            }
        }
    }
}
