package dev.candlewick.sink.parquet.file;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Does the work of a file's columns side by side: on the calling thread and, where there is a second core, on one other
 * thread. Returns when all of it is done or nobody works on it any more, so the columns themselves stay with one owner. A
 * year of 1-minute candles takes the caller 76 ms instead of 135 to encode and 32 instead of 47 to decode.
 *
 * <p>When all other threads are busy, that costs nothing: the caller takes column after column, waits only for one that
 * another has begun, and takes its invitation back, with everything that it refers to.
 */
final class Lanes {

    // Below, which is a day of minutes or two, waking another thread takes longer than it saves.
    private static final int FEWEST_VALUES = 1 << 15;
    private static final int OTHER_CORES = Runtime.getRuntime().availableProcessors() - 1;

    private final int columns;
    private final IntConsumer work;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private @Nullable Invitation invitation;

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
        if (OTHER_CORES == 0 || (long) columns * rows < FEWEST_VALUES) {
            lanes.drain();
        } else {
            Invitation sent = new Invitation(lanes);
            lanes.invitation = sent;
            Others.THREADS.execute(sent);
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
        if (invitation != null) {
            invitation.takeBackOrAwait();
            invitation = null;
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

    /** To another thread, to help; whoever takes the lanes out of it first has them. */
    private static final class Invitation implements Runnable {
        private final AtomicReference<@Nullable Lanes> lanes;
        private final CountDownLatch done = new CountDownLatch(1);

        Invitation(Lanes lanes) {
            this.lanes = new AtomicReference<>(lanes);
        }

        @Override
        public void run() {
            Lanes taken = lanes.getAndSet(null);
            if (taken != null) {
                try {
                    taken.drain();
                } finally {
                    done.countDown();
                }
            }
        }

        /** Deaf to interrupts, which the caller's own reads and writes notice. */
        void takeBackOrAwait() {
            if (lanes.getAndSet(null) != null) {
                Others.THREADS.remove(this);
                return;
            }
            boolean interrupted = false;
            while (done.getCount() > 0) {
                try {
                    done.await();
                } catch (InterruptedException later) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * A thread for every other core, gone when idle. Not the common pool: one whose threads are busy, or that has none, would
     * hold on to what nobody needs any more, and a caller may be one of its threads.
     */
    private static final class Others {
        static final ThreadPoolExecutor THREADS = new ThreadPoolExecutor(
                OTHER_CORES, OTHER_CORES, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Others::thread);

        static {
            THREADS.allowCoreThreadTimeOut(true);
        }

        private static Thread thread(Runnable task) {
            Thread thread = new Thread(task, "candlewick-columns");
            thread.setDaemon(true);
            return thread;
        }
    }
}
