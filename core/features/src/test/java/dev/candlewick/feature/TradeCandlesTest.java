package dev.candlewick.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import dev.candlewick.candle.Candle;
import dev.candlewick.candle.Candles;
import dev.candlewick.candle.Resample;
import dev.candlewick.candle.TradeCandles;
import dev.candlewick.testkit.MemoryStore;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Candles made of trades: against what a venue published, and against sums in BigDecimal. */
class TradeCandlesTest {

    private static final Subject BTC = Subject.parse("BINANCE-FUTURES:PERPETUAL:BTC-USDT@LIN");
    private static final Series TRADES = new Series(BTC, Dataset.TRADES);
    private static final Pattern FRAME = Pattern.compile(
            "^(\\d+) .*\"T\":(\\d+).*\"t\":(\\d+),\"p\":\"([^\"]+)\",\"q\":\"([^\"]+)\",\"X\":\"MARKET\",\"m\":(\\w+)");
    private static final Series AGGREGATES = new Series(BTC, Dataset.AGG_TRADES);
    private static final Pattern AGGREGATE =
            Pattern.compile("\"a\":(\\d+),\"s\":\"(\\w+)\",\"p\":\"([^\"]+)\",\"q\":\"([^\"]+)\","
                    + "\"f\":(\\d+),\"l\":(\\d+),\"T\":(\\d+),\"m\":(\\w+)");
    private static final Pattern KLINE =
            Pattern.compile("\"e\":\"kline\".*\"s\":\"(\\w+)\",\"k\":\\{\"t\":(\\d+),.*\"f\":(-?\\d+),\"L\":(-?\\d+),"
                    + "\"o\":\"([^\"]+)\",\"c\":\"([^\"]+)\",\"h\":\"([^\"]+)\",\"l\":\"([^\"]+)\",\"v\":\"([^\"]+)\","
                    + "\"n\":(\\d+),\"x\":\\w+,\"q\":\"([^\"]+)\",\"V\":\"([^\"]+)\",\"Q\":\"([^\"]+)\"");
    private static final long HOUR = 3_600_000_000L;
    private static final TimeRange DAY = Scenes.DAY;

    @Example
    void candlesOfRecordedTradesAreThoseThatTheVenuePublished() {
        BatchBuilder rows = new BatchBuilder(TRADES, 1_024);
        for (String line : RecordedTicks.lines("binance/ws/hft-2024/usdm_btcusdt_20240808.gz")) {
            Matcher frame = FRAME.matcher(line);
            if (line.contains("@trade\"") && frame.find()) {
                rows.row(
                        Long.parseLong(frame.group(2)) * 1_000,
                        Long.parseLong(frame.group(1)) / 1_000,
                        frame.group(3),
                        frame.group(6).equals("true") ? "sell" : "buy",
                        frame.group(4),
                        frame.group(5));
            }
        }
        MemoryStore store = MemoryStore.create();
        RecordedTicks.write(store, rows.build(), TimeRange.of("2024-08-08", "2024-08-10"));
        TimeRange whole = TimeRange.of("2024-08-08T23:55:00Z", "2024-08-09T00:00:00Z");
        Candles candles = Candles.of(TradeCandles.over(store).read(candles("1m"), whole));
        List<List<String>> published =
                RecordedTicks.lines("binance/vision/csv/um-klines-1m/BTCUSDT-1m-2024-08-08_23h50.excerpt.csv").stream()
                        .skip(1)
                        .map(line -> plain((Object[]) line.split(",")))
                        .filter(row -> whole.contains(Instant.ofEpochMilli(Long.parseLong(row.get(0)))))
                        .toList();
        assertThat(candles.isComplete()).isTrue();
        List<List<String>> made = new ArrayList<>();
        candles.forEach(candle -> made.add(plain(
                "" + candle.openTime().toEpochMilli(),
                candle.open(),
                candle.high(),
                candle.low(),
                candle.close(),
                candle.volume(),
                "" + candle.closeTime().toEpochMilli(),
                candle.quoteVolume(),
                "" + candle.trades(),
                candle.takerBuyVolume(),
                candle.takerBuyQuoteVolume(),
                "0")));
        // The last minute of the recording ends before the venue's: every other one is equal in every field.
        assertThat(made.subList(0, 4)).hasSize(4).isEqualTo(published.subList(0, 4));
    }

