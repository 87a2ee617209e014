package dev.candlewick.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.candlewick.Batch;
import dev.candlewick.Dataset;
import dev.candlewick.Interval;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.testkit.MemoryStore;
import dev.candlewick.testkit.Rows;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** What makes features trustworthy: live equals batch, and nothing looks ahead. */
class HftEngineTest {

    private static final TimeRange DAY = TimeRange.day("2024-01-01");
    private static final TimeRange COVERED = TimeRange.of("2023-12-31", "2024-01-03");
    private static final Set<Dataset> ALL =
            Set.of(Dataset.TRADES, Dataset.book(5), Dataset.DERIVATIVE_TICKER, Dataset.LIQUIDATIONS);

    @Property(tries = 10)
    void liveRowsAreThoseOfABatchByteForByte(@ForAll long seed) {
        Random random = new Random(seed);
        HftSettings settings = settings(random);
        Series series = series(random.nextBoolean() ? "15s" : "1m");
        List<Ticks.Row> ticks = Ticks.random(random, DAY.startMicros() + 3_000_000_000L, 900_000_000L, 1_500);
        TimeRange part = TimeRange.ofEpochMicros(DAY.startMicros(), DAY.startMicros() + 4_500_000_000L);
        MemoryStore store = Ticks.store(ticks, COVERED);
        List<List<String>> batch = Rows.of(HftFeatures.over(store, settings), series, part);
        HftEngine engine = HftEngine.of(series, settings, part.start(), ALL);
        List<Batch> live = new ArrayList<>();
        for (Ticks.Row tick : ticks) {
            engine.accept(tick.batch());
            if (random.nextInt(50) == 0) {
                live.add(engine.take());
            }
        }
        engine.advanceTo(part.end().plus(Duration.ofMinutes(2)));
        live.add(engine.take().within(part));
        assertThat(Rows.of(live)).isEqualTo(batch).isNotEmpty();
        // A row is the same whichever range it is read with.
        TimeRange inner =
                TimeRange.ofEpochMicros(DAY.startMicros() + 3_120_000_000L, DAY.startMicros() + 3_600_000_000L);
        assertThat(Rows.of(HftFeatures.over(store, settings), series, inner))
                .isEqualTo(batch.stream()
                        .filter(row -> inner.contains(Instant.parse(row.get(0))))
                        .toList());
    }

    @Property(tries = 4)
    void liveRowsAreThoseOfABatchAlsoOverMidnightsAndIdleDays(@ForAll long seed) {
        compareAWeek(seed, "15m");
    }

    @Property(tries = 40)
    @Tag("slow") // 20 s
    void liveRowsAreThoseOfABatchInManyWeeks(@ForAll long seed) {
        compareAWeek(seed, "1m");
    }

    private static void compareAWeek(long seed, String interval) {
        Random random = new Random(seed);
        HftSettings settings = HftSettings.builder()
                .vpinVolume(new BigDecimal("7.5"))
                .emptyBuckets(EmptyBuckets.values()[random.nextInt(3)])
                .carryingTicker()
                .inferringSides()
                .lookBackDays(random.nextInt(4))
                .history(Duration.ofHours(random.nextInt(5) == 0 ? 30 : 1))
                .lateness(Duration.ofMinutes(random.nextInt(5) == 0 ? 1_500 / 2 : 1))
                .build();
        Series series = series(interval);
        List<Ticks.Row> ticks = new ArrayList<>();
        for (int day = 0; day < 7; day++) {
            long midnight = DAY.startMicros() + day * 86_400_000_000L;
            if (random.nextInt(3) > 0) {
                ticks.addAll(Ticks.random(random, midnight + 300_000_000L, 86_000_000_000L, 1 + random.nextInt(40)));
            }
            if (random.nextInt(3) == 0) {
                ticks.addAll(Ticks.random(random, midnight - 60_000_000L, 120_000_000L, 60));
            }
        }
        ticks.sort(Comparator.comparingLong(Ticks.Row::arrival));
        TimeRange week = TimeRange.of("2024-01-02", "2024-01-08");
        MemoryStore store = Ticks.store(ticks, TimeRange.of("2023-11-01", "2024-01-11"));
        HftEngine engine = HftEngine.of(series, settings, week.start(), ALL);
        List<Batch> live = new ArrayList<>();
        for (Ticks.Row tick : ticks) {
            engine.accept(tick.batch());
            live.add(engine.take());
        }
        engine.advanceTo(week.end().plus(Duration.ofDays(1)));
        live.add(engine.take());
        live.removeIf(batch -> batch.rows() == 0);
        assertThat(Rows.of(live.stream()
                        .map(batch -> batch.within(week))
                        .filter(batch -> batch.rows() > 0)
                        .toList()))
                .isEqualTo(Rows.of(HftFeatures.over(store, settings), series, week));
    }

