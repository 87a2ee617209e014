package dev.candlewick.feature;

import static dev.candlewick.feature.FeatureColumn.number;
import static dev.candlewick.feature.FeatureColumn.traded;

import dev.candlewick.Field;
import dev.candlewick.spi.ExactSum;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Funding, index, mark and open interest, and the liquidations that came with it. */
final class DerivativeFeature extends Feature {

    private static final String UNSEEN = "not seen in the bucket";
    private static final BigDecimal HOURS_OF_A_YEAR = BigDecimal.valueOf(8_760);
    private static final long HOUR = 3_600_000_000L;

    private final boolean carry;
    private final BigDecimal multiplier;
    private final boolean inverse;

    private final TickerTick last = new TickerTick();
    private @Nullable BigDecimal interestBefore;
    private @Nullable BigDecimal interest;
    private long fundingTime = Long.MIN_VALUE;
    private long fundingInterval = 8 * HOUR;

    private final ExactSum bought = new ExactSum();
    private final ExactSum sold = new ExactSum();
    private long liquidations;

    /** Values of the bucket's own rows, or the last known with {@code carry}. */
    DerivativeFeature(boolean carry, BigDecimal multiplier, boolean inverse) {
        this.carry = carry;
        this.multiplier = multiplier;
        this.inverse = inverse;
    }

    @Override
    List<FeatureColumn> columns() {
        String feed = "no feed of liquidations then";
        List<FeatureColumn> columns = new ArrayList<>();
        columns.add(exact("funding_rate", 24, "fraction an interval", "last of the bucket's own rows"));
        columns.add(exact("predicted_funding_rate", 24, "fraction an interval", "last of the bucket's own rows"));
        columns.add(exact("index_price", 18, "price", "last of the bucket's own rows"));
        columns.add(exact("mark_price", 18, "price", "last of the bucket's own rows"));
        columns.add(exact("open_interest", 18, "contracts", "last of the bucket's own rows"));
        columns.add(new FeatureColumn(
                Field.decimal("oi_change", 38, 18).orNull(),
                "contracts",
                "open_interest − that of the last bucket before that had one",
                "either missing",
                "",
                FeatureLaw.RECOMPUTED));
        columns.add(number(
                "oi_pct_change",
                "fraction",
                "oi_change / open interest before",
                "either missing, or 0",
                "",
                FeatureLaw.RECOMPUTED));
        columns.add(number(
                "oi_notional",
                "quote currency",
                "open_interest · multiplier · mark_price; of inverse contracts without the price",
                "either missing",
                "",
                FeatureLaw.RECOMPUTED));
        columns.add(number("basis", "price", "mark_price − index_price", "either missing", "", FeatureLaw.RECOMPUTED));
        columns.add(
                number("basis_bps", "bps", "10⁴ · basis / index_price", "either missing", "", FeatureLaw.RECOMPUTED));
        columns.add(number(
                "funding_annualized",
                "fraction a year",
                "funding_rate · 8760 h / the interval between funding times, 8 h until two were seen at most a day apart",
                UNSEEN + ", or the last two funding times less than 1 h apart",
                "",
                FeatureLaw.TICKS));
        columns.add(number(
                "minutes_to_funding", "min", "funding time − end of the bucket", UNSEEN, "", FeatureLaw.RECOMPUTED));
        columns.add(traded(
                "liquidation_buy_volume", "amount", "Σ amount of forced buying: shorts closed", feed, FeatureLaw.SUM));
        columns.add(traded(
                "liquidation_sell_volume", "amount", "Σ amount of forced selling: longs closed", feed, FeatureLaw.SUM));
        columns.add(new FeatureColumn(
                Field.int64("liquidation_count").orNull(),
                "count",
                "how many, also of unknown side",
                feed,
                "",
                FeatureLaw.SUM));
        columns.add(number(
                "liquidation_imbalance",
                "−1 to 1",
                "(buy − sell) / (buy + sell)",
                feed + ", or none",
                "",
                FeatureLaw.RECOMPUTED));
        String change = feed + ", or oi_change missing";
        columns.add(traded(
                "liquidation_with_rising_oi",
                "amount",
                "both liquidation volumes where oi_change > 0, else 0",
                change,
                FeatureLaw.RECOMPUTED));
        columns.add(traded(
                "liquidation_with_falling_oi",
                "amount",
                "both liquidation volumes where oi_change < 0, else 0",
                change,
                FeatureLaw.RECOMPUTED));
        return columns;
    }

    private FeatureColumn exact(String name, int scale, String unit, String formula) {
        return new FeatureColumn(
                Field.decimal(name, 38, scale).orNull(),
                unit,
                formula + "; the last known where carrying was asked for",
                UNSEEN,
                "",
                FeatureLaw.LAST);
    }

