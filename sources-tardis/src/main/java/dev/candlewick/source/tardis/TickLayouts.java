package dev.candlewick.source.tardis;

import dev.candlewick.Dataset;
import dev.candlewick.TimeRange;
import dev.candlewick.csv.CsvLayout;
import dev.candlewick.instrument.IvUnit;
import java.util.Optional;

/** How the columns of files become those of datasets. Files are read by the names in their header, whatever the order. */
final class TickLayouts {

    private TickLayouts() {}

    /**
     * The layout of files of one exchange.
     *
     * @param dataset what the rows become
     * @param symbol what every row must be about; empty in files of a group
     * @param wanted the only symbol that is wanted of a group's file
     * @param day what arrived in it is all that the file has
     */
    static CsvLayout of(
            TardisData data,
            Dataset dataset,
            String exchange,
            Optional<String> symbol,
            Optional<String> wanted,
            TimeRange day) {
        CsvLayout.Builder layout =
                CsvLayout.of(dataset.schema()).constant("exchange", exchange).within(day);
        symbol.ifPresent(name -> layout.constant("symbol", name));
        wanted.ifPresent(name -> layout.only("symbol", java.util.Set.of(name)));
        for (int level = 0; level < data.levels(); level++) {
            int rank = level + 1;
            layout.from("ask_price_" + rank, "asks[" + level + "].price");
            layout.from("ask_volume_" + rank, "asks[" + level + "].amount");
            layout.from("bid_price_" + rank, "bids[" + level + "].price");
            layout.from("bid_volume_" + rank, "bids[" + level + "].amount");
        }
        if (data == TardisData.OPTIONS_CHAIN) {
            addFractions(layout, IvUnit.of(exchange));
        }
        return layout.build();
    }

    /** Volatilities as published stay beside them; of a venue whose unit nobody knows there is no fraction. */
    private static void addFractions(CsvLayout.Builder layout, Optional<IvUnit> unit) {
        for (String volatility : new String[] {"bid_iv", "ask_iv", "mark_iv"}) {
            String fraction = volatility + "_fraction";
            if (unit.isEmpty()) {
                layout.absent(fraction);
            } else {
                layout.divided(fraction, volatility, 1 / unit.get().fraction(1));
            }
        }
    }
}
