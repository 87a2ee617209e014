package dev.candlewick.spi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Ends what interrupted threads wait for, and what makes no progress. A thread in a socket call notices an interrupt only
 * when the call returns, and a write to a frozen server never returns, so somebody else has to look.
 *
 * <p>Thread-safe. Its thread comes with the first watch and leaves when there was nothing to watch for a while, so there is
 * nothing to close. It is a daemon and looks every 50 ms.
 */
public final class InterruptWatch {

    private static final long LOOK_EVERY_MILLIS = 50;
    private static final long LINGER_MILLIS = 2_000;

    private final String threadName;
    private final Map<Object, Watched> active = new LinkedHashMap<>();
    private boolean looking;

    private record Watched(BooleanSupplier shouldEnd, Runnable end) {}

    /** Something under watch, until this is closed. Any thread may close it, also more than once. */
    public interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * A watch over nothing yet.
     *
     * @param threadName what its thread is called, for those who look at the threads of a process
     */
    public InterruptWatch(String threadName) {
        this.threadName = threadName;
    }

    /** Runs {@code end} when the calling thread is interrupted before the result is closed. */
    public Watch watch(Runnable end) {
        Thread waiting = Thread.currentThread();
        return watch(waiting::isInterrupted, end);
    }

    /**
     * Runs {@code end} when {@code shouldEnd} says so before the result is closed: again and again until it is, and perhaps
     * once while it is being closed. Both run on the watch's thread, must be quick and must not throw.
     */
    public synchronized Watch watch(BooleanSupplier shouldEnd, Runnable end) {
        Object key = new Object();
        active.put(key, new Watched(shouldEnd, end));
        if (looking) {
            notifyAll();
        } else {
            looking = true;
            Thread thread = new Thread(this::look, threadName);
            thread.setDaemon(true);
            thread.start();
        }
        return () -> forget(key);
    }

    private void look() {
        try {
            for (List<Watched> now = next(); !now.isEmpty(); now = next()) {
                now.stream()
                        .filter(watched -> watched.shouldEnd().getAsBoolean())
                        .forEach(watched -> watched.end().run());
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
