package dev.candlewick.feature;

import dev.candlewick.BatchBuilder;
import dev.candlewick.ColumnType;
import dev.candlewick.spi.ExactSum;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** The row that features write to, column after column. For one thread. */
final class FeatureRow {

    private final BatchBuilder builder;
    private final List<ColumnType> types;
    private int column;

    FeatureRow(BatchBuilder builder, List<ColumnType> types) {
        this.builder = builder;
        this.types = types;
    }

    void begin() {
        column = 0;
    }

    /** No value. */
    void none() {
        ColumnType type = types.get(column);
        if (type instanceof ColumnType.Decimal) {
            builder.decimal(column).appendNull();
        } else if (type instanceof ColumnType.Float64) {
            builder.float64(column).appendNull();
        } else if (type instanceof ColumnType.Int64) {
            builder.int64(column).appendNull();
        } else {
            builder.time(column).appendNull();
        }
        column++;
    }

    /** A number; no value where it is not finite. */
    void number(double value) {
        if (Double.isFinite(value)) {
            builder.float64(column).append(value + 0.0); // there is no negative zero
        } else {
            builder.float64(column).appendNull();
        }
        column++;
    }

    /** An exact value, in the scale of the column. */
    void unscaled(long high, long low) {
        builder.decimal(column).appendUnscaled(high, low);
        column++;
    }

    /** An exact sum, rounded once, half to even, where it has more places than the column. */
    void sum(ExactSum sum, int scale) {
        ColumnType.Decimal type = (ColumnType.Decimal) types.get(column);
        BigDecimal value = sum.decimal(scale);
        builder.decimal(column)
                .append(scale > type.scale() ? value.setScale(type.scale(), RoundingMode.HALF_EVEN) : value);
        column++;
    }

    /** An exact value that the column can hold. */
    void exact(BigDecimal value) {
        builder.decimal(column).append(value);
        column++;
    }

    /** A count. */
    void count(long value) {
        builder.int64(column).append(value);
        column++;
    }

    /** An instant. */
    void time(long epochMicros) {
        builder.time(column).append(epochMicros);
        column++;
    }

    /** Yes or no. */
    void flag(boolean value) {
        builder.bool(column).append(value);
        column++;
    }
}
