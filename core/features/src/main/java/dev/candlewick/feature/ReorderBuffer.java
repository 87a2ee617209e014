package dev.candlewick.feature;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * Puts ticks that arrive nearly in order into the order of their timestamps, those of one time in the order they came.
 * Costs next to nothing where they are nearly in order, and never more than the logarithm of those that wait. Objects are used again: one that was taken stays as it is until the next is claimed. For one thread.
 */
final class ReorderBuffer<T extends Tick> {

    private static final int NEAR = 32;
    private static final Comparator<Tick> BY_TIME =
            Comparator.<Tick>comparingLong(tick -> tick.timestamp).thenComparingLong(tick -> tick.turn);

    private final Supplier<T> supplier;
    private final IntFunction<T[]> arrays;
    private T[] ring;
    private int head;
    private int size;
    // Those whose place in the ring is far from its end, and objects of such that were taken.
    private final PriorityQueue<T> stragglers = new PriorityQueue<>(BY_TIME);
    private final Deque<T> spare = new ArrayDeque<>();
    private long turns;

    ReorderBuffer(Supplier<T> supplier, IntFunction<T[]> arrays) {
        this.supplier = supplier;
        this.arrays = arrays;
        this.ring = filled(64, arrays.apply(64), 0);
    }

    /** The object to put the next tick into. */
    T claim() {
        if (size == ring.length - 1) { // one stays free for the tick that was taken last
            grow();
        }
        return ring[(head + size) & (ring.length - 1)];
    }

    /** Takes the claimed object in, whose timestamp is set. */
    void add() {
        int mask = ring.length - 1;
        int at = (head + size) & mask;
        T tick = ring[at];
        tick.turn = turns++;
        int first = head;
        if (size > NEAR && ring[(at - NEAR) & mask].timestamp > tick.timestamp) {
            stragglers.add(tick);
            ring[at] = spare.isEmpty() ? supplier.get() : spare.pop();
            return;
        }
        while (at != first && ring[(at - 1) & mask].timestamp > tick.timestamp) {
            ring[at] = ring[(at - 1) & mask];
            at = (at - 1) & mask;
        }
        ring[at] = tick;
        size++;
    }

    /** Whether the first tick happened before the time. */
    boolean hasBefore(long time) {
        return (size > 0 && ring[head].timestamp < time)
                || (!stragglers.isEmpty() && stragglers.element().timestamp < time);
    }

    /** The first tick, taken out. */
    T poll() {
        if (!stragglers.isEmpty() && (size == 0 || BY_TIME.compare(stragglers.element(), ring[head]) < 0)) {
            T straggler = stragglers.remove();
            spare.push(straggler);
            return straggler;
        }
        T tick = ring[head];
        head = (head + 1) & (ring.length - 1);
        size--;
        return tick;
    }

    private void grow() {
        T[] larger = arrays.apply(ring.length * 2);
        for (int i = 0; i < ring.length; i++) {
            larger[i] = ring[(head + i) & (ring.length - 1)];
        }
        ring = filled(larger.length, larger, ring.length);
        head = 0;
    }

    private T[] filled(int length, T[] array, int from) {
        for (int i = from; i < length; i++) {
            array[i] = supplier.get();
        }
        return array;
    }
}
