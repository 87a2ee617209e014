package dev.candlewick.sink.parquet.file;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
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

    private Lanes(int columns, IntConsumer work) {
        this.columns = columns;
        this.work = work;
    }

    /** Does {@code work} for each of the {@code columns} of so many rows; ends with the first failure, if any. */
    static void forEach(int columns, int rows, IntConsumer work) {
        if (ALONE || columns == 1 || (long) columns * rows < FEWEST_VALUES) {
            for (int column = 0; column < columns; column++) {
                work.accept(column);
            }
        } else {
            new Lanes(columns, work).run();
        }
    }

    private void run() {
        AtomicBoolean begun = new AtomicBoolean();
        CompletableFuture<Void> other = CompletableFuture.runAsync(
                () -> {
                    if (begun.compareAndSet(false, true)) {
                        drain();
                    }
                },
                ForkJoinPool.commonPool());
        drain();
        if (!begun.compareAndSet(false, true)) {
            other.join(); // deaf to interrupts, which the caller's own reads and writes notice
        }
        Throwable failed = failure.get();
        if (failed instanceof RuntimeException exception) {
            throw exception;
        } else if (failed instanceof Error error) {
            throw error;
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