    @Property(tries = 15)
    void whatOptionsSayIsTheSameLiveAndInABatch(@ForAll long seed) {
        Random random = new Random(seed);
        HftSettings settings =
                HftSettings.builder().lateness(Duration.ofSeconds(20)).build();
        Series series = series(random.nextBoolean() ? "15s" : "1m");
        long midnight = DAY.endMicros();
        long start = midnight - 300_000_000L - random.nextInt(300) * 1_000_000L;
        List<Ticks.Row> ticks = new ArrayList<>(Ticks.random(random, start, 600_000_000L, 60));
        ticks.addAll(Ticks.options(random, start - 60_000_000L, 660_000_000L, 900));
        ticks.sort(Comparator.comparingLong(Ticks.Row::arrival));
        OptionFeatures surfaces = OptionFeatures.over(Ticks.store(ticks, COVERED))
                .lateness(Duration.ofSeconds(random.nextInt(20)))
                .settings(new OptionSurface.Settings(Duration.ofSeconds(20 + random.nextInt(200)), 0.2, Duration.ZERO));
        HftEngine engine =
                HftEngine.of(series, settings, TimeRange.instant(start), ALL).withOptions(Ticks.OPTIONS, surfaces);
        List<Batch> live = new ArrayList<>();
        for (Ticks.Row tick : ticks) {
            engine.accept(tick.batch());
            if (random.nextInt(50) == 0) {
                live.add(engine.take());
            }
        }
        TimeRange part = TimeRange.ofEpochMicros(start, start + 660_000_000L);
        engine.advanceTo(part.end().plus(Duration.ofMinutes(2)));
        live.add(engine.take());
        List<List<String>> rows = new ArrayList<>(Rows.of(live));
        rows.removeIf(row -> !part.contains(Instant.parse(row.get(0))));
        HftFeatures batch =
                HftFeatures.over(Ticks.store(ticks, COVERED), settings).withOptions(surfaces, Ticks.OPTIONS);
        assertThat(rows).isEqualTo(Rows.of(batch, series, part)).isNotEmpty();
        int column = series.schema().indexOf("atm_mark_iv");
        assertThat(rows).anyMatch(row -> !row.get(column).isEmpty());
        TimeRange inner = TimeRange.ofEpochMicros(midnight - 60_000_000L, midnight + 60_000_000L);
        assertThat(Rows.of(batch, series, inner))
                .isEqualTo(rows.stream()
                        .filter(row -> inner.contains(Instant.parse(row.get(0))))
                        .toList());
    }

