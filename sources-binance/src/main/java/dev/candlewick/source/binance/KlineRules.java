package dev.candlewick.source.binance;

import dev.candlewick.Batch;
import dev.candlewick.DecimalColumn;

/**
 * What holds of every candle: the high is the highest, the low the lowest, and nothing is negative. Prices are looked at
 * as unscaled 64-bit integers, which decimal(18, 8) always fits.
 */
final class KlineRules {

    private static final String[] VOLUMES = {"volume", "quote_volume", "taker_buy_volume", "taker_buy_quote_volume"};

    private final Batch rows;
    private final DecimalColumn open;
    private final DecimalColumn high;
    private final DecimalColumn low;
    private final DecimalColumn close;
    private final DecimalColumn[] volumes = new DecimalColumn[VOLUMES.length];

    KlineRules(Batch rows) {
        this.rows = rows;
        this.open = rows.decimals("open");
        this.high = rows.decimals("high");
        this.low = rows.decimals("low");
        this.close = rows.decimals("close");
        for (int i = 0; i < VOLUMES.length; i++) {
            volumes[i] = rows.decimals(VOLUMES[i]);
        }
    }

    /** The first row from there on that breaks a rule; the number of rows when none does. */
    int firstBroken(int from) {
        int row = from;
        while (row < rows.rows() && isSound(row)) {
            row++;
        }
        return row;
    }

    String column(int row) {
        for (int i = 0; i < VOLUMES.length; i++) {
            if (volumes[i].high(row) < 0) {
                return VOLUMES[i];
            }
        }
        if (low.unscaled(row) < 0 || low.unscaled(row) > Math.min(open.unscaled(row), close.unscaled(row))) {
            return "low";
        }
        return "high";
    }

    String reason(int row) {
        String column = column(row);
        return switch (column) {
            case "low" ->
                low.unscaled(row) < 0
                        ? low.text(row) + " is negative"
                        : low.text(row) + " is above open " + open.text(row) + " or close " + close.text(row);
            case "high" -> high.text(row) + " is below open " + open.text(row) + " or close " + close.text(row);
            default -> rows.decimals(column).text(row) + " is negative";
        };
    }

    private boolean isSound(int row) {
        long opened = open.low(row);
        long closed = close.low(row);
        long lowest = low.low(row);
        return lowest >= 0
                && lowest <= Math.min(opened, closed)
                && high.low(row) >= Math.max(opened, closed)
                && (volumes[0].high(row) | volumes[1].high(row) | volumes[2].high(row) | volumes[3].high(row)) >= 0;
    }
}
