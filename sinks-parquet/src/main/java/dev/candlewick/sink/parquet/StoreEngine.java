package dev.candlewick.sink.parquet;

import dev.candlewick.Batches;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.TimeRange;
import dev.candlewick.VerifyReport;
import dev.candlewick.sink.parquet.file.WriteOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a {@link ParquetStore} is made on: files of a local disk, or objects of a storage. Thread-safe. */
interface StoreEngine {

    String name();

    /**
     * Does nothing while the store is open.
     *
     * @throws IllegalStateException once it is closed
     */
    void requireOpen();

    List<Series> series();

    List<LedgerEntry> ledger(Series series, TimeRange range);

    /** Rows with these columns, in the schema's order and with the time column. */
    Batches read(Series series, TimeRange range, List<String> columns);

    SinkWriter open(Series series, TimeRange range);

    VerifyReport verify();

    VerifyReport verify(Series series);

    List<String> forget(Series series, TimeRange range);

    /** Signed addresses of the files of the units that touch the range and have rows, in time order. */
    List<UnitLink> links(Series series, TimeRange range, Duration validity);

    int sweep();

    void writeManifest();

    boolean hasWritten();

    /** How files beside the store are laid out. */
    WriteOptions options();

    /** With what files beside the store are written. */
    DurableFiles files();

    /** The directory of the store, into which nobody else may put files; empty when it has none. */
    Optional<Path> directory();

    void close();
}
