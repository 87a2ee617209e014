package dev.candlewick.sink.bigquery;

import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.DatasetId;
import com.google.cloud.bigquery.JobException;
import dev.candlewick.Dataset;
import dev.candlewick.Series;
import dev.candlewick.sink.bigquery.Failures.JobFailed;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** What a store is made of, put together once. Thread-safe. */
final class StoreParts implements AutoCloseable {

    private final String name;
    private final Warehouse warehouse;
    private final Clock clock;
    private final Partitioning partitioning;
    private final Tables tables;
    private final Ledger ledger;
    private final RowQueries rows;
    private final DatasetId stagingDataset;
    private final Set<Dataset> fenced = ConcurrentHashMap.newKeySet();
    private final ReentrantLock writing = new ReentrantLock();
    private volatile boolean closed;

    StoreParts(Warehouse warehouse, BigQueryStore.Builder settings) {
        this.warehouse = warehouse;
        this.name = "bigquery:" + warehouse.dataset().getProject() + "."
                + warehouse.dataset().getDataset();
        this.clock = settings.clock;
        this.partitioning = settings.partitioning;
        this.tables = new Tables(warehouse, settings);
        this.ledger = new Ledger(warehouse, tables);
        this.rows = new RowQueries(warehouse, tables, ledger);
        this.stagingDataset = settings.stagingDataset
                .map(dataset -> DatasetId.of(warehouse.dataset().getProject(), dataset))
                .orElse(warehouse.dataset());
    }

    String name() {
        return name;
    }

    Warehouse warehouse() {
        return warehouse;
    }

    Clock clock() {
        return clock;
    }

    /** How tables are divided that are not there yet. */
    Partitioning partitioning() {
        return partitioning;
    }

    Tables tables() {
        return tables;
    }

    Ledger ledger() {
        return ledger;
    }

    RowQueries rows() {
        return rows;
    }

    DatasetId stagingDataset() {
        return stagingDataset;
    }

    /** The table of a series, ready to be written. */
    Tables.Held ready(Series series) {
        Tables.Held held = tables.ready(series);
        if (!fenced.contains(series.dataset())) {
            if (!ledger.hasFence(series.dataset())) {
                fence(series.dataset());
            }
            fenced.add(series.dataset());
        }
        return held;
    }

    /** Adds the row of the ledger that every commit to a dataset replaces. */
    void fence(Dataset dataset) {
        String doing = "Adding " + dataset + " to the ledger";
        try {
            warehouse.run(doing, ledger.fence(dataset, clock.instant()), jobName("begin"));
        } catch (BigQueryException | JobException | JobFailed failed) {
            throw warehouse.failures().of(doing, failed);
        }
    }

    /** The ledger's rows whose partitions have not begun to expire. */
    List<Ledger.Row> visible(Optional<Tables.Held> held, List<Ledger.Row> units) {
        if (held.isEmpty() || !held.get().expires()) {
            return units;
        }
        Instant now = clock.instant();
        return units.stream()
                .filter(unit -> unit.unit().start().plus(held.get().retention()).isAfter(now))
                .toList();
    }

    /**
     * Runs a transaction under a job's name of its own, while no other thread of this process does: BigQuery would undo one
     * of two, which then has to be made again.
     *
     * @param kind what the name says: {@code commit}
     */
    void transact(String doing, Statement script, String kind) {
        try {
            writing.lockInterruptibly();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw warehouse.failures().cancelled(doing, stopped);
        }
        try {
            warehouse.run(doing, script, jobName(kind));
        } finally {
            writing.unlock();
        }
    }

    private static String jobName(String kind) {
        return "candlewick_" + kind + "_" + UUID.randomUUID().toString().replace("-", "");
    }

    /** @throws IllegalStateException once the store is closed */
    void requireOpen() {
        if (closed) {
            throw new IllegalStateException(
                    "The store " + name + " has been closed: it neither reads nor writes any more; open it again");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            warehouse.close();
        }
    }
}
