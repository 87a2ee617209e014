package dev.candlewick.sink.clickhouse;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Cancels the requests of interrupted threads, and those that are overdue. A thread that waits for a socket notices an interrupt only when the read
 * times out, so somebody else has to look. Thread-safe; its thread comes with the first request and leaves when there was
 * nothing to watch for a while.
 */
final class InterruptWatch {

    private static final long LOOK_EVERY_MILLIS = 50;
    private static final long LINGER_MILLIS = 2_000;

    private final Map<Object, Watched> active = new LinkedHashMap<>();
    private boolean looking;

    private record Watched(Thread thread, BooleanSupplier overdue, Runnable cancel) {

        boolean isToEnd() {
            return thread.isInterrupted() || overdue.getAsBoolean();
        }
    }

    /** A request under watch, until this is closed. */
    interface Watch {
        void close();
    }

    /** Runs {@code cancel} when this thread is interrupted before the result is closed. */
    Watch watch(Runnable cancel) {
        return watch(() -> false, cancel);
    }

    /** As {@link #watch(Runnable)}, also when {@code overdue} says that the request takes too long. */
    synchronized Watch watch(BooleanSupplier overdue, Runnable cancel) {
        Object key = new Object();
        active.put(key, new Watched(Thread.currentThread(), overdue, cancel));
        if (looking) {
            notifyAll();
        } else {
            looking = true;
            Thread thread = new Thread(this::look, "candlewick-clickhouse-interrupts");
            thread.setDaemon(true);
            thread.start();
        }
        return () -> forget(key);
    }

    private void look() {
        try {
            for (List<Watched> now = next(); !now.isEmpty(); now = next()) {
                now.stream()
                        .filter(Watched::isToEnd)
                        .forEach(watched -> watched.cancel().run());
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
