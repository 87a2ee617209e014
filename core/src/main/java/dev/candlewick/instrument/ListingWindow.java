package dev.candlewick.instrument;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When an instrument was listed, or recorded: {@code [from, to)}.
 *
 * @param from the first instant; empty when not known
 * @param to the instant after the last one; empty while it is alive, and when not known
 */
public record ListingWindow(Optional<Instant> from, Optional<Instant> to) {

    private static final ListingWindow UNKNOWN = new ListingWindow(Optional.empty(), Optional.empty());

    /** Checks the order. */
    public ListingWindow {
        if (from.isPresent() && to.isPresent() && to.get().isBefore(from.get())) {
            throw new IllegalArgumentException(
                    "A listing cannot end at " + to.get() + " before it begins at " + from.get());
        }
    }

    /** From an instant on. */
    public static ListingWindow since(Instant from) {
        return new ListingWindow(Optional.of(from), Optional.empty());
    }

    /** From an instant up to, not including, another. */
    public static ListingWindow of(Instant from, Instant to) {
        return new ListingWindow(Optional.of(from), Optional.of(to));
    }

    /** Nothing known of either end. */
    public static ListingWindow unknown() {
        return UNKNOWN;
    }

    /** Whether the instant is inside. */
    public boolean contains(Instant instant) {
        return from.map(first -> !instant.isBefore(first)).orElse(true)
                && to.map(instant::isBefore).orElse(true);
    }

    /** Whether any part of the UTC day is inside. */
    public boolean touches(LocalDate day) {
        return overlaps(of(start(day), start(day.plusDays(1))));
    }

    /** Whether there is an instant that both hold. */
    public boolean overlaps(ListingWindow other) {
        return isBefore(from, other.to)
                && isBefore(other.from, to)
                && isBefore(from, to)
                && isBefore(other.from, other.to);
    }

    /** From the earlier beginning, of those known, to the later end; one without an end has none. */
    public ListingWindow including(ListingWindow other) {
        Optional<Instant> first =
                Stream.concat(from.stream(), other.from.stream()).min(Instant::compareTo);
        Optional<Instant> last = to.isEmpty() || other.to.isEmpty()
                ? Optional.empty()
                : Optional.of(to.get().isAfter(other.to.get()) ? to.get() : other.to.get());
        return new ListingWindow(first, last);
    }

    private static boolean isBefore(Optional<Instant> start, Optional<Instant> end) {
        return start.isEmpty() || end.isEmpty() || start.get().isBefore(end.get());
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /** {@code 2020-08-11T00:00:00Z to now}. */
    @Override
    public String toString() {
        return from.map(Instant::toString).orElse("?") + " to "
                + to.map(Instant::toString).orElse("now");
    }
}
