package dev.candlewick.source.binance.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The trades behind the candles of an instrument, numbered from 1 without a hole, and their aggregates: a pure function of
 * the minutes, to which they add up exactly. Sixty one-second candles add up to their minute too, but not these trades to
 * each second. Safe for use by many threads.
 */
final class TradeTape {

    /** Which of the two a question is about. */
    enum Kind {
        TRADES,
        AGGREGATES
    }

    private static final long DAY_MILLIS = KlineInterval.DAY_1.longestMillis();
    private static final long FIRST_ID = 1;

    private final CandleSeries candles;
    private final Map<Long, Counts> days = new ConcurrentHashMap<>();

    /** How many there were in a day. */
    private record Counts(long trades, long aggregates) {
        long of(Kind kind) {
            return kind == Kind.TRADES ? trades : aggregates;
        }

        Counts plus(Counts other) {
            return new Counts(trades + other.trades, aggregates + other.aggregates);
        }
    }

    TradeTape(CandleSeries candles) {
        this.candles = candles;
    }

    /** The earliest of a stretch, in order, at most {@code limit}. */
    List<Trade> between(Kind kind, long startMillis, long endMillis, int limit) {
        List<Trade> found = new ArrayList<>();
        for (long day = dayOf(Math.max(startMillis, candles.startMillis()));
                day < endMillis && found.size() < limit;
                day += DAY_MILLIS) {
            Counts ids = before(day);
            for (Bar minute : minutes(day)) {
                if (minute.openMillis() >= endMillis || found.size() >= limit) {
                    break;
                }
                Counts next = ids.plus(counts(minute));
                if (minute.closeMillis() >= startMillis) {
                    for (Trade trade : of(kind, minute, ids)) {
                        if (trade.millis() >= startMillis && trade.millis() < endMillis && found.size() < limit) {
                            found.add(trade);
                        }
                    }
                }
                ids = next;
            }
        }
        return found;
    }

    /** Those from a number on, in order, that happened before {@code endMillis}. */
    List<Trade> from(Kind kind, long id, long endMillis, int limit) {
        long day = dayOf(candles.startMillis());
        while (day + DAY_MILLIS <= endMillis
                && FIRST_ID + before(day + DAY_MILLIS).of(kind) <= id) {
            day += DAY_MILLIS;
        }
        List<Trade> found = new ArrayList<>();
        for (; day < endMillis && found.size() < limit; day += DAY_MILLIS) {
            Counts ids = before(day);
            for (Bar minute : minutes(day)) {
                Counts next = ids.plus(counts(minute));
                if (FIRST_ID + next.of(kind) > id && minute.openMillis() < endMillis) {
                    for (Trade trade : of(kind, minute, ids)) {
                        if (trade.id() >= id && trade.millis() < endMillis && found.size() < limit) {
                            found.add(trade);
                        }
                    }
                }
                ids = next;
                if (found.size() >= limit) {
                    break;
                }
            }
        }
        return found;
    }

    boolean isEmpty(long startMillis, long endMillis) {
        return between(Kind.TRADES, startMillis, endMillis, 1).isEmpty();
    }

    private List<Bar> minutes(long day) {
        return candles.all(KlineInterval.MINUTE_1, day, day + DAY_MILLIS);
    }

    /** How many there were before a day began. */
    private Counts before(long day) {
        Counts all = new Counts(0, 0);
        for (long each = dayOf(candles.startMillis()); each < day; each += DAY_MILLIS) {
            all = all.plus(days.computeIfAbsent(each, this::count));
        }
        return all;
    }

    private Counts count(long day) {
        Counts all = new Counts(0, 0);
        for (Bar minute : minutes(day)) {
            all = all.plus(counts(minute));
        }
        return all;
    }

    private static Counts counts(Bar minute) {
        return minute.trades() == 0
                ? new Counts(0, 0)
                : new Counts(minute.trades(), MinuteTrades.of(minute).aggregates());
    }

    private static List<Trade> of(Kind kind, Bar minute, Counts before) {
        List<Trade> made = new ArrayList<>();
        if (minute.trades() == 0) {
            return made;
        }
        MinuteTrades trades = MinuteTrades.of(minute);
        long aggregates = trades.aggregates();
        long ordinal = 0;
        for (long first = 0; first < trades.trades(); first = trades.aggregateEnd(first), ordinal++) {
            // What one taker order did has one time.
            long millis = minute.openMillis() + ordinal * MinuteModel.MINUTE_MILLIS / aggregates;
            long end = trades.aggregateEnd(first);
            if (kind == Kind.AGGREGATES) {
                made.add(aggregate(trades, first, end, before, ordinal, millis));
            } else {
                for (long trade = first; trade < end; trade++) {
                    made.add(aggregate(trades, trade, trade + 1, before, -1, millis));
                }
            }
        }
        return made;
    }

    private static Trade aggregate(
            MinuteTrades trades, long first, long end, Counts before, long ordinal, long millis) {
        long quantity = 0;
        for (long trade = first; trade < end; trade++) {
            quantity += trades.quantity(trade);
        }
        long firstId = FIRST_ID + before.trades() + first;
        long lastId = FIRST_ID + before.trades() + end - 1;
        return new Trade(
                ordinal < 0 ? firstId : FIRST_ID + before.aggregates() + ordinal,
                firstId,
                lastId,
                millis,
                trades.price(first),
                quantity,
                Math.multiplyExact(quantity, trades.price(first)),
                trades.isBuy(first));
    }

    private static long dayOf(long millis) {
        return Math.floorDiv(millis, DAY_MILLIS) * DAY_MILLIS;
    }
}
