package dev.candlewick.source.binance.simulator;

import java.util.function.Consumer;

/** A misbehaviour that goes on until it is closed or has happened as often as it should. Safe for use by many threads. */
public final class ActiveMisbehaviour implements AutoCloseable {
    private final Misbehaviour misbehaviour;
    private final Consumer<ActiveMisbehaviour> end;
    private int seen;
    private int occurrences;

    ActiveMisbehaviour(Misbehaviour misbehaviour, Consumer<ActiveMisbehaviour> end) {
        this.misbehaviour = misbehaviour;
        this.end = end;
    }

    /** How often it has happened so far. */
    public synchronized int occurrences() {
        return occurrences;
    }

    /** Whether it happens to this request, which counts as one occurrence. */
    synchronized boolean strikes(Scope.Target target) {
        if (!misbehaviour.scope().covers(target) || occurrences == misbehaviour.times()) {
            return false;
        }
        seen++;
        if (seen <= misbehaviour.skipped()) {
            return false;
        }
        occurrences++;
        return true;
    }

    /** Whether it would happen to this request; counts nothing. */
    synchronized boolean wouldStrike(Scope.Target target) {
        return misbehaviour.scope().covers(target)
                && occurrences < misbehaviour.times()
                && seen >= misbehaviour.skipped();
    }

    Effect effect() {
        return misbehaviour.effect();
    }

    /** Ends it: the venue behaves again. */
    @Override
    public void close() {
        end.accept(this);
    }

    @Override
    public String toString() {
        return misbehaviour + ", " + occurrences() + " times";
    }
}
