package dev.candlewick.sink.clickhouse;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.VerifyReport;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A store in a ClickHouse database: a table per dataset with exact decimals, and a view ({@code candles_1m}) that has
 * exactly the rows that count, for anyone who knows SQL.
 *
 * <pre>{@code
 * try (ClickHouseStore store = ClickHouseStore.at("http://localhost:8123/market")) {
 *     store.write(source.read(btc, TimeRange.month("2024-01")));
 * }
 * }</pre>
 *
 * <p>Rows become visible unit by unit, each whole, when the ledger names them. A crash, a lost answer or a repeated insert
 * at any moment leaves each unit old or new, never half and never twice; running the same again completes it. Any number
 * of threads and processes may write to and read from one database.
 *
 * <p>Thread-safe. Reading changes nothing and works for a user who may only read.
 */
public final class ClickHouseStore implements Store {

    private final StoreParts parts;

    private ClickHouseStore(StoreParts parts) {
        this.parts = parts;
    }

    /**
     * The store in a database, with default settings; its tables are created by the first write, and so is the database.
     *
     * @param url {@code http://HOST:8123/DATABASE} or {@code https://…}; may name a user and a password
     * @throws IllegalArgumentException when that is no such address
     */
    public static ClickHouseStore at(String url) {
        return builder(url).build();
    }

    /** A store with settings of its own. */
    public static Builder builder(String url) {
        return new Builder(Address.parse(url));
    }

    /**
     * A store whose address is in the environment variables {@code CLICKHOUSE_HOST}, {@code CLICKHOUSE_PORT} (8123),
     * {@code CLICKHOUSE_DB}, {@code CLICKHOUSE_USER} and {@code CLICKHOUSE_PASSWORD}.
     */
    public static Builder fromEnvironment(Map<String, String> environment) {
        return new Builder(Address.of(environment));
    }

    /** {@code clickhouse:} and the address, without user and password. */
    @Override
    public String name() {
        return "clickhouse:" + parts.server().address();
    }

    /** Whether rows of this series can be here: all but those that are filled forward. */
    @Override
    public boolean serves(Series series) {
        return !series.dataset().isFilled();
    }

    /** The series with at least one unit, with the columns that are stored, sorted. */
    @Override
    public List<Series> series() {
        parts.requireOpen();
        return parts.ledger().series();
    }