    @Property(tries = 60)
    void candlesAreTheSumsOfTheirTradesWhateverTheOrderOfArrival(@ForAll long seed) {
        Random random = new Random(seed);
        boolean wide = random.nextInt(4) == 0;
        // With nine places a candle's quote volume is rounded, so that longer ones are not the sums of shorter ones.
        boolean rounded = !wide && random.nextBoolean();
        List<Object[]> trades = new ArrayList<>();
        long arrival = DAY.startMicros() + 60_000_000L;
        int count = 1 + random.nextInt(400);
        for (int i = 0; i < count; i++) {
            arrival += random.nextInt(1_500_000);
            trades.add(new Object[] {
                arrival - random.nextInt(3_000_000) + 1_000_000,
                arrival,
                null,
                List.of("buy", "sell", "unknown").get(random.nextInt(3)),
                new BigDecimal(random.nextInt(1_000_000_000)).movePointLeft(wide ? 0 : 4),
                new BigDecimal(random.nextInt(1_000_000_000)).movePointLeft(wide ? 0 : rounded ? 5 : 4)
            });
        }
        MemoryStore store = MemoryStore.create();
        BatchBuilder builder = new BatchBuilder(TRADES, 16);
        List<Batch> batches = new ArrayList<>();
        for (Object[] trade : trades) {
            builder.row(trade);
            if (random.nextInt(20) == 0) {
                batches.add(builder.build());
            }
        }
        batches.add(builder.build());
        batches.removeIf(batch -> batch.rows() == 0);
        store.write(Batches.of(TRADES, TimeRange.of("2023-12-31", "2024-01-03"), batches, Provenance.none()));

        Map<Long, List<Object[]>> buckets = new TreeMap<>();
        for (Object[] trade : trades) {
            buckets.computeIfAbsent(Math.floorDiv((Long) trade[0], 15_000_000L) * 15_000_000L, at -> new ArrayList<>())
                    .add(trade);
        }
        Candles candles = Candles.of(TradeCandles.over(random.nextBoolean() ? store : Scenes.mute(store))
                .read(candles("15s"), DAY));
        assertThat(candles.size()).isEqualTo(buckets.size());
        int index = 0;
        for (Map.Entry<Long, List<Object[]>> bucket : buckets.entrySet()) {
            assertEqual(candles.get(index++), bucket.getKey(), bucket.getValue());
        }
        assertThat(candles.gaps()).allMatch(gap -> gap.reason() == GapReason.CONFIRMED_EMPTY);
        if (rounded) {
            return;
        }
        // Longer candles are the same whether they are made of trades or of shorter candles.
        List<Candle> minutes = list(TradeCandles.over(store).read(candles("1m"), DAY));
        MemoryStore shorter = MemoryStore.create();
        shorter.write(TradeCandles.over(store).read(candles("15s"), DAY));
        assertThat(list(Resample.over(shorter, dev.candlewick.Interval.parse("15s"))
                        .read(candles("1m"), DAY)))
                .isEqualTo(minutes);
    }

    @Example
    void aTradeThatArrivedLaterThanIsWaitedForIsNamedAndLeftOut() {
        MemoryStore store = MemoryStore.create();
        long start = DAY.startMicros();
        BatchBuilder rows = new BatchBuilder(TRADES, 16);
        rows.row(start + 1, start + 2, "1", "buy", "100", "1");
        rows.row(start + 3, start + 60_000_004L, "2", "buy", "200", "1");
        RecordedTicks.write(store, rows.build(), TimeRange.of("2023-12-31", "2024-01-03"));
        try (Batches batches = TradeCandles.over(store).read(candles("1m"), DAY)) {
            List<Batch> all = new ArrayList<>();
            batches.forEach(all::add);
            assertThat(all.get(0).decimals("high").get(0)).isEqualByComparingTo("100");
            assertThat(batches.provenance().quarantined())
                    .singleElement()
                    .satisfies(row -> assertThat(row.toString())
                            .isEqualTo(TRADES + ", line 2, column timestamp: it arrived 60000001 µs after it happened,"
                                    + " later than is waited for"));
        }
    }

