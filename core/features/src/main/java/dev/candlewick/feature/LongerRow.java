package dev.candlewick.feature;

import dev.candlewick.Cadence;
import dev.candlewick.Column;
import dev.candlewick.ColumnType;
import dev.candlewick.DecimalColumn;
import dev.candlewick.DoubleColumn;
import dev.candlewick.LongColumn;
import dev.candlewick.TimeColumn;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adds rows of parts up to the row of the longer bucket, column by column as the laws say. For one thread. */
final class LongerRow {

    private static final long DAY = 86_400_000_000L;
    private static final long SEED_DELAY = 200_000;

    private final Cadence.Grid partGrid;
    private final FeatureRow row;
    private final HftSettings settings;
    private final List<FeatureColumn> columns = HftDatasets.columns();
    private final int firstNotOfTrades;
    // Values of the row so far, by name: BigDecimal, Long or Double; null where absent.
    private final Map<String, @Nullable Number> values = new HashMap<>();

    private @Nullable BigDecimal closeBefore;
    private long closeBeforeAt;
    private @Nullable BigDecimal interestBefore;
    private long interestBeforeAt;

    LongerRow(Cadence.Grid partGrid, FeatureRow row, HftSettings settings) {
        this.partGrid = partGrid;
        this.row = row;
        this.settings = settings;
        this.firstNotOfTrades =
                columns.stream().map(column -> column.field().name()).toList().indexOf("mid");
    }

    void write(List<LongerFeatures.Part> all, long start, long end) {
        values.clear();
        List<LongerFeatures.Part> traded =
                all.stream().filter(part -> trades(part) > 0).toList();
        List<LongerFeatures.Part> priced = traded.isEmpty() ? all : traded;
        boolean whole = isWhole(all, start, end);
        forget(start);
        row.begin();
        for (int i = 0; i < columns.size(); i++) {
            FeatureColumn column = columns.get(i);
            String name = column.field().name();
            boolean price = name.equals("open") || name.equals("high") || name.equals("low") || name.equals("close");
            if (name.equals("timestamp")) {
                row.time(start);
            } else if (name.equals("available_at")) {
                row.time(Math.max(
                        end,
                        all.stream()
                                .mapToLong(part -> time(part, "available_at"))
                                .max()
                                .orElse(end)));
            } else if (name.equals("timestamp_out")) {
                row.time((traded.isEmpty()
                                ? start
                                : traded.stream()
                                        .mapToLong(part -> time(part, "max_local_timestamp"))
                                        .max()
                                        .orElseThrow())
                        + SEED_DELAY);
            } else if (name.equals("filled")) {
                row.flag(traded.isEmpty()
                        && !column("open", all.get(0)).isNull(all.get(0).row()));
            } else if (i >= firstNotOfTrades && !whole) {
                append(column, null);
            } else {
                append(column, value(column, price ? priced : all, start, end));
            }
        }
        remember(traded, all);
    }

    private boolean isWhole(List<LongerFeatures.Part> all, long start, long end) {
        int parts = 0;
        for (long at = start; at < end; at = partGrid.next(at)) {
            parts++;
        }
        return all.size() == parts;
    }

    // What was before the day's history is not known to the day's ticks either.
    private void forget(long start) {
        long known = Math.floorDiv(start, DAY) * DAY - settings.history();
        if (closeBeforeAt < known) {
            closeBefore = null;
        }
        if (interestBeforeAt < known) {
            interestBefore = null;
        }
    }

    private void remember(List<LongerFeatures.Part> traded, List<LongerFeatures.Part> all) {
        for (LongerFeatures.Part part : traded) {
            closeBefore = ((DecimalColumn) column("close", part)).get(part.row());
            closeBeforeAt = time(part, "timestamp");
        }
        for (LongerFeatures.Part part : all) {
            DecimalColumn interest = (DecimalColumn) column("open_interest", part);
            if (!interest.isNull(part.row())) {
                interestBefore = interest.get(part.row());
                interestBeforeAt = time(part, "timestamp");
            }
        }
    }

    private @Nullable Number value(FeatureColumn column, List<LongerFeatures.Part> parts, long start, long end) {
        String name = column.field().name();
        if (column.law() == FeatureLaw.TICKS) {
            return null;
        } else if (column.law() == FeatureLaw.RECOMPUTED) {
            return recomputed(name, parts, start, end);
        } else if (column.law() == FeatureLaw.STATE) {
            LongerFeatures.Part last = parts.get(parts.size() - 1);
            return number(column(name, last), last.row());
        }
        @Nullable Number result = null;
        for (LongerFeatures.Part part : parts) {
            Number next = number(column(name, part), part.row());
            if (next != null) {
                result = result == null ? next : joined(column.law(), result, next);
            }
        }
        return result;
    }

    private static Number joined(FeatureLaw law, Number before, Number next) {
        return switch (law) {
            case SUM -> sum(before, next);
            case MAXIMUM -> compare(before, next) >= 0 ? before : next;
            case MINIMUM -> compare(before, next) <= 0 ? before : next;
            case FIRST -> before;
            default -> next;
        };
    }

    private static Number sum(Number before, Number next) {
        if (before instanceof BigDecimal decimal) {
            return decimal.add((BigDecimal) next);
        }
        return before instanceof Long count
                ? (Number) Math.addExact(count, (Long) next)
                : (Number) (before.doubleValue() + next.doubleValue());
    }

