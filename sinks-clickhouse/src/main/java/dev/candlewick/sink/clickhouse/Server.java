package dev.candlewick.sink.clickhouse;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ClientFaultCause;
import com.clickhouse.client.api.DataStreamWriter;
import com.clickhouse.client.api.ServerException;
import com.clickhouse.client.api.insert.InsertResponse;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.data.ClickHouseFormat;
import dev.candlewick.Cancelled;
import dev.candlewick.MarketDataException;
import dev.candlewick.Unavailable;
import dev.candlewick.spi.InterruptWatch;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * The requests that the store makes. Nothing here is sent twice: the driver's own retries are off, because only the
 * callers know what may be repeated. Thread-safe.
 */
final class Server implements AutoCloseable {

    private static final String LAST_NEEDED_HEADER = "X-ClickHouse-Format";
    private static final System.Logger LOGGER = System.getLogger(Server.class.getName());

    private final Client client;
    private final Address address;
    private final Duration silence;
    private final Failures failures;
    private final InterruptWatch interrupts = new InterruptWatch("candlewick-clickhouse-interrupts");
    // Tells the requests of this client from those of others in the server's own lists.
    private final String session = "candlewick-" + UUID.randomUUID();
    private final AtomicLong requests = new AtomicLong();

    Server(Address address, boolean compressed, Duration connectTimeout, Duration socketTimeout) {
        this.address = address;
        this.silence = socketTimeout;
        this.failures = new Failures(address);
        this.client = new Client.Builder()
                .addEndpoint(address.endpoint())
                .setUsername(address.user())
                .setPassword(address.password())
                .setDefaultDatabase(address.database())
                .setConnectTimeout(connectTimeout.toMillis(), ChronoUnit.MILLIS)
                .setSocketTimeout(socketTimeout.toMillis(), ChronoUnit.MILLIS)
                .setConnectionRequestTimeout(connectTimeout.toMillis(), ChronoUnit.MILLIS)
                .setMaxConnections(64)
                .setMaxRetries(0)
                .retryOnFailures(ClientFaultCause.None)
                .compressServerResponse(compressed)
                .compressClientRequest(compressed)
                .useAsyncRequests(false)
                .setClientNetworkBufferSize(1 << 18)
                .setClientName("candlewick")
                // Its retry of a connection that died in the pool would repeat an insert; better to find out first.
                .setOption("connection_ttl", "-1")
                .build();
    }

    Address address() {
        return address;
    }

    Failures failures() {
        return failures;
    }

    /** Runs a statement that gives nothing back. */
    void execute(String doing, String sql) {
        execute(doing, sql, address.database());
    }

    /** Runs a statement outside the store's own database, which may not be there yet. */
    void executeOutside(String doing, String sql) {
        execute(doing, sql, "system");
    }

    private void execute(String doing, String sql, String database) {
        String id = requestId();
        QuerySettings settings = new QuerySettings().setQueryId(id).setDatabase(database);
        watched(doing, id, () -> {
            QueryResponse response = client.query(sql, settings).get();
            try {
                return response.getInputStream().transferTo(OutputStream.nullOutputStream());
            } finally {
                response.close();
            }
        });
    }

    /** The rows of a query all of whose columns are {@code String}. */
    List<List<String>> texts(String doing, int columns, String sql) {
        return texts(doing, columns, sql, address.database());
    }

    /** As {@link #texts}, outside the store's own database. */
    List<List<String>> textsOutside(String doing, int columns, String sql) {
        return texts(doing, columns, sql, "system");
    }

    private List<List<String>> texts(String doing, int columns, String sql, String database) {
        List<List<String>> rows = new ArrayList<>();
        try (Answer answer = ask(doing, sql, database)) {
            NativeDecoder decoder = new NativeDecoder(answer.body());
            InterruptWatch.Watch watch = answer.watch();
            try {
                for (Optional<List<List<String>>> block = decoder.nextTexts(columns);
                        block.isPresent();
                        block = decoder.nextTexts(columns)) {
                    rows.addAll(block.get());
                }
            } catch (IOException broken) {
                throw answer.failed(broken);
            } finally {
                watch.close();
            }
        }
        return rows;
    }

    /**
     * Sends a query whose answer is read as a stream of {@code Native} blocks. It changes no setting, which users who may
     * only read are often not allowed to.
     */
    Answer ask(String doing, String sql) {
        return ask(doing, sql, address.database());
    }

    private Answer ask(String doing, String sql, String database) {
        String id = requestId();
        QuerySettings settings =
                new QuerySettings().setQueryId(id).setDatabase(database).setFormat(ClickHouseFormat.Native);
        return watched(
                doing,
                id,
                () -> new Answer(
                        doing, id, withHeaders(client.query(sql, settings).get())));
    }

