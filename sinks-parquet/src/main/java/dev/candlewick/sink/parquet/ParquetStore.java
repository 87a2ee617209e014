package dev.candlewick.sink.parquet;

import dev.candlewick.Batches;
import dev.candlewick.Corrupt;
import dev.candlewick.LedgerEntry;
import dev.candlewick.MarketDataException;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.VerifyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A store of Parquet files on a local disk: one file per series and calendar unit, readable as it is by DuckDB, pandas,
 * Polars, Spark and BigQuery.
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
 * from one directory.
 *
 * <p>Thread-safe. Reading changes nothing on disk and works on a read-only directory.
 */
public final class ParquetStore implements Store {

    private static final System.Logger LOGGER = System.getLogger(ParquetStore.class.getName());

    private final StoreParts parts;

    private ParquetStore(StoreParts parts) {
        this.parts = parts;
    }

    /** The store in a directory, with the default layout; the directory is created by the first write. */
    public static ParquetStore at(Path root) {
        return builder(root).build();
    }

    /** A store with settings of its own. */
    public static Builder builder(Path root) {
        return new Builder(root);
    }

    /** {@code parquet:} and the directory. */
    @Override
    public String name() {
        return "parquet:" + parts.root().path();
    }

    /** Whether rows of this series can be here: all but those that are filled forward. */
    @Override
    public boolean serves(Series series) {
        return !series.dataset().isFilled();
    }

    /** The series with at least one unit, with the columns that are stored, sorted. */
    @Override
    public List<Series> series() {
        parts.requireOpen();
        return parts.receipts().series();
    }

    @Override
    public List<LedgerEntry> ledger(Series series, TimeRange range) {
        parts.requireOpen();
        return parts.receipts().list(series, range).stream().map(Receipt::entry).toList();
    }

    /**
     * Reads stored rows, opening one file at a time as iteration reaches it. A unit that is replaced meanwhile is read
     * wholly as it was or wholly as it is.
     *
     * @throws Corrupt while iterating, naming the file, where a file or receipt is damaged
     */
    @Override
    public Batches read(Series series, TimeRange range) {
        parts.requireOpen();
        if (!serves(series)) {
            throw new Refused(
                    series + " is never stored; read " + series.subject() + " without ':filled' and fill when reading");
        }
        return StoredRows.read(parts, series, range);
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
        parts.requireOpen();
        UnitWriter writer = new UnitWriter(parts, series, range);
        checkSchema(series);
        try {
            parts.writerBegan();
        } catch (IOException failed) {
            throw Storage.failed("Opening " + name() + " to write " + series + " over " + range, failed);
        }
        return writer;
    }

    /**
     * Proves again that everything stored is what was committed: reads every byte of every file, compares it with the
     * receipts, recomputes the content hashes, checks the rules of candles. Changes nothing.
     */
    @Override
    public VerifyReport verify() {
        return verify(series -> true);
    }

    /** As {@link #verify()}, for one series. */
    @Override
    public VerifyReport verify(Series series) {
        return verify(series::equals);
    }

    private VerifyReport verify(Predicate<Series> which) {
        parts.requireOpen();
        return new Verification(parts, which).run();
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
        parts.requireOpen();
        try {
            return new Combination(parts, series, range).to(target);
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
        parts.requireOpen();
        try {
            List<String> moved = new ArrayList<>();
            for (TimeRange unit : parts.receipts().units(series)) {
                if (unit.overlaps(range)) {
                    parts.recovery().forget(series, unit).forEach(file -> moved.add(file.toString()));
                }
            }
            return List.copyOf(moved);
        } catch (IOException failed) {
            throw Storage.failed("Forgetting " + range + " of " + series + " in " + name(), failed);
        }
    }

    /**
     * Collects what crashed processes left behind; gives the number of files deleted. Opening a store does this when it
     * is needed, so there is rarely a reason to call it.
     */
    public int sweep() {
        parts.requireOpen();
        try {
            return parts.recovery().sweep();
        } catch (IOException failed) {
            throw Storage.failed("Sweeping " + name(), failed);
        }
    }

    /**
     * Writes {@code _candlewick/manifest.json}, a summary of all receipts for people and scripts. Nothing here ever reads
     * it: lost, damaged or stale, it costs nothing but this call. Closing a store that has written does it too.
     */
    public void writeManifest() {
        try {
            parts.durable().publish(parts.root().manifest(), Manifest.render(parts), parts.sessionId());
        } catch (IOException failed) {
            throw Storage.failed("Writing the manifest of " + name(), failed);
        }
    }

    /**
     * Ends this store; refreshes the manifest if anything was written. Whatever is asked of it afterwards is an
     * {@link IllegalStateException}, also a commit of a writer that is still open: its rows are dropped.
     */
    @Override
    public void close() {
        try {
            if (parts.hasWritten()) {
                writeManifest();
            }
        } catch (MarketDataException | IllegalStateException stale) {
            LOGGER.log(System.Logger.Level.WARNING, "The manifest stays as it was: {0}", stale.getMessage());
        } finally {
            parts.close();
        }
    }

    @Override
    public String toString() {
        return name();
    }

    // The first receipt that can be read speaks for all: what was committed since was checked against it, too.
    private void checkSchema(Series series) {
        for (TimeRange unit : parts.receipts().units(series)) {
            try {
                if (parts.receipts().find(series, unit).isPresent()) {
                    return;
                }
            } catch (Corrupt damaged) {
                LOGGER.log(System.Logger.Level.DEBUG, "Its commit says so if it matters: {0}", damaged.getMessage());
            }
        }
    }

    /** Settings of a {@link ParquetStore}; each has a default. For one thread. */
    public static final class Builder {

        final Path root;
        Layout layout = Layout.hive();
        Clock clock = Clock.systemUTC();
        int compressionLevel = 3;
        Duration lockPatience = Duration.ofMinutes(5);
        FileOperations files = FileOperations.ofTheSystem();

        private Builder(Path root) {
            this.root = root;
        }

        /** Where data files lie; a store keeps the layout that it was begun with. */
        public Builder layout(Layout layout) {
            this.layout = layout;
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
            if (Files.exists(root) && !Files.isDirectory(root)) {
                throw new Refused(root + " is a file; a Parquet store is a directory");
            }
            StoreParts parts = new StoreParts(this);
            StoreDescription.check(parts.root(), layout);
            ParquetStore store = new ParquetStore(parts);
            try {
                if (parts.recovery().isNeeded()) {
                    parts.recovery().sweep();
                }
            } catch (IOException | MarketDataException unswept) {
                // Readers follow receipts past any leftover, and a store that may only be read cannot be swept.
                LOGGER.log(System.Logger.Level.DEBUG, "Leftovers in {0} stay", root);
            }
            return store;
        }
    }
}
