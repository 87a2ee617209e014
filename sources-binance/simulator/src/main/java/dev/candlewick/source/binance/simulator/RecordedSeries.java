package dev.candlewick.source.binance.simulator;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Candles that were given row by row, for the intervals that were given; all of them are closed. Immutable. */
final class RecordedSeries implements CandleSeries {
    private final Scales scales;
    private final Map<KlineInterval, NavigableMap<Long, Bar>> bars;

    RecordedSeries(MarketType market, Map<KlineInterval, List<PublishedCandle>> candles) {
        this.scales = Scales.recorded(market);
        this.bars = new EnumMap<>(KlineInterval.class);
        candles.forEach((interval, rows) -> {
            TreeMap<Long, Bar> byTime = new TreeMap<>();
            rows.forEach(row -> byTime.put(row.openMillis(), row.toBar(scales)));
            bars.put(interval, byTime);
        });
    }

    @Override
    public Scales scales() {
        return scales;
    }

    @Override
    public List<Bar> first(KlineInterval interval, long startMillis, long endMillis, int limit) {
        if (startMillis >= endMillis) {
            return List.of();
        }
        return rows(interval).subMap(startMillis, endMillis).values().stream()
                .limit(limit)
                .toList();
    }

    @Override
    public Optional<Bar> openAt(KlineInterval interval, long nowMillis) {
        return Optional.empty();
    }

    @Override
    public long startMillis() {
        return bars.values().stream()
                .filter(rows -> !rows.isEmpty())
                .mapToLong(NavigableMap::firstKey)
                .min()
                .orElse(0);
    }

    private NavigableMap<Long, Bar> rows(KlineInterval interval) {
        return bars.getOrDefault(interval, new TreeMap<>());
    }
}
