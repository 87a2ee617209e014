package dev.candlewick.sink.bigquery.streaming;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.storage.v1.GetWriteStreamRequest;
import com.google.cloud.bigquery.storage.v1.TableSchema;
import com.google.cloud.bigquery.storage.v1.WriteStream;
import com.google.cloud.bigquery.storage.v1.WriteStreamView;
import dev.candlewick.Batch;
import dev.candlewick.Cancelled;
import dev.candlewick.ColumnType;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.MarketDataException;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeColumn;
import dev.candlewick.Unconfirmed;
import dev.candlewick.sink.bigquery.Partitioning;
import dev.candlewick.sink.bigquery.StorageAccess;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Live rows of a dataset into a table of BigQuery by the Storage Write API: visible within seconds, each exactly once.
 *
 * <pre>{@code
 * try (BigQueryStream stream = BigQueryStream.into("my-project.market.live_candles_1m").open(Dataset.candles("1m"))) {
 *     for (Batch batch : live) {
 *         stream.append(batch);
 *     }
 *     save(stream.flush());          // with what else says how far the source was read
 * }
 * }</pre>
 *
 * <p>Rows are numbered in the order of {@link #append}; the service takes each number once, so a lost answer or a cut
 * connection neither loses nor doubles rows. {@link #position} tells up to where all are stored. Kept by the caller, it carries
 * exactly-once over a crash: open again {@link Builder#from from} there and append the same rows again from there on;
 * those that had been stored behind it are recognised by their numbers and left out. Without a position a new stream is
 * begun, and rows that an earlier one wrote are written again.
 *
 * <p>Unlike a store this has no ledger: it is for rows that are looked at now and fetched properly later. The table is made
 * when absent: columns {@code venue}, {@code kind}, {@code code}, then those of the dataset; partitions of an hour, each
 * deleted after 30 days, unless told otherwise.
 *
 * <p>For one thread, except {@link #position} and {@link #close}, which any thread may call; a blocked call then ends with
 * {@link Cancelled}, as it does when its thread is interrupted. After any other exception of {@link #append} or {@link #flush} the
 * stream takes no more rows; {@link #position} still tells what is stored.
 */
public final class BigQueryStream implements AutoCloseable {

    private static final int REQUEST_BYTES = 1 << 20;
    private static final long CLOSE_NANOS = TimeUnit.MILLISECONDS.toNanos(3_500);

    private final Dataset dataset;
    private final String table;
    private final StorageClients clients;
    private final Appender appender;
    private final RowEncoder encoder;
    private final ReentrantLock inUse = new ReentrantLock();
    private @Nullable Subject lastSubject;
    private byte[] lastPrefix = new byte[0];
    private volatile boolean closed;
    private @Nullable MarketDataException told;

    private BigQueryStream(
            Dataset dataset, String table, StorageClients clients, Appender appender, RowEncoder encoder) {
        this.dataset = dataset;
        this.table = table;
        this.clients = clients;
        this.appender = appender;
        this.encoder = encoder;
    }

    /** A builder of a stream into a table, {@code PROJECT.DATASET.TABLE}. */
    public static Builder into(String table) {
        return new Builder(table);
    }

    /**
     * How far a stream is stored: everything before that row.
     *
     * <p>{@code parse(toString())} is the identity.
     *
     * @param stream the name of the write stream
     * @param next the first row that is not known to be stored, counted from 0 over the stream
     */
    public record Position(String stream, long next) {

        /** Checks that the row is none before the first. */
        public Position {
            if (next < 0 || !stream.matches("projects/[^/]+/datasets/[^/]+/tables/[^/]+/streams/[^/@]+")) {
                throw new IllegalArgumentException("'" + stream + "@" + next
                        + "' is not a position; expected projects/P/datasets/D/tables/T/streams/S@ROW");
            }
        }

        /** Reads what {@link #toString} gives. */
        public static Position parse(String text) {
            int at = text.lastIndexOf('@');
            try {
                return new Position(text.substring(0, Math.max(0, at)), Long.parseLong(text.substring(at + 1)));
            } catch (NumberFormatException noNumber) {
                throw new IllegalArgumentException(
                        "'" + text + "' is not a position; expected projects/P/datasets/D/tables/T/streams/S@ROW",
                        noNumber);
            }
        }

        /** {@code projects/P/datasets/D/tables/T/streams/S@ROW}. */
        @Override
        public String toString() {
            return stream + "@" + next;
        }
    }

    /**
     * Sends the rows of a batch, of any subject of the dataset. Returns when all are on their way; blocks while as many bytes as
     * allowed are not answered yet.
     *
     * @throws IllegalArgumentException when the batch is of another dataset; the stream stays as it was
     * @throws Refused when a row does not fit (then nothing of the batch was sent and the stream stays as it was), or when the
     *     service refused rows of this or an earlier call, naming them
     * @throws StreamHole when rows that were stored are gone
     * @throws dev.candlewick.Unavailable when the service did not take rows for the whole {@link Builder#patience}
     */
    public void append(Batch batch) {
        if (!batch.series().dataset().equals(dataset)) {
            throw new IllegalArgumentException(
                    "The stream into " + table + " takes rows of " + dataset + ", not of " + batch.series());
        }
        inUse.lock();
        try {
            requireOpen();
            byte[] prefix = prefix(batch.series().subject());
            try {
                RowEncoder.check(batch.columns());
                encoder.requireSizes(prefix, batch.columns());
            } catch (Refused unfit) {
                throw new Refused(
                        batch.series() + " cannot be written into " + table + ": " + unfit.getMessage(), unfit);
            }
            Series series = batch.series();
            TimeColumn times = batch.times();
            for (int from = 0; from < batch.rows(); ) {
                RowEncoder.Encoded encoded = encoder.encode(prefix, batch.columns(), from, REQUEST_BYTES);
                int first = from;
                appender.append(
                        encoded.rows(),
                        encoded.bytes(),
                        index -> "row " + (first + index) + " of " + series + " (" + times.name() + " "
                                + times.text(first + index) + ")");
                from = encoded.to();
            }
        } catch (MarketDataException failed) {
            told = appender.failure();
            throw failed;
        } finally {
            inUse.unlock();
        }
    }

    private byte[] prefix(Subject subject) {
        if (!subject.equals(lastSubject)) {
            lastPrefix = encoder.prefix(List.of(subject.venue(), subject.kind(), subject.code()));
            lastSubject = subject;
        }
        return lastPrefix;
    }

    /** Waits until every row is stored and tells the position behind the last; throws as {@link #append} does. */
    public Position flush() {
        inUse.lock();
        try {
            requireOpen();
            appender.flush();
            return position();
        } catch (MarketDataException failed) {
            told = appender.failure();
            throw failed;
        } finally {
            inUse.unlock();
        }
    }

    /**
     * Up to where all rows are stored. The stream it names changes when the service ends one and rows go to a new one, so save
     * the whole position.
     */
    public Position position() {
        synchronized (appender) {
            return new Position(appender.stream(), appender.stored());
        }
    }

    /** Rows that were appended and are not known to be stored. */
    public long unanswered() {
        return appender.unanswered();
    }

    /** Bytes that are kept because they were not answered yet; never much more than {@link Builder#inFlight}. */
    public long bytesInFlight() {
        return appender.bytesInFlight();
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The stream into " + table + " is closed");
        }
    }

    /**
     * Waits up to four seconds until every row is stored, and ends; calling it twice does nothing. The write stream itself stays, so that
     * it can be opened again at {@link #position}.
     *
     * @throws Unconfirmed when rows are not known to be stored by then
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (!inUse.tryLock()) {
            // Another thread is at it: end what it waits for.
            closed = true;
            clients.close();
            appender.close();
            return;
        }
        try {
            closed = true;
            MarketDataException failure = appender.failure();
            if (failure == null && !appender.flushWithin(CLOSE_NANOS)) {
                failure = appender.failure() == null ? late() : appender.failure();
            }
            if (failure != null && failure != told) {
                throw failure;
            }
        } finally {
            appender.close();
            clients.close();
            inUse.unlock();
        }
    }

    private Unconfirmed late() {
        return new Unconfirmed("The stream into " + table + " was closed while " + appender.unanswered()
                + " rows behind " + position()
                + " were not answered. Open it again from there and append them again; what is"
                + " stored will not be doubled");
    }

    @Override
    public String toString() {
        return "Stream of " + dataset + " into " + table + ", stored up to " + position();
    }

    /** Collects what a {@link BigQueryStream} needs. For one thread. */
    public static final class Builder {

        private static final long DEFAULT_IN_FLIGHT = 16L << 20;
        private static final Duration DEFAULT_KEPT = Duration.ofDays(30);

        private final TableId table;
        private Optional<StorageAccess> access = Optional.empty();
        private Optional<BigQuery> bigQuery = Optional.empty();
        private Optional<Position> from = Optional.empty();
        private Partitioning partitions = Partitioning.HOUR;
        private Duration kept = DEFAULT_KEPT;
        private long inFlight = DEFAULT_IN_FLIGHT;
        private Patience patience = Patience.ofDefaults();

        private Builder(String table) {
            String[] parts = table.split("\\.", -1);
            if (parts.length != 3 || List.of(parts).contains("")) {
                throw new IllegalArgumentException("'" + table + "' is not a table; expected PROJECT.DATASET.TABLE");
            }
            this.table = TableId.of(parts[0], parts[1], parts[2]);
        }

        /** Where the Storage API is and who asks; the service itself with the application default credentials unless told. */
        public Builder access(StorageAccess where) {
            this.access = Optional.of(where);
            return this;
        }

        /**
         * The client that makes the table when it is absent; it stays the caller's. Without it one is made from {@link #access}, except
         * for an emulator: there the table must exist.
         */
        public Builder creatingWith(BigQuery client) {
            this.bigQuery = Optional.of(client);
            return this;
        }

        /** How much time a partition holds, where the table is made; an hour unless told. */
        public Builder partitions(Partitioning size) {
            this.partitions = Objects.requireNonNull(size, "size");
            return this;
        }

        /** How long a partition is kept, where the table is made; 30 days unless told. */
        public Builder keptFor(Duration retention) {
            if (retention.compareTo(Duration.ofHours(1)) < 0) {
                throw new IllegalArgumentException("Rows are kept for an hour or longer, not " + retention);
            }
            this.kept = retention;
            return this;
        }

        /** Goes on behind a position that an earlier stream of this table told: the rows from there on come again. */
        public Builder from(Position position) {
            this.from = Optional.of(position);
            return this;
        }

        /** How many bytes may be unanswered before {@link BigQueryStream#append} waits; 16 MiB unless told. */
        public Builder inFlight(long bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("At least one byte must be allowed on its way, not " + bytes);
            }
            this.inFlight = bytes;
            return this;
        }

        /** How long to try without any success before {@link dev.candlewick.Unavailable}; a minute unless told. */
        public Builder patience(Duration total) {
            this.patience = patience.total(total);
            return this;
        }

        /** How long one answer may take before it is taken for lost; half a minute unless told. */
        public Builder responseTimeout(Duration response) {
            this.patience = patience.response(response);
            return this;
        }

        /**
         * Opens the stream.
         *
         * @throws Refused when table and dataset do not match, rights are missing, or the position's stream is of another table
         * @throws Unconfirmed when the position's stream is not known any more, so that nobody can tell what is stored behind it
         */
        public BigQueryStream open(Dataset dataset) {
            StorageAccess where = access.orElseGet(() -> StorageAccess.applicationDefault(table.getProject()));
            List<Field> fields = StreamTable.fields(dataset);
            StorageClients clients = new StorageClients(where, patience);
            try {
                String path = "projects/" + table.getProject() + "/datasets/" + table.getDataset() + "/tables/"
                        + table.getTable();
                TableSchema schema = schema(clients, where, path, dataset);
                RowEncoder encoder =
                        new RowEncoder(TableColumns.matching(StreamTable.named(table), schema, fields), scales(fields));
                String stream = from.map(position -> known(clients, path, position))
                        .orElseGet(() -> Appender.create(clients, path, WriteStream.Type.COMMITTED)
                                .getName());
                Appender appender = new Appender(
                        clients,
                        path,
                        WriteStream.Type.COMMITTED,
                        encoder.descriptor(),
                        inFlight,
                        stream,
                        from.map(Position::next).orElse(0L),
                        from.isPresent());
                return new BigQueryStream(dataset, StreamTable.named(table), clients, appender, encoder);
            } catch (RuntimeException | Error failed) {
                clients.close();
                throw failed;
            }
        }

        private TableSchema schema(StorageClients clients, StorageAccess where, String path, Dataset dataset) {
            GetWriteStreamRequest request = GetWriteStreamRequest.newBuilder()
                    .setName(path + "/streams/_default")
                    .setView(WriteStreamView.FULL)
                    .build();
            String doing = "Looking at table " + StreamTable.named(table);
            try {
                return clients.call(
                                doing,
                                () -> clients.writing().getWriteStreamCallable().futureCall(request))
                        .getTableSchema();
            } catch (Refused absent) {
                if (!isAbsent(absent)) {
                    throw absent;
                }
                StreamTable.create(creating(where, dataset, absent), table, dataset, partitions, kept);
                return clients.call(
                                doing,
                                () -> clients.writing().getWriteStreamCallable().futureCall(request))
                        .getTableSchema();
            }
        }

        private static boolean isAbsent(Refused refused) {
            return refused.getCause() != null && Failures.code(refused.getCause()) == io.grpc.Status.Code.NOT_FOUND;
        }

        private BigQuery creating(StorageAccess where, Dataset dataset, Refused absent) {
            if (bigQuery.isEmpty() && where.endpoint().isPresent()) {
                throw new Refused(
                        "There is no table " + StreamTable.named(table) + ". Make it with: "
                                + StreamTable.sql(table, dataset, partitions, kept),
                        absent);
            }
            return bigQuery.orElseGet(() -> {
                BigQueryOptions.Builder options = BigQueryOptions.newBuilder().setProjectId(where.project());
                where.credentials().ifPresent(options::setCredentials);
                return options.build().getService();
            });
        }

        private String known(StorageClients clients, String path, Position position) {
            if (!position.stream().startsWith(path + "/streams/")) {
                throw new Refused("Position " + position + " is of another table than " + StreamTable.named(table)
                        + ". Open that one, or begin without a position");
            }
            GetWriteStreamRequest request = GetWriteStreamRequest.newBuilder()
                    .setName(position.stream())
                    .build();
            try {
                clients.call(
                        "Looking for stream " + position.stream(),
                        () -> clients.writing().getWriteStreamCallable().futureCall(request));
            } catch (Refused unknown) {
                if (isAbsent(unknown)) {
                    throw new Unconfirmed(
                            "The stream of position " + position
                                    + " is not known any more, so nobody can tell which rows"
                                    + " behind it are stored. Look for them in " + StreamTable.named(table)
                                    + ", then open a stream without a position behind what is there",
                            unknown);
                }
                throw unknown;
            }
            return position.stream();
        }

        static int[] scales(List<Field> fields) {
            return fields.stream()
                    .mapToInt(field -> field.type() instanceof ColumnType.Decimal decimal ? decimal.scale() : 0)
                    .toArray();
        }
    }
}
