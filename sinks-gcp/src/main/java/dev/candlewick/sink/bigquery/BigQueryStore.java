package dev.candlewick.sink.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.DatasetId;
import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.Estimate;
import dev.candlewick.LedgerEntry;
import dev.candlewick.PlannedUnit;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.VerifyReport;
import dev.candlewick.VerifyReport.Finding;
import dev.candlewick.VerifyReport.Kind;
import dev.candlewick.WriteGroup;
import dev.candlewick.spi.AppendCheck;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * A store in BigQuery: a partitioned, clustered table per dataset, exact {@code NUMERIC} and {@code BIGNUMERIC}, and a
 * ledger in the same BigQuery dataset.
 *
 * <pre>{@code
 * try (BigQueryStore store = BigQueryStore.at("my-project", "market")) {
 *     Backfiller.from(binance).to(store).build().fill(btc, TimeRange.year(2024));
 * }
 * }</pre>
 *
 * <p>Rows are loaded into a staging table by one job and become visible, together with their ledger entries, in one
 * transaction: a crash at any moment leaves every unit old or new, and running the same again completes it. A commit takes
 * seconds whatever its size, so write in {@linkplain #group groups}, as backfills and copies do by themselves. Many
 * processes may write at once, a late one cannot undo a newer one. What the ledger does not name is not there for readers.
 *
 * <p>Thread-safe. Every query names the times that it wants, so that only their partitions are scanned and paid for.
 */
public final class BigQueryStore implements Store {

    private final StoreParts parts;
    private final int mostUnits;
    private final long mostBytes;

    private BigQueryStore(Builder settings, Warehouse warehouse) {
        this.parts = new StoreParts(warehouse, settings);
        this.mostUnits = settings.mostUnits;
        this.mostBytes = settings.mostBytes;
    }

    /**
     * The store in a BigQuery dataset, as whoever the environment says (application default credentials). Nothing is asked
     * of the service yet.
     */
    public static BigQueryStore at(String project, String dataset) {
        return builder(project, dataset).build();
    }

    /** A store in a BigQuery dataset, with settings of its own. */
    public static Builder builder(String project, String dataset) {
        return new Builder(project, dataset, Optional.empty());
    }

    /**
     * A store through a client of the caller, which is not closed, retries as it was told to, and knows its project.
     *
     * <p>Make it with {@code setDataFormatOptions(DataFormatOptions.newBuilder().useInt64Timestamp(true).build())}, which
     * cannot be asked for query by query. Without it BigQuery gives times as floating-point seconds: right to the
     * microsecond from 1900 to 2100, and wrong by some microseconds far from now.
     */
    public static Builder builder(BigQuery client, String dataset) {
        return new Builder(client.getOptions().getProjectId(), dataset, Optional.of(client));
    }

    /** {@code bigquery:project.dataset}. */
    @Override
    public String name() {
        return parts.name();
    }

    /** Whether rows of this series can be here: all but those that are filled forward. */
    @Override
    public boolean serves(Series series) {
        return !series.dataset().isFilled();
    }

    /**
     * The series with at least one unit, with the columns that are stored, sorted.
     *
     * @throws dev.candlewick.Corrupt when the table of one of them is gone
     */
    @Override
    public List<Series> series() {
        parts.requireOpen();
        Ledger.Listing listing = parts.ledger().series();
        if (!listing.lost().isEmpty()) {
            throw listing.lost().get(0);
        }
        return listing.series();
    }

    /** As every store; units whose partitions have begun to expire are not there any more. */
    @Override
    public List<LedgerEntry> ledger(Series series, TimeRange range) {
        parts.requireOpen();
        List<Ledger.Row> rows = parts.ledger().list(series, range);
        Optional<Tables.Held> held =
                rows.isEmpty() ? Optional.empty() : parts.tables().held(series.dataset());
        return parts.visible(held, rows).stream().map(Ledger.Row::entry).toList();
    }

    /**
     * Reads stored rows by queries of some million rows each; the rows of a unit are wholly those of one commit.
     *
     * @throws dev.candlewick.Corrupt while iterating, where rows are not as many as the ledger says
     */
    @Override
    public Batches read(Series series, TimeRange range) {
        parts.requireOpen();
        if (series.dataset().isFilled()) {
            throw new Refused(
                    series + " is never stored; read " + series.subject() + " without ':filled' and fill when reading");
        }
        return StoredRows.read(parts, series, range);
    }

    /** What a read would ask for: queries, rows by the ledger, and the bytes that BigQuery says its queries would scan. */
    @Override
    public Estimate dryRun(Series series, TimeRange range) {
        parts.requireOpen();
        List<Ledger.Row> rows = parts.ledger().list(series, range);
        Optional<Tables.Held> held =
                rows.isEmpty() ? Optional.empty() : parts.tables().held(series.dataset());
        List<Ledger.Row> units = parts.visible(held, rows).stream()
                .filter(unit -> unit.entry().rows() > 0)
                .toList();
        if (units.isEmpty()) {
            return new Estimate(Map.of("query", 1L), 0, 0, OptionalLong.of(0), "");
        }
        TimeRange span = units.get(0).unit().span(units.get(units.size() - 1).unit());
        TimeRange asked = span.intersection(range).orElseThrow();
        long bytes = bytes(series, held.orElseThrow(() -> parts.ledger().tableGone(series)), asked, units);
        long stored =
                units.stream().mapToLong(unit -> expected(unit.entry(), range)).sum();
        return new Estimate(Map.of("query", 2L), 0, stored, OptionalLong.of(bytes), "");
    }

    private long bytes(Series series, Tables.Held held, TimeRange asked, List<Ledger.Row> units) {
        try {
            return parts.warehouse()
                    .dryRun(
                            "Planning to read " + series,
                            parts.rows().select(held.rows(), series, List.of(asked), units));
        } catch (Refused refused) {
            throw parts.ledger().explained(series, refused);
        }
    }

    // Of a unit that is read in part, as many rows as of its time.
    private static long expected(LedgerEntry entry, TimeRange range) {
        TimeRange asked = entry.unit().intersection(range).orElseThrow();
        double part =
                (double) asked.duration().toSeconds() / entry.unit().duration().toSeconds();
        return asked.equals(entry.unit()) ? entry.rows() : Math.round(entry.rows() * part);
    }

    /**
     * Starts writing a range; makes the table of the dataset when it is missing. Rows of the touched units outside the range
     * are kept. Of two writers of one range at a time the first to commit wins: the other finds its rows there already, or,
     * when they differ, fails with {@link dev.candlewick.Unavailable} and replaces nothing. A commit is a load job and a
     * transaction: {@link #group()} shares them.
     *
     * @throws Refused when the series is stored with other columns, or who asks may not write
     */
    @Override
    public SinkWriter open(Series series, TimeRange range) {
        parts.requireOpen();
        AppendCheck check = new AppendCheck(series, range);
        Tables.Held held = parts.ready(series);
        StagedFile file = new StagedFile(held.rows());
        List<Ledger.Row> before = parts.ledger().list(series, range);
        Write write = new Write(parts, series, range, check, held, file, before, 0);
        return new UnitWriter(parts, held, file, write);
    }

    /** Begins writes that share their load job and their transaction, those of each dataset for themselves. */
    @Override
    public Optional<WriteGroup> group() {
        parts.requireOpen();
        return Optional.of(new Group(parts, mostUnits, mostBytes));
    }

    /** Load jobs and transactions, and what BigQuery's quotas have to say of them. */
    @Override
    public List<String> writeCosts(List<PlannedUnit> units) {
        parts.requireOpen();
        return new Costs(parts, mostUnits).of(units);
    }

    @Override
    public Optional<Batch> latest(Series series) {
        parts.requireOpen();
        return new LatestRow(parts, series).find();
    }

    /** As {@link Store#verify()}; also names rows that no ledger entry vouches for. Reads, and pays for, every row. */
    @Override
    public VerifyReport verify() {
        parts.requireOpen();
        parts.tables().forgetWhatIsKnown();
        Ledger.Listing listing = parts.ledger().series();
        VerifyReport rows =
                listing.series().stream().map(Store.super::verify).reduce(VerifyReport.nothing(), VerifyReport::plus);
        return rows.plus(new VerifyReport(0, 0, 0, findings(listing))).plus(new Orphans(parts).all());
    }

    private static List<Finding> findings(Ledger.Listing listing) {
        List<Finding> findings = new ArrayList<>();
        listing.lost()
                .forEach(gone -> findings.add(
                        new Finding(Kind.FILE_MISSING, Ledger.TABLE, List.of(), String.valueOf(gone.getMessage()))));
        listing.damaged()
                .forEach(subject -> findings.add(new Finding(
                        Kind.RECEIPT_DAMAGED,
                        Ledger.TABLE,
                        List.of(),
                        "There is a row with the subject '" + Failures.cut(subject)
                                + "', which is none: somebody else wrote to the table. Delete the row")));
        return findings;
    }

    /** As {@link #verify()}, for one series. */
    @Override
    public VerifyReport verify(Series series) {
        parts.requireOpen();
        parts.tables().forgetWhatIsKnown();
        return Store.super.verify(series).plus(new Orphans(parts).of(series));
    }

    @Override
    public List<String> forget(Series series, TimeRange range) {
        parts.requireOpen();
        return new Forgetting(parts, series).forget(range);
    }

    /** Ends this store. A client of the caller stays open. */
    @Override
    public void close() {
        parts.close();
    }

    @Override
    public String toString() {
        return name();
    }

    /** Settings of a {@link BigQueryStore}; each has a default. For one thread. */
    public static final class Builder {

        private final String project;
        private final String dataset;
        private final Optional<BigQuery> client;
        private Optional<String> endpoint = Optional.empty();
        private Optional<Path> credentials = Optional.empty();
        final Map<String, Duration> retention = new HashMap<>();
        Optional<String> location = Optional.empty();
        Optional<String> stagingDataset = Optional.empty();
        BigQueryLayout layout = BigQueryLayout.standard();
        Creation creation = Creation.TABLES;
        Partitioning partitioning = Partitioning.DAY;
        OptionalLong maximumBytesBilled = OptionalLong.empty();
        int mostUnits = 500;
        long mostBytes = 1L << 30;
        Timeouts timeouts = Timeouts.DEFAULT;
        Clock clock = Clock.systemUTC();
        RandomGenerator random = RandomGenerator.getDefault();
        Sleeper sleeper = pause -> TimeUnit.MILLISECONDS.sleep(pause.toMillis());

        private Builder(String project, String dataset, Optional<BigQuery> client) {
            if (!project.matches("[A-Za-z0-9.:-]{1,200}")) {
                throw new IllegalArgumentException("'" + Failures.cut(project)
                        + "' is no id of a Google Cloud project; it has letters, digits and hyphens: my-project");
            }
            this.project = project;
            this.dataset = requireDatasetName(dataset);
            this.client = client;
        }

        private static String requireDatasetName(String name) {
            if (!name.matches("[A-Za-z0-9_]{1,1024}")) {
                throw new IllegalArgumentException("'" + Failures.cut(name)
                        + "' is no name of a BigQuery dataset; it has letters, digits and underscores: market");
            }
            return name;
        }

        /** Where the dataset lies and jobs run: {@code EU}, {@code us-east1}. Found out unless set. */
        public Builder location(String place) {
            this.location = Optional.of(place);
            return this;
        }

        /** Another service that speaks BigQuery's REST API, such as an emulator: {@code http://localhost:9050}. It is asked without credentials. */
        public Builder endpoint(String url) {
            if (!url.matches("https?://[^@?#]+")) {
                throw new IllegalArgumentException("The endpoint of BigQuery is a URL such as http://localhost:9050");
            }
            this.endpoint = Optional.of(url);
            return this;
        }

        /** The key file of a service account; application default credentials unless set. */
        public Builder credentials(Path keyFile) {
            this.credentials = Optional.of(keyFile);
            return this;
        }

        /** How tables are named and shaped; {@link BigQueryLayout#standard} unless set. */
        public Builder layout(BigQueryLayout tables) {
            this.layout = tables;
            return this;
        }

        /** What is made when it is missing; tables unless set. */
        public Builder creating(Creation missing) {
            this.creation = missing;
            return this;
        }

        /** How tables that the store makes are divided; by day unless set. */
        public Builder partitioning(Partitioning divided) {
            this.partitioning = divided;
            return this;
        }

        /**
         * How long rows of a dataset are kept: BigQuery drops a partition so long after its beginning. For ever unless set,
         * and only for datasets whose unit of work is a day.
         */
        public Builder retention(Dataset kept, Duration time) {
            if (time.toDays() < 1) {
                throw new IllegalArgumentException("Rows are kept for a day at least, not " + time);
            }
            this.retention.put(kept.name(), time);
            return this;
        }

        /** The most bytes that a query may be billed for; one that would be for more is refused and costs nothing. */
        public Builder maximumBytesBilled(long bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("A query may be billed for a byte at least, not " + bytes);
            }
            this.maximumBytesBilled = OptionalLong.of(bytes);
            return this;
        }

        /**
         * When a group of writes is full.
         *
         * @param units this many calendar units; 500 unless set
         * @param bytes or this many bytes, compressed; a gibibyte unless set
         */
        public Builder groupsOf(int units, long bytes) {
            if (units < 1 || bytes < 1) {
                throw new IllegalArgumentException("A group has a unit and a byte at least");
            }
            this.mostUnits = units;
            this.mostBytes = bytes;
            return this;
        }

        /** The dataset of the same project that staging tables lie in; the store's own unless set. */
        public Builder stagingDataset(String name) {
            this.stagingDataset = Optional.of(requireDatasetName(name));
            return this;
        }

        /** How long connecting may take; 10 seconds unless set. Not for a client of the caller. */
        public Builder connectTimeout(Duration timeout) {
            this.timeouts = new Timeouts(timeout, timeouts.response(), timeouts.request(), timeouts.job());
            return this;
        }

        /** How long the service may stay silent; a minute unless set. Not for a client of the caller. */
        public Builder responseTimeout(Duration timeout) {
            this.timeouts = new Timeouts(timeouts.connect(), timeout, timeouts.request(), timeouts.job());
            return this;
        }

        /** How long one request may take with its answer; 2 minutes unless set. */
        public Builder requestTimeout(Duration timeout) {
            this.timeouts = new Timeouts(timeouts.connect(), timeouts.response(), timeout, timeouts.job());
            return this;
        }

        /** How long a job may take; 10 minutes unless set. */
        public Builder jobTimeout(Duration timeout) {
            this.timeouts = new Timeouts(timeouts.connect(), timeouts.response(), timeouts.request(), timeout);
            return this;
        }

        /** The clock whose time ledger entries carry. */
        public Builder clock(Clock used) {
            this.clock = used;
            return this;
        }

        Builder random(RandomGenerator generator) {
            this.random = generator;
            return this;
        }

        Builder sleeper(Sleeper replacement) {
            this.sleeper = replacement;
            return this;
        }

        private Client lazily() {
            return client.map(Client::of)
                    .orElseGet(() -> Client.connecting(project, location, endpoint, credentials, timeouts));
        }

        /** The client that the store would ask. */
        BigQuery client() {
            return lazily().get();
        }

        /** The store; nothing is asked of the service yet. */
        public BigQueryStore build() {
            return new BigQueryStore(this, new Warehouse(lazily(), DatasetId.of(project, dataset), this));
        }

        /** Project and dataset. */
        @Override
        public String toString() {
            return "bigquery:" + project + "." + dataset;
        }
    }
}
