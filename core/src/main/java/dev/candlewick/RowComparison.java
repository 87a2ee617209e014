package dev.candlewick;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Merges two cursors over the same series by time and key, and counts what differs. Used once, by one thread. */
final class RowComparison {

    private final int shown;
    private final List<String> schema;
    private final List<Pair> pairs = new ArrayList<>();
    private final List<Pair> keys = new ArrayList<>();
    private final boolean timeIsKey;
    private final long[] differingCells;
    private final List<RowDifference> differences = new ArrayList<>();
    private long equal;
    private long onlyLeft;
    private long onlyRight;
    private long differing;
    private long reordered;

    /** A column that both sides have, with where it stands on either. */
    private record Pair(String name, int left, int right) {}

    RowComparison(Schema left, Schema right, int shown) {
        this.shown = shown;
        this.schema = SchemaDifferences.of(left, right);
        for (Field field : left.fields()) {
            boolean shared = right.names().contains(field.name())
                    && right.field(field.name()).type().equals(field.type());
            if (shared) {
                pairs.add(new Pair(field.name(), left.indexOf(field.name()), right.indexOf(field.name())));
            }
        }
        // Without a common key rows are told apart by everything that both sides hold of them.
        List<String> key = left.key().equals(right.key()) && !left.key().isEmpty() ? left.key() : left.names();
        pairs.stream().filter(pair -> key.contains(pair.name())).forEach(keys::add);
        this.timeIsKey = left.key().equals(List.of(left.time())) && right.key().equals(List.of(right.time()));
        this.differingCells = new long[pairs.size()];
    }

    void compare(Iterable<Batch> left, Iterable<Batch> right) {
        Cursor lefts = new Cursor(left.iterator());
        Cursor rights = new Cursor(right.iterator());
        while (lefts.hasRow() && rights.hasRow()) {
            long leftTime = lefts.time();
            long rightTime = rights.time();
            if (leftTime < rightTime) {
                onlyLeft(lefts.take());
            } else if (leftTime > rightTime) {
                onlyRight(rights.take());
            } else if (timeIsKey) {
                sameKey(lefts.take(), rights.take());
            } else {
                instant(lefts.rowsAt(leftTime), rights.rowsAt(rightTime));
            }
        }
        while (lefts.hasRow()) {
            onlyLeft(lefts.take());
        }
        while (rights.hasRow()) {
            onlyRight(rights.take());
        }
    }

    long equal() {
        return equal;
    }

    long onlyLeft() {
        return onlyLeft;
    }

    long onlyRight() {
        return onlyRight;
    }

    long differing() {
        return differing;
    }

    long reordered() {
        return reordered;
    }

    Map<String, Long> differingByField() {
        Map<String, Long> fields = new LinkedHashMap<>();
        for (int i = 0; i < pairs.size(); i++) {
            if (differingCells[i] > 0) {
                fields.put(pairs.get(i).name(), differingCells[i]);
            }
        }
        return fields;
    }

    List<RowDifference> differences() {
        return differences;
    }

    List<String> schema() {
        return schema;
    }

    /** A row within its batch. */
    private record Row(Batch batch, int row) {}

    // Rows of one instant are matched by key: stores give them in the order they were written, but need not agree on
    // it.
    private void instant(List<Row> left, List<Row> right) {
        List<List<String>> leftKeys = keys(left, Side.LEFT);
        List<List<String>> rightKeys = keys(right, Side.RIGHT);
        Map<List<String>, Deque<Row>> waiting = new HashMap<>();
        for (int i = 0; i < left.size(); i++) {
            waiting.computeIfAbsent(leftKeys.get(i), none -> new ArrayDeque<>()).add(left.get(i));
        }
        for (int i = 0; i < right.size(); i++) {
            Row row = right.get(i);
            Row match =
                    waiting.getOrDefault(rightKeys.get(i), new ArrayDeque<>()).poll();
            if (match == null) {
                onlyRight(row);
            } else {
                sameKey(match, row);
            }
        }
        for (List<String> key : new LinkedHashSet<>(leftKeys)) {
            waiting.getOrDefault(key, new ArrayDeque<>()).forEach(this::onlyLeft);
        }
        countReordered(leftKeys, rightKeys);
    }

