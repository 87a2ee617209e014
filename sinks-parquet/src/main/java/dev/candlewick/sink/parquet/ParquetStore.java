package dev.candlewick.sink.parquet;

import dev.candlewick.Batches;
import dev.candlewick.Corrupt;
import dev.candlewick.Field;
import dev.candlewick.LedgerEntry;
import dev.candlewick.MarketDataException;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.VerifyReport;
import dev.candlewick.sink.parquet.file.WriteOptions;
import dev.candlewick.sink.parquet.objects.ObjectStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * A store of Parquet files on a local disk or in an object storage: one file per series and calendar unit, readable as it
 * is by DuckDB, pandas, Polars, Spark and BigQuery.
 *
 * <pre>{@code
 * try (ParquetStore store = ParquetStore.at(Path.of("data"))) {
 *     store.write(source.read(btc, TimeRange.month("2024-01")));
 * }
 * }</pre>
 *
 * <p>Every unit has a receipt, published after its rows are durable: rows, hashes, where they came from, proven gaps. This
 * store believes only its receipts. A crash or a power cut at any moment leaves each unit old or new, never torn and
 * never twice; running the same again completes it. Several threads and processes of one machine may write to and read
 * from one directory, and of any number of machines one object storage.
 *
 * <p>Thread-safe. Reading changes nothing on disk and works on a read-only directory.
 */
public final class ParquetStore implements Store {

    private static final System.Logger LOGGER = System.getLogger(ParquetStore.class.getName());
    private static final Duration LONGEST_LINK = Duration.ofDays(7);

    private final StoreEngine engine;

    private ParquetStore(StoreEngine engine) {
        this.engine = engine;
    }

    /** The store in a directory, with its own or the default layout; the directory is created by the first write. */
    public static ParquetStore at(Path root) {
        return builder(root).build();
    }

    /** The store in an object storage, with its own or the default layout. The storage stays open when the store is closed. */
    public static ParquetStore on(ObjectStorage storage) {
        return builder(storage).build();
    }

    /** A store in a directory with settings of its own. */
    public static Builder builder(Path root) {
        return new Builder(root);
    }

    /** A store in an object storage with settings of its own. */
    public static ObjectBuilder builder(ObjectStorage storage) {
        return new ObjectBuilder(storage);
    }

    /** {@code parquet:} and the directory, or the name of the object storage. */
    @Override
    public String name() {
        return engine.name();
    }

    /** Whether rows of this series can be here: all but those that are filled forward. */
    @Override
    public boolean serves(Series series) {
        return !series.dataset().isFilled();
    }

    /** The series with at least one unit, with the columns that are stored, sorted. */
    @Override
    public List<Series> series() {
        engine.requireOpen();
        return engine.series();
    }

    @Override
    public List<LedgerEntry> ledger(Series series, TimeRange range) {
        engine.requireOpen();
        return engine.ledger(series, range);
    }

    /**
     * Reads stored rows, opening one file at a time as iteration reaches it. A unit that is replaced meanwhile is read
     * wholly as it was or wholly as it is; of a large object that is not possible once its first rows were handed out, and
     * reading ends with {@link dev.candlewick.Unavailable}.
     *
     * @throws Corrupt while iterating, naming the file, where a file or receipt is damaged
     */
    @Override
    public Batches read(Series series, TimeRange range) {
        engine.requireOpen();
        requireServed(series);
        return engine.read(series, range, series.schema().names());
    }

    /** As {@link #read(Series, TimeRange)}; columns that are not asked for are neither fetched nor decoded. */
    @Override
    public Batches read(Series series, TimeRange range, Collection<String> columns) {
        engine.requireOpen();
        requireServed(series);
        return engine.read(
                series,
                range,
                series.schema().select(columns).stream().map(Field::name).toList());
    }

    private void requireServed(Series series) {
        if (!serves(series)) {
            throw new Refused(
                    series + " is never stored; read " + series.subject() + " without ':filled' and fill when reading");
        }
    }

