package dev.candlewick.sink.postgres;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.VerifyReport;
import dev.candlewick.ledger.UnitRecord;
import dev.candlewick.spi.AppendCheck;
import dev.candlewick.spi.Writes;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;

/**
 * A store in PostgreSQL: a table per dataset, exact {@code NUMERIC}, and a ledger in the same schema.
 *
 * <pre>{@code
 * try (PostgresStore store = PostgresStore.at("jdbc:postgresql://localhost:5432/market?user=me&password=secret")) {
 *     store.write(source.read(btc, TimeRange.month("2024-01")));
 * }
 * }</pre>
 *
 * <p>Rows and ledger entry of a unit are written in one transaction, so a crash of either side at any moment leaves the
 * unit old or new, and running the same again completes it. Many threads and processes may write at once: they wait for
 * each other per unit, and a late one cannot undo a newer one. What the ledger does not name is not there for readers.
 *
 * <p>Thread-safe. A store holds at most a few idle connections; every open cursor and every commit in progress uses one.
 */
public final class PostgresStore implements Store {

    private final StoreParts parts;
    private final Catalog catalog;

    private PostgresStore(Builder settings) {
        Database database = new Database(settings.connections(), settings.timeouts, settings.failures());
        this.catalog = new Catalog(database, settings.name(), settings);
        this.parts = new StoreParts(settings.name(), database, catalog, settings);
    }

    /**
     * The store in a database, with the default settings. Nothing is asked of the server yet.
     *
     * @param url {@code jdbc:postgresql://host:5432/database?user=me&password=secret}, or libpq's
     *     {@code postgresql://me:secret@host/database}
     * @throws IllegalArgumentException when it is no such address
     */
    public static PostgresStore at(String url) {
        return builder(url).build();
    }

    /** The store in the database of a data source, which stays the caller's and is not closed. */
    public static PostgresStore over(DataSource source) {
        return builder(source).build();
    }

    /** A store at an address, as {@link #at}, with settings of its own. */
    public static Builder builder(String url) {
        return new Builder(Optional.of(PostgresAddress.parse(url)), Optional.empty());
    }

    /** A store over a data source, as {@link #over}, with settings of its own. */
    public static Builder builder(DataSource source) {
        return new Builder(Optional.empty(), Optional.of(source));
    }

    /** {@code postgres:}, the database where it is known, and the schema. */
    @Override
    public String name() {
        return parts.name();
    }

    /** Whether rows of this series can be here: all but those that are filled forward or that the layout has no place for. */
    @Override
    public boolean serves(Series series) {
        return !series.dataset().isFilled() && catalog.holds(series);
    }

    /** The series with at least one unit, with the columns that are stored, sorted. */
    @Override
    public List<Series> series() {
        parts.requireOpen();
        return parts.database()
                .read(
                        "Listing the series",
                        transaction ->
                                catalog.isStore(transaction) ? parts.ledger().series(transaction) : List.<Series>of());
    }

    @Override
    public List<LedgerEntry> ledger(Series series, TimeRange range) {
        return records(series, range).stream().map(UnitRecord::entry).toList();
    }

    private List<UnitRecord> records(Series series, TimeRange range) {
        parts.requireOpen();
        return parts.database()
                .read(
                        "Reading the ledger of " + Failures.shown(series),
                        transaction -> catalog.isStore(transaction)
                                ? parts.ledger().list(transaction, series, range)
                                : List.<UnitRecord>of());
    }

