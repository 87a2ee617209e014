package dev.candlewick.sink.postgres;

import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** What the classes of one store share. Thread-safe. */
final class StoreParts implements AutoCloseable {

    private final String name;
    private final Database database;
    private final Catalog catalog;
    private final Ledger ledger;
    private final Clock clock;
    private final ConflictPolicy policy;
    private final RandomGenerator random;
    private final Sleeper sleeper;
    private volatile boolean closed;

    /** Waits; tests wait less. */
    interface Sleeper {
        void sleep(Duration duration) throws InterruptedException;
    }

    StoreParts(String name, Database database, Catalog catalog, PostgresStore.Builder settings) {
        this.name = name;
        this.database = database;
        this.catalog = catalog;
        this.ledger = new Ledger(name, catalog);
        this.clock = settings.clock;
        this.policy = settings.policy;
        this.random = settings.random;
        this.sleeper = settings.sleeper;
    }

    String name() {
        return name;
    }

    Database database() {
        return database;
    }

    Catalog catalog() {
        return catalog;
    }

    Ledger ledger() {
        return ledger;
    }

    Clock clock() {
        return clock;
    }

    ConflictPolicy policy() {
        return policy;
    }

    RandomGenerator random() {
        return random;
    }

    Sleeper sleeper() {
        return sleeper;
    }

    /** The statement that waits for all others that write a unit. */
    String lock(RowTables tables, Series series, TimeRange unit) {
        return Database.lock(
                catalog.ledger() + " " + series.dataset() + " " + tables.label(series) + " " + unit.start());
    }

    /** Brings up to date what the layout keeps for others. */
    void tell(Transaction transaction, Series series, RowTables tables) throws SQLException {
        catalog.layout().tell(transaction, series, tables, ledger, clock.instant());
    }

    void requireOpen() {
        if (closed) {
            throw new IllegalStateException(name + " is closed");
        }
    }

    @Override
    public void close() {
        closed = true;
        database.close();
    }
}
