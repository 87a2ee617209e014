package dev.candlewick.sink.parquet.file;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Does the work of a file's columns side by side: on the calling thread and, where there is a second core, on one thread of
 * the common pool besides. Returns when all of it is done or nobody works on it any more, so the columns themselves stay
 * with one owner. A year of 1-minute candles takes the caller 76 ms instead of 135 to encode and 32 instead of 47 to
 * decode.
 *
 * <p>A pool without a free thread costs nothing: the caller takes column after column and waits only for one that the
 * other has begun.
 */
final class Lanes {

    // Below, which is a day of minutes or two, waking another thread takes longer than it saves.
    private static final int FEWEST_VALUES = 1 << 15;
    private static final boolean ALONE = Runtime.getRuntime().availableProcessors() == 1;

    private final int columns;
    private final IntConsumer work;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicBoolean begun = new AtomicBoolean();
    private @Nullable ForkJoinTask<?> other;

    private Lanes(int columns, IntConsumer work) {
        this.columns = columns;
        this.work = work;
    }

    /** Does {@code work} for each of the {@code columns} of so many rows; ends with the first failure, if any. */
    static void forEach(int columns, int rows, IntConsumer work) {
        start(columns, rows, work).finish();
    }

    /**
     * As {@link #forEach}, but returns at once: where there is a second core it begins, and what the calling thread does
     * meanwhile is done beside it. Nobody touches the columns before {@link #finish} has returned or thrown.
     */
    static Lanes start(int columns, int rows, IntConsumer work) {
        Lanes lanes = new Lanes(columns, work);
        if (ALONE || (long) columns * rows < FEWEST_VALUES) {
            lanes.drain();
        } else {
            // Not by CompletableFuture, which starts a thread for every task where the pool has only one.
            lanes.other = ForkJoinPool.commonPool().submit(() -> {
                if (lanes.begun.compareAndSet(false, true)) {
                    lanes.drain();
                }
            });
        }
        return lanes;
    }

    /** Does what is left to do, waits for what another thread has begun, and ends with the first failure, if any. */
    void finish() {
        drain();
        awaitOther();
        Throwable failed = failure.get();
        if (failed instanceof RuntimeException exception) {
            throw exception;
        } else if (failed instanceof Error error) {
            throw error;
        }
    }

    /** Ends the work as soon as may be, finished or not. */
    void cancel() {
        next.set(columns);
        awaitOther();
    }

    private void awaitOther() {
        ForkJoinTask<?> begunElsewhere = other;
        if (!begun.compareAndSet(false, true) && begunElsewhere != null) {
            begunElsewhere.join(); // deaf to interrupts, which the caller's own reads and writes notice
        }
    }

    private void drain() {
        try {
            for (int column = next.getAndIncrement(); column < columns; column = next.getAndIncrement()) {
                work.accept(column);
            }
        } catch (RuntimeException | Error failed) {
            failure.compareAndSet(null, failed);
            next.set(columns);
        }
    }
}
