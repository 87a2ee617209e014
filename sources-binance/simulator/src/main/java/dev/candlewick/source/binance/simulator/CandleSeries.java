package dev.candlewick.source.binance.simulator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Everything the venue ever published for one instrument. All times are epoch milliseconds; ranges are half-open. */
interface CandleSeries {
    Scales scales();

    /** The earliest candles that open in the range, in time order, at most {@code limit}. */
    List<Bar> first(KlineInterval interval, long startMillis, long endMillis, int limit);

    /** The candle that is still open at an instant, built from what was traded up to then. */
    Optional<Bar> openAt(KlineInterval interval, long nowMillis);

    /** No candle opens before this instant. */
    long startMillis();

    /** Whether no candle opens in the range. */
    default boolean isEmpty(KlineInterval interval, long startMillis, long endMillis) {
        return first(interval, startMillis, endMillis, 1).isEmpty();
    }

    default List<Bar> all(KlineInterval interval, long startMillis, long endMillis) {
        return first(interval, startMillis, endMillis, Integer.MAX_VALUE);
    }

    /** The latest candles that open in the range, in time order, at most {@code limit}. */
    default List<Bar> last(KlineInterval interval, long startMillis, long endMillis, int limit) {
        long lowest = Math.max(startMillis, interval.floor(startMillis()));
        Deque<List<Bar>> pieces = new ArrayDeque<>();
        int rows = 0;
        long end = endMillis;
        long span = interval.longestMillis() * (limit + 1L);
        while (end > lowest && rows < limit) {
            long start = Math.max(lowest, end - span);
            List<Bar> piece = all(interval, start, end);
            pieces.addFirst(piece);
            rows += piece.size();
            end = start;
            span *= 2; // an outage or a long idle stretch: look further back in few steps
        }
        List<Bar> bars = pieces.stream().flatMap(List::stream).toList();
        return bars.subList(Math.max(0, bars.size() - limit), bars.size());
    }
}
