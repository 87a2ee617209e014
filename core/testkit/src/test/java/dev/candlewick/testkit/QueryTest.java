package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Cancelled;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Provenance;
import dev.candlewick.Query;
import dev.candlewick.QueryResult;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.SeriesSummary;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.candle.ForwardFill;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QueryTest {

    private static final Series BTC = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    private static final Series ETH = Series.candles("BINANCE:SPOT_PAIR:ETH-USDT", "1m");
    private static final Series HOURS = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1h");
    private static final TimeRange DAY = TimeRange.day("2024-01-01");
    private static final TimeRange HOUR = TimeRange.of("2024-01-01T05:00:00Z", "2024-01-01T06:00:00Z");
    private static final Gap OUTAGE =
            new Gap(HOUR, GapReason.VENUE_OUTAGE, "status page", Instant.parse("2024-03-01T00:00:00Z"), Gap.NEVER);

    private final Store store = MemoryStore.create();

    @Test
    void seriesFollowEachOtherInTheOrderGiven() {
        fill(BTC, ETH);
        try (QueryResult rows = Query.of(List.of(ETH, BTC, ETH), DAY).on(store)) {
            assertThat(names(rows))
                    .startsWith(ETH.toString())
                    .endsWith(BTC.toString())
                    .hasSize(2_880);
            assertThat(rows.rows()).isEqualTo(2_880);
            assertThat(rows.isComplete()).isTrue();
            assertThat(rows.coverage()).containsOnlyKeys(ETH, BTC);
        }
    }

    @Test
    void byTimeRowsOfOneInstantComeInTheOrderOfTheSeries() {
        fill(BTC, ETH, HOURS);
        List<String> seen = new ArrayList<>();
        try (QueryResult rows = Query.of(List.of(HOURS, ETH, BTC), DAY).byTime().on(store)) {
            for (Batch batch : rows) {
                for (int row = 0; row < batch.rows(); row++) {
                    seen.add(batch.times().text(row) + " " + batch.series());
                }
            }
        }
        List<String> expected = new ArrayList<>();
        for (long time = DAY.startMicros(); time < DAY.endMicros(); time += 60_000_000) {
            String text = TimeRange.instant(time) + " ";
            if (time % 3_600_000_000L == 0) {
                expected.add(text + HOURS);
            }
            expected.add(text + ETH);
            expected.add(text + BTC);
        }
        assertThat(seen).isEqualTo(expected);
    }

    @Test
    void byTimeIsASortOfRandomRowsToo() {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            Store memory = MemoryStore.create();
            List<Series> series = new ArrayList<>();
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(4); i++) {
                Batch rows =
                        RandomRows.batch(random, RandomRows.series(random, seed + "_" + i), HOUR, random.nextInt(60));
                series.add(rows.series());
                memory.write(Batches.of(rows.series(), HOUR, List.of(rows), Provenance.none()));
                for (int row = 0; row < rows.rows(); row++) {
                    expected.add(String.format("%020d %d %05d", rows.times("at").epochMicros(row), i, row));
                }
            }
            expected.sort(null);
            List<String> seen = new ArrayList<>();
            int[] rowsOf = new int[series.size()];
            long limit = 1 + random.nextInt(100);
            try (QueryResult rows = Query.of(series, HOUR).byTime().limit(limit).on(memory)) {
                for (Batch batch : rows) {
                    int i = series.indexOf(batch.series());
                    for (int row = 0; row < batch.rows(); row++) {
                        seen.add(
                                String.format("%020d %d %05d", batch.times("at").epochMicros(row), i, rowsOf[i]++));
                    }
                }
                assertThat(rows.isCut()).isEqualTo(expected.size() > limit);
            }
            assertThat(seen).as("seed %s", seed).isEqualTo(expected.subList(0, (int) Math.min(limit, expected.size())));
        }
    }

    @Test
    void aLimitCutsAndTheCoverageSpeaksOnlyOfWhatWasGiven() {
        store.write(new SyntheticSource().withHole(OUTAGE).read(BTC, DAY));
        fill(ETH);
        try (QueryResult rows = Query.of(List.of(BTC, ETH), DAY).limit(301).on(store)) {
            assertThat(names(rows)).hasSize(301).containsOnly(BTC.toString());
            assertThat(rows.isCut()).isTrue();
            assertThat(rows.isComplete()).isFalse();
            assertThat(rows.coverage()).containsOnlyKeys(BTC);
            assertThat(rows.coverage().get(BTC).gaps()).containsExactly(OUTAGE);
            assertThat(rows.coverage().get(BTC).range().end()).isEqualTo(Instant.parse("2024-01-01T06:00:00.000001Z"));
        }
        try (QueryResult rows =
                Query.of(List.of(BTC, ETH), DAY).byTime().limit(9).on(store)) {
            assertThat(names(rows)).hasSize(9);
            assertThat(rows.coverage().get(ETH).range().end()).isEqualTo(Instant.parse("2024-01-01T00:04:00Z"));
        }
        try (QueryResult rows = Query.of(BTC, DAY).limit(1_380).on(store)) {
            assertThat(names(rows)).hasSize(1_380);
            assertThat(rows.isCut()).as("nothing was left").isFalse();
        }
    }

    @Test
    void noRowsAndNotKnownAreDifferentAnswers() {
        store.write(new SyntheticSource().withHole(OUTAGE).read(BTC, HOUR));
        Map<Series, Gap> expected = Map.of(BTC, OUTAGE, ETH, Gap.notFetched(HOUR));
        expected.forEach((series, gap) -> {
            try (QueryResult rows = Query.of(series, HOUR).on(store)) {
                assertThat(names(rows)).isEmpty();
                assertThat(rows.coverage().get(series).gaps()).containsExactly(gap);
            }
        });
    }

    @Test
    void filledRowsAreFlaggedAndStillCountAsMissing() {
        store.write(new SyntheticSource().withHole(OUTAGE).read(BTC, DAY));
        try (QueryResult rows = Query.of(BTC, DAY).on(ForwardFill.over(store))) {
            long filled = 0;
            for (Batch batch : rows) {
                for (int row = 0; row < batch.rows(); row++) {
                    filled += batch.booleans("filled").value(row) ? 1 : 0;
                }
            }
            assertThat(rows.rows()).isEqualTo(1_440);
            assertThat(filled).isEqualTo(60);
            assertThat(rows.coverage().get(BTC).gaps()).containsExactly(OUTAGE);
            assertThat(rows.isComplete()).isFalse();
        }
    }

    @Test
    void anySourceCanBeAsked() {
        SyntheticSource venue = new SyntheticSource().withHole(OUTAGE);
        try (QueryResult rows = Query.of(List.of(BTC, ETH), DAY).byTime().on(venue)) {
            names(rows);
            assertThat(rows.coverage().get(BTC).gaps()).containsExactly(OUTAGE);
        }
        Series filled = BTC.with(BTC.dataset().filled());
        assertThatThrownBy(() -> Query.of(filled, DAY).on(store)).isInstanceOf(Refused.class);
    }

    @Test
    void aResultIsOnePassAndKnowsItsCoverageAtTheEnd() {
        fill(BTC);
        QueryResult rows = Query.of(List.of(BTC, ETH), DAY).on(store);
        Iterator<Batch> batches = rows.iterator();
        assertThatThrownBy(rows::iterator).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(rows::coverage).isInstanceOf(IllegalStateException.class);
        batches.next();
        rows.close();
        rows.close();
        assertThatThrownBy(() -> batches.forEachRemaining(batch -> {})).isInstanceOf(Cancelled.class);
    }

    @Test
    void aLimitedCursorCannotBeWrittenAsIfItWereWhole() {
        fill(BTC);
        Store other = MemoryStore.create();
        assertThatThrownBy(() -> other.write(store.read(BTC, DAY).limit(10)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Only the first 10 rows");
        assertThat(other.ledger(BTC, DAY)).isEmpty();
        assertThat(other.write(store.read(BTC, DAY).limit(1_440)).rows()).isEqualTo(1_440);
        try (Batches none = store.read(BTC, DAY).limit(0)) {
            assertThat(none.iterator().hasNext()).isFalse();
        }
    }

    @Test
    void aSummaryTellsFirstLastRowsAndGaps() {
        assertThat(SeriesSummary.of(store, BTC).first()).isEmpty();
        store.write(new SyntheticSource().withHole(OUTAGE).read(BTC, TimeRange.month("2024-01")));
        fill(HOURS);
        assertThat(SeriesSummary.all(store)).extracting(SeriesSummary::series).containsExactly(HOURS, BTC);
        SeriesSummary months = SeriesSummary.of(store, BTC);
        assertThat(months.first()).contains(Instant.parse("2024-01-01T00:00:00Z"));
        assertThat(months.last()).contains(Instant.parse("2024-01-31T23:59:00Z"));
        assertThat(months.rows()).isEqualTo(31 * 1_440 - 60);
        assertThat(months.gaps()).containsExactly(Map.entry(GapReason.VENUE_OUTAGE, 1L));
        assertThat(months.isComplete()).isFalse();
        assertThat(months).asString().contains("44,580 rows", "gaps 1 venue_outage");
        store.write(new SyntheticSource().read(BTC, HOUR));
        assertThat(SeriesSummary.of(store, BTC).isComplete()).isTrue();
        assertThat(SeriesSummary.of(store, HOURS).last()).contains(Instant.parse("2024-01-01T23:00:00Z"));
    }

    private void fill(Series... series) {
        for (Series one : series) {
            store.write(Batches.of(one, DAY, SyntheticCandles.batches(one, DAY), Provenance.none()));
        }
    }

    private static List<String> names(QueryResult rows) {
        List<String> names = new ArrayList<>();
        for (Batch batch : rows) {
            for (int row = 0; row < batch.rows(); row++) {
                names.add(batch.series().toString());
            }
        }
        return names;
    }
}