    /**
     * Starts writing a range. Rows of the touched units outside the range are kept. Of two
     * writers of one range at a time the first to commit wins: the other finds its rows there already, or, when they
     * differ, fails with {@link dev.candlewick.Unavailable} and replaces nothing.
     *
     * @throws Refused when the series is stored with other columns, or the directory cannot be written
     */
    @Override
    public SinkWriter open(Series series, TimeRange range) {
        engine.requireOpen();
        return engine.open(series, range);
    }

    /**
     * Proves again that everything stored is what was committed: reads every byte of every file, compares it with the
     * receipts, recomputes the content hashes, checks the rules of candles. Changes nothing.
     */
    @Override
    public VerifyReport verify() {
        engine.requireOpen();
        return engine.verify();
    }

    /** As {@link #verify()}, for one series. */
    @Override
    public VerifyReport verify(Series series) {
        engine.requireOpen();
        return engine.verify(series);
    }

    /**
     * Writes all rows of a series in a range into one Parquet file outside the store, reads it back, compares it, and only
     * then gives it its name. When the file is there already and the same, nothing is written.
     *
     * @param target the file; its directory is created if need be
     * @throws Refused when the target lies in the store, where engines would then see its rows twice
     * @throws Corrupt when stored rows are damaged; the target is left as it was
     */
    public CombineResult combine(Series series, TimeRange range, Path target) {
        engine.requireOpen();
        try {
            return new Combination(engine, series, range).to(target);
        } catch (IOException failed) {
            throw Storage.failed("Combining " + series + " into " + target, failed);
        }
    }

    /**
     * Drops units that are damaged, so that a backfill fetches them again. Their files are kept in
     * {@code _candlewick/quarantine}.
     *
     * @param range every unit that touches it is dropped
     * @return where each file is now
     */
    @Override
    public List<String> forget(Series series, TimeRange range) {
        engine.requireOpen();
        return engine.forget(series, range);
    }

    /**
     * Addresses under which others may fetch the files of a series, without credentials, until they expire: what a notebook
     * or a partner is given in place of an account. Anybody who has an address can read its file.
     *
     * @param range every unit that touches it and has rows is named, in time order
     * @param validity from one second to seven days, the most that storages sign for
     * @throws IllegalArgumentException when the validity is out of these bounds
     * @throws Refused when the store is no object storage, or its credentials cannot sign
     */
    public List<UnitLink> links(Series series, TimeRange range, Duration validity) {
        engine.requireOpen();
        if (validity.compareTo(Duration.ofSeconds(1)) < 0 || validity.compareTo(LONGEST_LINK) > 0) {
            throw new IllegalArgumentException(
                    "Addresses can be valid for one second to seven days, not for " + validity);
        }
        return engine.links(series, range, validity);
    }

    /**
     * Collects what crashed processes left behind; gives the number of files deleted. Opening a store does this when it
     * is needed, so there is rarely a reason to call it. In an object storage nothing is ever left behind.
     */
    public int sweep() {
        engine.requireOpen();
        return engine.sweep();
    }

    /**
     * Writes {@code _candlewick/manifest.json}, a summary of all receipts for people and scripts; in an object storage one
     * of each series, which spares later readers requests. Lost, damaged or stale, it costs nothing but this call. Closing
     * a store that has written does it too.
     */
    public void writeManifest() {
        engine.writeManifest();
    }

    /**
     * Ends this store; refreshes the manifest if anything was written. Whatever is asked of it afterwards is an
     * {@link IllegalStateException}, also a commit of a writer that is still open: its rows are dropped.
     */
    @Override
    public void close() {
        try {
            if (engine.hasWritten()) {
                engine.writeManifest();
            }
        } catch (MarketDataException | IllegalStateException stale) {
            LOGGER.log(System.Logger.Level.WARNING, "The manifest stays as it was: {0}", stale.getMessage());
        } finally {
            engine.close();
        }
    }

    @Override
    public String toString() {
        return name();
    }

    /** Settings of a {@link ParquetStore} in a directory; each has a default. For one thread. */
    public static final class Builder {

