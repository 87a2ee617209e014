package dev.candlewick.spi;

import dev.candlewick.Answer;
import dev.candlewick.Gap;
import dev.candlewick.Provenance;
import dev.candlewick.QuarantinedRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What a read learns on its way, for its provenance. For one thread. */
public final class Findings {

    private final List<Answer> answers = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private final List<QuarantinedRow> quarantined = new ArrayList<>();

    /** Nothing yet. */
    public Findings() {}

    /** Adds what a file or request answered. */
    public void add(Answer answer) {
        answers.add(answer);
    }

    /** Adds a stretch whose emptiness is proven. */
    public void add(Gap gap) {
        gaps.add(gap);
    }

    /** Adds rows that were set aside. */
    public void setAside(List<QuarantinedRow> rows) {
        quarantined.addAll(rows);
    }

    /** All of it, the gaps in time order. */
    public Provenance provenance(String source) {
        List<Gap> sorted = new ArrayList<>(gaps);
        sorted.sort(Comparator.naturalOrder());
        return new Provenance(source, answers, sorted, quarantined);
    }
}
