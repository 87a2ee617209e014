package dev.candlewick.sink.parquet;

import dev.candlewick.Batch;
import dev.candlewick.ContentHash;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.parquet.file.ParquetFileReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Optional;

/** The rows of a unit once a part of it is written anew: old ones before the part, the new ones, old ones after it. */
final class MergedRows {

    private final Series series;
    private final TimeRange range;

    MergedRows(Series series, TimeRange range) {
        this.series = series;
        this.range = range;
    }

    /** Gives the merged draft its rows, and the hash of all old rows: damage must not be copied into new files. */
    String write(Iterator<Batch> old, Optional<? extends Draft> draft, Draft merged) throws IOException {
        ContentHash proof = new ContentHash(series.schema());
        boolean newRowsWritten = false;
        while (old.hasNext()) {
            Batch batch = old.next();
            proof.add(batch);
            merged.add(batch.slice(0, batch.firstRowFrom(range.startMicros())));
            Batch after = batch.slice(batch.firstRowFrom(range.endMicros()), batch.rows());
            if (after.rows() > 0 && !newRowsWritten) {
                copy(draft, merged);
                newRowsWritten = true;
            }
            merged.add(after);
        }
        if (!newRowsWritten) {
            copy(draft, merged);
        }
        return proof.value();
    }

    private void copy(Optional<? extends Draft> draft, Draft target) throws IOException {
        if (draft.isEmpty()) {
            return;
        }
        draft.get().seal();
        try (ParquetFileReader reader = draft.get().reopen()) {
            for (Iterator<Batch> batches = reader.read(series, target.unit()); batches.hasNext(); ) {
                target.add(batches.next());
            }
        } catch (UncheckedIOException unreadable) {
            throw Storage.cause(unreadable);
        }
    }
}
