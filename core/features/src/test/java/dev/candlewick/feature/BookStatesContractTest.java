package dev.candlewick.feature;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Dataset;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.book.BatchSource;
import dev.candlewick.book.FailingOnce;
import dev.candlewick.testkit.SourceContract;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Books at the ends of intervals do what every source does. */
class BookStatesContractTest extends SourceContract {

    private static final Series BOOKS = new Series(Ticks.BTC, Dataset.book(5));
    private static final Instant NOON = Instant.parse("2024-08-08T12:00:00Z");

    private final FailingOnce books = new FailingOnce(BatchSource.of(day()), BOOKS);

    @Override
    protected Source openSource() {
        return BookStates.over(books);
    }

    @Override
    protected Series series() {
        return Series.parse(Ticks.BTC + "/features:book:1m");
    }

    @Override
    protected Series unservedSeries() {
        return series().with(Dataset.TRADES);
    }

    @Override
    protected TimeRange fullRange() {
        return TimeRange.of(NOON, NOON.plusSeconds(36_000));
    }

    @Override
    protected TimeRange emptyRange() {
        return TimeRange.of("2024-08-08T01:00:00Z", "2024-08-08T02:00:00Z");
    }

    @Override
    protected long requestsSent() {
        return 0;
    }

    @Override
    protected void failNextRead() {
        books.failNextRead();
    }

    private static List<Batch> day() {
        List<Batch> batches = new ArrayList<>();
        BatchBuilder builder = new BatchBuilder(BOOKS, 500);
        for (int second = 0; second < 36_000; second += 20) {
            Instant time = NOON.plusSeconds(second);
            Object[] cells = new Object[22];
            cells[0] = time;
            cells[1] = time;
            cells[2] = "" + (101 + second % 7);
            cells[3] = "1";
            cells[4] = "100";
            cells[5] = "" + (1 + second % 3);
            builder.row(cells);
            if (builder.rows() == 500) {
                batches.add(builder.build());
            }
        }
        batches.add(builder.build());
        return batches;
    }
}
