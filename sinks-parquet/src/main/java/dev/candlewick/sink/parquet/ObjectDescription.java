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
    private final Layout layout;
    private boolean checked;
    private boolean there;

    ObjectDescription(ObjectStorage storage, Layout layout) {
        this.storage = storage;
        this.layout = layout;
    }

    /** Refuses a store that was begun with another layout or by a version that does things differently. */
    synchronized void check() {
        if (!checked) {
            Optional<ObjectPart> found = storage.readEnd(NAME, MOST_BYTES);
            if (found.isPresent()) {
                StoreDescription.check(found.get().bytes(), NAME + " in " + storage.name(), storage.name(), layout);
                there = true;
            }
            checked = true;
        }
    }

    /** Writes it with the first unit. */
    synchronized void begin() {
        check();
        if (!there) {
            byte[] text = StoreDescription.render(layout);
            if (storage.write(NAME, ObjectBytes.of(text), Precondition.absent()).isEmpty()) {
                checked = false;
                check(); // somebody began it at the same time
            }
            there = true;
        }
    }
}
