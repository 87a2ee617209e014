package dev.candlewick.benchmarks;

import dev.candlewick.Batch;
import dev.candlewick.Column;
import dev.candlewick.ColumnType;
import dev.candlewick.DecimalColumn;
import dev.candlewick.LongColumn;
import dev.candlewick.Schema;
import dev.candlewick.TimeColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.StringJoiner;

/** The sum of every column in 128 bits, printed as DuckDB prints its own, so that both prove the same answer. */
final class Totals {

    private final Schema schema;
    private final long[] low;
    private final long[] high;
    private long rows;

    Totals(Schema schema) {
        this.schema = schema;
        this.low = new long[schema.fields().size()];
        this.high = new long[schema.fields().size()];
    }

    void add(Batch batch) {
        for (int i = 0; i < low.length; i++) {
            add(i, batch.columns().get(i));
        }
        rows += batch.rows();
    }

    private void add(int index, Column column) {
        int rows = column.size();
        // The halves are summed apart, so that neither overflows and no row has a branch.
        long upper = 0;
        long lower = 0;
        if (column instanceof DecimalColumn decimals && !decimals.fitsLong()) {
            for (int row = 0; row < rows; row++) {
                add(index, decimals.high(row), decimals.low(row));
            }
        } else if (column instanceof DecimalColumn decimals) {
            for (int row = 0; row < rows; row++) {
                upper += decimals.unscaled(row) >> 32;
                lower += decimals.unscaled(row) & 0xFFFF_FFFFL;
            }
        } else if (column instanceof TimeColumn times) {
            for (int row = 0; row < rows; row++) {
                upper += times.epochMicros(row) >> 32;
                lower += times.epochMicros(row) & 0xFFFF_FFFFL;
            }
        } else {
            LongColumn longs = (LongColumn) column;
            for (int row = 0; row < rows; row++) {
                upper += longs.value(row) >> 32;
                lower += longs.value(row) & 0xFFFF_FFFFL;
            }
        }
        add(index, upper >> 32, upper << 32);
        add(index, 0, lower);
    }

    private void add(int index, long moreHigh, long moreLow) {
        long sum = low[index] + moreLow;
        high[index] += moreHigh + (Long.compareUnsigned(sum, moreLow) < 0 ? 1 : 0);
        low[index] = sum;
    }

    /** The sums without those of the time columns, which a resampler labels anew. */
    String withoutTimes() {
        return join(false);
    }

    @Override
    public String toString() {
        return join(true);
    }

    private String join(boolean times) {
        StringJoiner text = new StringJoiner(" ");
        text.add(Long.toString(rows));
        for (int i = 0; i < low.length; i++) {
            boolean time = schema.fields().get(i).type() instanceof ColumnType.Time;
            if (!time || times) {
                text.add(sum(i).toPlainString());
            }
        }
        return text.toString();
    }

    private BigDecimal sum(int index) {
        BigInteger unsignedLow = new BigInteger(Long.toUnsignedString(low[index]));
        BigInteger total = BigInteger.valueOf(high[index]).shiftLeft(64).add(unsignedLow);
        int scale = schema.fields().get(index).type() instanceof ColumnType.Decimal decimal ? decimal.scale() : 0;
        return new BigDecimal(total, scale);
    }
}
