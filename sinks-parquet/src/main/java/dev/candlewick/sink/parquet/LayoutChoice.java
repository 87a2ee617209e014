package dev.candlewick.sink.parquet;

import java.util.Optional;

/**
 * What whoever opens a store says of its layout.
 *
 * @param required the only layout that will do; empty takes the one that the store was begun with
 * @param initial the layout of a store that is not begun yet
 */
record LayoutChoice(Optional<Layout> required, Layout initial) {

    static final LayoutChoice ANY = new LayoutChoice(Optional.empty(), Layout.hive());

    static LayoutChoice only(Layout layout) {
        return new LayoutChoice(Optional.of(layout), layout);
    }

    /** Takes what the store was begun with, and begins a new one with this. */
    static LayoutChoice beginning(Layout layout) {
        return new LayoutChoice(Optional.empty(), layout);
    }
}
