package dev.candlewick.tick;

import dev.candlewick.Dataset;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How much of what ought to be there is: instrument-days of one data type of one venue.
 *
 * @param venue the venue
 * @param dataset the data type
 * @param days how many instrument-days are in each state; states that none is in are left out
 * @param rows how many rows they have together
 */
public record TickCoverage(String venue, Dataset dataset, Map<TickState, Long> days, long rows) {

    private static final int DECIMALS = 2;

    /** Copies the map. */
    public TickCoverage {
        days = Map.copyOf(days);
    }

    /** A line for each venue and data type, sorted. */
    public static List<TickCoverage> of(Collection<TickStatus> statuses) {
        Map<String, Tally> tallies = new TreeMap<>();
        for (TickStatus status : statuses) {
            String venue = status.expected().series().subject().venue();
            Dataset dataset = status.expected().series().dataset();
            Tally tally =
                    tallies.computeIfAbsent(venue + " " + DataType.name(dataset), none -> new Tally(venue, dataset));
            tally.days.merge(status.state(), 1L, Long::sum);
            tally.rows += status.rows();
        }
        return tallies.values().stream()
                .map(tally -> new TickCoverage(tally.venue, tally.dataset, tally.days, tally.rows))
                .toList();
    }

    /** How many instrument-days are in a state. */
    public long days(TickState state) {
        return days.getOrDefault(state, 0L);
    }

    /** Instrument-days that ought to be there: all but those that are not offered. */
    public long expected() {
        return days.entrySet().stream()
                .filter(entry -> entry.getKey().isExpected())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Instrument-days of which nothing is left to be done. */
    public long settled() {
        return days.entrySet().stream()
                .filter(entry -> entry.getKey().isSettled())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Instrument-days whose ticks are stored, quiet ones without a row among them; not those shown to be absent. */
    public long present() {
        return days(TickState.PRESENT) + days(TickState.EMPTY);
    }

    /** Present of a hundred expected ones, as {@link #percent()}: what an outage took is settled, and not present. */
    public Optional<BigDecimal> presentPercent() {
        return percent(present(), expected());
    }

    /**
     * Settled of a hundred expected ones, rounded down to two decimals: 100 only when all are. Empty when none is
     * expected.
     */
    public Optional<BigDecimal> percent() {
        return percent(settled(), expected());
    }

    /** As {@link #percent()}, of numbers that were added up. */
    public static Optional<BigDecimal> percent(long settled, long expected) {
        return expected == 0
                ? Optional.empty()
                : Optional.of(BigDecimal.valueOf(settled)
                        .multiply(BigDecimal.valueOf(100))
                        .divide(BigDecimal.valueOf(expected), DECIMALS, RoundingMode.DOWN));
    }

    @Override
    public String toString() {
        return venue + " " + DataType.name(dataset) + ": " + settled() + " of " + expected() + " settled"
                + percent().map(percent -> ", " + percent + " %").orElse("") + "; " + present() + " present"
                + presentPercent().map(percent -> ", " + percent + " %").orElse("");
    }

    private static final class Tally {

        private final String venue;
        private final Dataset dataset;
        private final Map<TickState, Long> days = new EnumMap<>(TickState.class);
        private long rows;

        Tally(String venue, Dataset dataset) {
            this.venue = venue;
            this.dataset = dataset;
        }
    }
}