    /**
     * Inserts one block.
     *
     * @param token two inserts with the same token into one table are one insert
     */
    void insert(String doing, String table, List<String> columns, String token, DataStreamWriter body) {
        String id = requestId();
        InsertSettings settings = new InsertSettings()
                .setQueryId(id)
                .setDeduplicationToken(token)
                .serverSetting("async_insert", "0")
                .serverSetting("insert_deduplicate", "1")
                // What is sent as several blocks becomes one part, or nothing does.
                .serverSetting("min_insert_block_size_rows", "1048576")
                .serverSetting("min_insert_block_size_bytes", "0")
                .serverSetting("max_insert_block_size", "1048576");
        WriteProgress progress = new WriteProgress(silence);
        try {
            watched(doing, id, progress::isStuck, () -> {
                try (InsertResponse response = client.insert(
                                table, columns, progress.watching(body), ClickHouseFormat.Native, settings)
                        .get()) {
                    return response.getWrittenRows();
                }
            });
        } catch (Silent silent) {
            throw silent;
        } catch (Unavailable failed) {
            throw explained(doing, id, failed);
        }
    }

    // A server that refuses an insert in the middle of its body hangs up, and its answer is lost with the connection.
    private MarketDataException explained(String doing, String id, Unavailable failed) {
        if (Failures.server(failed).isPresent() || Thread.currentThread().isInterrupted()) {
            return failed;
        }
        try {
            List<List<String>> reasons = texts(
                    doing,
                    2,
                    "SELECT toString(code), last_error_message FROM system.errors WHERE last_error_time >= now() - 60 AND query_id = "
                            + Sql.text(id) + " ORDER BY last_error_time DESC LIMIT 1");
            return reasons.isEmpty()
                    ? failed
                    : failures.of(
                            doing,
                            new ServerException(
                                    Integer.parseInt(reasons.get(0).get(0)),
                                    reasons.get(0).get(1),
                                    0,
                                    id));
        } catch (MarketDataException unknown) {
            return failed;
        }
    }

    @Override
    public void close() {
        client.close();
    }

    private String requestId() {
        return session + "-" + requests.incrementAndGet();
    }

    private interface Work<T> {
        T get() throws Exception;
    }

    // The driver takes an answer whose connection ends within the headers for one with no body at all: no rows. This
    // header
    // comes after the one that says how the body ends.
    private static QueryResponse withHeaders(QueryResponse response) throws Exception {
        if (!response.getResponseHeaders().containsKey(LAST_NEEDED_HEADER)) {
            response.close();
            throw new IOException("The answer ended within its headers");
        }
        return response;
    }

    private <T> T watched(String doing, String id, Work<T> work) {
        return watched(doing, id, () -> false, work);
    }

    private <T> T watched(String doing, String id, BooleanSupplier overdue, Work<T> work) {
        Thread waiting = Thread.currentThread();
        InterruptWatch.Watch watch = interrupts.watch(
                () -> waiting.isInterrupted() || overdue.getAsBoolean(), () -> client.cancelTransportRequest(id));
        try {
            return work.get();
        } catch (Exception failed) {
            throw failed(doing, overdue.getAsBoolean() ? tookNothing(failed) : failed);
        } finally {
            watch.close();
        }
    }

    // What the driver says of a request that was cancelled does not say why.
    private IOException tookNothing(Exception cancelled) {
        SocketTimeoutException why =
                new SocketTimeoutException("The server took nothing for " + silence.toMillis() + " ms");
        why.initCause(cancelled);
        return why;
    }

    private MarketDataException failed(String doing, Exception failure) {
        if (failure instanceof MarketDataException known) {
            return known;
        }
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return failures.of(doing, failure);
    }

    /** An answer that is still arriving. For one thread, but for {@link #cancel}. */
    final class Answer implements AutoCloseable {

        private final String doing;
        private final String id;
        private final QueryResponse response;
        private final ExceptionWatch body;
        private volatile boolean cancelled;

        private Answer(String doing, String id, QueryResponse response) {
            this.doing = doing;
            this.id = id;
            this.response = response;
            this.body = new ExceptionWatch(response.getInputStream());
        }

        InputStream body() {
            return body;
        }

        /** Watches for an interrupt of this thread while it waits for more of the answer. */
        InterruptWatch.Watch watch() {
            return interrupts.watch(this::hangUp);
        }

        /** What the failure of reading the body means. */
        MarketDataException failed(IOException failure) {
            if (cancelled) {
                return new Cancelled(doing + " was closed before its end", failure);
            }
            Optional<String> said = body.exception();
            if (said.isPresent() && !Thread.currentThread().isInterrupted()) {
                return new Unavailable(doing + " at clickhouse:" + address + " broke off: " + said.get(), failure);
            }
            return failures.of(doing, failure);
        }

        /** Ends it from any thread. */
        void cancel() {
            cancelled = true;
            hangUp();
        }

        @Override
        public void close() {
            hangUp();
        }

        // The driver forgets a request once its answer begins to arrive, so from then on only the answer can be ended.
        private void hangUp() {
            client.cancelTransportRequest(id);
            try {
                response.close();
            } catch (Exception broken) {
                // Nobody wants it any more.
                LOGGER.log(System.Logger.Level.DEBUG, "An answer broke off while it was being closed", broken);
            }
        }
    }
}
