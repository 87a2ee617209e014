package dev.candlewick.sink.parquet.objects;

import java.util.List;

/**
 * What lies directly below a prefix.
 *
 * @param objects the objects, by name
 * @param prefixes what further names begin with, each ending in {@code /}, sorted
 */
public record ObjectListing(List<ObjectHead> objects, List<String> prefixes) {

    /** Copies the lists. */
    public ObjectListing {
        objects = List.copyOf(objects);
        prefixes = List.copyOf(prefixes);
    }
}
