package dev.candlewick.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Interval;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import dev.candlewick.book.BatchSource;
import dev.candlewick.testkit.MemoryStore;
import dev.candlewick.testkit.Rows;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Features as a source over stores: names, gaps, boundaries, and the parts that a plain program checks. */
class HftFeaturesTest {

    private static final TimeRange DAY = Scenes.DAY;
    private static final Series FIFTEEN = Series.parse(Ticks.BTC + "/features:hft:15s");

    @Example
    void aDatasetOfFeaturesIsFoundByItsName() {
        assertThat(Dataset.parse("features:hft:24h")).isEqualTo(HftDatasets.hft(Interval.parse("24h")));
        assertThat(Series.parse(FIFTEEN.toString())).isEqualTo(FIFTEEN);
        assertThat(FIFTEEN.schema().names()).containsSubsequence("timestamp", "available_at", "open", "vpin_50", "mid");
    }

    @Example
    void rowsWhoseTradesMayArriveInAFileThatIsNotThereYetAreWithheldWithItsReason() {
        MemoryStore store = Scenes.withoutTheNextDay();
        for (Source source : List.of(store, Scenes.mute(store))) {
            try (Batches batches = HftFeatures.over(source).read(FIFTEEN, DAY)) {
                int given = 0;
                for (Batch batch : batches) {
                    given += batch.rows();
                }
                assertThat(given).isEqualTo(4 * 60 * 24 - 4);
                assertThat(batches.provenance().gaps())
                        .singleElement()
                        .satisfies(gap -> assertThat(gap.toString())
                                .isEqualTo("2024-01-01T23:59:00Z/2024-01-02T00:00:00Z not_yet_published (404)"));
            }
            HftSettings accepting = HftSettings.builder().acceptingBoundaries().build();
            assertThat(Rows.of(HftFeatures.over(source, accepting), FIFTEEN, DAY))
                    .hasSize(4 * 60 * 24);
        }
    }

    @Example
    void aHoleInTheFeedOfBooksMakesItsColumnsEmptyAndNoOthers() {
        // Changes that arrive after the hole may have happened in it; here none did.
        List<Ticks.Row> ticks = Ticks.random(new Random(7), DAY.startMicros(), 120_000_000L, 600).stream()
                .filter(tick ->
                        !tick.dataset().equals(Dataset.book(5)) || tick.arrival() - (Long) tick.values()[0] < 1_000_000)
                .toList();
        MemoryStore store = Ticks.store(ticks, TimeRange.of("2023-12-30", "2024-01-04"));
        Series books = new Series(Ticks.BTC, Dataset.book(5));
        TimeRange hole = TimeRange.ofEpochMicros(DAY.startMicros() + 40_000_000L, DAY.startMicros() + 100_000_000L);
        Gap outage = new Gap(hole, GapReason.VENUE_OUTAGE, "incident", Instant.EPOCH, Gap.NEVER);
        store.write(Batches.of(books, hole, List.of(), new Provenance("t", List.of(), List.of(outage), List.of())));
        Batch rows = Rows.join(FIFTEEN, Rows.read(HftFeatures.over(store), FIFTEEN, hole));
        for (int row = 0; row < 3; row++) {
            assertThat(rows.doubles("mid").isNull(row)).isTrue();
            assertThat(rows.longs("quote_updates").isNull(row)).isTrue();
            assertThat(rows.longs("trade_count").value(row)).isPositive();
        }
    }

    @Example
    void rowsWaitForAFeedThatIsStoredButNotFetchedThatDay() {
        MemoryStore store = Ticks.store(
                Ticks.random(new Random(5), DAY.startMicros() + 1_000_000_000L, 120_000_000L, 200),
                TimeRange.of("2023-12-30", "2024-01-04"));
        Series tickers = new Series(Ticks.BTC, Dataset.DERIVATIVE_TICKER);
        store.forget(tickers, DAY);
        try (Batches batches = HftFeatures.over(store).read(FIFTEEN, DAY)) {
            assertThat(batches).isEmpty();
            assertThat(batches.provenance().gaps()).singleElement().satisfies(gap -> {
                assertThat(gap.range()).isEqualTo(DAY);
                assertThat(gap.reason()).isEqualTo(GapReason.NOT_FETCHED);
                assertThat(gap.evidence()).contains("derivative_ticker");
            });
        }
        HftSettings accepting = HftSettings.builder().acceptingMissingFeeds().build();
        Batch given = Rows.join(FIFTEEN, Rows.read(HftFeatures.over(store, accepting), FIFTEEN, DAY));
        assertThat(given.rows()).isPositive();
        assertThat(given.decimals("funding_rate").isNull(0)).isTrue();
        // A feed that the store never held is not waited for.
        store.forget(tickers, TimeRange.of("2023-12-30", "2024-01-04"));
        assertThat(store.series()).doesNotContain(tickers);
        assertThat(Rows.of(HftFeatures.over(store), FIFTEEN, DAY)).hasSize(given.rows());
    }

