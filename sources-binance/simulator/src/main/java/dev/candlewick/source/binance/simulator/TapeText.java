package dev.candlewick.source.binance.simulator;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Prints trades, aggregates and funding events as the venue does: fields of archive lines, and elements of REST answers. */
final class TapeText {
    private final SyntheticInstrument instrument;
    private final Scales scales;

    TapeText(SyntheticInstrument instrument) {
        this.instrument = instrument;
        this.scales = instrument.scales();
    }

    static String header(TapeFile.Content content, MarketType market) {
        return switch (content) {
            case TRADES ->
                "id,price,qty," + (market == MarketType.COIN_MARGINED ? "base_qty" : "quote_qty")
                        + ",time,is_buyer_maker";
            case AGGREGATES -> "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker";
            case FUNDING -> "calc_time,funding_interval_hours,last_funding_rate";
        };
    }

    /** The fields of archive lines. */
    List<String[]> fields(TapeFile.Content content, List<Trade> trades, TimeFormat times) {
        List<String[]> rows = new ArrayList<>(trades.size());
        for (Trade trade : trades) {
            List<String> row = new ArrayList<>(List.of(
                    Long.toString(trade.id()),
                    number(trade.price(), scales.price(), scales.printedPrice()),
                    number(trade.quantity(), scales.quantity(), scales.printedQuantity())));
            if (content == TapeFile.Content.AGGREGATES) {
                row.add(Long.toString(trade.firstId()));
                row.add(Long.toString(trade.lastId()));
            } else {
                row.add(paid(trade));
            }
            row.add(Long.toString(trade.millis() * (times == TimeFormat.MICROS ? 1_000 : 1)));
            boolean spot = instrument.market() == MarketType.SPOT;
            String maker = Boolean.toString(!trade.takerBuys());
            row.add(spot ? Character.toUpperCase(maker.charAt(0)) + maker.substring(1) : maker);
            if (spot) {
                row.add("True");
            }
            rows.add(row.toArray(String[]::new));
        }
        return rows;
    }

    private String paid(Trade trade) {
        if (instrument.market() == MarketType.COIN_MARGINED) {
            BigDecimal value = BigDecimal.valueOf(trade.quantity(), scales.quantity())
                    .multiply(BigDecimal.valueOf(instrument.contractSize()));
            return value.divide(BigDecimal.valueOf(trade.price(), scales.price()), MathContext.DECIMAL64)
                    .setScale(Scales.MOST_DECIMALS, RoundingMode.HALF_UP)
                    .toPlainString();
        }
        return BigDecimal.valueOf(trade.turnover(), scales.price() + scales.quantity())
                .setScale(scales.printedQuote(), RoundingMode.DOWN)
                .toPlainString();
    }

    private static String number(long unscaled, int scale, int printedScale) {
        return new DecimalText(32).decimal(unscaled, scale, printedScale).toString();
    }

    /** Elements of a REST answer from the fields of archive lines. */
    byte[] json(TapeFile.Content content, List<String[]> rows) {
        boolean aggregates = content == TapeFile.Content.AGGREGATES;
        Json json = new Json().open('[');
        for (String[] row : rows) {
            int time = aggregates ? 5 : 4;
            boolean maker = row[time + 1].equalsIgnoreCase("true");
            json.open('{');
            if (aggregates) {
                json.field("a", Long.valueOf(row[0]))
                        .field("p", row[1])
                        .field("q", row[2])
                        .field("f", Long.valueOf(row[3]))
                        .field("l", Long.valueOf(row[4]))
                        .field("T", Long.valueOf(row[time]))
                        .field("m", maker);
            } else {
                json.field("id", Long.valueOf(row[0]))
                        .field("price", row[1])
                        .field("qty", row[2])
                        .field(instrument.market() == MarketType.COIN_MARGINED ? "baseQty" : "quoteQty", row[3])
                        .field("time", Long.valueOf(row[time]))
                        .field("isBuyerMaker", maker);
            }
            if (instrument.market() == MarketType.SPOT) {
                json.field(aggregates ? "M" : "isBestMatch", true);
            }
            json.close('}');
        }
        return json.close(']').toString().getBytes(StandardCharsets.UTF_8);
    }
}