    @Override
    void begin(Bucket bucket) {
        if (interest != null) {
            interestBefore = interest;
        }
        if (!carry) {
            Arrays.fill(last.present, false);
            last.hasFundingTimestamp = false;
        }
        bought.clear();
        sold.clear();
        liquidations = 0;
    }

    @Override
    void ticker(Bucket bucket, TickerTick ticker) {
        for (int i = 0; i < last.present.length; i++) {
            if (ticker.present[i]) {
                last.present[i] = true;
                last.high[i] = ticker.high[i];
                last.low[i] = ticker.low[i];
            }
        }
        if (ticker.hasFundingTimestamp) {
            long step = ticker.fundingTimestamp - fundingTime;
            if (fundingTime != Long.MIN_VALUE && step > 0 && step <= 24 * HOUR) {
                // No venue pays more often than hourly: a shorter step is a changed plan, and says nothing.
                fundingInterval = step < HOUR ? 0 : step;
            }
            fundingTime = ticker.fundingTimestamp;
            last.hasFundingTimestamp = true;
            last.fundingTimestamp = ticker.fundingTimestamp;
        }
    }

    @Override
    void liquidation(Bucket bucket, TradeTick order) {
        if (order.side != 0) {
            (order.side > 0 ? bought : sold).add(order.amountHigh, order.amountLow);
        }
        liquidations++;
    }

    @Override
    void emit(Bucket bucket, FeatureRow row) {
        exact(row, TickerTick.FUNDING_RATE);
        exact(row, TickerTick.PREDICTED_FUNDING_RATE);
        exact(row, TickerTick.INDEX_PRICE);
        exact(row, TickerTick.MARK_PRICE);
        exact(row, TickerTick.OPEN_INTEREST);
        interest = value(TickerTick.OPEN_INTEREST);
        @Nullable
        BigDecimal change = interest == null || interestBefore == null ? null : interest.subtract(interestBefore);
        append(row, change);
        row.number(
                change == null || interestBefore == null || interestBefore.signum() == 0
                        ? Double.NaN
                        : change.doubleValue() / interestBefore.doubleValue());
        @Nullable BigDecimal mark = value(TickerTick.MARK_PRICE);
        @Nullable BigDecimal index = value(TickerTick.INDEX_PRICE);
        row.number(notional(mark));
        row.number(
                mark == null || index == null
                        ? Double.NaN
                        : mark.subtract(index).doubleValue());
        row.number(
                mark == null || index == null
                        ? Double.NaN
                        : 1e4 * mark.subtract(index).doubleValue() / index.doubleValue());
        @Nullable BigDecimal rate = value(TickerTick.FUNDING_RATE);
        row.number(
                rate == null || fundingInterval == 0
                        ? Double.NaN
                        : rate.multiply(HOURS_OF_A_YEAR).doubleValue() / ((double) fundingInterval / HOUR));
        row.number(last.hasFundingTimestamp ? (last.fundingTimestamp - bucket.end) / 6e7 : Double.NaN);
        liquidations(bucket, row, change);
    }

    private void liquidations(Bucket bucket, FeatureRow row, @Nullable BigDecimal change) {
        if (!bucket.hasLiquidationFeed) {
            for (int i = 0; i < 6; i++) {
                row.none();
            }
            return;
        }
        row.sum(bought, TradeTick.PLACES);
        row.sum(sold, TradeTick.PLACES);
        row.count(liquidations);
        double buy = bought.doubleValue(TradeTick.PLACES);
        double sell = sold.doubleValue(TradeTick.PLACES);
        row.number((buy - sell) / (buy + sell));
        if (change == null) {
            row.none();
            row.none();
            return;
        }
        ExactSum both = new ExactSum();
        ExactSum none = new ExactSum();
        both.add(bought);
        both.add(sold);
        row.sum(change.signum() > 0 ? both : none, TradeTick.PLACES);
        row.sum(change.signum() < 0 ? both : none, TradeTick.PLACES);
    }

    private double notional(@Nullable BigDecimal mark) {
        if (interest == null || (!inverse && mark == null)) {
            return Double.NaN;
        }
        BigDecimal contracts = interest.multiply(multiplier);
        return (inverse || mark == null ? contracts : contracts.multiply(mark)).doubleValue();
    }

    private void exact(FeatureRow row, int column) {
        if (last.present[column]) {
            row.unscaled(last.high[column], last.low[column]);
        } else {
            row.none();
        }
    }

    private static void append(FeatureRow row, @Nullable BigDecimal value) {
        if (value == null) {
            row.none();
        } else {
            row.exact(value);
        }
    }

    private @Nullable BigDecimal value(int column) {
        return last.present[column]
                ? new BigDecimal(ExactSum.integer(last.high[column], last.low[column]), TickerTick.SCALES[column])
                : null;
    }
}