    /**
     * {@inheritDoc}
     *
     * <p>In a database that is not there yet nothing is known, when this store may create it; whatever reads rows from one
     * is {@link Refused}.
     */
    @Override
    public List<LedgerEntry> ledger(Series series, TimeRange range) {
        parts.requireOpen();
        try {
            return parts.ledger().list(series, range).stream()
                    .map(Ledger.Held::entry)
                    .flatMap(Optional::stream)
                    .toList();
        } catch (Refused refused) {
            if (parts.tables().mayCreate() && Failures.isCode(refused, Failures.UNKNOWN_DATABASE)) {
                return List.of();
            }
            throw refused;
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>Also finds rows of units without a ledger entry: nobody reads them, so either the ledger was damaged, or a writer
     * was stopped before its commit, or is just about to commit.
     */
    @Override
    public VerifyReport verify() {
        return Store.super.verify().plus(parts.orphans().all());
    }

    @Override
    public VerifyReport verify(Series series) {
        parts.requireOpen();
        parts.ledger().requireDatabase();
        return Store.super.verify(series);
    }

    /**
     * Reads stored rows as they arrive, several units per query. A unit that is replaced meanwhile is read wholly as it
     * was or wholly as it is.
     *
     * @throws dev.candlewick.Corrupt while iterating, naming the unit, where rows are missing or too many
     */
    @Override
    public Batches read(Series series, TimeRange range) {
        parts.requireOpen();
        if (!serves(series)) {
            throw new Refused(
                    series + " is never stored; read " + series.subject() + " without ':filled' and fill when reading");
        }
        return StoredRows.read(parts, series, range);
    }

    /**
     * Starts writing a range. Rows of the touched units outside the range are kept. Of two writers of one range at a time
     * the first to commit wins: the other finds its rows there already, or, when they differ, fails with {@link
     * Unavailable} and replaces nothing.
     *
     * @throws Refused when the series is stored with other columns, the user may not write, or the range is outside the
     *     years 1900 to 2299
     */
    @Override
    public SinkWriter open(Series series, TimeRange range) {
        parts.requireOpen();
        return new UnitWriter(parts, series, range);
    }

    @Override
    public Optional<Batch> latest(Series series) {
        parts.requireOpen();
        return serves(series) ? StoredRows.latest(parts, series) : Optional.empty();
    }

    @Override
    public List<String> forget(Series series, TimeRange range) {
        parts.requireOpen();
        List<String> forgotten = new ArrayList<>();
        for (Ledger.Row row : parts.ledger().rows(series, range)) {
            if (!row.text().isEmpty()) {
                forget(series, row);
                forgotten.add(series + " " + row.unit() + ": its ledger row was dropped, its rows are deleted");
            }
        }
        parts.cleanup().sweep();
        return forgotten;
    }

    private static boolean isBefore(Optional<Ledger.Row> now, Ledger.Held next) {
        return now.map(Ledger.Row::sequence).orElse(0L) < next.sequence();
    }

    private void forget(Series series, Ledger.Row row) {
        RowsTable table = parts.tables().readable(series);
        Ledger.Held none = new Ledger.Held(row.unit(), row.sequence() + 1, 0, Optional.empty());
        Optional<Ledger.Row> now = Optional.of(row);
        for (int attempt = 0; attempt < UnitCommit.MOST_DELETED && isBefore(now, none); attempt++) {
            int token = attempt;
            parts.repeat(() -> parts.ledger().write(series, none, token));
            now = parts.ledger().row(series, row.unit());
        }
        if (now.isEmpty() || !now.get().text().isEmpty()) {
            throw new Unavailable("Forgetting " + row.unit() + " of " + Failures.cut(series)
                    + " was overtaken by a writer, whose rows stand. Run again if they are to be forgotten too");
        }
        parts.cleanup().later(table, series, none);
    }

    /**
     * Ends this store; rows that were replaced through it are deleted. Whatever is asked of it afterwards is an
     * {@link IllegalStateException}, also a commit of a writer that is still open: its rows are dropped.
     */
    @Override
    public void close() {
        parts.close();
    }

    @Override
    public String toString() {
        return name();
    }

    /** Settings of a {@link ClickHouseStore}; each has a default. For one thread. */
    public static final class Builder {

        Address address;
        ClickHouseLayout layout = ClickHouseLayout.standard();
        Clock clock = Clock.systemUTC();
        boolean compressed;
        boolean mayCreate = true;
        Duration connectTimeout = Duration.ofSeconds(10);
        Duration responseTimeout = Duration.ofMinutes(5);
        Duration pause = Duration.ofMillis(200);

        private Builder(Address address) {
            this.address = address;
            this.compressed = !address.isLoopback();
        }

        /** Who asks; in place of what the address names. */
        public Builder credentials(String user, String password) {
            this.address = address.withCredentials(user, password);
            return this;
        }

        /**
         * Takes the user and password from {@code CLICKHOUSE_USER} and {@code CLICKHOUSE_PASSWORD} when the address names
         * none.
         */
        public Builder credentialsFrom(Map<String, String> environment) {
            this.address = address.completed(environment);
            return this;
        }

        /** How tables are named and shaped; {@link ClickHouseLayout#standard} unless set. */
        public Builder layout(ClickHouseLayout layout) {
            this.layout = layout;
            return this;
        }

        /** The clock whose time the ledger carries. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /** Compresses what is sent and received with LZ4: for servers far away, where this is already so. */
        public Builder compressed() {
            this.compressed = true;
            return this;
        }

        /** Sends and receives plainly: for servers near by. On the loopback address this is already so. */
        public Builder uncompressed() {
            this.compressed = false;
            return this;
        }

        /** Creates neither database nor tables: a write to what is not there is refused, with the statement that makes it. */
        public Builder checkOnly() {
            this.mayCreate = false;
            return this;
        }

        /** How long connecting may take; 10 seconds unless set. */
        public Builder connectTimeout(Duration timeout) {
            this.connectTimeout = positive(timeout);
            return this;
        }

        /**
         * How long the server may stay silent, neither answering nor taking anything, before a request counts as failed; 5
         * minutes unless set. A call on a server that falls silent for good ends after at most two of these (and two {@link
         * #connectTimeout connectTimeouts}): one for the request under way, and where that was a commit one more to find out
         * what became of it.
         */
        public Builder responseTimeout(Duration timeout) {
            this.responseTimeout = positive(timeout);
            return this;
        }

        /** Opens the store; nothing is asked of the server yet. */
        public ClickHouseStore build() {
            return new ClickHouseStore(new StoreParts(this));
        }

        /** The address, without user and password. */
        @Override
        public String toString() {
            return "clickhouse:" + address;
        }

        private static Duration positive(Duration timeout) {
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("Nobody can wait for " + timeout);
            }
            return timeout;
        }
    }
}