    /**
     * Reads stored rows as one state of the database: whatever is committed after the first batch was asked for is not seen.
     * Until it is closed or exhausted the cursor uses a connection.
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
        catalog.layout().refusal(series).ifPresent(why -> {
            throw new Refused(name() + " cannot hold " + Failures.shown(series) + ": " + why);
        });
        return StoredRows.read(parts, series, range);
    }

    /**
     * Starts writing a range; makes the tables of the dataset when they are missing. Rows of the touched units outside the
     * range are kept. Of two writers of one range at a time the first to commit wins: the other finds its rows there
     * already, or, when they differ, fails with {@link dev.candlewick.Unavailable} and replaces nothing. Another {@link
     * ConflictPolicy} changes that.
     *
     * @throws Refused when the series is stored with other columns, a table has another shape, or the user may not write
     */
    @Override
    public SinkWriter open(Series series, TimeRange range) {
        parts.requireOpen();
        AppendCheck check = new AppendCheck(series, range);
        RowTables tables = catalog.require(series);
        StagedRows.refusal(tables, parts.policy()).ifPresent(why -> {
            throw new Refused(Failures.shown(series) + " cannot be written to " + name() + ": " + why);
        });
        return new UnitWriter(parts, series, range, check, tables, writes(series, range));
    }

    private Map<TimeRange, Writes> writes(Series series, TimeRange range) {
        return parts.database()
                .read(
                        "Looking at what is stored of " + Failures.shown(series),
                        transaction -> parts.ledger().writes(transaction, series, range));
    }

    @Override
    public Optional<Batch> latest(Series series) {
        parts.requireOpen();
        return new LatestRow(parts, series).find();
    }

    /** As {@link Store#verify()}; also names rows that no ledger entry vouches for. */
    @Override
    public VerifyReport verify() {
        parts.requireOpen();
        VerifyReport nobodys = new Orphans(parts).all();
        return isHalved() ? nobodys : Store.super.verify().plus(nobodys);
    }

    private boolean isHalved() {
        return parts.database()
                .read(
                        "Looking for the ledger",
                        transaction -> catalog.lost(transaction).isPresent());
    }

    /** As {@link #verify()}, for one series. */
    @Override
    public VerifyReport verify(Series series) {
        parts.requireOpen();
        return Store.super.verify(series).plus(new Orphans(parts).of(series));
    }

    @Override
    public List<String> forget(Series series, TimeRange range) {
        parts.requireOpen();
        return new Forgetting(parts, series).forget(range);
    }

    /**
     * The statements that make the schema, the tables of the store and those of a dataset: for whoever may create tables
     * where the store may not. Run them in their order, leave out what is there already.
     */
    public List<String> createStatements(Dataset dataset) {
        return catalog.statements(dataset);
    }

    /** Ends this store and its idle connections. A data source of the caller stays open. */
    @Override
    public void close() {
        parts.close();
    }

    @Override
    public String toString() {
        return name();
    }

    /** Settings of a {@link PostgresStore}; each has a default. For one thread. */
    public static final class Builder {

        private Optional<PostgresAddress> address;
        private final Optional<DataSource> source;
        private Optional<String> schema = Optional.empty();
        private Timeouts timeouts = Timeouts.DEFAULT;
        PostgresLayout layout = PostgresLayout.tablePerDataset();
        TableCreation creation = TableCreation.WHEN_ABSENT;
        Partitioning partitioning = Partitioning.NONE;
        ConflictPolicy policy = ConflictPolicy.replace();
        Clock clock = Clock.systemUTC();
        RandomGenerator random = RandomGenerator.getDefault();
        StoreParts.Sleeper sleeper = pause -> TimeUnit.MILLISECONDS.sleep(pause.toMillis());

        private Builder(Optional<PostgresAddress> address, Optional<DataSource> source) {
            this.address = address;
            this.source = source;
        }

        /** Who asks, instead of what the address says. Not for a data source. */
        public Builder credentials(String user, String password) {
            this.address = Optional.of(ownAddress().withCredentials(user, password));
            return this;
        }

        /**
         * Takes user and password from {@code PGUSER} and {@code PGPASSWORD} where the address has none. Not for a data source.
         *
         * @param environment usually {@link System#getenv()}
         */
        public Builder credentialsFrom(Map<String, String> environment) {
            this.address = Optional.of(ownAddress().completed(environment));
            return this;
        }

