package dev.candlewick.source.binance.simulator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The candles of a synthetic instrument: minutes from the model, everything longer their exact aggregation. Outages have
 * no candles. Safe for use by many threads.
 */
final class SyntheticSeries implements CandleSeries {
    private static final long DAY_MILLIS = KlineInterval.DAY_1.longestMillis();

    private final SyntheticInstrument instrument;
    private final MinuteModel model;
    private final Outages outages;
    private final long startMillis;
    private final long tradingEndMillis;
    /** Whole days already added up, so that weeks and months over years stay cheap. An outage of a day has none. */
    private final Map<Long, Optional<Bar>> days = new ConcurrentHashMap<>();

    SyntheticSeries(SyntheticInstrument instrument, long marketSeed, Outages outages) {
        this.instrument = instrument;
        this.model = new MinuteModel(instrument, marketSeed);
        this.outages = outages;
        this.startMillis = model.firstMinute() * MinuteModel.MINUTE_MILLIS;
        this.tradingEndMillis =
                instrument.delistedAt().map(Instant::toEpochMilli).orElse(Long.MAX_VALUE);
    }

    @Override
    public Scales scales() {
        return instrument.scales();
    }

    @Override
    public long startMillis() {
        return startMillis;
    }

    private long endMillis() {
        return instrument.keepsFlatTail() ? Long.MAX_VALUE : tradingEndMillis;
    }

    @Override
    public List<Bar> first(KlineInterval interval, long from, long to, int limit) {
        long end = Math.min(to, endMillis());
        long open = interval.ceiling(Math.max(from, interval.floor(startMillis)));
        List<Bar> bars = new ArrayList<>();
        if (interval == KlineInterval.SECOND_1) {
            addSeconds(bars, open, end, limit);
            return bars;
        }
        for (; open < end && bars.size() < limit; open = interval.next(open)) {
            bar(interval, open).ifPresent(bars::add);
        }
        return bars;
    }

    /** A candle is there as soon as one of its minutes is, so nothing needs adding up to know. */
    @Override
    public boolean isEmpty(KlineInterval interval, long from, long to) {
        long end = Math.min(to, endMillis());
        long open = interval.ceiling(Math.max(from, interval.floor(startMillis)));
        for (; open < end; open = interval.next(open)) {
            if (!first(KlineInterval.MINUTE_1, open, interval.next(open), 1).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Optional<Bar> openAt(KlineInterval interval, long nowMillis) {
        long open = interval.floor(nowMillis);
        if (interval == KlineInterval.SECOND_1) {
            return first(interval, open, nowMillis + 1, 1).stream().findFirst();
        }
        BarAggregation soFar = new BarAggregation();
        long minute = KlineInterval.MINUTE_1.floor(nowMillis);
        addMinutes(soFar, open, minute);
        all(KlineInterval.SECOND_1, minute, nowMillis + 1).forEach(soFar::add);
        return soFar.isEmpty() ? Optional.empty() : Optional.of(soFar.toBar(open, interval.closeMillis(open)));
    }

    private void addSeconds(List<Bar> bars, long from, long to, int limit) {
        for (long open = KlineInterval.MINUTE_1.floor(from); open < to; open += MinuteModel.MINUTE_MILLIS) {
            if (!exists(open)) {
                continue;
            }
            for (Bar second : SecondSplit.of(minute(open), model.seed())) {
                if (bars.size() == limit) {
                    return;
                }
                if (second.openMillis() >= from && second.openMillis() < to) {
                    bars.add(second);
                }
            }
        }
    }

    private Optional<Bar> bar(KlineInterval interval, long open) {
        if (interval == KlineInterval.MINUTE_1) {
            return exists(open) ? Optional.of(minute(open)) : Optional.empty();
        }
        if (interval == KlineInterval.DAY_1) {
            return days.computeIfAbsent(open, this::addUpDay);
        }
        BarAggregation whole = new BarAggregation();
        long end = interval.next(open);
        if (interval.hasDailyFiles()) {
            addMinutes(whole, open, end);
        } else {
            for (long day = open; day < end; day += DAY_MILLIS) {
                bar(KlineInterval.DAY_1, day).ifPresent(whole::add);
            }
        }
        return whole.isEmpty() ? Optional.empty() : Optional.of(whole.toBar(open, end - 1));
    }

    private Optional<Bar> addUpDay(long open) {
        BarAggregation whole = new BarAggregation();
        addMinutes(whole, open, open + DAY_MILLIS);
        return whole.isEmpty() ? Optional.empty() : Optional.of(whole.toBar(open, open + DAY_MILLIS - 1));
    }

    private void addMinutes(BarAggregation whole, long from, long to) {
        long end = Math.min(to, endMillis());
        for (long open = Math.max(from, startMillis); open < end; open += MinuteModel.MINUTE_MILLIS) {
            if (exists(open)) {
                whole.add(minute(open));
            }
        }
    }

    private boolean exists(long open) {
        return open >= startMillis && open < endMillis() && !outages.cover(open);
    }

    private Bar minute(long open) {
        long minute = open / MinuteModel.MINUTE_MILLIS;
        if (open >= tradingEndMillis) {
            return model.flat(minute, model.lastPriceBefore(tradingEndMillis / MinuteModel.MINUTE_MILLIS));
        }
        return model.bar(minute);
    }
}