    @Example
    void candlesWhoseTradesMayArriveInAFileThatIsNotThereYetAreWithheldWithItsReason() {
        MemoryStore store = Scenes.withoutTheNextDay();
        for (Source source : List.of(store, Scenes.mute(store))) {
            Candles withheld = Candles.of(TradeCandles.over(source).read(candles("1m"), DAY));
            assertThat(withheld.size()).isEqualTo(1);
            assertThat(withheld.gaps())
                    .last()
                    .satisfies(gap -> assertThat(gap.toString())
                            .isEqualTo("2024-01-01T23:59:00Z/2024-01-02T00:00:00Z not_yet_published (404)"));
            Candles accepted = Candles.of(
                    TradeCandles.from(source).acceptingBoundaries().build().read(candles("1m"), DAY));
            assertThat(accepted.size()).isEqualTo(2);
        }
    }

    @Example
    void aPriceWithMorePlacesThanACandleIsRefusedNamingTheCandle() {
        MemoryStore store = MemoryStore.create();
        BatchBuilder rows = new BatchBuilder(TRADES, 16);
        rows.row(DAY.startMicros(), DAY.startMicros(), "1", "buy", "0.000000001", "1");
        RecordedTicks.write(store, rows.build(), TimeRange.of("2023-12-31", "2024-01-03"));
        assertThatThrownBy(() -> Candles.of(TradeCandles.over(store).read(candles("1h"), DAY)))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("opens at 2024-01-01T00:00:00Z")
                .hasMessageContaining("'open'");
    }

    @Example
    void candlesOfRecordedAggregatesAreThoseThatTheVenuePublished() {
        int compared = 0;
        List<String> lines = RecordedTicks.lines("binance/ws/cryptofeed-2021/BINANCE_FUTURES.ws.txt.gz");
        for (String line : lines) {
            Matcher kline = KLINE.matcher(line);
            if (!kline.find() || Long.parseLong(kline.group(3)) < 0) {
                continue;
            }
            long open = Long.parseLong(kline.group(2)) * 1_000;
            BatchBuilder rows = new BatchBuilder(AGGREGATES, 16);
            long counted = 0;
            for (String other : lines) {
                Matcher aggregate = AGGREGATE.matcher(other);
                if (aggregate.find()
                        && aggregate.group(2).equals(kline.group(1))
                        && Long.parseLong(aggregate.group(5)) >= Long.parseLong(kline.group(3))
                        && Long.parseLong(aggregate.group(6)) <= Long.parseLong(kline.group(4))) {
                    counted += Long.parseLong(aggregate.group(6)) - Long.parseLong(aggregate.group(5)) + 1;
                    rows.row(
                            Long.parseLong(aggregate.group(7)) * 1_000,
                            Long.parseLong(aggregate.group(1)),
                            Long.parseLong(aggregate.group(5)),
                            Long.parseLong(aggregate.group(6)),
                            aggregate.group(8).equals("true") ? "sell" : "buy",
                            aggregate.group(3),
                            aggregate.group(4));
                }
            }
            if (counted != Long.parseLong(kline.group(10))) {
                continue; // the recording began after the candle did
            }
            MemoryStore store = MemoryStore.create();
            TimeRange minute = TimeRange.ofEpochMicros(open, open + 60_000_000L);
            RecordedTicks.write(store, rows.build(), minute);
            Candle candle =
                    Candles.of(ofAggregates(store).read(candles("1m"), minute)).get(0);
            assertThat(plain(
                            candle.open(),
                            candle.close(),
                            candle.high(),
                            candle.low(),
                            candle.volume(),
                            candle.trades(),
                            candle.quoteVolume(),
                            candle.takerBuyVolume(),
                            candle.takerBuyQuoteVolume()))
                    .isEqualTo(plain(
                            kline.group(5),
                            kline.group(6),
                            kline.group(7),
                            kline.group(8),
                            kline.group(9),
                            kline.group(10),
                            kline.group(11),
                            kline.group(12),
                            kline.group(13)));
            compared++;
        }
        assertThat(compared).isEqualTo(15);
    }