    @Example
    void bucketsGoOnOverMidnightsOfAMarketThatIsIdleForDays() {
        Series trades = new Series(Ticks.BTC, Dataset.TRADES);
        MemoryStore store = MemoryStore.create();
        BatchBuilder rows = new BatchBuilder(trades, 2);
        long traded = DAY.startMicros() + 36_000_000_000L;
        rows.row(traded, traded, "1", "buy", "100", "1");
        RecordedTicks.write(store, rows.build(), TimeRange.of("2023-12-20", "2024-01-20"));
        HftSettings filled =
                HftSettings.builder().emptyBuckets(EmptyBuckets.FILL_FORWARD).build();
        for (String day : List.of("2024-01-02", "2024-01-05", "2024-01-08")) {
            try (Batches batches = HftFeatures.over(store, filled).read(FIFTEEN, TimeRange.day(day))) {
                int given = 0;
                for (Batch batch : batches) {
                    given += batch.rows();
                    assertThat(batch.decimals("close").get(0)).isEqualByComparingTo("100");
                }
                assertThat(given).isEqualTo(4 * 60 * 24);
                assertThat(batches.provenance().gaps()).isEmpty();
            }
        }
        try (Batches batches = HftFeatures.over(store, filled).read(FIFTEEN, TimeRange.day("2024-01-09"))) {
            assertThat(batches).isEmpty();
            assertThat(batches.provenance().gaps()).singleElement().satisfies(gap -> {
                assertThat(gap.reason()).isEqualTo(GapReason.CONFIRMED_EMPTY);
                assertThat(gap.evidence()).contains("7 days before");
            });
        }
    }

    @Example
    void whatASourceTellsAtItsEndIsKnownFromTheBeginning() {
        List<Ticks.Row> ticks = Ticks.random(new Random(7), DAY.startMicros(), 120_000_000L, 600);
        MemoryStore store = Ticks.store(ticks, TimeRange.of("2023-12-30", "2024-01-04"));
        TimeRange hole = TimeRange.ofEpochMicros(DAY.startMicros() + 40_000_000L, DAY.startMicros() + 100_000_000L);
        Gap outage = new Gap(hole, GapReason.VENUE_OUTAGE, "incident", Instant.EPOCH, Gap.NEVER);
        for (Dataset dataset : List.of(Dataset.book(5), Dataset.LIQUIDATIONS)) {
            store.write(Batches.of(
                    new Series(Ticks.BTC, dataset),
                    hole,
                    List.of(),
                    new Provenance("t", List.of(), List.of(outage), List.of())));
        }
        Batch rows = Rows.join(FIFTEEN, Rows.read(HftFeatures.over(Scenes.mute(store)), FIFTEEN, hole));
        assertThat(rows.rows()).isPositive();
        assertThat(rows.longs("liquidation_count").isNull(0)).isTrue();
        assertThat(rows.longs("quote_updates").isNull(0)).isTrue();
        assertThat(Rows.of(HftFeatures.over(Scenes.mute(store)), FIFTEEN, DAY))
                .isEqualTo(Rows.of(HftFeatures.over(store), FIFTEEN, DAY));
    }

