package dev.candlewick.book;

import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * When a book was not known, and why: from each midnight, known gap, disconnect or silence until the next snapshot. Times are
 * those of arrival. For one thread.
 */
final class UnknownStretches {

    private static final String MIDNIGHT =
            "the book of a UTC day is known from the day's own first snapshot on, which had not arrived";

    private final TimeRange read;
    private final List<Break> breaks;
    private final List<Gap> ended = new ArrayList<>();
    private int nextBreak;
    // The stretch that has not ended yet.
    private Optional<Break> open = Optional.empty();
    private long lastKnown = Long.MIN_VALUE;

    UnknownStretches(TimeRange read, List<Gap> known) {
        this.read = read;
        this.breaks = breaks(read, known);
    }

    private record Break(long at, GapReason reason, String evidence) {}

    /** When the book is lost next; MAX_VALUE when no such time is known. */
    long next() {
        return nextBreak < breaks.size() ? breaks.get(nextBreak).at() : Long.MAX_VALUE;
    }

    /** Passes every break up to the time: each ends the stretch before it. */
    void passTo(long arrived) {
        while (next() <= arrived) {
            open(breaks.get(nextBreak++));
        }
    }

    /** The book is lost from that time on. */
    void begin(long since, String evidence) {
        open(new Break(since, GapReason.ARCHIVE_HOLE, evidence));
    }

    /** A snapshot came: the book is known again, and where it was known before it, the recorder had been away. */
    void endAtSnapshot(long arrived) {
        if (open.isEmpty() && lastKnown != Long.MIN_VALUE) {
            begin(
                    lastKnown + 1,
                    "a new snapshot arrived at " + TimeRange.instant(arrived) + " after a message at "
                            + TimeRange.instant(lastKnown) + ": the recorder had been disconnected");
        }
        close(arrived);
    }

    /** A message arrived while the book was known. */
    void know(long arrived) {
        lastKnown = arrived;
    }

    /** Nothing arrives any more. */
    void end() {
        passTo(read.endMicros() - 1);
        close(read.endMicros());
    }

    /** The stretches inside the range, after those that the changes themselves lack. */
    List<Gap> gaps(List<Gap> below, TimeRange range) {
        List<Gap> gaps = new ArrayList<>();
        for (Gap gap : below) {
            gap.range().intersection(range).map(gap::over).ifPresent(gaps::add);
        }
        TimeRanges told = TimeRanges.of(gaps.stream().map(Gap::range).toList());
        for (Gap gap : ended) {
            gap.range().intersection(range).stream()
                    .flatMap(inside -> TimeRanges.of(inside).minus(told).asList().stream())
                    .map(gap::over)
                    .forEach(gaps::add);
        }
        return gaps.stream().sorted().toList();
    }

    private void open(Break lost) {
        close(lost.at());
        open = Optional.of(lost);
    }

    private void close(long at) {
        open.filter(lost -> lost.at() < at).ifPresent(lost -> ended.add(gap(lost, at)));
        open = Optional.empty();
    }

    private static Gap gap(Break lost, long end) {
        TimeRange range = TimeRange.ofEpochMicros(lost.at(), end);
        return lost.reason() == GapReason.NOT_FETCHED
                ? Gap.notFetched(range)
                : new Gap(range, lost.reason(), lost.evidence(), range.end(), Gap.NEVER);
    }

    // Gaps are cut at midnights, so that a day read alone and a day read with others say the same.
    private static List<Break> breaks(TimeRange read, List<Gap> known) {
        List<Break> breaks = new ArrayList<>();
        for (TimeRange day : read.days(ZoneOffset.UTC)) {
            List<Gap> inside = known.stream()
                    .filter(gap -> gap.reason() != GapReason.CONFIRMED_EMPTY)
                    .flatMap(gap -> gap.range().intersection(day).map(gap::over).stream())
                    .sorted()
                    .toList();
            Instant midnight = day.start();
            if (inside.stream().noneMatch(gap -> gap.range().start().equals(midnight))) {
                breaks.add(new Break(day.startMicros(), GapReason.ARCHIVE_HOLE, MIDNIGHT));
            }
            for (Gap gap : inside) {
                breaks.add(new Break(gap.range().startMicros(), gap.reason(), gap.evidence()));
            }
        }
        return breaks;
    }
}
