package dev.candlewick;

import java.util.Objects;

/** What the columns of every type have in common: all but their values. */
abstract class ColumnHead {

    final String name;
    final int size;
    final Nulls nulls;
    private final ColumnType type;

    ColumnHead(String name, ColumnType type, int size, Nulls nulls) {
        this.name = name;
        this.type = type;
        this.size = size;
        this.nulls = nulls.sized(size);
    }

    public final String name() {
        return name;
    }

    public final int size() {
        return size;
    }

    public final boolean hasNulls() {
        return nulls.any();
    }

    public final boolean isNull(int row) {
        return nulls.isNull(Objects.checkIndex(row, size));
    }

    public ColumnType type() {
        return type;
    }

    @Override
    public final String toString() {
        return name + " " + type + " × " + size;
    }
}
