package dev.candlewick.source.binance;

import dev.candlewick.Answer;
import dev.candlewick.TimeRange;
import java.util.Optional;

/** Where files with ticks come from. */
interface TickFiles {

    /** What became of a file. */
    sealed interface Outcome {
        /** What it says in the provenance. */
        Answer answer();
    }

    /**
     * It is there, and is what was published.
     *
     * @param zip its bytes, until it is let go of
     * @param release lets go of it, more than once if need be
     */
    record There(Answer answer, ZipBytes zip, Runnable release) implements Outcome {}

    /** It is not there. */
    record Absent(Answer answer) implements Outcome {}

    /** It is there and cannot be used; the answer's note says why. */
    record Unusable(Answer answer) implements Outcome {}

    /**
     * Brings a file about. Whoever gets one releases it.
     *
     * @param part the stretch that is wanted of it, which the answer is about
     */
    Outcome fetch(TickFile file, TimeRange part);

    /**
     * The first bytes of a file, not held against any checksum: enough to bear witness, not to be handed on. Empty where
     * there is none.
     */
    Optional<byte[]> head(TickFile file, int bytes);

    /** The route that answers about a file name. */
    String route(TickFile file);

    /** Whether a file that is not there says anything about the stretch it would hold. */
    boolean knowsWhatIsAbsent();
}
