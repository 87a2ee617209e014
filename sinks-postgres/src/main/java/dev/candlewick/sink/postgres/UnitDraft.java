package dev.candlewick.sink.postgres;

import dev.candlewick.Batch;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.spi.HeapBytes;
import dev.candlewick.spi.SpillBuffer;
import dev.candlewick.spi.UnitLedger;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The new rows of a unit until they are sent, and what a ledger of them alone would say. The first ones stay batches, so
 * that they are encoded while the server already takes them; what does not fit the memory goes to a temporary file as
 * tuples.
 */
final class UnitDraft {

    private static final int CHUNK_BYTES = 1 << 16;

    private final Series series;
    private final TimeRange unit;
    private final RowTables tables;
    private final long memoryBytes;
    private final UnitLedger ledger;
    private final List<Batch> held = new ArrayList<>();
    private final List<Spilled> spilled = new ArrayList<>();
    private long heldBytes;
    private long rows;

    private record Spilled(CopyEncoder encoder, SpillBuffer tuples) {}

    /** An empty draft that keeps so many bytes in memory. */
    UnitDraft(Series series, TimeRange unit, RowTables tables, long memoryBytes) {
        this.series = series;
        this.unit = unit;
        this.tables = tables;
        this.memoryBytes = memoryBytes;
        this.ledger = new UnitLedger(series, unit);
    }

    TimeRange unit() {
        return unit;
    }

    long rows() {
        return rows;
    }

    long bytesInMemory() {
        return heldBytes;
    }

    UnitLedger ledger() {
        return ledger;
    }

    /** The hash of the new rows alone. */
    String contentHash() {
        LedgerEntry alone = ledger.entry(Optional.empty(), unit, Provenance.none(), Instant.EPOCH);
        return alone.contentHash();
    }

    void add(Batch batch) throws IOException {
        ledger.add(batch);
        rows += batch.rows();
        long bytes = HeapBytes.of(batch);
        if (spilled.isEmpty() && heldBytes + bytes <= memoryBytes) {
            held.add(batch);
            heldBytes += bytes;
            return;
        }
        if (spilled.isEmpty()) {
            for (TablePart part : tables.parts()) {
                CopyEncoder encoder = new CopyEncoder(part, tables.label(series));
                held.forEach(encoder::skip);
                spilled.add(new Spilled(encoder, new SpillBuffer(0)));
            }
        }
        for (Spilled part : spilled) {
            part.encoder().encode(batch, part.tuples());
        }
    }

    /** Writes the tuples for a table, as often as wanted. */
    void writeTuples(TablePart part, OutputStream target) throws IOException {
        CopyEncoder encoder = new CopyEncoder(part, tables.label(series));
        for (Batch batch : held) {
            encoder.encode(batch, target);
        }
        if (!spilled.isEmpty()) {
            try (InputStream rest =
                    spilled.get(tables.parts().indexOf(part)).tuples().read()) {
                byte[] chunk = new byte[CHUNK_BYTES];
                for (int count = rest.read(chunk); count >= 0; count = rest.read(chunk)) {
                    target.write(chunk, 0, count);
                }
            }
        }
    }

    void discard() {
        held.clear();
        heldBytes = 0;
        for (Spilled part : spilled) {
            try {
                part.tuples().close();
            } catch (IOException leftInTheTemporaryFolder) {
                // The file is temporary, and the system's to collect.
            }
        }
        spilled.clear();
    }
}
