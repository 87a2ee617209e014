package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.BackfillPlan;
import dev.candlewick.Backfiller;
import dev.candlewick.Batches;
import dev.candlewick.PlannedUnit;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Plans are the same everywhere, and their shards are the plan (X1, X2). */
class BackfillPlanTest {

    private static final BackfillPlan PLAN = PlanPrinter.plan();

    @Example
    void everyProcessMakesTheSamePlanWhateverItsLocaleAndZone() throws Exception {
        String here = PlanPrinter.text();
        for (List<String> strange : List.of(
                List.of("-Duser.language=tr", "-Duser.country=TR", "-Duser.timezone=America/New_York"),
                List.of("-Duser.language=ar", "-Duser.country=EG", "-Duser.timezone=Pacific/Apia"),
                List.of("-Dfile.encoding=US-ASCII", "-Duser.timezone=Asia/Kolkata", "-XX:hashCode=2"))) {
            assertThat(printed(strange)).as("%s", strange).isEqualTo(here);
        }
    }

    @Property(tries = 200)
    void shardsAreDisjointAndTogetherThePlan(@ForAll @IntRange(min = 1, max = 64) int count) {
        BackfillPlan plan = PLAN;
        List<PlannedUnit> together = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            BackfillPlan shard = plan.shard(index, count);
            assertThat(shard.isShard()).isTrue();
            assertThat(shard.units()).isSorted();
            together.addAll(shard.units());
        }
        assertThat(together).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(plan.units());
    }

    @Example
    void aShardThatIsNoneIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> PLAN.shard(3, 3)).withMessageContaining("0 to 2");
        assertThatIllegalArgumentException().isThrownBy(() -> PLAN.shard(-1, 3));
        assertThatIllegalArgumentException().isThrownBy(() -> PLAN.shard(0, 0));
    }

    @Example
    void unitsHoldExactlyTheMissingSlots() {
        MemoryStore store = MemoryStore.create();
        Series btc = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
        TimeRange held = TimeRange.of("2024-01-10", "2024-02-20");
        store.write(new SyntheticSource().read(btc, held));
        TimeRange asked = TimeRange.of("2024-01-01T00:00:30Z", "2024-03-01T12:00:30Z");
        BackfillPlan plan =
                Backfiller.from(new SyntheticSource()).to(store).build().plan(btc, asked);
        assertThat(plan.units())
                .extracting(PlannedUnit::label, PlannedUnit::missing)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "2024-01", TimeRanges.of(TimeRange.of("2024-01-01T00:01:00Z", "2024-01-10T00:00:00Z"))),
                        org.assertj.core.groups.Tuple.tuple(
                                "2024-02", TimeRanges.of(TimeRange.of("2024-02-20", "2024-03-01"))),
                        org.assertj.core.groups.Tuple.tuple(
                                "2024-03",
                                TimeRanges.of(TimeRange.of("2024-03-01T00:00:00Z", "2024-03-01T12:01:00Z"))));
        assertThat(plan.units())
                .allMatch(unit -> unit.missing().minus(unit.unit()).isEmpty());
    }

    // A week may begin in one year and end in the next.
    @Example
    void aSlotOverABorderIsFetchedOnceAndTheSecondPlanIsEmpty() {
        MemoryStore store = MemoryStore.create();
        SyntheticSource source = new SyntheticSource();
        Backfiller backfiller = Backfiller.from(source).to(store).build();
        for (String dataset : List.of(
                "candles:1w", "candles:3d", "candles:1M", "candles:1d@Europe/Zurich", "candles:1w@Asia/Tokyo")) {
            Series series = Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/" + dataset);
            TimeRange range = TimeRange.of("2023-06-07T00:00:00Z", "2025-06-07T00:00:00Z");
            backfiller.fill(series, range);
            assertThat(backfiller.plan(series, range).units()).as(dataset).isEmpty();
            assertThat(Rows.of(store, series, range)).isEqualTo(Rows.of(SyntheticCandles.batches(series, range)));
        }
    }

    @Example
    void aSeriesThatTheSourceDoesNotServeIsRefusedBeforeAnythingIsAsked() {
        SyntheticSource source = new SyntheticSource();
        Series filled = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
        Series unserved = filled.with(filled.dataset().filled());
        Backfiller backfiller = Backfiller.from(source).to(MemoryStore.create()).build();
        assertThatThrownBy(() -> backfiller.plan(unserved, TimeRange.year(2024)))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("synthetic")
                .hasMessageContaining(unserved.toString());
        assertThat(source.reads()).isEmpty();
    }

    @Example
    void aPlanOfAnotherSourceIsNotRun() {
        Series hours = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1h");
        BackfillPlan plan = Backfiller.from(new SyntheticSource())
                .to(MemoryStore.create())
                .build()
                .plan(hours, TimeRange.day("2024-01-01"));
        Backfiller other =
                Backfiller.from(new Nameless()).to(MemoryStore.create()).build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> other.run(plan))
                .withMessageContaining("synthetic")
                .withMessageContaining("nameless");
    }

    /** Another name, and nothing else. */
    private static final class Nameless implements Source {
        @Override
        public String name() {
            return "nameless";
        }

        @Override
        public boolean serves(Series series) {
            return true;
        }

        @Override
        public Batches read(Series series, TimeRange range) {
            return Batches.of(series, range, List.of(), Provenance.none());
        }
    }

    private static String printed(List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String option : options) {
            if (option.startsWith("-XX:")) {
                command.add("-XX:+UnlockExperimentalVMOptions");
            }
            command.add(option);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), PlanPrinter.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return output;
    }
}
