package dev.candlewick.examples;

import dev.candlewick.Answer;
import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Corrupt;
import dev.candlewick.Estimate;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import dev.candlewick.spi.SlotRuns;
import java.util.Iterator;

/**
 * A source whose rows replace those of a store only where it has any, or where a good file takes back what a file said
 * before: one that is damaged or gone takes nothing away, and none takes away what came from elsewhere.
 */
final class GuardedSource implements Source {

    private final Source source;
    private final Store store;

    GuardedSource(Source source, Store store) {
        this.source = source;
        this.store = store;
    }

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public boolean serves(Series series) {
        return source.serves(series);
    }

    @Override
    public String refusal(Series series) {
        return source.refusal(series);
    }

    @Override
    public Estimate estimate(Series series, TimeRange range) {
        return source.estimate(series, range);
    }

    @Override
    public Batches read(Series series, TimeRange range) {
        Batches batches = source.read(series, range);
        return Batches.of(series, range, new Guard(batches), batches::provenance, batches::close);
    }

    /** Gives the rows on, and at their end sees what would be lost. */
    private final class Guard implements Iterator<Batch> {

        private final Batches batches;
        private final Iterator<Batch> rows;
        private final SlotRuns slots;
        private boolean checked;

        Guard(Batches batches) {
            this.batches = batches;
            this.rows = batches.iterator();
            this.slots = new SlotRuns((Cadence.Grid) batches.series().cadence());
        }

        @Override
        public boolean hasNext() {
            boolean more = rows.hasNext();
            if (!more && !checked) {
                checked = true;
                check();
            }
            return more;
        }

        @Override
        public Batch next() {
            Batch batch = rows.next();
            slots.add(batch.times());
            return batch;
        }

        private void check() {
            TimeRanges held = store.coverage(batches.series(), batches.range()).present();
            if (held.isEmpty()) {
                return;
            }
            TimeRanges gone = held.minus(slots.ranges());
            Provenance provenance = batches.provenance();
            TimeRanges explained = TimeRanges.of(provenance.gaps().stream()
                    .filter(gap -> gap.reason() != GapReason.QUARANTINED)
                    .map(Gap::range)
                    .toList());
            // A file may take back what files said before, not what others did.
            TimeRanges lost = gone.minus(explained).union(gone.intersection(fromOthers()));
            if (!lost.isEmpty()) {
                String why = provenance.gaps().stream()
                        .filter(gap -> gap.reason() == GapReason.QUARANTINED)
                        .map(Gap::evidence)
                        .findFirst()
                        .orElse("no file there has it");
                throw new Corrupt(source.name() + " lacks " + lost + " of " + batches.series()
                        + ", which the store holds: " + why + ". The stored rows stand");
            }
        }

        private TimeRanges fromOthers() {
            return TimeRanges.of(store.ledger(batches.series(), batches.range()).stream()
                    .flatMap(entry -> entry.answers().stream())
                    .filter(answer -> !answer.route().startsWith(IngestPlanning.ROUTES)
                            && !answer.route().startsWith("archive-"))
                    .map(Answer::range)
                    .toList());
        }
    }
}
