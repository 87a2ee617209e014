package dev.candlewick.sink.parquet;

import dev.candlewick.Batches;
import dev.candlewick.Corrupt;
import dev.candlewick.LedgerEntry;
import dev.candlewick.MarketDataException;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.TimeRange;
import dev.candlewick.VerifyReport;
import dev.candlewick.sink.parquet.file.WriteOptions;
import dev.candlewick.spi.AppendCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A store in a directory of a local disk. Thread-safe. */
final class DiskEngine implements StoreEngine {

    private static final System.Logger LOGGER = System.getLogger(DiskEngine.class.getName());

    private final StoreParts parts;

    private DiskEngine(StoreParts parts) {
        this.parts = parts;
    }

    /** Opens the store; what a crash left behind is swept. */
    static DiskEngine open(ParquetStore.Builder settings) {
        Path root = settings.root;
        if (Files.exists(root) && !Files.isDirectory(root)) {
            throw new Refused(root + " is a file; a Parquet store is a directory");
        }
        Layout layout = StoreDescription.layout(new StoreRoot(root), settings.layout);
        StoreParts parts = new StoreParts(settings, layout);
        try {
            if (parts.recovery().isNeeded()) {
                parts.recovery().sweep();
            }
        } catch (IOException | MarketDataException unswept) {
            // Readers follow receipts past any leftover, and a store that may only be read cannot be swept.
            LOGGER.log(System.Logger.Level.DEBUG, "Leftovers in {0} stay", root);
        }
        return new DiskEngine(parts);
    }

    @Override
    public String name() {
        return "parquet:" + parts.root().path();
    }

    @Override
    public void requireOpen() {
        parts.requireOpen();
    }

    @Override
    public List<Series> series() {
        return parts.receipts().series();
    }

    @Override
    public List<LedgerEntry> ledger(Series series, TimeRange range) {
        return parts.receipts().list(series, range).stream().map(Receipt::entry).toList();
    }

    @Override
    public Batches read(Series series, TimeRange range, List<String> columns) {
        return StoredRows.read(parts, series, range, columns);
    }

    @Override
    public SinkWriter open(Series series, TimeRange range) {
        AppendCheck check = new AppendCheck(series, range);
        DiskTarget target = new DiskTarget(parts, series, range);
        checkSchema(series);
        try {
            parts.writerBegan();
        } catch (IOException failed) {
            throw Storage.failed("Opening " + name() + " to write " + series + " over " + range, failed);
        }
        return new UnitWriter<>(target, series, range, check);
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

    @Override
    public VerifyReport verify() {
        return new Verification(parts, series -> true).run();
    }

    @Override
    public VerifyReport verify(Series series) {
        return new Verification(parts, series::equals).run();
    }

    @Override
    public List<String> forget(Series series, TimeRange range) {
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

    @Override
    public List<UnitLink> links(Series series, TimeRange range, Duration validity) {
        throw new Refused(name() + " has no addresses that others could fetch files of " + series
                + " from; only stores in object storages sign such addresses");
    }

    @Override
    public int sweep() {
        try {
            return parts.recovery().sweep();
        } catch (IOException failed) {
            throw Storage.failed("Sweeping " + name(), failed);
        }
    }

    @Override
    public void writeManifest() {
        try {
            parts.durable().publish(parts.root().manifest(), Manifest.render(parts), parts.sessionId());
        } catch (IOException failed) {
            throw Storage.failed("Writing the manifest of " + name(), failed);
        }
    }

    @Override
    public boolean hasWritten() {
        return parts.hasWritten();
    }

    @Override
    public WriteOptions options() {
        return parts.options();
    }

    @Override
    public DurableFiles files() {
        return parts.durable();
    }

    @Override
    public Optional<Path> directory() {
        return Optional.of(parts.root().path());
    }

    @Override
    public void close() {
        parts.close();
    }
}
