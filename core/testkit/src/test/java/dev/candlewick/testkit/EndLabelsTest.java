package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Column;
import dev.candlewick.Dataset;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Interval;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.candle.EndLabels;
import dev.candlewick.candle.ForwardFill;
import dev.candlewick.candle.Resample;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Candles by their end: the same rows, another clock. */
class EndLabelsTest {

    private static final String BTC = "BINANCE:SPOT_PAIR:BTC-USDT/";
    private static final Series MINUTES = Series.parse(BTC + "candles:1m");
    private static final Series ENDS = Series.parse(BTC + "candles_by_end:1m");
    private static final TimeRange DAY = TimeRange.day("2024-02-10");

    private final SyntheticSource source = new SyntheticSource();

    @Property(tries = 60)
    void aRangeOfLabelsHasTheCandlesThatEndInIt(@ForAll long seed) {
        Random random = new Random(seed);
        long start = DAY.startMicros() + random.nextLong(86_400_000_000L);
        TimeRange range = TimeRange.ofEpochMicros(start, start + 1 + random.nextLong(3_600_000_000L));
        List<List<String>> expected = new ArrayList<>();
        for (List<String> row : Rows.of(source, MINUTES, TimeRange.of("2024-02-09", "2024-02-13"))) {
            Instant end = Instant.parse(row.get(0)).plus(1, ChronoUnit.MINUTES);
            if (range.contains(end)) {
                List<String> labelled = new ArrayList<>(row);
                labelled.set(0, end.toString());
                expected.add(labelled);
            }
        }
        assertThat(Rows.of(EndLabels.over(source), ENDS, range)).isEqualTo(expected);
    }

    @Example
    void gapsLieWhereTheLabelsDo() {
        Gap outage = new Gap(
                TimeRange.of("2024-02-09T23:58:00Z", "2024-02-10T00:10:00Z"),
                GapReason.VENUE_OUTAGE,
                "incident",
                Instant.EPOCH,
                Gap.NEVER);
        source.withHole(outage);
        try (Batches batches = EndLabels.over(source).read(ENDS, DAY)) {
            List<Batch> all = new ArrayList<>();
            batches.forEach(all::add);
            assertThat(all.get(0).times("end_time").get(0)).isEqualTo(Instant.parse("2024-02-10T00:11:00Z"));
            assertThat(all.get(0).times("close_time").get(0)).isEqualTo(Instant.parse("2024-02-10T00:10:59.999Z"));
            assertThat(batches.provenance().gaps())
                    .containsExactly(outage.over(TimeRange.of("2024-02-10", "2024-02-10T00:11:00Z")));
        }
    }

    @Example
    void aLabelThatTwoGapsMeetInHasTheReasonOfTheFirst() {
        Gap unlisted = new Gap(
                TimeRange.of("2024-02-10", "2024-02-10T00:05:30Z"),
                GapReason.BEFORE_LISTING,
                "catalogue",
                Instant.EPOCH,
                Gap.NEVER);
        Gap outage = new Gap(
                TimeRange.of("2024-02-10T00:05:30Z", "2024-02-10T00:10:00Z"),
                GapReason.VENUE_OUTAGE,
                "incident",
                Instant.EPOCH,
                Gap.NEVER);
        source.withHole(unlisted).withHole(outage);
        try (Batches batches = EndLabels.over(source).read(ENDS, DAY)) {
            batches.forEach(batch -> {});
            assertThat(batches.provenance().gaps())
                    .containsExactly(
                            unlisted.over(TimeRange.of("2024-02-10T00:01:00Z", "2024-02-10T00:07:00Z")),
                            outage.over(TimeRange.of("2024-02-10T00:07:00Z", "2024-02-10T00:11:00Z")));
        }
    }

    @Example
    void theFlagOfFilledCandlesIsAColumnThatCanBeAskedFor() {
        try (Batches some = ForwardFill.over(source).read(MINUTES, DAY, List.of("close", "filled"))) {
            assertThat(some.iterator().next().columns())
                    .extracting(Column::name)
                    .containsExactly("open_time", "close", "filled");
        }
    }

    @Example
    void daysOfAZoneEndAtItsMidnight() {
        Series days = Series.parse(BTC + "candles_by_end:1d@Europe/Zurich");
        MemoryStore store = MemoryStore.create();
        store.write(source.read(Series.parse(BTC + "candles:1h"), TimeRange.of("2024-03-29", "2024-04-03")));
        TimeRange summerTime = TimeRange.of("2024-03-30T23:00:00Z", "2024-04-01T00:00:00Z");
        assertThat(Rows.of(EndLabels.over(Resample.over(store, Interval.parse("1h"))), days, summerTime))
                .extracting(row -> row.get(0))
                .containsExactly("2024-03-30T23:00:00Z", "2024-03-31T22:00:00Z");
    }

    @Example
    void whatIsStoredByEndIsASeriesOfItsOwnAndReadsBack() {
        MemoryStore store = MemoryStore.create();
        store.write(source.read(MINUTES, DAY));
        store.write(EndLabels.over(source).read(ENDS, DAY));
        assertThat(store.series()).containsExactly(MINUTES, ENDS);
        assertThat(Rows.of(store, ENDS, DAY)).isEqualTo(Rows.of(EndLabels.over(source), ENDS, DAY));
        assertThat(store.coverage(ENDS, DAY).gaps()).isEmpty();
    }

    @Example
    void filledCandlesKeepTheirFlag() {
        source.withHole(new Gap(
                TimeRange.of("2024-02-10T10:00:00Z", "2024-02-10T10:02:00Z"),
                GapReason.VENUE_OUTAGE,
                "incident",
                Instant.EPOCH,
                Gap.NEVER));
        Series filled = Series.parse(ENDS + ":filled");
        List<List<String>> rows = Rows.of(
                EndLabels.over(ForwardFill.over(source)),
                filled,
                TimeRange.of("2024-02-10T10:00:00Z", "2024-02-10T10:03:00Z"));
        assertThat(rows).extracting(row -> row.get(11)).containsExactly("false", "true", "true");
        assertThat(rows).extracting(row -> row.get(0)).endsWith("2024-02-10T10:02:00Z");
    }

    @Example
    void onlyCandlesHaveEnds() {
        assertThat(Dataset.candles("1m").byEnd().byStart()).isEqualTo(Dataset.candles("1m"));
        assertThat(Series.parse(ENDS.toString())).isEqualTo(ENDS);
        assertThatIllegalArgumentException().isThrownBy(Dataset.TRADES::byEnd).withMessageContaining("trades");
        assertThatIllegalArgumentException().isThrownBy(() -> Dataset.parse("candles_by_end:1x"));
        assertThat(EndLabels.over(source).serves(MINUTES)).isFalse();
        assertThat(EndLabels.over(source).serves(ENDS)).isTrue();
        assertThatThrownBy(() -> EndLabels.over(source).read(MINUTES, DAY))
                .isInstanceOf(Refused.class)
                .hasMessageContaining(BTC + "candles_by_end:1m is");
        assertThat(ForwardFill.over(source).serves(ENDS)).isFalse();
    }
}
