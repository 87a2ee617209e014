package dev.candlewick.source.tardis;

import dev.candlewick.Answer;
import dev.candlewick.Gap;
import dev.candlewick.Provenance;
import dev.candlewick.QuarantinedRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What a read learns on its way, for its provenance. For one thread. */
final class Findings {

    private final List<Answer> answers = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private final List<QuarantinedRow> quarantined = new ArrayList<>();

    void add(Answer answer) {
        answers.add(answer);
    }

    void add(Gap gap) {
        gaps.add(gap);
    }

    void setAside(List<QuarantinedRow> rows) {
        quarantined.addAll(rows);
    }

    Provenance provenance(String source) {
        List<Gap> sorted = new ArrayList<>(gaps);
        sorted.sort(Comparator.naturalOrder());
        return new Provenance(source, answers, sorted, quarantined);
    }
}
