package dev.candlewick.feature;

import dev.candlewick.Batch;
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
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The feeds of one day, merged by arrival into an engine. For one thread, but for {@link #close}. */
final class HftDay implements AutoCloseable {

    private final TimeRange part;
    private final TimeRange arrivals;
    private final List<Feed> feeds = new ArrayList<>();
    private final HftEngine engine;
    private final Feed trades;
    private final Dataset book;

    private HftDay(
            Source source, Series series, TimeRange part, TimeRange arrivals, HftSettings settings, Surfaces surfaces) {
        this.part = part;
        this.arrivals = arrivals;
        this.book = settings.book();
        this.engine = HftEngine.of(series, settings, part.startMicros(), this::covers, surfaces);
        this.trades = new Feed(source, series.with(Dataset.TRADES), arrivals);
        // Where ticks of several feeds arrive at once, a trade does not know the book row beside it.
        feeds.add(trades);
        try {
            for (Dataset dataset : List.of(Dataset.LIQUIDATIONS, Dataset.DERIVATIVE_TICKER, book)) {
                if (source.serves(series.with(dataset))) {
                    feeds.add(new Feed(source, series.with(dataset), arrivals));
                }
            }
        } catch (RuntimeException | Error failure) {
            feeds.forEach(feed -> feed.closeAfter(failure));
            throw failure;
        }
    }

    static HftDay open(
            Source source, Series series, TimeRange part, long midnight, HftSettings settings, Surfaces surfaces) {
        TimeRange arrivals = TimeRange.ofEpochMicros(
                midnight - settings.history() - settings.earliness(),
                part.endMicros() + settings.lateness() + settings.realizedSpreadMicros() + 1);
        return new HftDay(source, series, part, arrivals, settings, surfaces);
    }

    /** The rows of the day's part. */
    Batch run() {
        for (Feed feed : feeds) {
            feed.begin(engine::feed);
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
        return engine.take().within(part);
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
        return engine.late();
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
        private List<Gap> known = List.of();
        private Function<Batch, FeedRows> reader = batch -> {
            throw new IllegalStateException("Not begun");
        };
        private @Nullable FeedRows rows;
        private int row;

        Feed(Source source, Series series, TimeRange arrivals) {
            if (source instanceof Store store) {
                known = store.coverage(series, arrivals).gaps();
            }
            this.batches = source.read(series, arrivals);
            this.iterator = batches.iterator();
        }

        void begin(Function<Batch, FeedRows> with) {
            reader = with;
            fetch();
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

        void push(HftEngine engine) {
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

        // A source that is no store tells what it lacks at its end: at once where it has nothing at all.
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
