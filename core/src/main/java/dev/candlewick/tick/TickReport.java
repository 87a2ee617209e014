package dev.candlewick.tick;

import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a store has of one UTC day's ticks, and what not, and why.
 *
 * @param day the day, by arrival
 * @param statuses every instrument and data type that was looked for, sorted
 */
public record TickReport(LocalDate day, List<TickStatus> statuses) {

    /** Copies the list. */
    public TickReport {
        statuses = List.copyOf(statuses);
    }

    /** What is not stored, whatever the reason: also what is not offered, and quiet days. */
    public List<TickStatus> missing() {
        return statuses.stream()
                .filter(status -> status.state() != TickState.PRESENT)
                .toList();
    }

    /** What is stored. */
    public List<TickStatus> available() {
        return statuses.stream()
                .filter(status -> status.state() == TickState.PRESENT)
                .toList();
    }

    /** What asking for may bring: neither stored, nor shown not to exist, nor known not to be offered. */
    public List<TickStatus> open() {
        return statuses.stream().filter(TickStatus::isOpen).toList();
    }

    /** How much is there, a line for each venue and data type. */
    public List<TickCoverage> coverage() {
        return TickCoverage.of(statuses);
    }

    /** The day, and a line for each venue and data type. */
    @Override
    public String toString() {
        return day + ": " + available().size() + " of " + statuses.size() + " stored, " + open().size() + " open"
                + coverage().stream().map(line -> "\n  " + line).collect(Collectors.joining());
    }
}
