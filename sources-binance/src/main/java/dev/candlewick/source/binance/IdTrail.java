package dev.candlewick.source.binance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Follows the numbers of trades as they come and knows which are missing: Binance numbers the trades of a symbol without a
 * hole. Numbers may come a little out of order; one that comes late closes its hole, one that comes twice is a repetition.
 * Holds no more than a thousand holes whatever comes. For one thread.
 */
final class IdTrail {

    /** A file with more holes than this is no list of trades; what lies behind is blurred into the last one. */
    static final int MOST_HOLES = 1_000;

    private final TreeMap<Long, Hole> holes = new TreeMap<>();
    private long first = -1;
    private long next = -1;
    private long firstMicros;
    private long lastMicros;
    private long count;
    private long repeated;
    private boolean blurred;

    /**
     * Numbers that are missing, both ends included.
     *
     * @param afterMicros the time of the row before them
     * @param beforeMicros the time of the row behind them
     */
    record Hole(long first, long last, long afterMicros, long beforeMicros) {

        long size() {
            return last - first + 1;
        }

        /** {@code 17} or {@code 17–20}. */
        @Override
        public String toString() {
            return first == last ? Long.toString(first) : first + "–" + last;
        }
    }

    /** Takes the next number; whether it is new. */
    boolean accept(long id, long micros) {
        if (first < 0) {
            first = id;
            firstMicros = micros;
            next = id;
        }
        if (id == next) {
            next++;
        } else if (id > next) {
            add(new Hole(next, id - 1, lastMicros, micros));
            next = id + 1;
        } else if (id < first) {
            if (id + 1 < first) {
                add(new Hole(id + 1, first - 1, firstMicros, micros));
            }
            first = id;
        } else if (!fills(id)) {
            repeated++;
            return false;
        }
        lastMicros = micros;
        count++;
        return true;
    }

    private void add(Hole hole) {
        if (holes.size() < MOST_HOLES) {
            holes.put(hole.first, hole);
        } else {
            blurred = true;
            Hole last = holes.lastEntry().getValue();
            holes.put(
                    last.first,
                    new Hole(last.first, Math.max(last.last, hole.last), last.afterMicros, hole.beforeMicros));
        }
    }

    private boolean fills(long id) {
        Map.Entry<Long, Hole> entry = holes.floorEntry(id);
        if (entry == null || entry.getValue().last < id) {
            return false;
        }
        Hole hole = entry.getValue();
        holes.remove(hole.first);
        if (hole.first < id) {
            holes.put(hole.first, new Hole(hole.first, id - 1, hole.afterMicros, hole.beforeMicros));
        }
        if (id < hole.last) {
            holes.put(id + 1, new Hole(id + 1, hole.last, hole.afterMicros, hole.beforeMicros));
        }
        return true;
    }

    boolean isEmpty() {
        return count == 0;
    }

    long firstId() {
        return first;
    }

    long lastId() {
        return next - 1;
    }

    long firstMicros() {
        return firstMicros;
    }

    long lastMicros() {
        return lastMicros;
    }

    /** How many different numbers came. */
    long count() {
        return count;
    }

    long repeated() {
        return repeated;
    }

    /** Whether there were more holes at a time than are held: the last one then covers numbers that came. */
    boolean isBlurred() {
        return blurred;
    }

    /** What is missing between the first and the last number, lower numbers first. */
    List<Hole> holes() {
        return new ArrayList<>(holes.values());
    }

    /** {@code 17–20, 25, … (9 in all)}. */
    static String named(List<Hole> holes) {
        int shown = 5;
        String first =
                holes.stream().limit(shown).map(Hole::toString).collect(java.util.stream.Collectors.joining(", "));
        long missing = holes.stream().mapToLong(Hole::size).sum();
        return holes.size() <= shown ? first : first + ", … (" + missing + " numbers in " + holes.size() + " holes)";
    }
}