    @Example
    void cursorsThatWereOpenedAreClosedWhenALaterFeedCannotBeRead() {
        MemoryStore store = Ticks.store(
                Ticks.random(new Random(5), DAY.startMicros(), 60_000_000L, 50),
                TimeRange.of("2023-12-30", "2024-01-04"));
        AtomicInteger open = new AtomicInteger();
        Source failing = new Source() {
            @Override
            public String name() {
                return "failing";
            }

            @Override
            public boolean serves(Series series) {
                return true;
            }

            @Override
            public Batches read(Series series, TimeRange range) {
                if (series.dataset().equals(Dataset.book(5))) {
                    throw new Refused("no books today");
                }
                open.incrementAndGet();
                Batches rows = store.read(series, range);
                return Batches.of(series, range, rows.iterator(), rows::provenance, open::decrementAndGet);
            }
        };
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> Rows.of(HftFeatures.over(failing), FIFTEEN, DAY))
                .withMessageContaining("no books today");
        assertThat(open).hasValue(0);
    }

    @Example
    void whatOptionsSayStandsBesideTheirUnderlying() {
        MemoryStore store = Ticks.store(
                Ticks.random(new Random(3), DAY.startMicros(), 60_000_000L, 200),
                TimeRange.of("2023-12-30", "2024-01-04"));
        Subject underlying = Subject.parse("DERIBIT:UNDERLYING:BTC");
        Series surfaces = new Series(underlying, Dataset.parse("features:options:15s"));
        long second = DAY.startMicros() + 15_000_000L;
        BatchBuilder rows = new BatchBuilder(surfaces, 4);
        rows.row(second, second + 99_000_000L, 0.62, null, null, null, null, 3L, 3L);
        Gap quiet = new Gap(DAY, GapReason.CONFIRMED_EMPTY, "no option had a fresh row", DAY.end(), Gap.NEVER);
        store.write(Batches.of(
                surfaces, DAY, List.of(rows.build()), new Provenance("t", List.of(), List.of(quiet), List.of())));
        TimeRange minute = TimeRange.ofEpochMicros(DAY.startMicros(), DAY.startMicros() + 60_000_000L);
        Batch made =
                Rows.join(FIFTEEN, Rows.read(HftFeatures.over(store).withOptions(store, underlying), FIFTEEN, minute));
        assertThat(made.doubles("atm_mark_iv").isNull(0)).isTrue();
        assertThat(made.doubles("atm_mark_iv").value(1)).isEqualTo(0.62);
        assertThat(made.doubles("skew_25d_put_call_ratio").isNull(1)).isTrue();
        assertThat(made.times("available_at").epochMicros(1)).isEqualTo(second + 99_000_000L);
    }

    @Example
    void whenOptionsWereKnownDoesNotDependOnTheRangeThatIsRead() {
        long noon = DAY.startMicros() + 43_200_000_000L;
        List<Ticks.Row> ticks = new ArrayList<>();
        // What the second before the noon knew arrived later than what took its place.
        ticks.add(option(noon - 500_000, noon + 3_900_000));
        ticks.add(option(noon + 500_000, noon + 600_000));
        ticks.add(new Ticks.Row(Dataset.TRADES, noon - 9, new Object[] {noon - 9, noon - 9, "1", "buy", "100", "1"}));
        ticks.sort(Comparator.comparingLong(Ticks.Row::arrival));
        MemoryStore store = Ticks.store(ticks, TimeRange.of("2023-12-30", "2024-01-04"));
        Series seconds = new Series(Ticks.BTC, HftDatasets.hft(Interval.parse("1s")));
        HftFeatures features = HftFeatures.over(store).withOptions(OptionFeatures.over(store), Ticks.OPTIONS);
        TimeRange minute = TimeRange.ofEpochMicros(noon - 1_000_000, noon + 60_000_000);
        List<List<String>> all = Rows.of(features, seconds, minute);
        assertThat(all).hasSize(61);
        for (int second = 0; second < 10; second++) {
            TimeRange part = TimeRange.ofEpochMicros(noon + second * 1_000_000L, minute.endMicros());
            assertThat(Rows.of(features, seconds, part)).isEqualTo(all.subList(1 + second, 61));
        }
    }

    @Example
    void anEstimateIsOfAllThatIsRead() {
        MemoryStore store = Ticks.store(
                Ticks.random(new Random(3), DAY.startMicros(), 200_000_000L, 200),
                TimeRange.of("2023-12-30", "2024-01-04"));
        List<String> read = new ArrayList<>();
        List<String> estimated = new ArrayList<>();
        Source noting = Scenes.noting(store, read, estimated);
        HftSettings settings = HftSettings.builder()
                .lookBackDays(0)
                .realizedSpreadAfter(Duration.ofMinutes(2))
                .build();
        HftFeatures features = HftFeatures.over(noting, settings).withOptions(noting, Ticks.OPTIONS);
        TimeRange days = TimeRange.of("2024-01-01T12:00:07Z", "2024-01-02T00:30:00Z");
        Rows.of(features, FIFTEEN, days);
        assertThat(features.estimate(FIFTEEN, days).requestCount()).isEqualTo(10);
        assertThat(estimated)
                .containsExactlyInAnyOrderElementsOf(read)
                .contains(FIFTEEN.with(Dataset.TRADES) + " 2024-01-01T22:59:00Z/2024-01-02T00:33:00.000001Z");
    }

    private static Ticks.Row option(long timestamp, long arrival) {
        Ticks.Row row = Ticks.options(new Random(1), arrival, 1, 1).get(0);
        Object[] values = row.values().clone();
        values[0] = timestamp;
        values[1] = arrival;
        values[2] = "BTC-90C";
        return new Ticks.Row(Ticks.CHAIN, arrival, values);
    }

    @Example
    void rowsWaitForOptionsThatWereAskedForAndAreNotThere() {
        List<Ticks.Row> ticks = new ArrayList<>(Ticks.random(new Random(3), DAY.startMicros(), 200_000_000L, 200));
        ticks.addAll(Ticks.options(new Random(3), DAY.startMicros(), 200_000_000L, 200));
        MemoryStore store = Ticks.store(ticks, TimeRange.of("2023-12-30", "2024-01-04"));
        MemoryStore surfaces = MemoryStore.create();
        TimeRange days = TimeRange.of("2023-12-31", "2024-01-02");
        Series series = new Series(Ticks.OPTIONS, OptionFeatures.dataset(Interval.parse("15s")));
        surfaces.write(OptionFeatures.over(store).read(series, days));
        int all = Rows.of(HftFeatures.over(store).withOptions(OptionFeatures.over(store), Ticks.OPTIONS), FIFTEEN, DAY)
                .size();
        assertThat(all).isPositive();
        store.forget(Ticks.CHAIN, DAY);
        surfaces.forget(series, TimeRange.of("2023-12-30", "2024-01-04"));
        Gap locked = new Gap(DAY, GapReason.NOT_FETCHED, "the key is in use", DAY.end(), DAY.end());
        Source telling = new BatchSource(List.of(), List.of(locked));
        for (Source below : List.of(OptionFeatures.over(store), surfaces, OptionFeatures.over(telling))) {
            try (Batches batches =
                    HftFeatures.over(store).withOptions(below, Ticks.OPTIONS).read(FIFTEEN, DAY)) {
                assertThat(batches).isEmpty();
                assertThat(batches.provenance().gaps()).singleElement().satisfies(gap -> {
                    assertThat(gap.range()).isEqualTo(DAY);
                    assertThat(gap.reason()).isEqualTo(GapReason.NOT_FETCHED);
                    assertThat(gap.evidence())
                            .contains("DERIBIT:UNDERLYING:BTC/features:options:15s of these buckets is not there yet");
                });
            }
            HftSettings accepting =
                    HftSettings.builder().acceptingMissingFeeds().build();
            Batch given = Rows.join(
                    FIFTEEN,
                    Rows.read(HftFeatures.over(store, accepting).withOptions(below, Ticks.OPTIONS), FIFTEEN, DAY));
            assertThat(given.rows()).isEqualTo(all);
            assertThat(given.doubles("atm_mark_iv").isNull(3)).isTrue();
        }
    }

    @Property(tries = 15)
    void vpinIsThatOfAPlainProgram(@ForAll long seed) {
        Random random = new Random(seed);
        BigDecimal size = BigDecimal.valueOf(1 + random.nextInt(300), 2);
        // Amounts that fill many volumes at once, and some beyond 64 bits.
        int places = random.nextInt(4) == 0 ? -8 : 2;
        if (places < 0) {
            size = size.movePointRight(9);
        }
        VpinFeature feature = new VpinFeature(Optional.of(size));
        Bucket bucket = new Bucket(5);
        Deque<BigDecimal> window = new ArrayDeque<>();
        BigDecimal filled = BigDecimal.ZERO;
        BigDecimal signed = BigDecimal.ZERO;
        for (int i = 0; i < 300; i++) {
            TradeTick tick = new TradeTick();
            BigDecimal amount = BigDecimal.valueOf(1 + random.nextInt(500), 0).movePointLeft(places);
            tick.side = random.nextInt(3) - 1;
            tick.amountLow = amount.movePointRight(12).toBigIntegerExact().longValue();
            tick.amountHigh =
                    amount.movePointRight(12).toBigIntegerExact().shiftRight(64).longValue();
            feature.trade(bucket, tick);
            while (tick.side != 0 && amount.signum() > 0) {
                BigDecimal part = amount.min(size.subtract(filled));
                filled = filled.add(part);
                signed = signed.add(part.multiply(BigDecimal.valueOf(tick.side)));
                amount = amount.subtract(part);
                if (filled.compareTo(size) == 0) {
                    window.addLast(signed.abs());
                    if (window.size() > 50) {
                        window.removeFirst();
                    }
                    filled = BigDecimal.ZERO;
                    signed = BigDecimal.ZERO;
                }
            }
        }
        BatchBuilder builder = new BatchBuilder(
                new Series(
                        Ticks.BTC,
                        new Dataset(
                                "vpin",
                                new Schema(List.of(feature.columns().get(0).field(), Field.time("t")), "t", List.of()),
                                Cadence.events())),
                1);
        FeatureRow row =
                new FeatureRow(builder, List.of(feature.columns().get(0).field().type()));
        row.begin();
        feature.emit(bucket, row);
        builder.time(1).append(0);
        builder.endRow();
        Batch batch = builder.build();
        if (window.size() < 50) {
            assertThat(batch.doubles("vpin_50").isNull(0)).isTrue();
        } else {
            double expected =
                    window.stream().reduce(BigDecimal.ZERO, BigDecimal::add).doubleValue()
                            / size.multiply(BigDecimal.valueOf(50)).doubleValue();
            assertThat(batch.doubles("vpin_50").value(0)).isCloseTo(expected, within(1e-9));
        }
    }

    @Example
    void aVolumeTooSmallForItsTradesTakesNoLongerThanAnyOther() {
        VpinFeature feature = new VpinFeature(Optional.of(new BigDecimal("0.000000000001")));
        TradeTick tick = new TradeTick();
        tick.side = 1;
        tick.amountLow = (1L << 55) - 1;
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> feature.trade(new Bucket(5), tick));
    }

    @Example
    void ticksInReverseAreSortedInNoMoreThanALogarithmEach() {
        int count = 300_000;
        ReorderBuffer<TradeTick> buffer = new ReorderBuffer<>(TradeTick::new, TradeTick[]::new);
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < count; i++) {
                    TradeTick tick = buffer.claim();
                    tick.timestamp = (count - i) / 2;
                    tick.arrival = i;
                    buffer.add();
                }
                long time = -1;
                long arrival = -1;
                for (int i = 0; i < count; i++) {
                    TradeTick tick = buffer.poll();
                    assertThat(tick.timestamp > time || tick.arrival > arrival).isTrue();
                    assertThat(tick.timestamp).isGreaterThanOrEqualTo(time);
                    time = tick.timestamp;
                    arrival = tick.arrival;
                }
                assertThat(buffer.hasBefore(Long.MAX_VALUE)).isFalse();
            }
        });
    }

    @Property(tries = 15)
    void aMedianIsThatOfTheSortedValuesHoweverMany(@ForAll long seed) {
        Random random = new Random(seed);
        Median median = new Median();
        int count = 1 + random.nextInt(random.nextInt(6) == 0 ? 80_000 : 300);
        List<Long> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long value = random.nextLong(-1_000, 1_000);
            values.add(value);
            median.add(value);
        }
        values.sort(null);
        assertThat(median.value()).isEqualTo((values.get((count - 1) / 2) + values.get(count / 2)) / 2.0);
    }

    @Property(tries = 15)
    void ticksLeaveTheBufferByTimeAndThoseOfOneTimeAsTheyCame(@ForAll long seed) {
        Random random = new Random(seed);
        ReorderBuffer<TradeTick> buffer = new ReorderBuffer<>(TradeTick::new, TradeTick[]::new);
        List<long[]> expected = new ArrayList<>();
        List<long[]> left = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            TradeTick tick = buffer.claim();
            tick.timestamp = i + random.nextLong(random.nextInt(5) == 0 ? 200 : 30);
            tick.arrival = i;
            expected.add(new long[] {tick.timestamp, i});
            buffer.add();
            while (random.nextInt(3) == 0 && buffer.hasBefore(i)) {
                TradeTick first = buffer.poll();
                left.add(new long[] {first.timestamp, first.arrival});
            }
        }
        while (buffer.hasBefore(Long.MAX_VALUE)) {
            TradeTick first = buffer.poll();
            left.add(new long[] {first.timestamp, first.arrival});
        }
        expected.sort(Comparator.comparingLong(tick -> tick[0]));
        assertThat(left).usingElementComparator(Arrays::compare).isEqualTo(expected);
    }
}
