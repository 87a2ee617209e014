package dev.candlewick.sink.postgres;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Ends what interrupted threads wait for, and what makes no progress. A thread in a socket call notices an interrupt only
 * when the call returns, and a write to a frozen server never returns, so somebody else has to look. Thread-safe; its
 * thread comes with the first connection and leaves when there was nothing to watch for a while.
 */
final class InterruptWatch {

    private static final long LOOK_EVERY_MILLIS = 50;
    private static final long LINGER_MILLIS = 2_000;

    private final Map<Object, Watched> active = new LinkedHashMap<>();
    private boolean looking;

    /** Something that can be ended from outside. */
    interface Watched {

        /** Whether nobody waits for it any more, or it has waited too long. */
        boolean shouldEnd();

        void end();
    }

    /** A watch, until it is closed. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    synchronized Watch watch(Watched watched) {
        Object key = new Object();
        active.put(key, watched);
        if (looking) {
            notifyAll();
        } else {
            looking = true;
            Thread thread = new Thread(this::look, "candlewick-postgres-watch");
            thread.setDaemon(true);
            thread.start();
        }
        return () -> forget(key);
    }

    private void look() {
        try {
            for (List<Watched> now = next(); !now.isEmpty(); now = next()) {
                now.stream().filter(Watched::shouldEnd).forEach(Watched::end);
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
