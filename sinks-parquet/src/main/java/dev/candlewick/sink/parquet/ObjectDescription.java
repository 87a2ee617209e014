package dev.candlewick.sink.parquet;

import dev.candlewick.sink.parquet.objects.ObjectBytes;
import dev.candlewick.sink.parquet.objects.ObjectPart;
import dev.candlewick.sink.parquet.objects.ObjectStorage;
import dev.candlewick.sink.parquet.objects.Precondition;
import java.util.Optional;

/** The object that says with which layout a store was begun; asked for once, before anything else is. Thread-safe. */
final class ObjectDescription {

    private static final String NAME = ObjectParts.OWN + "store.json";
    private static final int MOST_BYTES = 1 << 16;

    private final ObjectStorage storage;
    private LayoutChoice layout;
    private boolean checked;
    private boolean there;

    ObjectDescription(ObjectStorage storage, LayoutChoice layout) {
        this.storage = storage;
        this.layout = layout;
    }

    /** The layout that is required, else the one that the store was begun with, else the one to begin with. */
    synchronized Layout layout() {
        if (layout.required().isEmpty()) {
            check();
        }
        return layout.initial();
    }

    /** Refuses a store that was begun with another layout or by a version that does things differently. */
    synchronized void check() {
        if (!checked) {
            Optional<ObjectPart> found = storage.readEnd(NAME, MOST_BYTES);
            if (found.isPresent()) {
                layout = LayoutChoice.only(StoreDescription.layout(
                        found.get().bytes(), NAME + " in " + storage.name(), storage.name(), layout));
                there = true;
            }
            // From here on names follow from it, whatever others begin.
            layout = LayoutChoice.only(layout.initial());
            checked = true;
        }
    }

    /** Writes it with the first unit. */
    synchronized void begin() {
        check();
        if (!there) {
            byte[] text = StoreDescription.render(layout());
            if (storage.write(NAME, ObjectBytes.of(text), Precondition.absent()).isEmpty()) {
                checked = false;
                check(); // somebody began it at the same time
            }
            there = true;
        }
    }
}