        final Path root;
        LayoutChoice layout = LayoutChoice.ANY;
        Clock clock = Clock.systemUTC();
        int compressionLevel = 3;
        Duration lockPatience = Duration.ofMinutes(5);
        FileOperations files = FileOperations.ofTheSystem();

        private Builder(Path root) {
            this.root = root;
        }

        /** Where data files lie; a store keeps the layout that it was begun with, and none but it may be set. */
        public Builder layout(Layout layout) {
            this.layout = LayoutChoice.only(layout);
            return this;
        }

        /** As {@link #layout}, but of a store that is not begun yet only; one that is there is opened with its own. */
        public Builder beginningWith(Layout layout) {
            this.layout = LayoutChoice.beginning(layout);
            return this;
        }

        /** The clock whose time receipts carry. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /** The level of zstd compression, 1 (fast) to 19 (small); 3 unless set. */
        public Builder compression(int level) {
            if (level < 1 || level > 19) {
                throw new IllegalArgumentException("The compression level is 1 to 19, not " + level);
            }
            this.compressionLevel = level;
            return this;
        }

        /** How long a commit waits while others commit to the same series; 5 minutes unless set. */
        public Builder lockPatience(Duration patience) {
            if (patience.isNegative()) {
                throw new IllegalArgumentException("Nobody can wait for " + patience);
            }
            this.lockPatience = patience;
            return this;
        }

        Builder files(FileOperations operations) {
            this.files = operations;
            return this;
        }

        /**
         * Opens the store; what a crash left behind is swept.
         *
         * @throws Refused when the path is a file, or the store was begun with another layout or by a later version
         */
        public ParquetStore build() {
            return new ParquetStore(DiskEngine.open(this));
        }
    }

    /** Settings of a {@link ParquetStore} in an object storage; each has a default. For one thread. */
    public static final class ObjectBuilder {

        final ObjectStorage storage;
        LayoutChoice layout = LayoutChoice.ANY;
        Clock clock = Clock.systemUTC();
        int compressionLevel = WriteOptions.FAR_AWAY.zstdLevel();
        int parallelRequests = 8;
        int memoryBytes = 16 << 20;
        Runnable atClose = () -> {};

        private ObjectBuilder(ObjectStorage storage) {
            this.storage = storage;
        }

        /** The names of data objects; a store keeps the layout that it was begun with, and none but it may be set. */
        public ObjectBuilder layout(Layout layout) {
            this.layout = LayoutChoice.only(layout);
            return this;
        }

        /** As {@link #layout}, but of a store that is not begun yet only; one that is there is opened with its own. */
        public ObjectBuilder beginningWith(Layout layout) {
            this.layout = LayoutChoice.beginning(layout);
            return this;
        }

        /** The clock whose time receipts carry. */
        public ObjectBuilder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /** The level of zstd compression, 1 (fast) to 19 (small); 1 unless set. */
        public ObjectBuilder compression(int level) {
            if (level < 1 || level > 19) {
                throw new IllegalArgumentException("The compression level is 1 to 19, not " + level);
            }
            this.compressionLevel = level;
            return this;
        }

        /** How many requests may be under way at a time, besides those of callers' own threads; 8 unless set. */
        public ObjectBuilder parallelRequests(int most) {
            if (most < 1 || most > 256) {
                throw new IllegalArgumentException("1 to 256 requests may be under way at a time, not " + most);
            }
            this.parallelRequests = most;
            return this;
        }

        /**
         * How many bytes each reader may have fetched ahead, and each writer may hold before a temporary file takes the
         * rest; 16 MiB unless set. Units up to this size are read without being disturbed by whoever replaces them.
         */
        public ObjectBuilder memory(int bytes) {
            if (bytes < 1 << 16) {
                throw new IllegalArgumentException("A reader or writer needs at least 64 KiB, not " + bytes + " bytes");
            }
            this.memoryBytes = bytes;
            return this;
        }

        /** Closes the storage together with the store. */
        public ObjectBuilder closingStorage() {
            this.atClose = storage::close;
            return this;
        }

        /** Opens the store; asks the storage nothing yet. */
        public ParquetStore build() {
            return new ParquetStore(new ObjectEngine(this));
        }
    }
}
