package dev.candlewick.sink.postgres;

import dev.candlewick.Batch;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.spi.SpillBuffer;
import dev.candlewick.spi.UnitLedger;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The new rows of a unit, ready to be sent: the tuples of each table, and what a ledger of them alone would say. */
final class UnitDraft {

    private final TimeRange unit;
    private final RowTables tables;
    private final UnitLedger ledger;
    private final List<CopyEncoder> encoders = new ArrayList<>();
    private final List<SpillBuffer> tuples = new ArrayList<>();
    private long rows;

    /** An empty draft that keeps so many bytes in memory. */
    UnitDraft(Series series, TimeRange unit, RowTables tables, int memoryBytes) {
        this.unit = unit;
        this.tables = tables;
        this.ledger = new UnitLedger(series, unit);
        for (TablePart part : tables.parts()) {
            encoders.add(new CopyEncoder(part, tables.label(series)));
            tuples.add(new SpillBuffer(memoryBytes / tables.parts().size()));
        }
    }

    TimeRange unit() {
        return unit;
    }

    long rows() {
        return rows;
    }

    long bytes() {
        return tuples.stream().mapToLong(SpillBuffer::size).sum();
    }

    UnitLedger ledger() {
        return ledger;
    }

    /** The hash of the new rows alone. */
    String contentHash() {
        LedgerEntry alone = ledger.entry(Optional.empty(), unit, Provenance.none(), Instant.EPOCH);
        return alone.contentHash();
    }

    void add(Batch batch, int from, int to) throws IOException {
        for (int i = 0; i < encoders.size(); i++) {
            encoders.get(i).encode(batch, from, to, tuples.get(i));
        }
        ledger.add(batch.slice(from, to));
        rows += to - from;
    }

    /** The tuples of the table of that place. */
    SpillBuffer tuples(TablePart part) {
        return tuples.get(tables.parts().indexOf(part));
    }

    void discard() {
        for (SpillBuffer buffer : tuples) {
            try {
                buffer.close();
            } catch (IOException leftInTheTemporaryFolder) {
                // The file is temporary, and the system's to collect.
            }
        }
    }
}
