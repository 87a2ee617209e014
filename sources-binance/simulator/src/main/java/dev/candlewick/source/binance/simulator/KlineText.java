package dev.candlewick.source.binance.simulator;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Prints bars as the venue does: a line of the archive, an element of the REST answer, or bare fields to tamper with. */
final class KlineText {
    static final String HEADER = "open_time,open,high,low,close,volume,close_time,quote_volume,count,"
            + "taker_buy_volume,taker_buy_quote_volume,ignore";

    /** A generous line, so that the buffer of a file rarely grows. */
    private static final int LINE_BYTES = 180;

    /** Which of the twelve fields JSON prints bare: both times and the count. */
    private static final List<Integer> JSON_NUMBERS = List.of(0, 6, 8);

    private final Scales scales;

    KlineText(Scales scales) {
        this.scales = scales;
    }

    /** The lines of an archive file, each ended by a line feed. */
    byte[] csv(List<Bar> bars, TimeFormat times) {
        DecimalText text = new DecimalText(LINE_BYTES * (bars.size() + 1));
        for (Bar bar : bars) {
            print(text, bar, times);
            text.ascii('\n');
        }
        return text.toBytes();
    }

    List<String[]> fields(List<Bar> bars, TimeFormat times) {
        List<String[]> rows = new ArrayList<>(bars.size());
        for (Bar bar : bars) {
            DecimalText text = new DecimalText(LINE_BYTES);
            print(text, bar, times);
            rows.add(text.toString().split(",", -1));
        }
        return rows;
    }

    private void print(DecimalText text, Bar bar, TimeFormat times) {
        text.number(times.open(bar));
        price(text, bar.open());
        price(text, bar.high());
        price(text, bar.low());
        price(text, bar.close());
        text.ascii(',').decimal(bar.volume(), scales.quantity(), scales.printedQuantity());
        text.ascii(',').number(times.close(bar));
        text.ascii(',').decimal(bar.quoteVolume(), scales.quote(), scales.printedQuote());
        text.ascii(',').number(bar.trades());
        text.ascii(',').decimal(bar.takerVolume(), scales.quantity(), scales.printedQuantity());
        text.ascii(',').decimal(bar.takerQuoteVolume(), scales.quote(), scales.printedQuote());
        text.ascii(',').ascii('0');
    }

    private void price(DecimalText text, long price) {
        text.ascii(',').decimal(price, scales.price(), scales.printedPrice());
    }

    static byte[] json(List<String[]> rows) {
        StringBuilder json = new StringBuilder("[");
        for (String[] row : rows) {
            json.append(json.length() > 1 ? ",[" : "[");
            for (int field = 0; field < row.length; field++) {
                json.append(field > 0 ? "," : "");
                if (JSON_NUMBERS.contains(field)) {
                    json.append(row[field]);
                } else {
                    json.append('"').append(row[field]).append('"');
                }
            }
            json.append(']');
        }
        return json.append(']').toString().getBytes(StandardCharsets.UTF_8);
    }
}
