package dev.candlewick.feature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Dataset;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.candle.Candle;
import dev.candlewick.candle.Candles;
import dev.candlewick.candle.TradeBar;
import dev.candlewick.candle.TradeBars;
import dev.candlewick.candle.TradeCandles;
import dev.candlewick.testkit.MemoryStore;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bars of recorded trades against those that Tardis' own program computed. */
class TradeBarsTest {

    @ParameterizedTest
    @CsvSource({
        "binance, 1000ms",
        "binance, 15000ms",
        "binance, 60000ms",
        "binance, 100ticks",
        "binance, 10vol",
        "binance-futures, 1000ms",
        "binance-futures, 15000ms",
        "binance-futures, 60000ms",
        "binance-futures, 100ticks",
        "binance-futures, 10vol"
    })
    void barsOfRecordedTradesAreThoseOfTardis(String exchange, String kind) {
        List<String> expected =
                RecordedTicks.lines("tardis/expected/" + exchange + "_trade_bars_2024-08-08_BTCUSDT.ndjson.gz").stream()
                        .filter(line -> text(line, "name").equals("trade_bar_" + kind))
                        .toList();
        TradeBars bars = kind.endsWith("ms")
                ? TradeBars.ofTime(Duration.ofMillis(Long.parseLong(kind.replace("ms", ""))))
                : kind.endsWith("ticks") ? TradeBars.ofTrades(100) : TradeBars.ofVolume(BigDecimal.TEN);
        List<TradeBar> made = bars.add(RecordedTicks.trades(
                Ticks.BTC, "tardis/csv-from-ws/" + exchange + "_trades_2024-08-08_BTCUSDT.csv.gz"));
        assertThat(made).hasSameSizeAs(expected).isNotEmpty();
        for (int i = 0; i < made.size(); i++) {
            assertEqual(made.get(i), expected.get(i));
        }
    }

    @ParameterizedTest
    @CsvSource({"1s", "15s", "1m"})
    void candlesAreTheSameButForTheirLabelAndTheLastOne(String interval) {
        Duration length = interval.equals("1m") ? Duration.ofMinutes(1) : Duration.parse("PT" + interval);
        var trades = RecordedTicks.trades(Ticks.BTC, "tardis/csv-from-ws/binance_trades_2024-08-08_BTCUSDT.csv.gz");
        MemoryStore store = MemoryStore.create();
        RecordedTicks.write(store, trades, TimeRange.of("2024-08-07", "2024-08-11"));
        List<Candle> candles = new ArrayList<>();
        Candles.of(TradeCandles.over(store)
                        .read(
                                new Series(Ticks.BTC, Dataset.candles(interval)),
                                TimeRange.of("2024-08-08T23:00:00Z", "2024-08-09T01:00:00Z")))
                .forEach(candles::add);
        List<TradeBar> bars = TradeBars.ofTime(length).add(trades);
        assertThat(candles).hasSize(bars.size() + 1);
        for (int i = 0; i < bars.size(); i++) {
            TradeBar bar = bars.get(i);
            Candle candle = candles.get(i);
            assertThat(candle.openTime()).isEqualTo(bar.start(length));
            assertThat(List.of(candle.open(), candle.high(), candle.low(), candle.close(), candle.volume()))
                    .usingElementComparator(BigDecimal::compareTo)
                    .containsExactly(bar.open(), bar.high(), bar.low(), bar.close(), bar.volume());
            assertThat(candle.trades()).isEqualTo(bar.trades());
            assertThat(candle.takerBuyVolume()).isEqualByComparingTo(bar.buyVolume());
        }
    }

    private static void assertEqual(TradeBar bar, String line) {
        assertThat(bar.open().doubleValue()).isEqualTo(number(line, "open"));
        assertThat(bar.high().doubleValue()).isEqualTo(number(line, "high"));
        assertThat(bar.low().doubleValue()).isEqualTo(number(line, "low"));
        assertThat(bar.close().doubleValue()).isEqualTo(number(line, "close"));
        assertNear(bar.volume().doubleValue(), number(line, "volume"));
        assertNear(bar.buyVolume().doubleValue(), number(line, "buyVolume"));
        assertNear(bar.sellVolume().doubleValue(), number(line, "sellVolume"));
        assertNear(bar.quoteVolume().doubleValue() / bar.volume().doubleValue(), number(line, "vwap"));
        assertThat((double) bar.trades()).isEqualTo(number(line, "trades"));
        assertThat(bar.openTimestamp()).isEqualTo(Instant.parse(text(line, "openTimestamp")));
        assertThat(bar.closeTimestamp()).isEqualTo(Instant.parse(text(line, "closeTimestamp")));
        assertThat(bar.timestamp()).isEqualTo(Instant.parse(text(line, "timestamp")));
        assertThat(bar.localTimestamp().truncatedTo(ChronoUnit.MILLIS))
                .isEqualTo(Instant.parse(text(line, "localTimestamp")));
    }

    private static void assertNear(double is, double should) {
        assertThat(Math.abs(is - should)).isLessThanOrEqualTo(1e-9 * Math.max(1, Math.abs(should)));
    }

    private static double number(String line, String name) {
        return Double.parseDouble(field(line, "\"" + name + "\":([-0-9.e]+)").orElseThrow());
    }

    private static String text(String line, String name) {
        return field(line, "\"" + name + "\":\"([^\"]*)\"").orElseThrow();
    }

    private static Optional<String> field(String line, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(line);
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }
}