    @Property(tries = 40)
    void candlesOfAggregatesAreThoseOfTheTradesInThem(@ForAll long seed) {
        Random random = new Random(seed);
        BatchBuilder trades = new BatchBuilder(TRADES, 16);
        BatchBuilder aggregates = new BatchBuilder(AGGREGATES, 16);
        long time = DAY.startMicros();
        long id = random.nextInt(1_000);
        int count = 1 + random.nextInt(200);
        boolean wide = random.nextInt(4) == 0;
        for (int i = 0; i < count; i++) {
            time += random.nextInt(3) == 0 ? 0 : random.nextInt(1_500_000);
            BigDecimal price = new BigDecimal(random.nextInt(1_000_000_000)).movePointLeft(wide ? 0 : 4);
            String side = random.nextBoolean() ? "buy" : "sell";
            BigDecimal sum = BigDecimal.ZERO;
            int parts = random.nextInt(4);
            long first = parts == 0 ? -1 : id;
            for (int part = 0; part < parts; part++) {
                BigDecimal amount = new BigDecimal(random.nextInt(1_000_000_000)).movePointLeft(wide ? 0 : 4);
                trades.row(time, time, "" + id++, side, price, amount);
                sum = sum.add(amount);
            }
            // Those that the venue took back are rows of no trade.
            aggregates.row(time, (long) i, first, parts == 0 ? -1 : id - 1, side, price, parts == 0 ? "7" : sum);
        }
        MemoryStore store = MemoryStore.create();
        RecordedTicks.write(store, trades.build(), TimeRange.of("2023-12-31", "2024-01-03"));
        RecordedTicks.write(store, aggregates.build(), DAY);
        Source source = random.nextBoolean() ? store : Scenes.mute(store);
        Candles made = Candles.of(ofAggregates(source).read(candles("15s"), DAY));
        assertThat(made.coverage().present())
                .isEqualTo(Candles.of(TradeCandles.over(store).read(candles("15s"), DAY))
                        .coverage()
                        .present());
        assertThat(list(ofAggregates(source).read(candles("15s"), DAY)))
                .isEqualTo(list(TradeCandles.over(store).read(candles("15s"), DAY)));
        // Aggregates lie in the order of the venue's time: nothing beside the day is waited for.
        assertThat(made.gaps()).allMatch(gap -> gap.reason() == GapReason.CONFIRMED_EMPTY);
    }

    @Example
    void anAggregateThatEndsBeforeItBeginsIsSetAside() {
        MemoryStore store = MemoryStore.create();
        BatchBuilder rows = new BatchBuilder(AGGREGATES, 4);
        rows.row(DAY.startMicros(), 1L, 10L, 12L, "buy", "100", "1");
        rows.row(DAY.startMicros() + 5, 2L, 13L, 11L, "buy", "900", "1");
        RecordedTicks.write(store, rows.build(), DAY);
        try (Batches batches = ofAggregates(store).read(candles("1m"), DAY)) {
            List<Batch> all = new ArrayList<>();
            batches.forEach(all::add);
            assertThat(all.get(0).decimals("high").get(0)).isEqualByComparingTo("100");
            assertThat(all.get(0).longs("trades").value(0)).isEqualTo(3);
            assertThat(batches.provenance().quarantined())
                    .singleElement()
                    .satisfies(row -> assertThat(row.toString())
                            .isEqualTo(
                                    AGGREGATES + ", line 2, column last_id: its last trade is before its first, 13"));
        }
    }

    @Example
    void aggregatesSetAsideAreAllCounted() {
        MemoryStore store = MemoryStore.create();
        BatchBuilder rows = new BatchBuilder(AGGREGATES, 4);
        for (int row = 0; row < 2_500; row++) {
            rows.row(DAY.startMicros() + row, (long) row, 13L, 11L, "buy", "900", "1");
        }
        RecordedTicks.write(store, rows.build(), DAY);
        try (Batches batches = ofAggregates(store).read(candles("1m"), DAY)) {
            batches.forEach(batch -> assertThat(batch.rows()).isZero());
            assertThat(batches.provenance().quarantined())
                    .hasSize(1_001)
                    .last()
                    .satisfies(row -> assertThat(row.toString()).contains("1500 more rows"));
        }
    }

