package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Cancelled;
import dev.candlewick.ContentHash;
import dev.candlewick.Coverage;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every source must do. Extend it, say how the source is opened, which series and ranges it has rows of and which it
 * does not, and run it as a JUnit test.
 */
public abstract class SourceContract {

    private Source source;

    /** For subclasses. */
    @SuppressWarnings("NullAway.Init") // JUnit calls openBefore first
    protected SourceContract() {}

    /** Opens a source that has every row of the {@link #series} in the {@link #fullRange}. */
    protected abstract Source openSource() throws Exception;

    /** A series that the source serves. */
    protected abstract Series series();

    /** A series that the source does not serve. */
    protected abstract Series unservedSeries();

    /** A stretch of a few hundred to some thousand rows, none missing, that takes several batches or requests. */
    protected abstract TimeRange fullRange();

    /** A stretch in which the source has no row and knows why. */
    protected abstract TimeRange emptyRange();

    /** How many requests for rows the source has sent so far; 0 for a source that sends none. */
    protected abstract long requestsSent();

    /** Makes the next read of the {@link #fullRange} fail as it fails in real life, before its end. */
    protected abstract void failNextRead();

    @BeforeEach
    final void openBefore() throws Exception {
        source = openSource();
    }

    @AfterEach
    final void closeAfter() {
        source.close();
    }

    @Test
    void itHasAName() {
        assertThat(source.name()).isNotBlank().doesNotContainAnyWhitespaces();
        assertThat(source.name()).isEqualTo(source.name());
    }

    @Test
    void itSaysWhatItServes() {
        assertThat(source.serves(series())).isTrue();
        assertThat(source.serves(unservedSeries())).isFalse();
    }

    @Test
    void aSeriesItDoesNotServeIsRefusedByName() {
        Series unserved = unservedSeries();
        assertThatThrownBy(() -> {
                    try (Batches batches = source.read(unserved, fullRange())) {
                        batches.forEach(batch -> {});
                    }
                })
                .isInstanceOf(Refused.class)
                .hasMessageContaining(unserved.subject().toString());
    }

    @Test
    void itNeverGivesFilledRows() {
        Series filled = series().with(series().dataset().filled());
        assertThat(source.serves(filled)).isFalse();
    }

    @Test
    void aReadKnowsWhatItWasAskedAndAsksNobodyYet() {
        long before = requestsSent();
        try (Batches batches = source.read(series(), fullRange())) {
            assertThat(batches.series()).isEqualTo(series());
            assertThat(batches.range()).isEqualTo(fullRange());
            assertThat(requestsSent()).isEqualTo(before);
        }
    }

    @Test
    void anEstimateAsksNobody() {
        long before = requestsSent();
        source.estimate(series(), fullRange());
        assertThat(requestsSent()).isEqualTo(before);
    }

    @Test
    void anEstimateOfRowsIsThatOfAGaplessAnswer() {
        long estimated = source.estimate(series(), fullRange()).rows();
        if (estimated > 0) {
            assertThat(estimated)
                    .isEqualTo(Rows.of(source, series(), fullRange()).size());
        }
    }

    @Test
    void rowsAreOfTheSeriesInsideTheRangeAndAscending() {
        TimeRange range = odd(fullRange());
        long last = Long.MIN_VALUE;
        for (Batch batch : Rows.read(source, series(), range)) {
            assertThat(batch.series()).isEqualTo(series());
            for (int row = 0; row < batch.rows(); row++) {
                long time = batch.times().epochMicros(row);
                assertThat(time).isBetween(range.startMicros(), range.endMicros() - 1);
                assertThat(time).isGreaterThanOrEqualTo(last);
                last = time;
            }
        }
        assertThat(last).as("there are rows").isNotEqualTo(Long.MIN_VALUE);
    }

    @Test
    void aFullRangeHasEverySlot() {
        try (Batches batches = source.read(series(), fullRange())) {
            List<Batch> rows = new ArrayList<>();
            batches.forEach(rows::add);
            assertThat(Rows.of(rows)).isNotEmpty();
            assertThat(batches.provenance().gaps()).isEmpty();
        }
    }

    @Test
    void aReadRepeatedIsEqual() {
        assertThat(Rows.hash(source, series(), fullRange())).isEqualTo(Rows.hash(source, series(), fullRange()));
    }

    @Test
    void readsOfPiecesTogetherAreTheWhole() {
        List<Batch> pieces = new ArrayList<>();
        Duration third = fullRange().duration().dividedBy(3).truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
        fullRange().split(third).forEach(piece -> pieces.addAll(Rows.read(source, series(), piece)));
        assertThat(ContentHash.of(series().schema(), pieces)).isEqualTo(Rows.hash(source, series(), fullRange()));
    }

