package dev.candlewick.sink.bigquery;

import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.FormatOptions;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobException;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TableDataWriteChannel;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.WriteChannelConfiguration;
import dev.candlewick.Unavailable;
import dev.candlewick.sink.bigquery.Failures.JobFailed;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The table that the rows of a commit are loaded into, by one job. Both are named after what is committed and over what:
 * a process that crashed between the job and the transaction finds its rows loaded when it runs again. The table expires by
 * itself. For one thread.
 */
final class Staging {

    private static final Duration KEPT = Duration.ofHours(6);
    private static final int CHUNK_BYTES = 4 << 20;
    private static final int SENDINGS = 3;
    // Names that follow from what is committed, so that a later run finds its rows loaded.
    private static final int NAMED = 4;
    // Names of nobody before, for each time that the rows are to be loaded.
    private static final int FRESH = 5;

    private final StoreParts store;
    private final RowsTable table;
    private final StagedFile file;
    private Optional<String> loaded = Optional.empty();
    private int attempt = 1;

    Staging(StoreParts store, RowsTable table, StagedFile file) {
        this.store = store;
        this.table = table;
        this.file = file;
    }

    /** The table in a query. */
    String name() {
        return Statement.table(id(loaded.orElseThrow()));
    }

    String tag() {
        return Statement.name(file.tag());
    }

    private TableId id(String name) {
        return TableId.of(
                store.stagingDataset().getProject(), store.stagingDataset().getDataset(), name);
    }

    /**
     * Loads the file, once.
     *
     * @param identity what is committed, and over what
     */
    void load(String doing, List<String> identity) {
        if (loaded.isPresent()) {
            return;
        }
        List<String> all = new ArrayList<>(identity);
        all.add(store.stagingDataset() + " " + table.name());
        // The file may have rows of units that are not committed any more.
        all.add(Long.toString(file.rows()));
        String digest = Digests.of(all);
        try {
            file.finish();
            int last = Math.max(attempt, NAMED + 1) + FRESH;
            for (; attempt < last; attempt++) {
                String name = "candlewick_staged_" + digest + "_" + suffix();
                if (isLoaded(doing, name)) {
                    loaded = Optional.of(name);
                    return;
                }
            }
        } catch (IOException failed) {
            throw new Unavailable(
                    doing + " failed: its buffered rows cannot be read back: " + failed.getMessage()
                            + ". What was stored before stands; run again",
                    failed);
        }
        throw new Unavailable(doing + " to " + store.name() + " was given up: " + FRESH
                + " staging tables of it were gone or half loaded. What was stored before stands; run again");
    }

    // Whoever committed the same, or failed, as often as that has used up the names that follow from the rows: the ids
    // of
    // jobs stay taken for months after their tables went.
    private String suffix() {
        return attempt <= NAMED
                ? Integer.toString(attempt)
                : UUID.randomUUID().toString().replace("-", "");
    }

    /** Whether the rows are in the table of that name now; not when its job was used up before and left nothing to use. */
    private boolean isLoaded(String doing, String name) throws IOException {
        JobId job = store.warehouse().jobId(name);
        boolean used = false;
        try {
            Optional<Job> earlier = store.warehouse().find(doing, job);
            used = earlier.isPresent();
            if (!used) {
                create(name);
                send(doing, name, job);
            }
            store.warehouse().waitFor(doing, job, earlier, false);
            return hasAllRows(doing, name);
        } catch (JobFailed failed) {
            if (used || isWorthAnother(failed)) {
                return false;
            }
            throw store.warehouse().failures().of(doing, failed);
        } catch (BigQueryException | JobException failed) {
            throw store.warehouse().failures().of(doing, failed);
        }
    }

    // A job that failed for the moment has used up its id, and so has one of an earlier run, whatever for: a quota
    // comes back. What rows are refused for now does not change.
    private static boolean isWorthAnother(JobFailed failed) {
        return Failures.isTransient(failed)
                || Failures.isNotFound(failed)
                || Failures.reason(failed).equals("stopped");
    }