    @Example
    void optionsAreNamedBeforeTheFirstTickAndWaitedForNoLongerThanRows() {
        HftEngine engine = HftEngine.of(series("15s"), HftSettings.defaults(), DAY.start(), ALL);
        OptionFeatures patient = OptionFeatures.over(MemoryStore.create()).lateness(Duration.ofSeconds(61));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine.withOptions(Ticks.OPTIONS, patient))
                .withMessageContaining("PT1M1S");
        Ticks.Row option = Ticks.options(new Random(1), DAY.startMicros(), 1, 1).get(0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine.accept(option.batch()))
                .withMessageContaining("options_chain");
        engine.accept(trade(1, 1, "buy", "100", "2").batch());
        assertThatIllegalStateException()
                .isThrownBy(() -> engine.withOptions(Ticks.OPTIONS))
                .withMessageContaining("has taken ticks");
    }

    @Example
    void optionsThatCameTooLateAreNamed() {
        HftEngine engine = HftEngine.of(series("15s"), HftSettings.defaults(), DAY.start(), ALL)
                .withOptions(Ticks.OPTIONS);
        List<Ticks.Row> rows = Ticks.options(new Random(4), DAY.startMicros(), 300_000_000L, 300);
        rows.forEach(row -> engine.accept(row.batch()));
        assertThat(engine.late())
                .isNotEmpty()
                .allMatch(row -> row.toString().startsWith("DERIBIT:GROUP:OPTIONS/options_chain, line "));
        assertThat(engine.take().rows()).as("without a trade there is no row").isZero();
    }

    @Property(tries = 15)
    void whatArrivesLaterChangesNoRowThatWasAvailable(@ForAll long seed, @ForAll @IntRange(max = 899) int second) {
        Random random = new Random(seed);
        HftSettings settings = settings(random);
        Series series = series("15s");
        List<Ticks.Row> ticks = Ticks.random(random, DAY.startMicros(), 900_000_000L, 1_000);
        long cut = DAY.startMicros() + second * 1_000_000L + random.nextInt(1_000_000);
        List<List<String>> all = run(series, settings, ticks);
        List<List<String>> before = run(
                series,
                settings,
                ticks.stream().filter(tick -> tick.arrival() <= cut).toList());
        int available = 0;
        for (List<String> row : all) {
            if (!Instant.parse(row.get(1)).isAfter(TimeRange.instant(cut))) {
                assertThat(before).contains(row);
                available++;
            }
        }
        assertThat(available).isGreaterThanOrEqualTo(second > 600 ? 1 : 0);
    }

    @Example
    void theColumnsOfThreeTradesAreThoseWorkedOutByHand() {
        List<Ticks.Row> ticks = List.of(
                trade(1_000_000, 1_100_000, "buy", "100", "2"),
                trade(30_000_000, 30_300_000, "sell", "99", "1"),
                trade(59_000_000, 59_200_000, "unknown", "101", "1"));
        Batch rows = batch(series("1m"), HftSettings.defaults(), ticks);
        assertThat(rows.decimals("open").get(0)).isEqualByComparingTo("100");
        assertThat(rows.decimals("high").get(0)).isEqualByComparingTo("101");
        assertThat(rows.decimals("low").get(0)).isEqualByComparingTo("99");
        assertThat(rows.decimals("close").get(0)).isEqualByComparingTo("101");
        assertThat(rows.decimals("volume").get(0)).isEqualByComparingTo("4");
        assertThat(rows.decimals("quote_volume").get(0)).isEqualByComparingTo("400");
        assertThat(rows.decimals("unknown_volume_sum").get(0)).isEqualByComparingTo("1");
        assertThat(rows.decimals("signed_volume").get(0)).isEqualByComparingTo("1");
        assertThat(rows.doubles("trade_imbalance").value(0)).isEqualTo(1 / 3.0);
        assertThat(rows.doubles("size_avg").value(0)).isEqualTo(4 / 3.0);
        assertThat(rows.doubles("delay_median").value(0)).isEqualTo(200);
        assertThat(rows.doubles("delay_max").value(0)).isEqualTo(300);
        assertThat(rows.doubles("delay_min").value(0)).isEqualTo(100);
        assertThat(rows.doubles("interarrival_mean_ms").value(0)).isEqualTo(29_000);
        assertThat(rows.longs("quote_updates").isNull(0)).isTrue();
    }

    @Example
    void orderFlowIsThatOfTheThreeChangesWorkedOutByHand() {
        List<Ticks.Row> ticks = List.of(
                trade(1_000_000, 1_000_000, "buy", "100", "2"),
                book(2_000_000, "101", "4", "100", "5"),
                book(3_000_000, "101", "4", "100", "7"),
                book(4_000_000, "101", "4", "100.5", "1"),
                book(5_000_000, "100.9", "3", "100.5", "1"));
        Batch rows = batch(series("1m"), HftSettings.defaults(), ticks);
        assertThat(rows.doubles("ofi_l1").value(0)).isZero();
        assertThat(rows.longs("quote_updates").value(0)).isEqualTo(4);
        Batch top = batch(
                series("1m"),
                HftSettings.defaults(),
                List.of(trade(1, 1, "buy", "1", "1"), book(2, "101", "1", "100", "3")));
        assertThat(top.doubles("microprice").value(0)).isEqualTo(100.75);
        assertThat(top.doubles("book_imbalance_1").value(0)).isEqualTo(0.5);
    }

    @Example
    void derivativesColumnsFollowTheirFeeds() {
        Object[] first = {at(1), at(1), DAY.startMicros() + 28_800_000_000L, "0.0001", null, "1000", null, "99", "100"};
        Object[] second = {at(61_000_000), at(61_000_000), null, null, null, "900", null, null, "101"};
        List<Ticks.Row> ticks = List.of(
                trade(1, 1, "buy", "100", "2"),
                new Ticks.Row(Dataset.DERIVATIVE_TICKER, at(1), first),
                new Ticks.Row(Dataset.DERIVATIVE_TICKER, at(61_000_000), second),
                new Ticks.Row(Dataset.LIQUIDATIONS, at(62_000_000), new Object[] {
                    at(62_000_000), at(62_000_000), null, "sell", "100", "3"
                }));
        Batch rows = batch(series("1m"), HftSettings.defaults(), ticks);
        assertThat(rows.decimals("open_interest").get(0)).isEqualByComparingTo("1000");
        assertThat(rows.decimals("oi_change").isNull(0)).isTrue();
        assertThat(rows.doubles("basis_bps").value(0)).isEqualTo(1e4 / 99);
        assertThat(rows.doubles("funding_annualized").value(0)).isEqualTo(0.1095);
        assertThat(rows.doubles("minutes_to_funding").value(0)).isEqualTo(479);
        assertThat(rows.decimals("oi_change").get(1)).isEqualByComparingTo("-100");
        assertThat(rows.doubles("oi_pct_change").value(1)).isEqualTo(-0.1);
        assertThat(rows.decimals("index_price").isNull(1)).isTrue();
        assertThat(rows.decimals("liquidation_with_falling_oi").get(1)).isEqualByComparingTo("3");
        assertThat(rows.decimals("liquidation_with_rising_oi").get(1)).isZero();
        assertThat(rows.doubles("liquidation_imbalance").value(1)).isEqualTo(-1);
        Batch carried = batch(
                series("1m"),
                HftSettings.builder()
                        .carryingTicker()
                        .multiplier(BigDecimal.TEN)
                        .build(),
                ticks);
        assertThat(carried.decimals("index_price").get(1)).isEqualByComparingTo("99");
        assertThat(carried.doubles("oi_notional").value(1)).isEqualTo(909_000);
    }

    @Example
    void sidesAreInferredFromTheBookAndElseFromTheLastMove() {
        List<Ticks.Row> ticks = List.of(
                trade(1, 1, "unknown", "100", "1"),
                trade(2, 2, "unknown", "101", "2"),
                trade(3, 3, "unknown", "101", "4"),
                book(4, "102", "1", "100", "1"),
                trade(5, 5, "unknown", "100", "8"),
                trade(6, 6, "unknown", "101", "16"));
        Batch rows = batch(series("1m"), HftSettings.builder().inferringSides().build(), ticks);
        assertThat(rows.decimals("buy_volume_sum").get(0)).isEqualByComparingTo("22");
        assertThat(rows.decimals("sell_volume_sum").get(0)).isEqualByComparingTo("8");
        assertThat(rows.longs("inferred_sides").value(0)).isEqualTo(4);
    }

    @Example
    void aRealizedSpreadMakesItsRowAvailableWhenTheLaterMiddleIsKnown() {
        List<Ticks.Row> ticks = List.of(
                book(1, "102", "1", "100", "1"),
                trade(58_000_000, 58_000_000, "buy", "102", "1"),
                book(62_000_000, "104", "1", "100", "1"));
        Batch rows = batch(
                series("1m"),
                HftSettings.builder().realizedSpreadAfter(Duration.ofSeconds(5)).build(),
                ticks);
        assertThat(rows.doubles("effective_spread_bps").value(0)).isEqualTo(2e4 / 101);
        assertThat(rows.doubles("realized_spread_bps").value(0)).isEqualTo(0);
        assertThat(rows.times("available_at").epochMicros(0)).isEqualTo(at(63_000_000));
    }

    @Example
    void aLostBookLeavesItsColumnsEmptyUntilItComesAnew() {
        HftEngine engine = HftEngine.of(series("15s"), HftSettings.defaults(), DAY.start(), ALL);
        engine.accept(trade(1, 1, "buy", "100", "1").batch());
        engine.accept(book(2, "102", "1", "100", "1").batch());
        engine.bookLost(DAY.start().plusSeconds(20));
        engine.accept(book(31_000_000, "102", "2", "100", "2").batch());
        engine.advanceTo(DAY.start().plusSeconds(300));
        Batch rows = engine.take();
        assertThat(rows.doubles("mid").value(0)).isEqualTo(101);
        assertThat(rows.doubles("mid").isNull(1)).isTrue();
        assertThat(rows.doubles("tw_spread_bps").isNull(1)).isFalse();
        assertThat(rows.doubles("mid").value(2)).isEqualTo(101);
        assertThat(rows.doubles("ofi_l1").isNull(2)).isTrue();
        assertThat(rows.doubles("ofi_l1").value(3)).isZero();
    }

    @Example
    void aLiquidationOfUnknownSideIsCountedOnNeitherSide() {
        Batch rows = batch(
                series("1m"),
                HftSettings.defaults(),
                List.of(trade(1, 1, "buy", "100", "2"), new Ticks.Row(Dataset.LIQUIDATIONS, at(2), new Object[] {
                    at(2), at(2), null, "unknown", "100", "3"
                })));
        assertThat(rows.longs("liquidation_count").value(0)).isOne();
        assertThat(rows.decimals("liquidation_buy_volume").get(0)).isZero();
        assertThat(rows.decimals("liquidation_sell_volume").get(0)).isZero();
        assertThat(rows.doubles("liquidation_imbalance").isNull(0)).isTrue();
    }

    @Example
    void fundingTimesLessThanAnHourApartSayNothingOfAYear() {
        long funding = DAY.startMicros() + 28_800_000_000L;
        List<Ticks.Row> ticks = List.of(
                trade(1, 1, "buy", "100", "2"),
                new Ticks.Row(Dataset.DERIVATIVE_TICKER, at(1), new Object[] {
                    at(1), at(1), funding, "0.0001", null, null, null, null, null
                }),
                new Ticks.Row(Dataset.DERIVATIVE_TICKER, at(2), new Object[] {
                    at(2), at(2), funding + 1, "0.0001", null, null, null, null, null
                }));
        Batch rows = batch(series("1m"), HftSettings.defaults(), ticks);
        assertThat(rows.decimals("funding_rate").get(0)).isEqualByComparingTo("0.0001");
        assertThat(rows.doubles("funding_annualized").isNull(0)).isTrue();
    }

    @Example
    void negativeAmountsAreSetAsideAsBadRows() {
        HftEngine engine = HftEngine.of(series("1m"), HftSettings.defaults(), DAY.start(), ALL);
        engine.accept(trade(1, 1, "buy", "100", "2").batch());
        engine.accept(trade(2, 2, "buy", "100", "-5").batch());
        engine.advanceTo(DAY.start().plusSeconds(300));
        assertThat(engine.take().decimals("volume").get(0)).isEqualByComparingTo("2");
        assertThat(engine.late()).singleElement().satisfies(row -> {
            assertThat(row.line()).isEqualTo(2);
            assertThat(row.column()).isEqualTo("amount");
            assertThat(row.text()).startsWith("-5");
        });
    }

    @Example
    void aFeedOfTheTopAloneHasNoColumnsOfFiveLevels() {
        HftSettings settings = HftSettings.builder().book(Dataset.QUOTES).build();
        HftEngine engine = HftEngine.of(series("1m"), settings, DAY.start(), Set.of(Dataset.TRADES, Dataset.QUOTES));
        engine.accept(trade(1, 1, "buy", "100", "2").batch());
        engine.accept(
                new Ticks.Row(Dataset.QUOTES, at(2), new Object[] {at(2), at(2), "4", "101", "100", "5"}).batch());
        engine.advanceTo(DAY.start().plusSeconds(300));
        Batch rows = engine.take();
        assertThat(rows.doubles("mid").isNull(0)).isFalse();
        for (String column : List.of("bid_vwap", "ask_vwap", "vwap_spread", "bid_levels_filled", "ask_levels_filled")) {
            assertThat(rows.doubles(column).isNull(0)).as(column).isTrue();
        }
    }

    @Example
    void instantsOfAnyPrecisionAreTaken() {
        HftEngine engine =
                HftEngine.of(series("1m"), HftSettings.defaults(), DAY.start().plusNanos(999), ALL);
        engine.accept(trade(1, 1, "buy", "100", "2").batch());
        engine.bookLost(DAY.start().plusNanos(1_000_001));
        engine.advanceTo(DAY.start().plusSeconds(300).plusNanos(1));
        assertThat(engine.take().rows()).isEqualTo(4);
    }

    @Example
    void aClockThatJumpsYearsIsRefusedAndTheEngineGoesOn() {
        HftEngine engine = HftEngine.of(series("15s"), HftSettings.defaults(), DAY.start(), ALL);
        engine.accept(trade(1, 1, "buy", "100", "2").batch());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine.advanceTo(Instant.parse("2054-01-01T00:00:00Z")))
                .withMessageContaining("2054-01-01")
                .withMessageContaining("begin a new engine");
        engine.advanceTo(DAY.start().plusSeconds(300));
        assertThat(engine.take().rows()).isEqualTo(16);
    }

    private static List<List<String>> run(Series series, HftSettings settings, List<Ticks.Row> ticks) {
        HftEngine engine = HftEngine.of(series, settings, DAY.start(), ALL);
        ticks.forEach(tick -> engine.accept(tick.batch()));
        engine.advanceTo(DAY.start().plusSeconds(1_200));
        return Rows.of(List.of(engine.take()));
    }

    private static Batch batch(Series series, HftSettings settings, List<Ticks.Row> ticks) {
        boolean books = ticks.stream().anyMatch(tick -> tick.dataset().equals(Dataset.book(5)));
        HftEngine engine = HftEngine.of(
                series,
                settings,
                DAY.start(),
                books ? ALL : Set.of(Dataset.TRADES, Dataset.DERIVATIVE_TICKER, Dataset.LIQUIDATIONS));
        ticks.forEach(tick -> engine.accept(tick.batch()));
        engine.advanceTo(DAY.start().plusSeconds(300));
        return engine.take();
    }

    private static HftSettings settings(Random random) {
        HftSettings.Builder settings = HftSettings.builder();
        if (random.nextBoolean()) {
            settings.vpinVolume(new BigDecimal("7.5"));
        }
        if (random.nextInt(3) == 0) {
            settings.bulkVpin(Duration.ofSeconds(List.of(1, 5, 20).get(random.nextInt(3))));
        }
        if (random.nextBoolean()) {
            settings.realizedSpreadAfter(Duration.ofSeconds(5));
        }
        if (random.nextBoolean()) {
            settings.inferringSides();
        }
        if (random.nextBoolean()) {
            settings.carryingTicker();
        }
        return settings.emptyBuckets(EmptyBuckets.values()[random.nextInt(3)]).build();
    }

    private static Series series(String interval) {
        return new Series(Ticks.BTC, HftDatasets.hft(Interval.parse(interval)));
    }

    private static long at(long micros) {
        return DAY.startMicros() + micros;
    }

    private static Ticks.Row trade(long timestamp, long arrival, String side, String price, String amount) {
        return new Ticks.Row(
                Dataset.TRADES, at(arrival), new Object[] {at(timestamp), at(arrival), null, side, price, amount});
    }

    private static Ticks.Row book(long time, String ask, String askAmount, String bid, String bidAmount) {
        Object[] cells = new Object[22];
        cells[0] = at(time);
        cells[1] = at(time);
        cells[2] = ask;
        cells[3] = askAmount;
        cells[4] = bid;
        cells[5] = bidAmount;
        return new Ticks.Row(Dataset.book(5), at(time), cells);
    }
}
