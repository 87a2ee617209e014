package dev.candlewick.sink.parquet.file;

import java.util.Optional;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Type;

/**
 * Statistics of a time column in microseconds.
 *
 * @param least no row is earlier
 * @param greatest no row is later
 */
record TimeBounds(long least, long greatest) {

    /** The bounds that a column chunk's statistics give, if they do. */
    static Optional<TimeBounds> of(FileColumn column, ColumnMetaData meta) {
        Statistics statistics = meta.getStatistics();
        if (statistics == null || column.element().getType() != Type.INT64) {
            return Optional.empty();
        }
        // The older pair compares as signed integers, which is right for times.
        byte[] least = statistics.isSetMin_value() ? statistics.getMin_value() : statistics.getMin();
        byte[] greatest = statistics.isSetMax_value() ? statistics.getMax_value() : statistics.getMax();
        return least == null || greatest == null ? Optional.empty() : of(column, least, greatest);
    }

    /** The bounds in a column index or in statistics, if they are such. */
    static Optional<TimeBounds> of(FileColumn column, byte[] least, byte[] greatest) {
        Scale unit = ColumnMapping.timeScale(column.element());
        if (unit == null || least.length != 8 || greatest.length != 8) {
            return Optional.empty();
        }
        long from = micros((long) ByteBuilder.LONG_LITTLE.get(least, 0), unit);
        long to = micros((long) ByteBuilder.LONG_LITTLE.get(greatest, 0), unit);
        return from <= to ? Optional.of(new TimeBounds(from, to)) : Optional.empty();
    }

    /** Whether rows of {@code [start, end)} may lie within. */
    boolean mayOverlap(long start, long end) {
        return greatest >= start && least < end;
    }

    private static long micros(long value, Scale unit) {
        if (unit.digits() < 0) {
            return Math.floorDiv(value, 1_000L);
        }
        if (unit.digits() == 0) {
            return value;
        }
        long most = Long.MAX_VALUE / 1_000;
        return value > most ? Long.MAX_VALUE : value < -most ? Long.MIN_VALUE : value * 1_000;
    }
}
