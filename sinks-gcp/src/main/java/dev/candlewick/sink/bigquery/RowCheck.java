package dev.candlewick.sink.bigquery;

import dev.candlewick.Batch;
import dev.candlewick.Column;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.TextColumn;
import dev.candlewick.TimeColumn;
import dev.candlewick.spi.RowFit;
import java.time.Duration;
import java.time.Instant;

/**
 * Finds what BigQuery could not keep exactly, before anything is sent to it: times outside of the years 1 to 9999, texts
 * with U+0000 or half a surrogate pair, rows of partitions that expire at once. Decimals always fit: the types of the
 * columns follow from their digits. For one thread.
 */
final class RowCheck {

    private final Series series;
    private final Tables.Held held;
    private final Instant now;

    RowCheck(Series series, Tables.Held held, Instant now) {
        this.series = series;
        this.held = held;
        this.now = now;
    }

    /**
     * Accepts the batch or refuses it.
     *
     * @param rowsBefore how many rows came before, to name the row
     * @throws Refused naming row, column, time and value
     */
    void accept(Batch batch, long rowsBefore) {
        RowFit fit = new RowFit(Failures.cut(series), batch, rowsBefore);
        for (Column column : batch.columns()) {
            if (column instanceof TextColumn texts) {
                fit.requireCharactersWithoutNul(
                        texts,
                        ", which BigQuery is not known to keep. Remove it at the source, or keep the series in another"
                                + " store");
            } else if (column instanceof TimeColumn times) {
                check(times, fit);
            }
        }
        checkPartitions(batch, fit);
    }

    private static void check(TimeColumn times, RowFit fit) {
        for (int row = 0; row < times.size(); row++) {
            long micros = times.epochMicros(row);
            if (micros < Statement.FIRST_MICROS || micros > Statement.LAST_MICROS) {
                throw fit.refused(
                        row, times, "is " + times.text(row) + ", and BigQuery keeps times of the years 1 to 9999");
            }
        }
    }

    private void checkPartitions(Batch batch, RowFit fit) {
        TimeColumn times = batch.times();
        long delay = held.rows().delayMicros();
        for (int row = 0; delay > 0 && row < times.size(); row++) {
            if (times.epochMicros(row) > Statement.LAST_MICROS - delay) {
                throw fit.refused(
                        row,
                        times,
                        "is " + times.text(row) + ", and what is available only after the year 9999 cannot be kept");
            }
        }
        int out = held.rows().rowOutOfReach(batch);
        if (out >= 0) {
            TimeColumn available = batch.times(held.rows().available());
            throw fit.refused(
                    out,
                    available,
                    "is " + available.text(out)
                            + ", too far from the row's own time: the table is partitioned on it, and"
                            + " nobody would look there");
        }
        if (held.expires() && batch.rows() > 0) {
            Duration kept = held.retention();
            Instant first = series.cadence().unit().containing(times.get(0)).start();
            if (!first.plus(kept).isAfter(now)) {
                throw fit.refused(
                        0,
                        times,
                        "is " + times.text(0) + ", older than the " + kept.toDays() + " days that the table '"
                                + held.rows().name() + "' keeps: BigQuery would drop the row at once");
            }
        }
    }
}
