package dev.candlewick.feature;

import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.Estimate;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.testkit.MemoryStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Situations that whatever is made of ticks must get right, whether candles or features. */
final class Scenes {

    static final TimeRange DAY = TimeRange.day("2024-01-01");

    private Scenes() {}

    /** The same rows from a source that tells its gaps at its end only. */
    static Source mute(MemoryStore store) {
        return new Source() {
            @Override
            public String name() {
                return "mute";
            }

            @Override
            public boolean serves(Series series) {
                return store.serves(series);
            }

            @Override
            public Batches read(Series series, TimeRange range) {
                return store.read(series, range);
            }
        };
    }

    /** The same rows from a source that notes what it is asked for, and what an estimate asks for. */
    static Source noting(MemoryStore store, List<String> read, List<String> estimated) {
        return new Source() {
            @Override
            public String name() {
                return "noting";
            }

            @Override
            public boolean serves(Series series) {
                return store.serves(series);
            }

            @Override
            public Batches read(Series series, TimeRange range) {
                read.add(series + " " + range);
                return store.read(series, range);
            }

            @Override
            public Estimate estimate(Series series, TimeRange range) {
                estimated.add(series + " " + range);
                return new Estimate(Map.of("file", 1L), 0, 0, OptionalLong.empty(), "");
            }
        };
    }

    /** A trade as the {@link #DAY} begins and one as it ends, while the file of the next day is not published. */
    static MemoryStore withoutTheNextDay() {
        MemoryStore store = MemoryStore.create();
        Series trades = new Series(Ticks.BTC, Dataset.TRADES);
        BatchBuilder rows = new BatchBuilder(trades, 16);
        rows.row(DAY.startMicros() + 1, DAY.startMicros() + 2, "1", "buy", "100", "1");
        rows.row(DAY.endMicros() - 5, DAY.endMicros() - 2, "2", "buy", "200", "1");
        Gap unpublished =
                new Gap(TimeRange.day("2024-01-02"), GapReason.NOT_YET_PUBLISHED, "404", Instant.EPOCH, Instant.EPOCH);
        RecordedTicks.write(store, rows.build(), TimeRange.of("2023-12-31", "2024-01-02"));
        store.write(Batches.of(
                trades,
                unpublished.range(),
                List.of(),
                new Provenance("t", List.of(), List.of(unpublished), List.of())));
        return store;
    }
}
