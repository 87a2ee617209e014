package dev.candlewick.sink.bigquery;

import dev.candlewick.Batch;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.parquet.file.ParquetFileReader;
import dev.candlewick.sink.parquet.file.ParquetFileWriter;
import dev.candlewick.sink.parquet.file.WriteOptions;
import dev.candlewick.spi.HeapBytes;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Batches to go through again: the new rows of a unit that is written in part, whose hash is that of all its rows in their
 * order. The first ones in memory, all of them in a temporary file once they are many. For one thread.
 */
final class KeptBatches implements AutoCloseable {

    private static final long MEMORY_BYTES = 1 << 24;

    private final Series series;
    private final TimeRange unit;
    private final List<Batch> inMemory = new ArrayList<>();
    private long bytes;
    private Optional<Spilled> spilled = Optional.empty();

    private record Spilled(Path file, OutputStream out, ParquetFileWriter writer) {}

    KeptBatches(Series series, TimeRange unit) {
        this.series = series;
        this.unit = unit;
    }

    void add(Batch batch) throws IOException {
        long more = HeapBytes.of(batch);
        if (spilled.isEmpty() && bytes + more <= MEMORY_BYTES) {
            inMemory.add(batch);
            bytes += more;
            return;
        }
        if (spilled.isEmpty()) {
            Path file = Files.createTempFile("candlewick", ".unit");
            OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
            spilled = Optional.of(
                    new Spilled(file, out, ParquetFileWriter.to(out, series.schema(), Map.of(), WriteOptions.DEFAULT)));
            inMemory.forEach(spilled.get().writer()::write);
            inMemory.clear();
        }
        spilled.get().writer().write(batch);
    }

    /** No more rows are added. */
    void finish() throws IOException {
        if (spilled.isPresent()) {
            try {
                spilled.get().writer().finish();
            } catch (UncheckedIOException failed) {
                throw failed.getCause();
            }
            spilled.get().out().close();
        }
    }

    /** Goes through all of them, as often as wanted. */
    void each(Consumer<Batch> taker) {
        inMemory.forEach(taker);
        if (spilled.isPresent()) {
            try (ParquetFileReader reader = ParquetFileReader.open(spilled.get().file())) {
                reader.read(series, unit).forEachRemaining(taker);
            }
        }
    }

    @Override
    public void close() {
        inMemory.clear();
        spilled.ifPresent(gone -> {
            gone.writer().close();
            try {
                gone.out().close();
                Files.deleteIfExists(gone.file());
            } catch (IOException leftInTheTemporaryFolder) {
                // The file is temporary, and the system's to collect.
            }
        });
        spilled = Optional.empty();
    }
}
