package dev.candlewick.testkit;

import dev.candlewick.Store;
import java.util.Optional;
import java.util.concurrent.Callable;

/** A store that is opened when first asked for, so that a fault may hit its opening too. Thread-safe. */
final class Opened implements AutoCloseable {

    private final TrialBench bench;
    private final Callable<Store> opening;
    private Optional<Store> store = Optional.empty();
    private boolean closed;

    Opened(TrialBench bench, Callable<Store> opening) {
        this.bench = bench;
        this.opening = opening;
    }

    synchronized Store get() {
        if (store.isEmpty()) {
            try {
                store = Optional.of(opening.call());
            } catch (RuntimeException failed) {
                throw failed;
            } catch (Exception failed) {
                throw new IllegalStateException("The store cannot be opened", failed);
            }
        }
        return store.get();
    }

    /** Closes it, but waits no longer than a call may take: a store that hangs was reported already. */
    @Override
    public void close() {
        bench.attempt(() -> {
            end();
            return "closed";
        });
    }

    /** Closes it, however long that takes. */
    void end() {
        Optional<Store> closing;
        synchronized (this) {
            closing = closed ? Optional.empty() : store;
            closed = true;
        }
        closing.ifPresent(Store::close);
    }
}
