package dev.candlewick.source.binance.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The trades behind the candles. */
final class TradeTapeTest {

    private static final long START = Instant.parse("2025-03-01T00:00:00Z").toEpochMilli();
    private static final long DAY = 86_400_000;
    private static final SyntheticMarket MARKET = SyntheticMarket.seeded(5)
            .add(SyntheticInstrument.spot("BTCUSDT", "BTC", "USDT", Instant.parse("2025-02-27T10:00:00Z"))
                    .activity(40, "0.02"))
            .add(SyntheticInstrument.spot("ALGOUSDT", "ALGO", "USDT", Instant.parse("2025-02-27T10:00:00Z"))
                    .around("0.1850")
                    .activity(2, "220")
                    .idleMinutesPerThousand(300))
            .outage(Instant.parse("2025-03-01T04:00:00Z"), Instant.parse("2025-03-01T05:00:00Z"))
            .build();

    @Test
    void tradesAddUpToEveryMinuteInEveryField() {
        for (String symbol : List.of("BTCUSDT", "ALGOUSDT")) {
            CandleSeries candles = MARKET.series(MarketType.SPOT, symbol).orElseThrow();
            TradeTape tape = new TradeTape(candles);
            for (Bar bar : candles.all(KlineInterval.MINUTE_1, START, START + DAY)) {
                for (TradeTape.Kind kind : TradeTape.Kind.values()) {
                    List<Trade> trades = tape.between(kind, bar.openMillis(), bar.closeMillis() + 1, Integer.MAX_VALUE);
                    assertThat(trades.stream()
                                    .mapToLong(trade -> trade.lastId() - trade.firstId() + 1)
                                    .sum())
                            .isEqualTo(bar.trades());
                    if (bar.trades() > 0) {
                        assertThat(sumOf(bar, trades)).isEqualTo(bar);
                    }
                }
                if (bar.openMillis() > START + DAY / 6) {
                    break;
                }
            }
        }
    }

    @Test
    void numbersHaveNoHoleAndAnyQuestionIsAnsweredFromTheSameTape() {
        TradeTape tape = new TradeTape(MARKET.series(MarketType.SPOT, "BTCUSDT").orElseThrow());
        for (TradeTape.Kind kind : TradeTape.Kind.values()) {
            List<Trade> day = tape.between(kind, START, START + DAY, Integer.MAX_VALUE);
            assertThat(day).hasSizeGreaterThan(5_000);
            for (int i = 1; i < day.size(); i++) {
                assertThat(day.get(i).id()).isEqualTo(day.get(i - 1).id() + 1);
                assertThat(day.get(i).firstId()).isEqualTo(day.get(i - 1).lastId() + 1);
                assertThat(day.get(i).millis())
                        .isGreaterThanOrEqualTo(day.get(i - 1).millis());
            }
            assertThat(tape.from(kind, day.get(1_234).id(), START + DAY, 1_000)).isEqualTo(day.subList(1_234, 2_234));
            assertThat(tape.between(kind, START + DAY, START + 2 * DAY, 1)
                            .get(0)
                            .id())
                    .isEqualTo(day.get(day.size() - 1).id() + 1);
        }
    }

    private static Bar sumOf(Bar bar, List<Trade> trades) {
        long high = trades.stream().mapToLong(Trade::price).max().orElseThrow();
        long low = trades.stream().mapToLong(Trade::price).min().orElseThrow();
        return new Bar(
                bar.openMillis(),
                bar.closeMillis(),
                trades.get(0).price(),
                high,
                low,
                trades.get(trades.size() - 1).price(),
                trades.stream().mapToLong(Trade::quantity).sum(),
                trades.stream().mapToLong(Trade::turnover).sum(),
                bar.trades(),
                trades.stream()
                        .filter(Trade::takerBuys)
                        .mapToLong(Trade::quantity)
                        .sum(),
                trades.stream()
                        .filter(Trade::takerBuys)
                        .mapToLong(Trade::turnover)
                        .sum());
    }
}