    @Example
    void candlesAreMadeOfNothingButTradesAndAggregates() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TradeCandles.from(MemoryStore.create()).madeOf(Dataset.LIQUIDATIONS))
                .withMessageContaining("not of liquidations");
    }

    @Property(tries = 60)
    void flatCandlesRepeatTheCloseBeforeWhereTradesSayThatNothingWasTraded(@ForAll long seed) {
        Random random = new Random(seed);
        BatchBuilder rows = new BatchBuilder(TRADES, 16);
        TimeRange known = TimeRange.of("2023-12-20", "2024-01-20");
        TreeMap<Long, BigDecimal> closes = new TreeMap<>();
        long time = TimeRange.day("2023-12-22").startMicros();
        for (int i = 0; time < known.endMicros() - 120_000_000L; i++) {
            BigDecimal price = new BigDecimal(1 + random.nextInt(100_000)).movePointLeft(2);
            rows.row(time, time, "" + i, "buy", price, "1");
            closes.put(Math.floorDiv(time, HOUR) * HOUR, price);
            time += random.nextInt(4) == 0 ? random.nextLong(10 * 86_400_000_000L) : random.nextLong(4 * HOUR);
        }
        MemoryStore store = MemoryStore.create();
        RecordedTicks.write(store, rows.build(), known);
        // A day without its trades ends what is known, and so does the time before a listing.
        long hole = TimeRange.day("2024-01-0" + (1 + random.nextInt(9))).startMicros();
        boolean unlisted = random.nextBoolean();
        TimeRange holeDay = TimeRange.ofEpochMicros(hole, hole + 24 * HOUR);
        store.forget(TRADES, holeDay);
        if (unlisted) {
            Gap listing = new Gap(holeDay, GapReason.BEFORE_LISTING, "later", Instant.EPOCH, Gap.NEVER);
            store.write(Batches.of(
                    TRADES, holeDay, List.of(), new Provenance("t", List.of(), List.of(listing), List.of())));
        }
        Source filling = TradeCandles.from(random.nextBoolean() ? store : unlisted ? Scenes.mute(store) : store)
                .fillingForward()
                .lateness(Duration.ofMinutes(1))
                .build();
        long start = TimeRange.day("2023-12-22").startMicros() + random.nextInt(600) * HOUR;
        TimeRange range = TimeRange.ofEpochMicros(start, start + (1 + random.nextInt(100)) * HOUR);
        List<String> expected = new ArrayList<>();
        for (long slot = range.startMicros(); slot < range.endMicros(); slot += HOUR) {
            boolean beside = !unlisted && slot < hole + 24 * HOUR + HOUR && slot > hole - 2 * HOUR;
            if (beside || (slot >= hole && slot < hole + 24 * HOUR) || slot >= known.endMicros() - HOUR) {
                continue;
            }
            Map.Entry<Long, BigDecimal> last = closes.floorEntry(slot);
            boolean traded = last != null && last.getKey() == slot;
            long lost = unlisted ? hole : hole - HOUR;
            boolean carried = last != null
                    && slot - last.getKey() <= 7 * 24 * HOUR
                    && !(last.getKey() < lost + (unlisted ? 24 : 26) * HOUR && slot >= lost);
            if (traded || carried) {
                expected.add(TimeRange.instant(slot) + " "
                        + last.getValue().stripTrailingZeros().toPlainString() + " " + !traded);
            }
        }
        List<String> made = new ArrayList<>();
        Candles candles = Candles.of(filling.read(candles("1h"), range));
        for (Candle candle : candles) {
            made.add(candle.openTime() + " "
                    + candle.close().stripTrailingZeros().toPlainString() + " " + candle.filled());
            if (candle.filled()) {
                assertThat(List.of(candle.open(), candle.high(), candle.low()))
                        .usingElementComparator(BigDecimal::compareTo)
                        .containsOnly(candle.close());
                assertThat(candle.trades()).isZero();
                assertThat(candle.volume()).isZero();
                assertThat(candle.quoteVolume()).isZero();
                assertThat(candle.closeTime()).isEqualTo(candle.openTime().plusMillis(3_599_999));
            }
        }
        assertThat(made).isEqualTo(expected);
        assertThat(candles.series().dataset()).isEqualTo(Dataset.candles("1h").filled());
        // Filled or not, the gaps are the same.
        assertThat(candles.gaps())
                .isEqualTo(Candles.of(TradeCandles.over(store).read(candles("1h"), range))
                        .gaps());
    }

    @Example
    void flatCandlesAreServedByBothNamesAndStoredByNobody() {
        MemoryStore store = Scenes.withoutTheNextDay();
        Source filling = TradeCandles.from(store).fillingForward().build();
        Series filled = candles("1m").with(candles("1m").dataset().filled());
        assertThat(filling.serves(filled)).isTrue();
        assertThat(TradeCandles.over(store).serves(filled)).isFalse();
        assertThat(list(filling.read(filled, DAY))).hasSize(1_439).isEqualTo(list(filling.read(candles("1m"), DAY)));
        assertThatThrownBy(() -> MemoryStore.create().write(filling.read(candles("1m"), DAY)))
                .isInstanceOf(RuntimeException.class)
                .hasMessageContaining("filled");
    }

    private static TradeCandles ofAggregates(Source source) {
        return TradeCandles.from(source).madeOf(Dataset.AGG_TRADES).build();
    }

    private static void assertEqual(Candle candle, long start, List<Object[]> trades) {
        List<Object[]> byTime = new ArrayList<>(trades);
        byTime.sort(Comparator.comparing(trade -> (Long) trade[0]));
        List<BigDecimal> prices =
                trades.stream().map(trade -> (BigDecimal) trade[4]).toList();
        assertThat(candle.openTime()).isEqualTo(TimeRange.instant(start));
        assertThat(candle.open()).isEqualByComparingTo((BigDecimal) byTime.get(0)[4]);
        assertThat(candle.close()).isEqualByComparingTo((BigDecimal) byTime.get(byTime.size() - 1)[4]);
        assertThat(candle.high())
                .isEqualByComparingTo(
                        prices.stream().max(Comparator.naturalOrder()).orElseThrow());
        assertThat(candle.low())
                .isEqualByComparingTo(
                        prices.stream().min(Comparator.naturalOrder()).orElseThrow());
        BigDecimal volume = BigDecimal.ZERO;
        BigDecimal quote = BigDecimal.ZERO;
        BigDecimal buys = BigDecimal.ZERO;
        BigDecimal buyQuote = BigDecimal.ZERO;
        for (Object[] trade : trades) {
            BigDecimal amount = (BigDecimal) trade[5];
            BigDecimal paid = amount.multiply((BigDecimal) trade[4]);
            volume = volume.add(amount);
            quote = quote.add(paid);
            if (trade[3].equals("buy")) {
                buys = buys.add(amount);
                buyQuote = buyQuote.add(paid);
            }
        }
        assertThat(candle.volume()).isEqualByComparingTo(volume);
        assertThat(candle.quoteVolume()).isEqualByComparingTo(quote.setScale(8, RoundingMode.HALF_EVEN));
        assertThat(candle.takerBuyVolume()).isEqualByComparingTo(buys);
        assertThat(candle.takerBuyQuoteVolume()).isEqualByComparingTo(buyQuote.setScale(8, RoundingMode.HALF_EVEN));
        assertThat(candle.trades()).isEqualTo(trades.size());
    }

    private static List<Candle> list(Batches batches) {
        List<Candle> all = new ArrayList<>();
        Candles.of(batches).forEach(all::add);
        return all;
    }

    private static List<String> plain(Object... values) {
        List<String> plain = new ArrayList<>();
        for (Object value : values) {
            plain.add(new BigDecimal(value.toString()).stripTrailingZeros().toPlainString());
        }
        return plain;
    }

    private static Series candles(String interval) {
        return new Series(BTC, Dataset.candles(interval));
    }
}
