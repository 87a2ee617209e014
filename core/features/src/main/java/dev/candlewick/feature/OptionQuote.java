package dev.candlewick.feature;

import dev.candlewick.Batch;
import dev.candlewick.Column;
import dev.candlewick.Corrupt;
import dev.candlewick.Dataset;
import dev.candlewick.Series;
import dev.candlewick.instrument.IvUnit;
import java.util.Optional;

/** The last known row of one option. Overwritten in place, so that a day of rows makes no more garbage than options. */
final class OptionQuote {

    private static final int TIMESTAMP = Dataset.OPTIONS_CHAIN.schema().indexOf("timestamp");
    private static final int LOCAL_TIMESTAMP = Dataset.OPTIONS_CHAIN.schema().indexOf("local_timestamp");

    long timestamp;
    long arrived;
    long expiration;
    double strike;
    boolean call;
    /** A fraction; NaN where the venue said none. */
    double markIv;
    /** NaN where the venue said none. */
    double delta;

    /** Reads the columns of one batch, fetched once. */
    static final class Reader {
        private final Batch batch;
        private final Optional<IvUnit> unit;

        Reader(Batch batch) {
            this.batch = batch;
            this.unit = IvUnit.of(batch.series().subject().venue());
        }

        long timestamp(int row) {
            return ((dev.candlewick.TimeColumn) batch.columns().get(TIMESTAMP)).epochMicros(row);
        }

        long arrived(int row) {
            return ((dev.candlewick.TimeColumn) batch.columns().get(LOCAL_TIMESTAMP)).epochMicros(row);
        }

        String symbol(int row) {
            return batch.texts("symbol").value(row);
        }

        void read(int row, OptionQuote into) {
            into.timestamp = timestamp(row);
            into.arrived = arrived(row);
            into.expiration = batch.times("expiration").epochMicros(row);
            into.strike = Decimals.value(batch.decimals("strike_price"), row);
            into.call = isCall(batch.series(), batch.texts("type").value(row), symbol(row));
            into.markIv = fraction(row);
            into.delta = value("delta", row);
        }

        // The source that knows its venue writes fractions; rows from elsewhere may have the venue's own number only.
        private double fraction(int row) {
            double fraction = value("mark_iv_fraction", row);
            if (!Double.isNaN(fraction)) {
                return fraction;
            }
            double raw = value("mark_iv", row);
            return unit.map(known -> known.fraction(raw)).orElse(Double.NaN);
        }

        private double value(String name, int row) {
            Column column = batch.column(name);
            return column.isNull(row) ? Double.NaN : batch.doubles(name).value(row);
        }

        private static boolean isCall(Series series, String type, String symbol) {
            return switch (type) {
                case "call" -> true;
                case "put" -> false;
                default ->
                    throw new Corrupt("Option " + symbol + " of " + series + " is of type '" + type
                            + "', neither call nor put; read its file again, or set the row aside at its source");
            };
        }
    }
}
