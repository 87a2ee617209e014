package dev.candlewick.sink.bigquery;

import dev.candlewick.Batch;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.spi.UnitLedger;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** The new rows of a unit on their way to the staged file, and what a ledger of them alone would say. For one thread. */
final class UnitDraft implements AutoCloseable {

    private final TimeRange unit;
    private final String tag;
    private final StagedFile file;
    private final UnitLedger ledger;
    private final Optional<KeptBatches> again;
    private long rows;

    /**
     * An empty draft.
     *
     * @param tag of its rows in the file
     * @param range what is written; only a unit that is not wholly inside has to go through its rows again
     */
    UnitDraft(Series series, TimeRange unit, String tag, StagedFile file, TimeRange range) {
        this.unit = unit;
        this.tag = tag;
        this.file = file;
        this.ledger = new UnitLedger(series, unit);
        this.again = range.contains(unit) ? Optional.empty() : Optional.of(new KeptBatches(series, unit));
    }

    TimeRange unit() {
        return unit;
    }

    String tag() {
        return tag;
    }

    long rows() {
        return rows;
    }

    UnitLedger ledger() {
        return ledger;
    }

    void add(Batch batch) throws IOException {
        file.add(tag, batch, rows);
        ledger.add(batch);
        if (again.isPresent()) {
            again.get().add(batch);
        }
        rows += batch.rows();
    }

    void finish() throws IOException {
        if (again.isPresent()) {
            again.get().finish();
        }
    }

    /** Adds the rows to another ledger. */
    void copyTo(UnitLedger whole) {
        again.orElseThrow().each(whole::add);
    }

    /** The hash of the new rows alone. */
    String contentHash() {
        LedgerEntry alone = ledger.entry(Optional.empty(), unit, Provenance.none(), Instant.EPOCH);
        return alone.contentHash();
    }

    @Override
    public void close() {
        again.ifPresent(KeptBatches::close);
    }
}
