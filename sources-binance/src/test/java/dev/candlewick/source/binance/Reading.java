package dev.candlewick.source.binance;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.source.binance.simulator.PublishedCandle;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Everything that one read gave. */
record Reading(List<List<String>> rows, List<Long> opens, Provenance provenance) {

    static Reading of(Source source, String series, TimeRange range) {
        try (Batches batches = source.read(Series.parse(series), range)) {
            List<List<String>> rows = new ArrayList<>();
            List<Long> opens = new ArrayList<>();
            for (Batch batch : batches) {
                for (int row = 0; row < batch.rows(); row++) {
                    opens.add(batch.times().epochMicros(row));
                    rows.add(plain(batch, row));
                }
            }
            return new Reading(rows, opens, batches.provenance());
        }
    }

    List<GapReason> reasons() {
        return provenance.gaps().stream().map(Gap::reason).toList();
    }

    static List<List<String>> plain(List<PublishedCandle> candles) {
        return candles.stream().map(Reading::plain).toList();
    }

    private static List<String> plain(Batch batch, int row) {
        return List.of(
                Long.toString(batch.times().epochMicros(row) / 1_000),
                number(batch.decimals("open").get(row)),
                number(batch.decimals("high").get(row)),
                number(batch.decimals("low").get(row)),
                number(batch.decimals("close").get(row)),
                number(batch.decimals("volume").get(row)),
                Long.toString(batch.times("close_time").epochMicros(row) / 1_000),
                number(batch.decimals("quote_volume").get(row)),
                Long.toString(batch.longs("trades").value(row)),
                number(batch.decimals("taker_buy_volume").get(row)),
                number(batch.decimals("taker_buy_quote_volume").get(row)));
    }

    private static List<String> plain(PublishedCandle candle) {
        return List.of(
                Long.toString(candle.openMillis()),
                number(candle.open()),
                number(candle.high()),
                number(candle.low()),
                number(candle.close()),
                number(candle.volume()),
                Long.toString(candle.closeMillis()),
                number(candle.quoteVolume()),
                Long.toString(candle.trades()),
                number(candle.takerBuyVolume()),
                number(candle.takerBuyQuoteVolume()));
    }

    private static String number(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }
}