    @Test
    void twoReadsAtOnceDoNotMix() {
        try (Batches one = source.read(series(), fullRange());
                Batches other = source.read(series(), fullRange())) {
            Iterator<Batch> first = one.iterator();
            Iterator<Batch> second = other.iterator();
            List<Batch> mine = new ArrayList<>();
            List<Batch> theirs = new ArrayList<>();
            while (first.hasNext() || second.hasNext()) {
                if (first.hasNext()) {
                    mine.add(first.next());
                }
                if (second.hasNext()) {
                    theirs.add(second.next());
                }
            }
            assertThat(Rows.of(mine)).isEqualTo(Rows.of(theirs));
        }
    }

    @Test
    void aReadIsOnePass() {
        try (Batches batches = source.read(series(), fullRange())) {
            batches.iterator().forEachRemaining(batch -> {});
            assertThatThrownBy(batches::iterator).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void provenanceIsKnownAtTheEndAndNotBefore() {
        try (Batches batches = source.read(series(), fullRange())) {
            Iterator<Batch> iterator = batches.iterator();
            assertThatThrownBy(batches::provenance).isInstanceOf(IllegalStateException.class);
            iterator.next();
            assertThatThrownBy(batches::provenance).isInstanceOf(IllegalStateException.class);
            iterator.forEachRemaining(batch -> {});
            assertThat(batches.provenance().source()).isEqualTo(source.name());
        }
    }

    @Test
    void anEmptyStretchHasEvidence() {
        try (Batches batches = source.read(series(), emptyRange())) {
            long rows = 0;
            for (Batch batch : batches) {
                rows += batch.rows();
            }
            assertThat(rows).isZero();
            Provenance provenance = batches.provenance();
            assertThat(provenance.gaps()).isNotEmpty().allSatisfy(gap -> {
                assertThat(gap.reason()).isNotEqualTo(GapReason.NOT_FETCHED);
                assertThat(gap.evidence()).isNotBlank();
                assertThat(gap.provenAt()).isAfter(Instant.EPOCH);
                assertThat(gap.recheckAt()).isAfterOrEqualTo(gap.provenAt());
                assertThat(emptyRange().contains(gap.range())).isTrue();
            });
            assertThat(new Coverage(series(), emptyRange(), TimeRanges.none(), provenance.gaps()).isSettled())
                    .as("every missing slot has a reason")
                    .isTrue();
        }
    }

    @Test
    void anErrorIsNeverNothing() {
        failNextRead();
        assertThatThrownBy(() -> Rows.of(source, series(), fullRange()))
                .isInstanceOf(dev.candlewick.MarketDataException.class)
                .isNotInstanceOf(Refused.class);
    }

    @Test
    void afterAnErrorTheSourceGoesOn() {
        String expected = Rows.hash(source, series(), fullRange());
        failNextRead();
        assertThatThrownBy(() -> Rows.of(source, series(), fullRange())).isInstanceOf(RuntimeException.class);
        assertThat(Rows.hash(source, series(), fullRange())).isEqualTo(expected);
    }

    @Test
    void closingFromAnotherThreadEndsTheReadAsCancelled() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (Batches batches = source.read(series(), fullRange())) {
            Iterator<Batch> iterator = batches.iterator();
            iterator.next();
            Future<?> closing = other.submit(batches::close);
            closing.get(5, TimeUnit.SECONDS);
            assertThatThrownBy(() -> iterator.forEachRemaining(batch -> {})).isInstanceOf(Cancelled.class);
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void anInterruptEndsTheReadAsCancelled() {
        try (Batches batches = source.read(series(), fullRange())) {
            Iterator<Batch> iterator = batches.iterator();
            iterator.next();
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> iterator.forEachRemaining(batch -> {})).isInstanceOf(Cancelled.class);
        } finally {
            assertThat(Thread.interrupted()).as("the interrupt stays set").isTrue();
        }
    }

    @Test
    void aReadCutShortLeavesTheSourceUsable() {
        try (Batches batches = source.read(series(), fullRange())) {
            batches.iterator().next();
        }
        assertThat(Rows.of(source, series(), fullRange())).isNotEmpty();
    }

    @Test
    void itFillsAStoreThatThenHasNoGaps() {
        MemoryStore store = MemoryStore.create();
        store.write(source.read(series(), fullRange()));
        assertThat(store.coverage(series(), fullRange()).gaps()).isEmpty();
        store.write(source.read(series(), emptyRange()));
        assertThat(store.coverage(series(), emptyRange()).gaps())
                .isNotEmpty()
                .noneMatch(gap -> gap.equals(Gap.notFetched(gap.range())));
    }

    private static TimeRange odd(TimeRange range) {
        return TimeRange.ofEpochMicros(range.startMicros() + 1, range.endMicros() - 1);
    }
}