    private void countReordered(List<List<String>> left, List<List<String>> right) {
        if (left.equals(right)) {
            return;
        }
        Set<List<String>> onLeft = new HashSet<>(left);
        Set<List<String>> onRight = new HashSet<>(right);
        List<List<String>> leftShared = left.stream().filter(onRight::contains).toList();
        List<List<String>> rightShared = right.stream().filter(onLeft::contains).toList();
        for (int i = 0; i < Math.min(leftShared.size(), rightShared.size()); i++) {
            reordered += leftShared.get(i).equals(rightShared.get(i)) ? 0 : 1;
        }
    }

    private List<List<String>> keys(List<Row> rows, Side side) {
        return rows.stream().map(row -> key(row, side)).toList();
    }

    private void sameKey(Row left, Row right) {
        boolean same = true;
        for (int i = 0; i < pairs.size(); i++) {
            Pair pair = pairs.get(i);
            Column mine = left.batch().columns().get(pair.left());
            Column theirs = right.batch().columns().get(pair.right());
            if (!Cell.same(mine, left.row(), theirs, right.row())) {
                same = false;
                differingCells[i]++;
                if (differences.size() < shown) {
                    differences.add(new RowDifference(
                            RowDifference.Kind.VALUE,
                            keyText(left, Side.LEFT),
                            pair.name(),
                            Cell.text(mine, left.row()),
                            Cell.text(theirs, right.row())));
                }
            }
        }
        if (same) {
            equal++;
        } else {
            differing++;
        }
    }

    private void onlyLeft(Row row) {
        onlyLeft++;
        if (differences.size() < shown) {
            differences.add(new RowDifference(
                    RowDifference.Kind.ONLY_LEFT, keyText(row, Side.LEFT), "", Cell.row(row.batch(), row.row()), ""));
        }
    }

    private void onlyRight(Row row) {
        onlyRight++;
        if (differences.size() < shown) {
            differences.add(new RowDifference(
                    RowDifference.Kind.ONLY_RIGHT, keyText(row, Side.RIGHT), "", "", Cell.row(row.batch(), row.row())));
        }
    }

    private enum Side {
        LEFT,
        RIGHT
    }

    private List<String> key(Row row, Side side) {
        List<String> key = new ArrayList<>(keys.size());
        for (Pair pair : keys) {
            key.add(Cell.text(row.batch().columns().get(side == Side.LEFT ? pair.left() : pair.right()), row.row()));
        }
        return key;
    }

    private String keyText(Row row, Side side) {
        List<String> values = key(row, side);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < keys.size(); i++) {
            text.append(i == 0 ? "" : ", ")
                    .append(keys.get(i).name())
                    .append(' ')
                    .append(values.get(i));
        }
        return text.toString();
    }

    /** Walks over the rows of a cursor. */
    private static final class Cursor {

        private final Iterator<Batch> batches;
        private Batch batch;
        private TimeColumn times;
        private int row;

        @SuppressWarnings("NullAway.Init") // the first question is hasRow, which sets the batch
        Cursor(Iterator<Batch> batches) {
            this.batches = batches;
        }

        @SuppressWarnings("NullAway")
        boolean hasRow() {
            while (batch == null || row == batch.rows()) {
                if (!batches.hasNext()) {
                    return false;
                }
                batch = batches.next();
                times = batch.times();
                row = 0;
            }
            return true;
        }

        long time() {
            return times.epochMicros(row);
        }

        Row take() {
            Row taken = new Row(batch, row);
            row++;
            return taken;
        }

        List<Row> rowsAt(long time) {
            List<Row> rows = new ArrayList<>();
            while (hasRow() && time() == time) {
                rows.add(take());
            }
            return rows;
        }
    }
}
