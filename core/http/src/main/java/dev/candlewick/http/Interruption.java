package dev.candlewick.http;

import dev.candlewick.Cancelled;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets any thread end the blocking work of another one: what the cursors of sources need for {@code close()}.
 * Thread-safe; the guarded work is done by one thread at a time.
 */
public final class Interruption {

    private final String work;
    private boolean ended;
    private @Nullable Thread working;

    /**
     * For one piece of work.
     *
     * @param work what it is, as the start of a message: {@code Reading … over …}
     */
    public Interruption(String work) {
        this.work = work;
    }

    /** Does the work, or throws {@link Cancelled} once it was ended; an interrupt that ended it does not outlive it. */
    public <T extends @Nullable Object> T guard(Supplier<T> blocking) {
        synchronized (this) {
            if (ended) {
                throw cancelled();
            }
            working = Thread.currentThread();
        }
        T result;
        try {
            result = blocking.get();
        } catch (RuntimeException failed) {
            settle();
            throw failed;
        }
        settle();
        return result;
    }

    /** Ends the work now, and refuses it from now on. */
    public synchronized void interrupt() {
        ended = true;
        Thread thread = working;
        if (thread != null && thread != Thread.currentThread()) {
            thread.interrupt();
        }
    }

    private synchronized void settle() {
        working = null;
        if (ended) {
            Thread.interrupted(); // the interrupt was ours; the caller learns of it by Cancelled
            throw cancelled();
        }
    }

    private Cancelled cancelled() {
        return new Cancelled(work + " was closed before its end");
    }
}
