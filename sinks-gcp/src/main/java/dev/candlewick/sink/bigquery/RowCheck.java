package dev.candlewick.sink.bigquery;

import dev.candlewick.Batch;
import dev.candlewick.Column;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.TextColumn;
import dev.candlewick.TimeColumn;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;

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
        for (Column column : batch.columns()) {
            if (column instanceof TextColumn texts) {
                check(batch, texts, rowsBefore);
            } else if (column instanceof TimeColumn times) {
                check(batch, times, rowsBefore);
            }
        }
        checkPartitions(batch, rowsBefore);
    }

    private void check(Batch batch, TimeColumn times, long rowsBefore) {
        for (int row = 0; row < times.size(); row++) {
            long micros = times.epochMicros(row);
            if (micros < Statement.FIRST_MICROS || micros > Statement.LAST_MICROS) {
                throw refused(
                        batch,
                        row,
                        rowsBefore,
                        times,
                        "is " + times.text(row) + ", and BigQuery keeps times of the years 1 to 9999");
            }
        }
    }

    private void checkPartitions(Batch batch, long rowsBefore) {
        TimeColumn times = batch.times();
        long delay = held.rows().delayMicros();
        for (int row = 0; delay > 0 && row < times.size(); row++) {
            if (times.epochMicros(row) > Statement.LAST_MICROS - delay) {
                throw refused(
                        batch,
                        row,
                        rowsBefore,
                        times,
                        "is " + times.text(row) + ", and what is available only after the year 9999 cannot be kept");
            }
        }
        int out = held.rows().rowOutOfReach(batch);
        if (out >= 0) {
            TimeColumn available = batch.times(held.rows().available());
            throw refused(
                    batch,
                    out,
                    rowsBefore,
                    available,
                    "is " + available.text(out)
                            + ", too far from the row's own time: the table is partitioned on it, and"
                            + " nobody would look there");
        }
        if (held.expires() && batch.rows() > 0) {
            Duration kept = held.retention();
            Instant first = series.cadence().unit().containing(times.get(0)).start();
            if (!first.plus(kept).isAfter(now)) {
                throw refused(
                        batch,
                        0,
                        rowsBefore,
                        times,
                        "is " + times.text(0) + ", older than the " + kept.toDays() + " days that the table '"
                                + held.rows().name() + "' keeps: BigQuery would drop the row at once");
            }
        }
    }

    // Rows share texts, so it is the distinct ones that are looked at, and the rows only when one of them is bad.
    private void check(Batch batch, TextColumn texts, long rowsBefore) {
        List<String> dictionary = texts.dictionary();
        BitSet bad = new BitSet();
        for (int code = 0; code < dictionary.size(); code++) {
            if (!isStorable(dictionary.get(code))) {
                bad.set(code);
            }
        }
        for (int row = 0; !bad.isEmpty() && row < texts.size(); row++) {
            if (!texts.isNull(row) && bad.get(texts.code(row))) {
                boolean nul = texts.value(row).indexOf('\0') >= 0;
                throw refused(
                        batch,
                        row,
                        rowsBefore,
                        texts,
                        (nul ? "holds U+0000" : "holds half a surrogate pair")
                                + ", which BigQuery is not known to keep. Remove it at the source, or keep the series in"
                                + " another store");
            }
        }
    }

    private static boolean isStorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (c == 0 || (Character.isSurrogate(c) && !pair)) {
                return false;
            }
            i += pair ? 1 : 0;
        }
        return true;
    }

    private Refused refused(Batch batch, int row, long rowsBefore, Column column, String what) {
        return new Refused("Row " + (rowsBefore + row) + " of " + Failures.cut(series) + " ("
                + batch.times().name() + " " + batch.times().text(row) + ") cannot be stored: column '" + column.name()
                + "' " + what + ". Nothing was written");
    }
}
