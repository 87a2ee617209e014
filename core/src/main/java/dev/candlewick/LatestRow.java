package dev.candlewick;

import java.util.List;
import java.util.Optional;

/** The last row of a store, found through its ledger: only the last unit with rows is read. */
final class LatestRow {

    private LatestRow() {}

    static Optional<Batch> of(Store store, Series series) {
        List<LedgerEntry> entries = store.ledger(series, RowVerification.ALWAYS);
        for (int i = entries.size() - 1; i >= 0; i--) {
            LedgerEntry entry = entries.get(i);
            Optional<Batch> last = entry.rows() == 0 ? Optional.empty() : last(store, series, entry.unit());
            if (last.isPresent()) {
                return last;
            }
        }
        return Optional.empty();
    }

    private static Optional<Batch> last(Store store, Series series, TimeRange unit) {
        Optional<Batch> last = Optional.empty();
        try (Batches batches = store.read(series, unit)) {
            for (Batch batch : batches) {
                if (batch.rows() > 0) {
                    last = Optional.of(batch.slice(batch.rows() - 1, batch.rows()));
                }
            }
        }
        return last;
    }
}
