package dev.candlewick.sink.gcs;

import dev.candlewick.spi.InterruptWatch;

/**
 * Ends the calls of interrupted threads, and those that take too long. A thread that waits for a socket notices an
 * interrupt only when the read times out, and a read never does while bytes dribble, so somebody else has to look.
 * Thread-safe.
 */
final class CallWatch {

    private final InterruptWatch watch = new InterruptWatch("candlewick-gcs-watch");

    @SuppressWarnings("ThreadLocalUsage") // each watch has its own, and takes away what it has put there
    private final ThreadLocal<Watched> current = new ThreadLocal<>();

    /** A call under watch, until this is closed. */
    final class Watched implements AutoCloseable {

        private final Thread thread = Thread.currentThread();
        private final long until;
        private final InterruptWatch.Watch looking;
        private volatile Runnable abort = () -> {};
        private volatile boolean overdue;

        private Watched(long limitNanos) {
            this.until = System.nanoTime() + limitNanos;
            this.looking = watch.watch(this::shouldEnd, () -> abort.run());
        }

        /** Whether it was ended because it took too long. */
        boolean isOverdue() {
            return overdue;
        }

        private boolean shouldEnd() {
            overdue = overdue || System.nanoTime() - until >= 0;
            return overdue || thread.isInterrupted();
        }

        @Override
        public void close() {
            current.remove();
            looking.close();
        }
    }

    /** Watches what this thread does from now on. */
    Watched begin(long limitNanos) {
        Watched watched = new Watched(limitNanos);
        current.set(watched);
        return watched;
    }

    /** How what this thread does just now can be ended from another one. */
    void abortBy(Runnable abort) {
        Watched watched = current.get();
        if (watched != null) {
            watched.abort = abort;
        }
    }
}
