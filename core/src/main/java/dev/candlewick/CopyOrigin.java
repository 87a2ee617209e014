package dev.candlewick;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The store that a copy reads from, as the source of a run: gives every part with all that the ledger says of its unit, and
 * fails where the two stores no longer are what the copy was planned on. Safe for many threads.
 */
final class CopyOrigin implements Source {

    private final Store from;
    private final Store to;

    CopyOrigin(Store from, Store to) {
        this.from = from;
        this.to = to;
    }

    @Override
    public String name() {
        return from.name();
    }

    @Override
    public boolean serves(Series series) {
        return from.serves(series);
    }

    @Override
    public Batches read(Series series, TimeRange part) {
        return new Copied(series, part, from.read(series, part));
    }

    /** What both stores know of one unit, and which part of it a copy would write. */
    record Standing(Optional<LedgerEntry> source, Optional<LedgerEntry> target) {

        static Standing of(Store from, Store to, Series series, TimeRange unit) {
            return new Standing(entry(from, series, unit), entry(to, series, unit));
        }

        /** Whether nothing is to be copied: the source knows nothing, or both know the same. */
        boolean isSettled(TimeRange part) {
            return source.isEmpty()
                    || (target.isPresent() && source.get().sameContent(target.get()))
                    || writes(part).isEmpty();
        }

        /**
         * The stretches of a part that are written. On a grid that is everything but what only the target knows: slots
         * that neither knows stay unknown whatever is written around them, and few long stretches are written faster
         * than many short ones. Of events only what the source has read: writing more would claim that it was read.
         */
        TimeRanges writes(TimeRange part) {
            if (source.isEmpty()) {
                return TimeRanges.none();
            }
            LedgerEntry held = source.get();
            TimeRanges known = known(held).within(part);
            if (!(held.series().cadence() instanceof Cadence.Grid)) {
                return known;
            }
            TimeRanges targetOnly = target.map(Standing::known)
                    .orElse(TimeRanges.none())
                    .within(part)
                    .minus(known);
            TimeRanges free = TimeRanges.of(part).minus(targetOnly);
            return TimeRanges.of(free.asList().stream()
                    .filter(stretch -> !known.within(stretch).isEmpty() || isOnlyEvidence(known, held))
                    .toList());
        }

        // Answers and rows set aside that left nothing proven: worth keeping where the target has heard nothing yet.
        private boolean isOnlyEvidence(TimeRanges known, LedgerEntry held) {
            return known.isEmpty()
                    && target.isEmpty()
                    && !(held.answers().isEmpty() && held.quarantined().isEmpty());
        }

        /** Whether writing the part would overwrite something of which the source says nothing. */
        boolean wouldForget(TimeRange part) {
            TimeRanges mine = source.map(Standing::known).orElse(TimeRanges.none());
            return !target.map(Standing::known)
                    .orElse(TimeRanges.none())
                    .within(part)
                    .minus(mine)
                    .isEmpty();
        }

        private static TimeRanges known(LedgerEntry entry) {
            return entry.present()
                    .union(TimeRanges.of(entry.gaps().stream().map(Gap::range).toList()));
        }

        private static Optional<LedgerEntry> entry(Store store, Series series, TimeRange unit) {
            return store.ledger(series, unit).stream()
                    .filter(entry -> entry.unit().equals(unit))
                    .findFirst();
        }
    }

    /** The rows of a part, vouched for by the ledger entry that was there before and after reading them. */
    private final class Copied implements Batches {

        private final Series series;
        private final TimeRange part;
        private final TimeRange unit;
        private final Batches rows;
        private @Nullable LedgerEntry vouched;

        Copied(Series series, TimeRange part, Batches rows) {
            this.series = series;
            this.part = part;
            this.unit = series.cadence().unit().containing(part.start());
            this.rows = rows;
        }

        @Override
        public Series series() {
            return series;
        }

        @Override
        public TimeRange range() {
            return part;
        }

        // The writer is open by now, and refuses to overwrite what others commit from here on: so what the target knows
        // at this moment is what a commit would replace.
        @Override
        public Iterator<Batch> iterator() {
            Standing now = Standing.of(from, to, series, unit);
            LedgerEntry before =
                    now.source().orElseThrow(() -> changed(from.name() + " no longer knows anything of " + unit));
            if (now.wouldForget(part)) {
                throw changed(to.name() + " learned meanwhile of a stretch that " + from.name() + " knows nothing of");
            }
            Iterator<Batch> batches = rows.iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    boolean more = batches.hasNext();
                    if (!more && vouched == null) {
                        vouched = vouch(before);
                    }
                    return more;
                }

                @Override
                public Batch next() {
                    if (!hasNext()) {
                        throw new NoSuchElementException("No more batches of " + series);
                    }
                    return batches.next();
                }
            };
        }

        @Override
        public Provenance provenance() {
            LedgerEntry entry = vouched;
            if (entry == null) {
                throw new IllegalStateException(
                        "Where the rows of " + series + " came from is known once all batches have been read");
            }
            return new Provenance(from.name(), entry.answers(), entry.gaps(), entry.quarantined());
        }

        @Override
        public void close() {
            rows.close();
        }

        private LedgerEntry vouch(LedgerEntry before) {
            return Standing.of(from, from, series, unit)
                    .source()
                    .filter(before::equals)
                    .orElseThrow(() -> changed("the unit was written in " + from.name() + " while it was being read"));
        }

        private Unavailable changed(String what) {
            return new Unavailable("Copying " + part + " of " + series + " from " + from.name() + " to " + to.name()
                    + " was given up: " + what + ". Nothing of it was written; run the copy again");
        }

        @Override
        public String toString() {
            return rows.toString();
        }
    }
}
