package dev.candlewick.examples;

import dev.candlewick.Backfiller;
import dev.candlewick.Gap;
import dev.candlewick.GapDetector;
import dev.candlewick.Source;
import dev.candlewick.Store;
import java.util.List;

/** What several steps of {@code candlewick ticks} do alike. */
final class Steps {

    private Steps() {}

    /** One that fetches what is missing; everything, when that is forced. */
    static Backfiller backfiller(TicksJob job, Source source, Store store) {
        return backfiller(job, source, store, unlessForced(job, GapDetector.byCadence()));
    }

    /** One that makes what is missing or was made of something else than is stored now; everything, when that is forced. */
    static Backfiller maker(TicksJob job, MadeOfStored source, Store store) {
        return backfiller(job, source, store, unlessForced(job, source.missingOrOutdated()));
    }

    private static GapDetector unlessForced(TicksJob job, GapDetector detector) {
        return job.settings().isForced() ? (series, range, coverage) -> List.of(Gap.notFetched(range)) : detector;
    }

    /** One that fetches what is missing, whatever is forced: for days that nobody named. */
    static Backfiller finisher(TicksJob job, Source source, Store store) {
        return backfiller(job, source, store, GapDetector.byCadence());
    }

    private static Backfiller backfiller(TicksJob job, Source source, Store store, GapDetector detector) {
        return Backfiller.from(source)
                .to(store)
                .clock(job.console().clock())
                .detecting(detector)
                .parallelism(job.settings().workers())
                .listener(job.listener())
                .build();
    }

    /** Of two results the one that asks for more attention. */
    static ExitCode worse(ExitCode one, ExitCode other) {
        return rank(one) >= rank(other) ? one : other;
    }

    private static int rank(ExitCode code) {
        return switch (code) {
            case DONE -> 0;
            case DONE_WITH_GAPS -> 1;
            case DIFFERENT -> 2;
            case FAILED -> 3;
            case USAGE -> 4;
            case INTERRUPTED -> 5;
        };
    }
}
