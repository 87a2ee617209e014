package dev.candlewick.csv;

import java.util.Map;
import java.util.TreeMap;

/** What is wrong with rows that are being read: of each the first thing. For one thread. */
final class Defects {

    /** Which column, and why. */
    record Defect(String column, String reason) {}

    private final TreeMap<Integer, Defect> byRow = new TreeMap<>();

    void add(int row, String column, String reason) {
        byRow.putIfAbsent(row, new Defect(column, reason));
    }

    boolean any() {
        return !byRow.isEmpty();
    }

    boolean has(int row) {
        return byRow.containsKey(row);
    }

    Map<Integer, Defect> byRow() {
        return byRow;
    }

    void clear() {
        byRow.clear();
    }
}
