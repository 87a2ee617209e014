package dev.candlewick.sink.bigquery;

import dev.candlewick.TimeRange;
import java.util.HashSet;
import java.util.Set;

/** How much one transaction has to do so far, and whether it takes more. For one thread. */
final class TransactionSize {

    private static final int MOST_UNITS = 400;
    // A job changes 4,000 partitions at most.
    private static final long MOST_PARTITIONS = 3_500;
    // A script has a megabyte, with its parameters ten.
    private static final long MOST_RECORD_CHARACTERS = 4 << 20;

    private final Partitioning partitioning;
    private final Set<TimeRange> stretches = new HashSet<>();
    private int units;
    private long partitions;
    private long characters;

    TransactionSize(Partitioning partitioning) {
        this.partitioning = partitioning;
    }

    /** Whether there is room for a unit with an entry of so many characters; in an empty one there always is. */
    boolean takes(TimeRange unit, long more) {
        return units == 0
                || (units < MOST_UNITS
                        && partitions + partitionsOf(unit) <= MOST_PARTITIONS
                        && characters + more <= MOST_RECORD_CHARACTERS);
    }

    void add(TimeRange unit, long more) {
        partitions += partitionsOf(unit);
        stretches.add(unit);
        characters += more;
        units++;
    }

    // Units of several series share their partitions.
    private long partitionsOf(TimeRange unit) {
        return stretches.contains(unit) ? 0 : RowsTable.partitions(unit, partitioning);
    }
}
