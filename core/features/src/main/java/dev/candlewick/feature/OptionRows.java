package dev.candlewick.feature;

import dev.candlewick.Batch;
import dev.candlewick.Corrupt;
import dev.candlewick.DecimalColumn;
import dev.candlewick.DoubleColumn;
import dev.candlewick.TextColumn;
import dev.candlewick.TimeColumn;
import dev.candlewick.instrument.IvUnit;
import java.util.List;
import java.util.Optional;

/** Reads rows of {@code options_chain}; columns are looked up once a batch. */
final class OptionRows {

    private final Batch batch;
    private final Optional<IvUnit> unit;
    private final TimeColumn timestamps;
    private final TimeColumn arrivals;
    private final TextColumn symbols;
    private final TextColumn types;
    private final DecimalColumn strikes;
    private final TimeColumn expirations;
    private final DoubleColumn markIvFractions;
    private final DoubleColumn markIvs;
    private final DoubleColumn deltas;

    OptionRows(Batch batch) {
        this.batch = batch;
        this.unit = IvUnit.of(batch.series().subject().venue());
        this.timestamps = batch.times("timestamp");
        this.arrivals = batch.times("local_timestamp");
        this.symbols = batch.texts("symbol");
        this.types = batch.texts("type");
        this.strikes = batch.decimals("strike_price");
        this.expirations = batch.times("expiration");
        this.markIvFractions = batch.doubles("mark_iv_fraction");
        this.markIvs = batch.doubles("mark_iv");
        this.deltas = batch.doubles("delta");
    }

    /** Which entries of a dictionary of symbols are options of the underlying. */
    static boolean[] ofUnderlying(TextColumn symbols, String underlying) {
        List<String> dictionary = symbols.dictionary();
        boolean[] wanted = new boolean[dictionary.size()];
        for (int code = 0; code < wanted.length; code++) {
            wanted[code] = OptionSurface.underlying(dictionary.get(code)).equals(underlying);
        }
        return wanted;
    }

    boolean areOf(Batch other) {
        return batch == other;
    }

    long timestamp(int row) {
        return timestamps.epochMicros(row);
    }

    long arrived(int row) {
        return arrivals.epochMicros(row);
    }

    int symbolCode(int row) {
        return symbols.code(row);
    }

    String symbol(int row) {
        return symbols.value(row);
    }

    void read(int row, OptionQuote into) {
        into.timestamp = timestamp(row);
        into.arrived = arrived(row);
        into.expiration = expirations.epochMicros(row);
        into.strike = Decimals.value(strikes, row);
        into.call = isCall(row);
        into.markIv = fraction(row);
        into.delta = value(deltas, row);
    }

    // The source that knows its venue writes fractions; rows from elsewhere may have the venue's own number only.
    private double fraction(int row) {
        if (!markIvFractions.isNull(row)) {
            return markIvFractions.value(row);
        }
        double raw = value(markIvs, row);
        return unit.isPresent() ? unit.get().fraction(raw) : Double.NaN;
    }

    private boolean isCall(int row) {
        String type = types.value(row);
        if (type.equals("call")) {
            return true;
        } else if (type.equals("put")) {
            return false;
        }
        throw new Corrupt("Option " + symbol(row) + " of " + batch.series() + " at " + arrivals.text(row)
                + " is of type '" + type
                + "', neither call nor put; read its file again, or set the row aside at its source");
    }

    private static double value(DoubleColumn column, int row) {
        return column.isNull(row) ? Double.NaN : column.value(row);
    }
}
