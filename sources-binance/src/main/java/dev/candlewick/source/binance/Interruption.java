package dev.candlewick.source.binance;

import dev.candlewick.Cancelled;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lets any thread end the blocking work of another one. */
final class Interruption {

    private final String work;
    private boolean ended;
    private @Nullable Thread working;

    Interruption(String work) {
        this.work = work;
    }

    /** Does the work, or throws {@link Cancelled} once it was ended; an interrupt that ended it does not outlive it. */
    <T extends @Nullable Object> T guard(Supplier<T> blocking) {
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

    private synchronized void settle() {
        working = null;
        if (ended) {
            Thread.interrupted(); // the interrupt was ours; the caller learns of it by Cancelled
            throw cancelled();
        }
    }

    synchronized void interrupt() {
        ended = true;
        Thread thread = working;
        if (thread != null && thread != Thread.currentThread()) {
            thread.interrupt();
        }
    }

    private Cancelled cancelled() {
        return new Cancelled(work + " was closed before its end");
    }
}
