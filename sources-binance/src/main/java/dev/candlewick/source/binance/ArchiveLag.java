package dev.candlewick.source.binance;

import java.time.Duration;
import java.time.Instant;

/**
 * How long after its period ends a file is worth asking for: an earlier 404 would only say "not yet".
 *
 * @param daily for files of a day
 * @param monthly for files of a month
 */
record ArchiveLag(Duration daily, Duration monthly) {

    /** Daily files were seen between 00:13 and 08:40 of the next day, monthly ones between the 2nd and the 8th. */
    static final ArchiveLag USUAL = new ArchiveLag(Duration.ofHours(9), Duration.ofDays(2));

    /** Whether the file is worth asking for: its absence now would mean something. */
    boolean isDue(ArchiveFile file, Instant now) {
        Duration after = file.span() == ArchiveFile.Span.DAILY ? daily : monthly;
        return !file.period().end().plus(after).isAfter(now);
    }
}
