package dev.candlewick.sink.gcs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Ends the calls of interrupted threads, and those that take too long. A thread that waits for a socket notices an
 * interrupt only when the read times out, and a read never does while bytes dribble, so somebody else has to look.
 * Thread-safe; its thread comes with the first call and leaves when there was nothing to watch for a while.
 */
final class CallWatch {

    private static final long LOOK_EVERY_MILLIS = 50;
    private static final long LINGER_MILLIS = 2_000;

    private final Map<Object, Watched> active = new LinkedHashMap<>();

    @SuppressWarnings("ThreadLocalUsage") // each watch has its own, and takes away what it has put there
    private final ThreadLocal<Watched> current = new ThreadLocal<>();

    private boolean looking;

    /** A call under watch, until this is closed. */
    final class Watched implements AutoCloseable {

        private final Thread thread = Thread.currentThread();
        private final long until;
        private volatile Runnable abort = () -> {};
        private volatile boolean overdue;

        private Watched(long limitNanos) {
            this.until = System.nanoTime() + limitNanos;
        }

        /** Whether it was ended because it took too long. */
        boolean isOverdue() {
            return overdue;
        }

        private void look() {
            overdue = overdue || System.nanoTime() - until >= 0;
            if (overdue || thread.isInterrupted()) {
                abort.run();
            }
        }

        @Override
        public void close() {
            current.remove();
            forget(this);
        }
    }

    /** Watches what this thread does from now on. */
    synchronized Watched begin(long limitNanos) {
        Watched watched = new Watched(limitNanos);
        active.put(watched, watched);
        current.set(watched);
        if (looking) {
            notifyAll();
        } else {
            looking = true;
            Thread thread = new Thread(this::look, "candlewick-gcs-watch");
            thread.setDaemon(true);
            thread.start();
        }
        return watched;
    }

    /** How what this thread does just now can be ended from another one. */
    void abortBy(Runnable abort) {
        Watched watched = current.get();
        if (watched != null) {
            watched.abort = abort;
        }
    }

    private void look() {
        try {
            for (List<Watched> now = next(); !now.isEmpty(); now = next()) {
                now.forEach(Watched::look);
            }
        } catch (InterruptedException nobodyInterruptsThisThread) {
            Thread.currentThread().interrupt();
        }
    }

    /** What to look at after a pause, which may as well be short; empty when this thread is not needed any more. */
    @SuppressWarnings("WaitNotInLoop") // it waits for time, not for a condition
    private synchronized List<Watched> next() throws InterruptedException {
        wait(active.isEmpty() ? LINGER_MILLIS : LOOK_EVERY_MILLIS);
        looking = !active.isEmpty();
        return List.copyOf(active.values());
    }

    private synchronized void forget(Object key) {
        active.remove(key);
    }
}
