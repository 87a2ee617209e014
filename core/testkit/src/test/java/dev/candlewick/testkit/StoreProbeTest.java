package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batches;
import dev.candlewick.Cancelled;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.Store;
import dev.candlewick.StoreProbe;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StoreProbeTest {

    private final MemoryStore store = MemoryStore.create();

    @Test
    void aStoreThatWorksIsUsableAndNothingIsLeft() {
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
        StoreProbe.Report report = StoreProbe.of(store)
                .random(new Random(7))
                .ticker(() -> nanos.getAndAdd(Duration.ofMillis(12).toNanos()))
                .build()
                .run();
        assertThat(report.isUsable()).isTrue();
        assertThat(report.steps()).extracting(StoreProbe.Step::kind).containsExactly(StoreProbe.Kind.values());
        assertThat(report.steps()).extracting(StoreProbe.Step::duration).containsOnly(Duration.ofMillis(12));
        assertThat(report.toString())
                .startsWith("Probe of memory with CANDLEWICK:PROBE:")
                .contains(
                        "\n  write      12 ms  5 rows committed\n",
                        "5 rows, the same as were written",
                        "nothing is left");
        assertThat(store.series()).isEmpty();
    }

    @Test
    void everyRunHasASeriesOfItsOwnAndTouchesNoOther() {
        Series btc = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1h");
        TimeRange day = TimeRange.day("2024-01-01");
        store.write(Batches.of(btc, day, SyntheticCandles.batches(btc, day), Provenance.none()));
        StoreProbe probe = StoreProbe.of(store).keeping().build();
        List<StoreProbe.Report> reports = List.of(probe.run(), probe.run());
        assertThat(reports).allMatch(StoreProbe.Report::isUsable);
        assertThat(store.series())
                .containsExactlyInAnyOrder(
                        btc, reports.get(0).series(), reports.get(1).series());
        assertThat(reports.get(0).toString()).contains("The probe stays").doesNotContain("\n  forget");
        assertThat(Rows.of(store, btc, day)).isEqualTo(Rows.of(SyntheticCandles.batches(btc, day)));
        assertThat(reports.get(0).steps()).hasSize(4);
        assertThat(store.verify().isSound()).isTrue();
    }

    @Test
    void aStoreThatCannotBeWrittenSaysSoAndWhatToDo() {
        StoreProbe.Report report = run(new ForwardingStore(store) {
            @Override
            public SinkWriter open(Series series, TimeRange range) {
                throw new Refused("role reader may not insert");
            }
        });
        assertThat(report.isUsable()).isFalse();
        assertThat(report.steps()).hasSize(1);
        assertThat(report.toString())
                .contains("write   FAILED after", "role reader may not insert", "be allowed to create")
                .doesNotContain("may be left");
    }

    @Test
    void aWriteOfWhichNobodyKnowsIsCleanedUp() {
        StoreProbe.Report report = run(FaultyStore.over(store).nextCommit(FaultyStore.Fault.UNCONFIRMED_AFTER));
        assertThat(report.isUsable()).isFalse();
        assertThat(report.steps())
                .extracting(StoreProbe.Step::kind)
                .containsExactly(StoreProbe.Kind.WRITE, StoreProbe.Kind.FORGET, StoreProbe.Kind.GONE);
        assertThat(store.series()).isEmpty();
    }

    @Test
    void otherRowsThanWereWrittenAreFound() {
        StoreProbe.Report report = run(new ForwardingStore(store) {
            @Override
            public Batches read(Series series, TimeRange range) {
                return super.read(
                        series, TimeRange.of(range.start(), range.end().minusSeconds(3_600)));
            }
        });
        assertThat(report.failure()).hasValueSatisfying(step -> {
            assertThat(step.kind()).isEqualTo(StoreProbe.Kind.READ);
            assertThat(step.toString()).contains("4 rows");
        });
        assertThat(store.series()).as("deleted all the same").isEmpty();
    }

    @Test
    void aStoreThatListsOrDeletesNothingIsFound() {
        Store blind = new ForwardingStore(store) {
            @Override
            public List<Series> series() {
                return List.of();
            }
        };
        assertThat(run(blind).failure().orElseThrow().kind()).isEqualTo(StoreProbe.Kind.LIST);
        Store keeping = new ForwardingStore(store) {
            @Override
            public List<String> forget(Series series, TimeRange range) {
                return List.of("dropped");
            }
        };
        assertThat(run(keeping).failure().orElseThrow().kind()).isEqualTo(StoreProbe.Kind.GONE);
        Store guarded = new ForwardingStore(store) {
            @Override
            public List<String> forget(Series series, TimeRange range) {
                throw new Unavailable("may not delete");
            }
        };
        assertThat(run(guarded).toString()).contains("forget  FAILED", "may not delete", "may be left");
    }

    @Test
    void whoIsInterruptedIsToldSo() {
        Store stopped = new ForwardingStore(store) {
            @Override
            public SinkWriter open(Series series, TimeRange range) {
                throw new Cancelled("interrupted");
            }
        };
        assertThatThrownBy(() -> run(stopped)).isInstanceOf(Cancelled.class);
    }

    private static StoreProbe.Report run(Store store) {
        return StoreProbe.of(store).random(new Random(1)).build().run();
    }
}