    private static int compare(Number before, Number next) {
        if (before instanceof BigDecimal decimal) {
            return decimal.compareTo((BigDecimal) next);
        }
        return before instanceof Long count
                ? Long.compare(count, (Long) next)
                : Double.compare(before.doubleValue(), next.doubleValue());
    }

    private @Nullable Number recomputed(String name, List<LongerFeatures.Part> parts, long start, long end) {
        double seconds = (end - start) / 1e6;
        return switch (name) {
            case "trade_imbalance" -> imbalance("buy_volume_sum", "sell_volume_sum");
            case "size_avg" -> ratio(of("volume"), of("trade_count"));
            case "price_vwap" -> ratio(of("quote_volume"), of("volume"));
            case "trades_per_second" -> of("trade_count") / seconds;
            case "delay_mean" -> delayMean(parts);
            case "realized_vol_1s" ->
                Math.sqrt(of("realized_variance_1s")) * (settings.annualized() ? Math.sqrt(31_536_000 / seconds) : 1);
            case "amihud" -> amihud();
            case "oi_change" -> interestChange();
            case "oi_pct_change" -> ratio(of("oi_change"), interestBefore == null ? 0 : interestBefore.doubleValue());
            case "oi_notional" ->
                of("open_interest")
                        * settings.multiplier().doubleValue()
                        * (settings.isInverse() ? 1 : of("mark_price"));
            case "basis" -> basis();
            case "basis_bps" -> 1e4 * of("basis") / of("index_price");
            case "minutes_to_funding" -> minutesToFunding(parts, end);
            case "liquidation_imbalance" -> imbalance("liquidation_buy_volume", "liquidation_sell_volume");
            case "liquidation_with_rising_oi" -> liquidations(1);
            case "liquidation_with_falling_oi" -> liquidations(-1);
            default -> throw new IllegalStateException("Nobody says how " + name + " is worked out anew");
        };
    }

    private double delayMean(List<LongerFeatures.Part> parts) {
        double sum = 0;
        for (LongerFeatures.Part part : parts) {
            if (trades(part) > 0) {
                sum += ((DoubleColumn) column("delay_mean", part)).value(part.row()) * trades(part);
            }
        }
        return ratio(sum, of("trade_count"));
    }

    private double amihud() {
        if (of("trade_count") == 0 || closeBefore == null || !(values.get("close") instanceof BigDecimal close)) {
            return Double.NaN;
        }
        double change = close.subtract(closeBefore).doubleValue() / closeBefore.doubleValue();
        return Math.abs(Math.log1p(change)) / of("quote_volume");
    }

    private @Nullable Number interestChange() {
        return interestBefore != null && values.get("open_interest") instanceof BigDecimal interest
                ? interest.subtract(interestBefore)
                : null;
    }

    private double basis() {
        return values.get("mark_price") instanceof BigDecimal mark
                        && values.get("index_price") instanceof BigDecimal index
                ? mark.subtract(index).doubleValue()
                : Double.NaN;
    }

    private double minutesToFunding(List<LongerFeatures.Part> parts, long end) {
        double minutes = Double.NaN;
        for (LongerFeatures.Part part : parts) {
            DoubleColumn column = (DoubleColumn) column("minutes_to_funding", part);
            if (!column.isNull(part.row())) {
                minutes = column.value(part.row()) - (end - partGrid.next(time(part, "timestamp"))) / 6e7;
            }
        }
        return minutes;
    }

    private @Nullable Number liquidations(int sign) {
        if (values.get("oi_change") instanceof BigDecimal change
                && values.get("liquidation_buy_volume") instanceof BigDecimal bought
                && values.get("liquidation_sell_volume") instanceof BigDecimal sold) {
            return change.signum() == sign ? bought.add(sold) : BigDecimal.ZERO;
        }
        return null;
    }

    private double imbalance(String bought, String sold) {
        return ratio(of(bought) - of(sold), of(bought) + of(sold));
    }

    private static double ratio(double above, double below) {
        return below == 0 ? Double.NaN : above / below;
    }

    private double of(String name) {
        Number value = values.get(name);
        return value == null ? Double.NaN : value.doubleValue();
    }

    private void append(FeatureColumn column, @Nullable Number value) {
        values.put(column.field().name(), value);
        if (value == null) {
            row.none();
        } else if (value instanceof BigDecimal decimal) {
            row.exact(decimal);
        } else if (value instanceof Double number) {
            row.number(number);
        } else if (column.field().type() instanceof ColumnType.Time) {
            row.time(value.longValue());
        } else {
            row.count(value.longValue());
        }
    }

    private static @Nullable Number number(Column column, int row) {
        if (column.isNull(row)) {
            return null;
        } else if (column instanceof DecimalColumn decimals) {
            return decimals.get(row);
        } else if (column instanceof DoubleColumn doubles) {
            return doubles.value(row);
        } else if (column instanceof LongColumn longs) {
            return longs.value(row);
        }
        return ((TimeColumn) column).epochMicros(row);
    }

    private static long trades(LongerFeatures.Part part) {
        return ((LongColumn) column("trade_count", part)).value(part.row());
    }

    private static long time(LongerFeatures.Part part, String name) {
        return ((TimeColumn) column(name, part)).epochMicros(part.row());
    }

    private static Column column(String name, LongerFeatures.Part part) {
        return part.batch().column(name);
    }
}
