package dev.candlewick.sink.gcs;

import dev.candlewick.sink.parquet.ParquetStore;
import dev.candlewick.testkit.StoreOpening;

/** Parquet stores over {@link ImpatientStorages}. */
final class ImpatientStores {

    private ImpatientStores() {}

    static StoreOpening of(String place) {
        return (host, port) -> ParquetStore.builder(
                        ImpatientStorages.of(place, host, port).build())
                .closingStorage()
                .build();
    }
}
