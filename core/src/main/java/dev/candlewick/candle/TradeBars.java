package dev.candlewick.candle;

import dev.candlewick.Batch;
import dev.candlewick.DecimalColumn;
import dev.candlewick.TextColumn;
import dev.candlewick.TimeColumn;
import dev.candlewick.TimeRange;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bars of time, of a number of trades or of a volume, by the rules of Tardis' {@code trade_bar}: to compare with what it
 * computes, and for bars that no clock cuts. {@link TradeCandles} are what to store: these miss the last bar, and trades
 * that arrive late join the bar that is open.
 *
 * <pre>{@code
 * TradeBars bars = TradeBars.ofTime(Duration.ofSeconds(15));
 * for (Batch batch : trades) {
 *     bars.add(batch).forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>A bar of time is given when a trade of a later one arrives, and is labelled with its end. Bars of trades and of
 * volume are given with the trade that fills them; nothing is split, so a volume may be exceeded. For one thread.
 */
public final class TradeBars {

    private final long length;
    private final @Nullable BigDecimal volume;
    private final long count;
    private @Nullable Growing bar;

    private TradeBars(long length, @Nullable BigDecimal volume, long count) {
        this.length = length;
        this.volume = volume;
        this.count = count;
    }

    /** Bars of a length of time, counted from the epoch: {@code trade_bar_15s}. */
    public static TradeBars ofTime(Duration length) {
        if (length.isNegative() || length.isZero() || length.toNanos() % 1_000_000 != 0) {
            throw new IllegalArgumentException("Bars last some milliseconds, not " + length);
        }
        return new TradeBars(length.toNanos() / 1_000, null, 0);
    }

    /** Bars of so many trades: {@code trade_bar_100ticks}. */
    public static TradeBars ofTrades(long count) {
        if (count < 1) {
            throw new IllegalArgumentException("A bar has 1 trade or more, not " + count);
        }
        return new TradeBars(0, null, count);
    }

    /** Bars of at least a volume: {@code trade_bar_10vol}. */
    public static TradeBars ofVolume(BigDecimal volume) {
        if (volume.signum() <= 0) {
            throw new IllegalArgumentException("A bar has a volume above 0, not " + volume);
        }
        return new TradeBars(0, volume, 0);
    }

    /** Takes the next rows of trades, in the order of their arrival; gives the bars that they complete. */
    public List<TradeBar> add(Batch trades) {
        TimeColumn times = trades.times("timestamp");
        TimeColumn arrivals = trades.times("local_timestamp");
        DecimalColumn prices = trades.decimals("price");
        DecimalColumn amounts = trades.decimals("amount");
        TextColumn sides = trades.texts("side");
        List<TradeBar> complete = new ArrayList<>();
        for (int row = 0; row < trades.rows(); row++) {
            long time = times.epochMicros(row);
            long arrival = arrivals.epochMicros(row);
            Growing open = bar;
            if (open != null && length > 0 && Math.floorDiv(time, length) > open.bucket) {
                complete.add(open.bar((open.bucket + 1) * length, arrival));
                open = null;
            }
            if (open == null) {
                open = new Growing(length > 0 ? Math.floorDiv(time, length) : 0, time, prices.get(row));
                bar = open;
            }
            open.add(time, prices.get(row), amounts.get(row), sides.value(row));
            if (isFull(open)) {
                complete.add(open.bar(time, arrival));
                bar = null;
            }
        }
        return complete;
    }

    private boolean isFull(Growing open) {
        return (count > 0 && open.trades >= count) || (volume != null && open.volume.compareTo(volume) >= 0);
    }

    private static final class Growing {

        private final long bucket;
        private final long openTime;
        private final BigDecimal open;
        private BigDecimal high;
        private BigDecimal low;
        private BigDecimal close;
        private long closeTime;
        private BigDecimal volume = BigDecimal.ZERO;
        private BigDecimal bought = BigDecimal.ZERO;
        private BigDecimal sold = BigDecimal.ZERO;
        private BigDecimal quote = BigDecimal.ZERO;
        private long trades;

        Growing(long bucket, long time, BigDecimal price) {
            this.bucket = bucket;
            this.openTime = time;
            this.open = price;
            this.high = price;
            this.low = price;
            this.close = price;
            this.closeTime = time;
        }

        void add(long time, BigDecimal price, BigDecimal amount, String side) {
            high = high.max(price);
            low = low.min(price);
            if (time >= closeTime) {
                close = price;
                closeTime = time;
            }
            volume = volume.add(amount);
            quote = quote.add(price.multiply(amount));
            if (side.equals("buy")) {
                bought = bought.add(amount);
            } else if (side.equals("sell")) {
                sold = sold.add(amount);
            }
            trades++;
        }

        TradeBar bar(long label, long arrival) {
            return new TradeBar(
                    open,
                    high,
                    low,
                    close,
                    volume,
                    bought,
                    sold,
                    quote,
                    trades,
                    TimeRange.instant(openTime),
                    TimeRange.instant(closeTime),
                    TimeRange.instant(arrival),
                    TimeRange.instant(label));
        }
    }
}
