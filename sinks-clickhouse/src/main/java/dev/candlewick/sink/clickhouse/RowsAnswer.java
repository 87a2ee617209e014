package dev.candlewick.sink.clickhouse;

import dev.candlewick.Batch;
import dev.candlewick.MarketDataException;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.spi.InterruptWatch;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The rows of some units in a range, in order, as they arrive. For one thread, but for {@link #cancel}. */
final class RowsAnswer implements AutoCloseable {

    private final StoreParts store;
    private final Series series;
    private final Server.Answer answer;
    private final NativeDecoder decoder;

    private RowsAnswer(StoreParts store, Series series, Server.Answer answer) {
        this.store = store;
        this.series = series;
        this.answer = answer;
        this.decoder = new NativeDecoder(answer.body());
    }

    /** The rows of the units in the range. */
    static RowsAnswer of(StoreParts store, RowsTable table, Series series, TimeRange range, List<Ledger.Held> units) {
        String versions = units.stream()
                .map(unit -> Long.toUnsignedString(unit.version()))
                .collect(Collectors.joining(", "));
        return ask(
                store,
                table,
                series,
                table.where(series.subject(), range) + " AND " + table.version() + " IN (" + versions + ") ORDER BY "
                        + table.orderBy(""));
    }

    /** The last row of a unit. */
    static RowsAnswer last(StoreParts store, RowsTable table, Series series, Ledger.Held unit) {
        return ask(
                store,
                table,
                series,
                table.where(series.subject(), unit.unit()) + " AND " + table.version() + " = "
                        + Long.toUnsignedString(unit.version()) + " ORDER BY " + table.orderBy(" DESC") + " LIMIT 1");
    }

    private static RowsAnswer ask(StoreParts store, RowsTable table, Series series, String condition) {
        String columns = series.schema().names().stream().map(Sql::name).collect(Collectors.joining(", "));
        try {
            return new RowsAnswer(
                    store,
                    series,
                    store.server()
                            .ask(
                                    "Reading " + series,
                                    "SELECT " + columns + " FROM " + Sql.name(table.name()) + " WHERE " + condition));
        } catch (MarketDataException failed) {
            throw store.tables().explained(series, failed);
        }
    }

    /** The next rows; empty at the end. */
    Optional<Batch> next() {
        InterruptWatch.Watch watch = answer.watch();
        try {
            return decoder.next(series);
        } catch (IOException broken) {
            throw store.tables().explained(series, answer.failed(broken));
        } catch (IllegalArgumentException disordered) {
            throw answer.failed(new IOException(disordered));
        } finally {
            watch.close();
        }
    }

    /** Ends it from any thread. */
    void cancel() {
        answer.cancel();
    }

    @Override
    public void close() {
        answer.close();
    }
}
