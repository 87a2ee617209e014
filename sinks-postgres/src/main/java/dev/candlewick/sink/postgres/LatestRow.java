package dev.candlewick.sink.postgres;

import dev.candlewick.Batch;
import dev.candlewick.Corrupt;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.ledger.UnitRecord;
import java.sql.SQLException;
import java.util.Optional;

/** The last row of the last unit that has any. */
final class LatestRow {

    private final StoreParts store;
    private final Series series;

    LatestRow(StoreParts store, Series series) {
        this.store = store;
        this.series = series;
    }

    Optional<Batch> find() {
        return store.database().read("Reading the latest row of " + Failures.shown(series), this::find);
    }

    private Optional<Batch> find(Transaction transaction) throws SQLException {
        Optional<RowTables> tables = store.catalog().find(transaction, series);
        if (tables.isEmpty()) {
            return Optional.empty();
        }
        Optional<LedgerEntry> last =
                store.ledger().lastWithRows(transaction, series).map(UnitRecord::entry);
        if (last.isEmpty()) {
            return Optional.empty();
        }
        TimeRange unit = last.get().unit();
        RowReader rows = new RowReader(
                transaction, series, tables.get().selectLast(series, unit.startMicros(), unit.endMicros()));
        Optional<Batch> row = Optional.empty();
        for (Optional<Batch> batch = rows.next(); batch.isPresent(); batch = rows.next()) {
            row = batch;
        }
        if (row.isEmpty()) {
            throw new Corrupt("The ledger of " + store.name() + " says that " + last.get()
                    + ", but its table has none of them. Forget the unit and fetch it again");
        }
        return row;
    }
}
