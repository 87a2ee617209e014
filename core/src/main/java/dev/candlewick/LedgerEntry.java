package dev.candlewick;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a store knows of one unit of one series, committed together with the unit's rows.
 *
 * @param series whose rows
 * @param unit the calendar unit
 * @param revision 1 for the first commit of the unit, one more for each that changed it
 * @param present the stretches that rows cover or, for events, that were read completely
 * @param gaps the stretches without rows whose reason is proven
 * @param rows how many rows the unit holds
 * @param contentHash the {@link ContentHash} of its rows
 * @param answers where the rows came from
 * @param quarantined rows set aside
 * @param committedAt when, by the writer's clock
 * @param writtenBy the library and version that wrote it
 */
public record LedgerEntry(
        Series series,
        TimeRange unit,
        long revision,
        TimeRanges present,
        List<Gap> gaps,
        long rows,
        String contentHash,
        List<Answer> answers,
        List<QuarantinedRow> quarantined,
        Instant committedAt,
        String writtenBy) {

    /** Copies the lists. */
    public LedgerEntry {
        gaps = List.copyOf(gaps);
        answers = List.copyOf(answers);
        quarantined = List.copyOf(quarantined);
    }

    /**
     * Whether both hold the same rows, made from the same published versions, and know the same about the rest. When, by
     * whom, and through which unversioned requests does not matter.
     */
    public boolean sameContent(LedgerEntry other) {
        return series.equals(other.series)
                && unit.equals(other.unit)
                && rows == other.rows
                && contentHash.equals(other.contentHash)
                && present.equals(other.present)
                && gaps.equals(other.gaps)
                && quarantined.equals(other.quarantined)
                && versions().equals(other.versions());
    }

    // A file that was published anew with the same rows is news all the same: else it would be fetched again for ever.
    private Set<String> versions() {
        return answers.stream()
                .filter(answer -> !answer.version().isEmpty())
                .map(answer -> answer.request() + " " + answer.version())
                .collect(Collectors.toSet());
    }

    @Override
    public String toString() {
        return series + " " + series.cadence().unit().label(unit) + " revision " + revision + ": " + rows + " rows, "
                + gaps.size() + " proven gaps, hash "
                + contentHash.substring(0, Math.min(12, contentHash.length()));
    }
}
