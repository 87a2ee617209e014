package dev.candlewick.tick;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Queue;
import java.util.Set;

/** The ids of the last rows: enough for repetitions by reconnects and files put together, in bounded memory. */
final class RecentIds {

    static final int REMEMBERED = 100_000;

    private final Set<String> known = new HashSet<>();
    private final Queue<String> order = new ArrayDeque<>();

    /** False when the id is known already. */
    boolean add(String id) {
        if (!known.add(id)) {
            return false;
        }
        order.add(id);
        if (order.size() > REMEMBERED) {
            known.remove(order.remove());
        }
        return true;
    }
}