    private boolean hasAllRows(String doing, String name) {
        // A table with other rows is somebody else's doing, and another one will do.
        return rowsIn(doing, name).filter(rows -> rows == file.rows()).isPresent();
    }

    private Optional<Long> rowsIn(String doing, String name) {
        try {
            return store.warehouse()
                    .ask(doing, client -> Optional.ofNullable(client.getTable(id(name))))
                    .map(there -> Optional.ofNullable(there.getNumRows())
                            .map(BigInteger::longValueExact)
                            .orElse(0L));
        } catch (BigQueryException failed) {
            if (Failures.isNotFound(failed)) {
                return Optional.empty();
            }
            throw failed;
        }
    }

    private void create(String name) {
        TableInfo info = TableInfo.newBuilder(id(name), StandardTableDefinition.of(RowsTable.schema(file.fields())))
                .setDescription("Candlewick: rows on their way to " + table.name() + "; expires by itself")
                .setExpirationTime(store.clock().instant().plus(KEPT).toEpochMilli())
                .build();
        try {
            store.warehouse().ask("Creating the staging table " + name, client -> client.create(info));
        } catch (BigQueryException failed) {
            if (!Failures.isDuplicate(failed)) {
                throw failed;
            }
        }
    }

    private void send(String doing, String name, JobId job) throws IOException {
        WriteChannelConfiguration load = WriteChannelConfiguration.newBuilder(id(name))
                .setFormatOptions(FormatOptions.parquet())
                .setSchema(RowsTable.schema(file.fields()))
                .setWriteDisposition(JobInfo.WriteDisposition.WRITE_TRUNCATE)
                .setCreateDisposition(JobInfo.CreateDisposition.CREATE_NEVER)
                .setLabels(Map.of("client", "candlewick"))
                .build();
        for (int sending = 1; ; sending++) {
            try {
                upload(doing, job, load);
                return;
            } catch (BigQueryException failed) {
                if (Failures.isDuplicate(failed)) {
                    return;
                }
                boolean there = Failures.isTransient(failed)
                        && store.warehouse().find(doing, job).isPresent();
                if (there) {
                    return;
                }
                if (!Failures.isTransient(failed) || sending == SENDINGS) {
                    throw failed;
                }
                store.warehouse().pause(doing, sending);
            }
        }
    }

    private void upload(String doing, JobId job, WriteChannelConfiguration load) throws IOException {
        Warehouse warehouse = store.warehouse();
        TableDataWriteChannel channel = warehouse.once(doing, warehouse.requestLimit(), each -> each.writer(job, load));
        channel.setChunkSize(CHUNK_BYTES);
        byte[] chunk = new byte[CHUNK_BYTES];
        try (InputStream rows = file.read()) {
            for (int count = rows.readNBytes(chunk, 0, chunk.length);
                    count > 0;
                    count = rows.readNBytes(chunk, 0, chunk.length)) {
                ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, count);
                warehouse.once(doing, warehouse.requestLimit(), each -> channel.write(bytes));
            }
        }
        // The job begins with the last byte.
        warehouse.once(doing, warehouse.requestLimit(), each -> {
            channel.close();
            return true;
        });
    }

    /** Whether a message is about this table. */
    boolean isNamedBy(String message) {
        return loaded.filter(message::contains).isPresent();
    }

    /** Somebody who committed the same has dropped the table: load once more. */
    void lost() {
        loaded = Optional.empty();
        attempt++;
    }

    /** Drops the table; should that not be possible, it expires. */
    void drop() {
        boolean interrupted = Thread.interrupted();
        try {
            if (loaded.isPresent()) {
                TableId gone = id(loaded.get());
                store.warehouse().once("Dropping a staging table", Warehouse.CLEANING, each -> each.delete(gone));
            }
        } catch (RuntimeException expiresByItself) {
            // It costs a few bytes for some hours, and nothing may hide what became of the commit.
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
