package dev.candlewick.spi;

import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Which commit wrote each stretch of a unit last. A writer that began before such a commit must not undo it: it remembers
 * these when it is opened, and asks {@link #isNewerOver} of those that are stored when it commits.
 *
 * <p>Stretches are sorted, do not overlap, and adjoining ones of one commit are one.
 *
 * @param stretches in time order
 */
public record Writes(List<Stretch> stretches) {

    /** Nothing was ever written. */
    public static final Writes NONE = new Writes(List.of());

    /** The most stretches kept: enough that only a writer that slept through dozens of commits could be refused without need. */
    public static final int MOST = 64;

    /**
     * A stretch and the commit that wrote it last.
     *
     * @param range what was written
     * @param revision of the unit
     * @param at when; tells a revision from one of the same number before the unit was forgotten
     */
    public record Stretch(TimeRange range, long revision, Instant at) {

        boolean isOfTheCommitOf(Stretch other) {
            return revision == other.revision && at.equals(other.at);
        }

        Stretch over(TimeRange part) {
            return new Stretch(part, revision, at);
        }
    }

    /** Copies the list. */
    public Writes {
        stretches = List.copyOf(stretches);
    }

    /** These, with the part of the unit that a commit replaced. */
    public Writes with(TimeRange written, long revision, Instant at) {
        List<Stretch> all = new ArrayList<>();
        for (Stretch stretch : stretches) {
            TimeRanges.of(stretch.range()).minus(written).forEach(left -> all.add(stretch.over(left)));
        }
        all.add(new Stretch(written, revision, at));
        return normalised(all);
    }

    /** These within a range. */
    public Writes within(TimeRange range) {
        List<Stretch> parts = new ArrayList<>();
        for (Stretch stretch : stretches) {
            stretch.range().intersection(range).ifPresent(part -> parts.add(stretch.over(part)));
        }
        return new Writes(parts);
    }

    /** Whether some stretch of the range was written by a commit that {@code before} does not know there. */
    public boolean isNewerOver(TimeRange range, Writes before) {
        for (Stretch now : within(range).stretches()) {
            boolean known = before.within(now.range()).stretches().stream()
                    .anyMatch(then -> then.isOfTheCommitOf(now) && then.range().equals(now.range()));
            if (!known) {
                return true;
            }
        }
        return false;
    }

    private static Writes normalised(List<Stretch> stretches) {
        List<Stretch> joined = new ArrayList<>();
        stretches.stream()
                .sorted((one, other) -> one.range().compareTo(other.range()))
                .forEach(stretch -> {
                    Stretch last = joined.isEmpty() ? stretch : joined.get(joined.size() - 1);
                    if (!joined.isEmpty()
                            && last.isOfTheCommitOf(stretch)
                            && last.range().end().equals(stretch.range().start())) {
                        joined.set(joined.size() - 1, last.over(last.range().span(stretch.range())));
                    } else {
                        joined.add(stretch);
                    }
                });
        while (joined.size() > MOST) {
            coarsen(joined);
        }
        return new Writes(joined);
    }

    /** Counts the neighbours that were written longest ago as written by the later of their commits. */
    private static void coarsen(List<Stretch> stretches) {
        int oldest = 0;
        for (int i = 1; i < stretches.size() - 1; i++) {
            if (later(stretches, i).revision() < later(stretches, oldest).revision()) {
                oldest = i;
            }
        }
        TimeRange both =
                stretches.get(oldest).range().span(stretches.get(oldest + 1).range());
        stretches.set(oldest, later(stretches, oldest).over(both));
        stretches.remove(oldest + 1);
    }

    private static Stretch later(List<Stretch> stretches, int first) {
        Stretch one = stretches.get(first);
        Stretch other = stretches.get(first + 1);
        return one.revision() >= other.revision() ? one : other;
    }
}
