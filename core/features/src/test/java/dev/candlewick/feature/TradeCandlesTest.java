package dev.candlewick.feature;

import static org.assertj.core.api.Assertions.assertThat;
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
    private static final TimeRange DAY = TimeRange.day("2024-01-01");

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
        Candles candles = Candles.of(
                TradeCandles.over(random.nextBoolean() ? store : mute(store)).read(candles("15s"), DAY));
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
        MemoryStore store = MemoryStore.create();
        long noon = DAY.startMicros();
        BatchBuilder rows = new BatchBuilder(TRADES, 16);
        rows.row(noon + 1, noon + 2, "1", "buy", "100", "1");
        rows.row(DAY.endMicros() - 5, DAY.endMicros() - 2, "2", "buy", "200", "1");
        Gap unpublished =
                new Gap(TimeRange.day("2024-01-02"), GapReason.NOT_YET_PUBLISHED, "404", Instant.EPOCH, Instant.EPOCH);
        RecordedTicks.write(store, rows.build(), TimeRange.of("2023-12-31", "2024-01-02"));
        store.write(Batches.of(
                TRADES,
                TimeRange.day("2024-01-02"),
                List.of(),
                new Provenance("t", List.of(), List.of(unpublished), List.of())));
        for (Source source : List.of(store, mute(store))) {
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

    // The same rows from a source that tells its gaps at its end only.
    private static Source mute(MemoryStore store) {
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
