package dev.candlewick.spi;

import dev.candlewick.Answer;
import dev.candlewick.LedgerEntry;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a commit would change of a unit, worked out from what is stored and what the writer brings: the same in every
 * store, so that all agree on what is news, what is nothing, and who came too late. Immutable.
 */
public final class UnitChange {

    private final Optional<LedgerEntry> stored;
    private final LedgerEntry entry;
    private final Writes writes;
    private final boolean late;

    private UnitChange(Optional<LedgerEntry> stored, LedgerEntry entry, Writes writes, boolean late) {
        this.stored = stored;
        this.entry = entry;
        this.writes = writes;
        this.late = late;
    }

    /**
     * Compares; ask while nobody else can commit to the unit.
     *
     * @param stored what the store knows of the unit
     * @param written which commits wrote what is stored
     * @param entry what it would know after this commit
     * @param range what is written
     * @param before {@code written} as it was when the writer was opened
     * @throws Unavailable when others committed other rows to the range since the writer was opened; theirs stand
     */
    public static UnitChange of(
            Optional<LedgerEntry> stored, Writes written, LedgerEntry entry, TimeRange range, Writes before) {
        TimeRange part = range.intersection(entry.unit()).orElseThrow();
        boolean late = stored.isPresent() && written.isNewerOver(part, before);
        UnitChange change =
                new UnitChange(stored, entry, written.with(part, entry.revision(), entry.committedAt()), late);
        if (late && !change.keepsRows()) {
            throw overtaken(stored.orElseThrow(), part);
        }
        return change;
    }

    /** Whether there is nothing to record: nothing was known of the unit, and nothing is. */
    public boolean isNothing() {
        return stored.isEmpty()
                && entry.rows() == 0
                && entry.present().isEmpty()
                && entry.gaps().isEmpty()
                && entry.answers().isEmpty()
                && entry.quarantined().isEmpty();
    }

    /** Whether the rows stay what they are, so that at most the ledger changes. */
    public boolean keepsRows() {
        return stored.isPresent()
                && stored.get().contentHash().equals(entry.contentHash())
                && stored.get().rows() == entry.rows();
    }

    /**
     * Whether rows and knowledge stay what they are. A late writer of the same rows changes nothing either: what others
     * recorded of them since is newer.
     */
    public boolean isNoNews() {
        return keepsRows() && (late || sameKnowledge(stored.orElseThrow(), entry));
    }

    /** Which commits wrote the unit once this one has. */
    public Writes writes() {
        return writes;
    }

    private static boolean sameKnowledge(LedgerEntry stored, LedgerEntry entry) {
        return stored.sameContent(entry) && identity(stored).equals(identity(entry));
    }

    // Asking again gives another time and the like; only another request or other bytes are news.
    private static Set<List<Object>> identity(LedgerEntry entry) {
        Set<List<Object>> identity = new LinkedHashSet<>();
        for (Answer answer : entry.answers()) {
            identity.add(
                    List.of(answer.range(), answer.route(), answer.request(), answer.checksum(), answer.version()));
        }
        return identity;
    }

    private static Unavailable overtaken(LedgerEntry now, TimeRange part) {
        return new Unavailable(
                part + " of " + now.series() + " was written by another process meanwhile (revision "
                        + now.revision() + ", committed at " + now.committedAt()
                        + ") with other rows than these; nothing was replaced. Run again: what is stored now is looked at first");
    }
}
