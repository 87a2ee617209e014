package dev.candlewick.sink.parquet;

import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.net.URI;
import java.time.Instant;

/**
 * An address under which anybody may fetch the Parquet file of a unit, without credentials, until it expires. The address
 * is as good as a password for this one file: {@link #toString} leaves it out.
 *
 * @param series whose rows
 * @param unit the calendar unit that the file holds
 * @param rows how many rows it has
 * @param address where it can be fetched
 * @param expires until when, by the storage's clock
 */
public record UnitLink(Series series, TimeRange unit, long rows, URI address, Instant expires) {

    @Override
    public String toString() {
        return series + " " + series.cadence().unit().label(unit) + ", " + rows + " rows, until " + expires;
    }
}