        private PostgresAddress ownAddress() {
            return address.orElseThrow(() -> new IllegalStateException("A data source has credentials of its own"));
        }

        /** The schema that all tables lie in; {@code candlewick} unless set. */
        public Builder schema(String name) {
            if (name.isBlank() || name.length() > 63 || name.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("'" + name + "' is no name for a schema");
            }
            this.schema = Optional.of(name);
            return this;
        }

        /** Which tables rows lie in; one per dataset unless set. A store keeps the layout that it was begun with. */
        public Builder layout(PostgresLayout layout) {
            this.layout = layout;
            return this;
        }

        /** Who makes missing tables; the store unless set. */
        public Builder tables(TableCreation creation) {
            this.creation = creation;
            return this;
        }

        /** How tables that the store makes are divided; not at all unless set. */
        public Builder partitioning(Partitioning partitioning) {
            this.partitioning = partitioning;
            return this;
        }

        /** What becomes of stored rows when others of the same time are committed; they are replaced unless set. */
        public Builder onConflict(ConflictPolicy policy) {
            this.policy = policy;
            return this;
        }

        /** The clock whose time ledger entries carry. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /** How long a connection may take to be made; 10 seconds unless set. Not for a data source. */
        public Builder connectTimeout(Duration timeout) {
            this.timeouts =
                    new Timeouts(timeout, timeouts.statement(), timeouts.lock(), timeouts.idle(), timeouts.silence());
            return this;
        }

        /** When the server gives up a statement that writes, {@code statement_timeout}; 2 minutes unless set. */
        public Builder statementTimeout(Duration timeout) {
            this.timeouts =
                    new Timeouts(timeouts.connect(), timeout, timeouts.lock(), timeouts.idle(), timeouts.silence());
            return this;
        }

        /** How long a commit waits for others that write the same unit, {@code lock_timeout}; 30 seconds unless set. */
        public Builder lockTimeout(Duration timeout) {
            this.timeouts = new Timeouts(
                    timeouts.connect(), timeouts.statement(), timeout, timeouts.idle(), timeouts.silence());
            return this;
        }

        /**
         * When the server ends a transaction of a writer that asks nothing, {@code idle_in_transaction_session_timeout}; a
         * minute unless set. Readers have an hour between two stretches of rows.
         */
        public Builder idleTimeout(Duration timeout) {
            this.timeouts = new Timeouts(
                    timeouts.connect(), timeouts.statement(), timeouts.lock(), timeout, timeouts.silence());
            return this;
        }

        /**
         * How long a connection may be without a byte while we wait, {@code socketTimeout}; 150 seconds unless set. Longer than
         * the statement timeout, or it comes first. Data sources with a timeout of their own keep it for reading.
         */
        public Builder socketTimeout(Duration timeout) {
            this.timeouts =
                    new Timeouts(timeouts.connect(), timeouts.statement(), timeouts.lock(), timeouts.idle(), timeout);
            return this;
        }

        Builder random(RandomGenerator generator) {
            this.random = generator;
            return this;
        }

        Builder sleeper(StoreParts.Sleeper replacement) {
            this.sleeper = replacement;
            return this;
        }

        String schema() {
            return schema.orElse(layout.defaultSchema());
        }

        String name() {
            return "postgres:" + address.map(place -> place + "/").orElse("") + schema();
        }

        private Connections connections() {
            return source.map(Connections::of).orElseGet(() -> Connections.to(address.orElseThrow(), timeouts));
        }

        private Failures failures() {
            return new Failures(
                    name(),
                    address.map(PostgresAddress::user).orElse(""),
                    address.map(PostgresAddress::secrets).orElse(Set.of()));
        }

        /** The store; nothing is asked of the server yet. */
        public PostgresStore build() {
            if (!layout.isOpen() && partitioning != Partitioning.NONE) {
                throw new IllegalStateException("Tables of the layout " + layout + " are not divided");
            }
            return new PostgresStore(this);
        }
    }
}
