package dev.candlewick.sink.gcp.testing;

import com.google.cloud.bigquery.storage.v1.TableSchema;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * BigQuery's Storage Write API and Storage Read API on the loopback address, as the Java client uses them, over the tables of
 * a {@link LocalBigQuery}: what one of them writes, the other reads.
 *
 * <p>Writing: streams of type COMMITTED, PENDING and BUFFERED and the default stream; rows in protocol buffers by the
 * writer's schema; offsets checked against the end of the stream; requests of at most 10 MB; finalize, atomic commit of several
 * pending streams, flush. Reading: sessions with selected fields and a restriction, rows as Arrow record batches over up to
 * three streams in no order, resumed at any offset; a session of one stream keeps the table's order.
 *
 * <p>What it cannot know of the service, and so proves nothing of: throughput, latency and quotas; how soon rows of a
 * committed stream are seen by queries; when streams and sessions expire; routing between regions; which errors arrive
 * within a connection and which end it, beyond what the API documents (here: offsets, rows and quotas within, all else ends it); whether
 * finalizing a stream twice tells its number of rows twice (here: yes); rounding: a decimal with more digits than its
 * column is a bad row here; schema changes under a writer; partition limits of one append; credentials and roles.
 *
 * <p>Needs {@code --add-opens=java.base/java.nio=ALL-UNNAMED} for reading, as Arrow's own library encodes the rows.
 * Thread-safe.
 */
public final class LocalBigQueryStreams implements AutoCloseable {

    private static final int MOST_MESSAGE_BYTES = 32 << 20;

    private final StreamTables tables;
    private final StreamFaults faults = new StreamFaults();
    private final WriteService writing;
    private final ReadService reading;
    private Server server;

    LocalBigQueryStreams(StreamTables tables, Clock clock) {
        this.tables = tables;
        this.writing = new WriteService(tables, faults, clock);
        this.reading = new ReadService(tables, faults, clock);
        this.server = started(0);
    }

    /** Starts serving the tables of a server, until this is closed; the caller closes both. */
    public static LocalBigQueryStreams of(LocalBigQuery server) {
        return new LocalBigQueryStreams(
                new WarehouseTables(server.warehouse()), server.warehouse().clock());
    }

    /** Where clients find it: {@code 127.0.0.1:PORT}, plain text. */
    public synchronized String endpoint() {
        return "127.0.0.1:" + server.getPort();
    }

    /** What goes wrong from now on. */
    public StreamFaults faults() {
        return faults;
    }

    /** All rows of a table that anybody can read, values in the order of its columns: for tests to look at. */
    public List<@Nullable Object[]> rows(String table) {
        TableSchema schema = tables.schema(table).orElseThrow();
        return tables.read(table, RowDecoder.columns(schema), "");
    }

    /** The names of all write streams there are, oldest first. */
    public List<String> writeStreams() {
        return writing.streams().names();
    }

    /** Cuts every connection at once and serves the next ones on the same port with the same streams and tables. */
    public synchronized void cutConnections() {
        int port = server.getPort();
        stop();
        server = started(port);
    }

    private Server started(int port) {
        try {
            return NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                    .maxInboundMessageSize(MOST_MESSAGE_BYTES)
                    .addService(writing)
                    .addService(reading)
                    .build()
                    .start();
        } catch (IOException occupied) {
            throw new UncheckedIOException(occupied);
        }
    }

    private void stop() {
        server.shutdownNow();
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void close() {
        stop();
    }
}
