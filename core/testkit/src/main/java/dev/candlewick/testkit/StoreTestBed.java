package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.WriteResult;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The store that a contract is tried on, and rows to try it with. */
abstract class StoreTestBed {

    static final Series BTC = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    static final TimeRange DAY = TimeRange.day("2024-01-01");
    static final TimeRange MONTHS_BORDER = TimeRange.of("2024-01-31T12:00:00Z", "2024-02-01T12:00:00Z");
    static final TimeRange EVER = TimeRange.of("2000-01-01", "2100-01-01");
    static final Instant PROVEN = Instant.parse("2024-03-01T00:00:00Z");

    static final Series EVENTS = new Series(
            BTC.subject(),
            new Dataset(
                    "events_of_every_type",
                    new Schema(
                            List.of(
                                    Field.time("at"),
                                    Field.time("seen").orNull(),
                                    Field.decimal("amount", 38, 18).orNull(),
                                    Field.int64("number").orNull(),
                                    Field.float64("score").orNull(),
                                    Field.bool("flag").orNull(),
                                    Field.text("note").orNull()),
                            "at",
                            List.of("at", "number")),
                    Cadence.events()));

    Store store;

    /** For subclasses. */
    @SuppressWarnings("NullAway.Init") // JUnit calls openBefore first
    StoreTestBed() {}

    /** Opens a store that holds nothing. */
    protected abstract Store openStore() throws Exception;

    /** Closes the store and opens what it holds again, as a new process would. */
    protected abstract Store reopen(Store open) throws Exception;

    @BeforeEach
    final void openBefore() throws Exception {
        store = openStore();
    }

    @AfterEach
    final void closeAfter() {
        store.close();
    }

    static void assertSameRows(List<LedgerEntry> actual, List<LedgerEntry> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.size(); i++) {
            assertThat(actual.get(i).unit()).isEqualTo(expected.get(i).unit());
            assertThat(actual.get(i).rows()).isEqualTo(expected.get(i).rows());
            assertThat(actual.get(i).contentHash()).isEqualTo(expected.get(i).contentHash());
            assertThat(actual.get(i).present()).isEqualTo(expected.get(i).present());
            assertThat(actual.get(i).gaps()).isEqualTo(expected.get(i).gaps());
        }
    }

    static Batch everyType() {
        BatchBuilder builder = new BatchBuilder(EVENTS, 8);
        Instant at = DAY.start();
        event(builder, at, Long.MIN_VALUE, "");
        event(builder, at.plusNanos(1_000), Long.MAX_VALUE, "\u0001 币安 😀 \"'\\\n");
        for (double score : new double[] {0.0, -0.0, Double.NaN, Double.NEGATIVE_INFINITY, Double.MIN_VALUE}) {
            builder.row(at.plusSeconds(1), at, "-0.5", 0L, score, false, "x".repeat(5_000));
        }
        builder.time(0).append(DAY.endMicros() - 1);
        builder.time(1).appendNull();
        builder.decimal(2).appendNull();
        builder.int64(3).appendNull();
        builder.float64(4).appendNull();
        builder.bool(5).appendNull();
        builder.text(6).appendNull();
        builder.endRow();
        return builder.build();
    }

    static void event(BatchBuilder builder, Instant at, long number, String text) {
        builder.row(at, Instant.EPOCH, "123456789.000000001", number, 0.1, true, text);
    }

    final WriteResult write(Series series, TimeRange range, int edition) {
        return store.write(
                Batches.of(series, range, SyntheticCandles.batches(series, range, edition), Provenance.none()));
    }
}
