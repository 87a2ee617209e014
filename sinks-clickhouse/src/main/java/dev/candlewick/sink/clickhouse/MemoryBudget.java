package dev.candlewick.sink.clickhouse;

/** How much the rows of one writer may take in memory; what comes after goes to disk. For one thread. */
final class MemoryBudget {

    private long left;

    MemoryBudget(long bytes) {
        this.left = bytes;
    }

    /** Takes that many bytes; false when there are not as many left. */
    boolean take(long bytes) {
        if (bytes > left) {
            return false;
        }
        left -= bytes;
        return true;
    }

    void give(long bytes) {
        left += bytes;
    }
}
