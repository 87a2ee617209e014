package dev.candlewick.sink.gcp.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A server on this machine that speaks the REST API of BigQuery as Google's client for Java uses it, with DuckDB as its
 * engine. Point a client at it with {@code BigQueryOptions.newBuilder().setHost(server.endpoint().toString())} and
 * {@code NoCredentials}.
 *
 * <p><b>What it does.</b> Datasets; tables with partitions by a column of time, clusters, expiry and required filters;
 * load jobs from an uploaded Parquet file; queries and scripts with named parameters, variables and transactions; pages
 * of results; the errors of these with the service's reasons. GoogleSQL is read by a parser of its own and said again in
 * DuckDB's SQL. What that parser does not know is refused as {@code invalidQuery} or {@code notImplemented} with the
 * word and its place: no statement is given another meaning.
 *
 * <p><b>What it cannot know of the service.</b>
 *
 * <ul>
 *   <li>Time: jobs end when DuckDB has ended; there are no slots, queues, caches or limits of rate.
 *   <li>Permissions, billing, regions, sessions, views, streaming buffers, time travel, {@code INFORMATION_SCHEMA},
 *       legacy SQL, nested and repeated columns, {@code BYTES}, {@code DATETIME}, decimals of more than 38 digits.
 *   <li>Which partitions the service leaves out: here comparisons of the column of the partitions with constants do, and
 *       only they count as the filter that a table may require. Clusters save nothing here.
 *   <li>Comparisons with NaN: here it equals itself and is the greatest number.
 *   <li>When a transaction is aborted: here the second one that changes rows of a table is, at once; the service's
 *       documents say that one of the two is.
 *   <li>The wording of messages beyond those that are documented or widely reported.
 *   <li>A job id that is in use is refused when the last byte of an upload has come; where the service says so is not
 *       documented.
 *   <li>Whether the result of a script whose last statement is {@code COMMIT} has rows: here it has none. As in the
 *       service, the job of a script names no table with its result, and its child jobs are not listed here.
 *   <li>Whether a refused upload says why: Google's client for Java tells of its status only, not of its reason.
 * </ul>
 *
 * <p>Everything is kept in a directory; {@link #pause()} and {@link #resume()} take the port away and give it back.
 * Results of queries do not outlive the process. Safe for use by several threads.
 */
public final class LocalBigQuery implements AutoCloseable {
    private final Path directory;
    private final boolean temporary;
    private final Warehouse warehouse;
    private final BigQueryFaults faults = new BigQueryFaults();
    private final BigQueryQuotas quotas;
    private final BigQueryJobs jobs;
    private final BigQueryListener listener;

    private LocalBigQuery(Builder builder) {
        try {
            temporary = builder.directory.isEmpty();
            directory = temporary
                    ? Files.createTempDirectory("local-bigquery")
                    : Files.createDirectories(builder.directory.get());
        } catch (IOException e) {
            throw new UncheckedIOException("There is no directory for the tables", e);
        }
        warehouse = new Warehouse(builder.directory, builder.clock);
        quotas = new BigQueryQuotas(builder.clock);
        jobs = new BigQueryJobs(warehouse, quotas, faults);
        listener = new BigQueryListener(
                builder.port, new BigQueryApi(warehouse, jobs), new BigQueryUploads(directory, jobs), faults);
    }

    /** Starts an empty server on a free port, with a directory that is gone when it closes. */
    public static LocalBigQuery start() {
        return builder().start();
    }

    /** Begins a server that is told where to keep its tables or where to listen. */
    public static Builder builder() {
        return new Builder();
    }

    /** How a server is to be started. Not safe for use by several threads. */
    public static final class Builder {
        private Optional<Path> directory = Optional.empty();
        private int port;
        private Clock clock = Clock.systemUTC();

        private Builder() {}

        /** Keeps the tables in this directory, and finds there what an earlier server left. */
        public Builder directory(Path tables) {
            directory = Optional.of(tables);
            return this;
        }

        /** Listens on this port instead of a free one. */
        public Builder port(int number) {
            port = number;
            return this;
        }

        /** Takes the time from this clock: of jobs, of expiry, of {@code CURRENT_TIMESTAMP()}, of the quotas' days. */
        public Builder clock(Clock time) {
            clock = time;
            return this;
        }

        /** Starts it. */
        public LocalBigQuery start() {
            return new LocalBigQuery(this);
        }
    }

    /** Where it listens: {@code http://127.0.0.1:PORT}. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + listener.port());
    }

    /** What it does wrong on purpose. */
    public BigQueryFaults faults() {
        return faults;
    }

    /** What it allows in a day, and what has been used of it. */
    public BigQueryQuotas quotas() {
        return quotas;
    }

    /** Every request so far, in the order of their arrival. */
    public List<BigQueryRequest> requests() {
        return listener.log();
    }

    /** How many requests so far asked for this. */
    public int requests(BigQueryCall call) {
        return (int) listener.log().stream()
                .filter(request -> request.call() == call)
                .count();
    }

    /** How many jobs of this kind were inserted, those that failed too; dry runs are none. */
    public int jobs(BigQueryJobKind kind) {
        return jobs.count(kind);
    }

    /** Closes the port and every connection; jobs go on. */
    public void pause() {
        listener.pause();
    }

    /** Listens again on the same port, to the same tables and jobs. */
    public void resume() {
        listener.resume();
    }

    /** The tables, for what serves them by another protocol. */
    Warehouse warehouse() {
        return warehouse;
    }

    /** Ends the server and its jobs; the directory goes too unless the caller gave it. */
    @Override
    public void close() {
        listener.close();
        jobs.close();
        warehouse.close();
        if (!temporary) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The directory " + directory + " cannot be deleted", e);
        }
    }

    /**
     * Runs a server until its input ends: {@code LocalBigQuery [PORT [DIRECTORY]]}. The first line that it prints is where
     * it listens.
     */
    public static void main(String[] arguments) throws IOException {
        Builder builder = builder();
        if (arguments.length > 0) {
            builder.port(Integer.parseInt(arguments[0]));
        }
        if (arguments.length > 1) {
            builder.directory(Path.of(arguments[1]));
        }
        try (LocalBigQuery server = builder.start()) {
            System.out.println(server.endpoint());
            while (System.in.read() >= 0) {}
        }
    }
}
