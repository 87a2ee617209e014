package dev.candlewick.sink.parquet;

import dev.candlewick.Unavailable;
import dev.candlewick.sink.parquet.objects.ObjectBytes;
import dev.candlewick.sink.parquet.objects.ObjectHead;
import dev.candlewick.sink.parquet.objects.ObjectPart;
import dev.candlewick.sink.parquet.objects.Precondition;
import dev.candlewick.spi.SpillBuffer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Where people can look at objects that were damaged or forgotten. */
final class ObjectQuarantine {

    private final ObjectParts store;

    ObjectQuarantine(ObjectParts store) {
        this.store = store;
    }

    /** Copies a version, if it is still there; gives the name of the copy. A second copy of the same is the first. */
    Optional<String> copy(ObjectHead head) {
        try (SpillBuffer bytes = new SpillBuffer(store.memoryBytes())) {
            for (long at = 0; at < head.bytes(); ) {
                int count = (int) Math.min(ObjectSource.LARGEST_REQUEST, head.bytes() - at);
                Optional<ObjectPart> part = store.storage().read(head.name(), Optional.of(head.version()), at, count);
                if (part.isEmpty()) {
                    return Optional.empty();
                }
                bytes.write(part.get().bytes());
                at += part.get().bytes().length;
            }
            return Optional.of(written(head, bytes));
        } catch (IOException failed) {
            throw Storage.failed(
                    "Copying " + head.name() + " of " + store.storage().name(), failed);
        }
    }

    private String written(ObjectHead head, SpillBuffer bytes) {
        int slash = head.name().lastIndexOf('/') + 1;
        String prefix = ObjectParts.OWN + "quarantine/" + head.name().substring(0, slash) + "_"
                + head.name().substring(slash) + ".";
        for (int number = 1; number <= ObjectUnits.ATTEMPTS; number++) {
            String name = prefix + number + ".damaged";
            if (store.storage()
                    .write(name, content(bytes), Precondition.absent())
                    .isPresent()) {
                return name;
            }
        }
        throw new Unavailable("There are " + ObjectUnits.ATTEMPTS + " objects " + prefix + "*.damaged in "
                + store.storage().name() + " already; look at them and delete them, then run the same again");
    }

    private static ObjectBytes content(SpillBuffer bytes) {
        return new ObjectBytes() {
            @Override
            public long length() {
                return bytes.size();
            }

            @Override
            public InputStream open() throws IOException {
                return bytes.read();
            }
        };
    }
}
