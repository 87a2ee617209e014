package dev.candlewick.source.tardis;

import dev.candlewick.Batch;
import dev.candlewick.TimeColumn;
import dev.candlewick.TimeRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The long stretches of a range in which nothing arrived. For one thread. */
final class Silences {

    /** Shorter ones are how markets are; reports of incidents are in minutes. */
    private static final long COUNTS_FROM_MICROS = Duration.ofMinutes(1).toNanos() / 1000;

    /** A series this quiet has no silences to speak of; reports then cover stretches between any two rows. */
    private static final int MOST = 100_000;

    private final long end;
    private final List<TimeRange> silences = new ArrayList<>();
    private long quietSince;

    Silences(TimeRange range) {
        this.quietSince = range.startMicros();
        this.end = range.endMicros();
    }

    /** Rows that follow those before. */
    void add(Batch batch) {
        TimeColumn times = batch.times();
        for (int row = 0; row < batch.rows(); row++) {
            long time = times.epochMicros(row);
            if (time - quietSince >= COUNTS_FROM_MICROS) {
                close(time);
            }
            quietSince = time + 1;
        }
    }

    /** All of them, once every row was added. */
    List<TimeRange> finish() {
        if (end - quietSince >= COUNTS_FROM_MICROS) {
            close(end);
        }
        return List.copyOf(silences);
    }

    private void close(long until) {
        if (silences.size() < MOST) {
            silences.add(TimeRange.ofEpochMicros(quietSince, until));
        }
    }
}
