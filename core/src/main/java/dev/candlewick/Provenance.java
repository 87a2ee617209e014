package dev.candlewick;

import java.util.ArrayList;
import java.util.List;

/**
 * Where rows came from and what is known of the stretches without any: complete once a cursor is exhausted, taken into
 * the ledger by {@link SinkWriter#commit(Provenance)}. An error never ends here: a source that failed throws.
 *
 * @param source the source's name
 * @param answers what each file and request answered
 * @param gaps stretches of the range without rows whose reason is proven
 * @param quarantined rows that were set aside
 */
public record Provenance(String source, List<Answer> answers, List<Gap> gaps, List<QuarantinedRow> quarantined) {

    private static final Provenance NONE = new Provenance("", List.of(), List.of(), List.of());

    /** Copies the lists. */
    public Provenance {
        answers = List.copyOf(answers);
        gaps = List.copyOf(gaps);
        quarantined = List.copyOf(quarantined);
    }

    /** Nothing known: the rows speak for themselves, and missing ones stay {@link GapReason#NOT_FETCHED}. */
    public static Provenance none() {
        return NONE;
    }

    /** What both say; the first one's source name, or both if they differ. */
    public Provenance plus(Provenance other) {
        String name = source.equals(other.source) || other.source.isEmpty()
                ? source
                : source.isEmpty() ? other.source : source + "+" + other.source;
        return new Provenance(
                name, join(answers, other.answers), join(gaps, other.gaps), join(quarantined, other.quarantined));
    }

    private static <T> List<T> join(List<T> first, List<T> second) {
        List<T> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    /** {@code binance:spot: 2 answers, 1 gap, 0 quarantined rows}. */
    @Override
    public String toString() {
        if (equals(NONE)) {
            return "nothing known";
        }
        return (source.isEmpty() ? "" : source + ": ") + Words.count(answers.size(), "answer") + ", "
                + Words.count(gaps.size(), "gap") + ", " + Words.count(quarantined.size(), "quarantined row");
    }
}
