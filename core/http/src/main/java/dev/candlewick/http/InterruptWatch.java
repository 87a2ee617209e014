package dev.candlewick.http;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Ends the calls of interrupted threads. A thread that blocks on a socket notices an interrupt only when the read times
 * out, so somebody else has to look. Thread-safe; its thread comes with the first call and leaves when there was
 * nothing to watch for a while.
 */
final class InterruptWatch implements AutoCloseable {

    private static final long LOOK_EVERY_MILLIS = 100;
    private static final long LINGER_MILLIS = 2_000;

    private final Set<Watched> active = new LinkedHashSet<>();
    private boolean looking;
    private boolean closed;

    /** Until the result is closed: cancels when this thread is interrupted or everything is closed. */
    synchronized Watched watch(Runnable cancel) {
        Watched watched = new Watched(cancel);
        watched.blockedThread = Thread.currentThread();
        active.add(watched);
        if (closed) {
            cancel.run();
        } else if (looking) {
            notifyAll();
        } else {
            looking = true;
            Thread thread = new Thread(this::look, "candlewick-http-interrupts");
            thread.setDaemon(true);
            thread.start();
        }
        return watched;
    }

    synchronized boolean closed() {
        return closed;
    }

    @Override
    public void close() {
        List<Watched> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(active);
            notifyAll();
        }
        all.forEach(watched -> watched.cancel.run());
    }

    private void look() {
        try {
            for (List<Watched> now = next(); !now.isEmpty(); now = next()) {
                now.stream().filter(Watched::interrupted).forEach(watched -> watched.cancel.run());
            }
        } catch (InterruptedException nobodyInterruptsThisThread) {
            Thread.currentThread().interrupt();
        }
    }

    /** What to look at after a pause, which may as well be short; empty when this thread is not needed any more. */
    @SuppressWarnings("WaitNotInLoop") // it waits for time, not for a condition
    private synchronized List<Watched> next() throws InterruptedException {
        wait(active.isEmpty() ? LINGER_MILLIS : LOOK_EVERY_MILLIS);
        looking = !closed && !active.isEmpty();
        return looking ? List.copyOf(active) : List.of();
    }

    private synchronized void forget(Watched watched) {
        active.remove(watched);
    }

    /** One call under watch. */
    final class Watched implements AutoCloseable {

        private final Runnable cancel;
        private volatile @Nullable Thread blockedThread;

        private Watched(Runnable cancel) {
            this.cancel = cancel;
        }

        /** This thread starts to wait for the call. */
        void enter() {
            blockedThread = Thread.currentThread();
        }

        /** No thread waits for the call now. */
        void leave() {
            blockedThread = null;
        }

        /** Cancels the call now. */
        void cancel() {
            cancel.run();
        }

        private boolean interrupted() {
            Thread thread = blockedThread;
            return thread != null && thread.isInterrupted();
        }

        @Override
        public void close() {
            forget(this);
        }
    }
}
