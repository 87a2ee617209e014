package dev.candlewick.book;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Dataset;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.testkit.SourceContract;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Books made of level changes do what every source does. */
class BookSnapshotsContractTest extends SourceContract {

    private static final Series CHANGES = RecordedTicks.series("venue", Dataset.BOOK_CHANGES);
    private static final Instant NOON = Instant.parse("2024-08-08T12:00:00Z");

    private final FailingOnce changes = new FailingOnce(BatchSource.of(day()), CHANGES);

    @Override
    protected Source openSource() {
        return BookSnapshots.over(changes);
    }

    @Override
    protected Series series() {
        return CHANGES.with(Dataset.book(2));
    }

    @Override
    protected Series unservedSeries() {
        return CHANGES.with(Dataset.TRADES);
    }

    @Override
    protected TimeRange fullRange() {
        return TimeRange.of(NOON.plusSeconds(1), NOON.plusSeconds(3_601));
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
        changes.failNextRead();
    }

    private static List<Batch> day() {
        List<Batch> batches = new ArrayList<>();
        BatchBuilder builder = new BatchBuilder(CHANGES, 500);
        builder.row(NOON, NOON, true, "ask", "101", "1");
        for (int second = 0; second < 3_602; second++) {
            Instant time = NOON.plusSeconds(second);
            builder.row(time, time, second == 0, "bid", "" + (90 + second % 7), "" + (second % 11));
            if (builder.rows() >= 500) {
                batches.add(builder.build());
            }
        }
        batches.add(builder.build());
        return batches;
    }
}
