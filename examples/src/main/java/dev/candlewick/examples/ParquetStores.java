package dev.candlewick.examples;

import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.parquet.ParquetStore;

/** What the commands that look after a store, rather than read it, share. */
final class ParquetStores {

    /** Every year that times are written with four digits in. */
    static final TimeRange ALWAYS = TimeRange.of("0000-01-01", "9999-12-31");

    private ParquetStores() {}

    /** The store of {@code --store}, which must be one of Parquet files. */
    static ParquetStore open(Arguments arguments, Console console) {
        Store store = Flags.existingStore(arguments, console);
        if (store instanceof ParquetStore parquet) {
            return parquet;
        }
        store.close();
        throw new UsageException(store.name() + " is no store of Parquet files; this command is for those, such as"
                + " parquet:DIR, gcs:BUCKET/PREFIX and s3:BUCKET/PREFIX");
    }
}
