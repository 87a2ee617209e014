package dev.candlewick.sink.parquet;

import dev.candlewick.Store;
import dev.candlewick.spi.StoreProvider;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/** Opens {@code parquet:DIR}; {@code PARQUET_LAYOUT} names the {@link Layout} of one that is not there yet. */
public final class ParquetStoreProvider implements StoreProvider {

    /** For {@link java.util.ServiceLoader}. */
    public ParquetStoreProvider() {}

    @Override
    public String scheme() {
        return "parquet";
    }

    @Override
    public String usage() {
        return "parquet:DIR";
    }

    @Override
    public Store open(String address, Map<String, String> environment) {
        if (address.isBlank()) {
            throw new IllegalArgumentException("'parquet:' needs a directory: parquet:DIR, for example parquet:data");
        }
        try {
            return ParquetStore.builder(Path.of(address))
                    .beginningWith(Layout.setting(environment))
                    .build();
        } catch (InvalidPathException unnameable) {
            throw new IllegalArgumentException(
                    "'" + address + "' is no directory: " + unnameable.getMessage(), unnameable);
        }
    }
}
