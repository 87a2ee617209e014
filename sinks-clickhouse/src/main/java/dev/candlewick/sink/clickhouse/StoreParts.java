package dev.candlewick.sink.clickhouse;

import dev.candlewick.Cancelled;
import dev.candlewick.Series;
import dev.candlewick.Unavailable;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/** What a store is made of, put together once. Thread-safe. */
final class StoreParts implements AutoCloseable {

    private static final int TRIES = 3;
    private static final int LOCKS = 64;

    private final Server server;
    private final Clock clock;
    private final Duration pause;
    private final Tables tables;
    private final Ledger ledger;
    private final Cleanup cleanup;
    private final ReentrantLock[] locks = new ReentrantLock[LOCKS];
    private volatile boolean closed;

    StoreParts(ClickHouseStore.Builder settings) {
        this.server =
                new Server(settings.address, settings.compressed, settings.connectTimeout, settings.responseTimeout);
        this.clock = settings.clock;
        this.pause = settings.pause;
        this.tables = new Tables(server, settings.layout, settings.mayCreate);
        this.ledger = new Ledger(server, tables);
        this.cleanup = new Cleanup(server, clock);
        for (int i = 0; i < LOCKS; i++) {
            locks[i] = new ReentrantLock();
        }
    }

    Server server() {
        return server;
    }

    Clock clock() {
        return clock;
    }

    Tables tables() {
        return tables;
    }

    Ledger ledger() {
        return ledger;
    }

    Orphans orphans() {
        return new Orphans(server, tables);
    }

    Cleanup cleanup() {
        return cleanup;
    }

    /** What the writers of this process to one series share, so that they do not overtake each other for nothing. */
    ReentrantLock lock(Series series) {
        return locks[Math.floorMod(series.toString().hashCode(), LOCKS)];
    }

    /** How many rows of a unit's version are there. */
    long count(RowsTable table, Series series, Ledger.Held unit) {
        return Long.parseLong(server.texts(
                        "Counting the rows of " + series + " " + unit.unit(),
                        1,
                        "SELECT toString(count()) FROM " + Sql.name(table.name()) + " WHERE "
                                + table.where(series.subject(), unit.unit()) + " AND " + table.version() + " = "
                                + Long.toUnsignedString(unit.version()))
                .get(0)
                .get(0));
    }

    /** Does what may be done twice, again when the server was not to be had, unless it was waited for long enough already. */
    void repeat(Runnable action) {
        for (int attempt = 1; ; attempt++) {
            try {
                action.run();
                return;
            } catch (Silent silent) {
                throw silent;
            } catch (Unavailable failed) {
                if (attempt == TRIES) {
                    throw failed;
                }
                pause(attempt, failed);
            }
        }
    }

    private void pause(int attempt, Unavailable failed) {
        try {
            java.util.concurrent.TimeUnit.MILLISECONDS.sleep(pause.toMillis() << (attempt - 1));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Cancelled("Interrupted while waiting to try again: " + failed.getMessage(), failed);
        }
    }

    /** @throws IllegalStateException once the store is closed */
    void requireOpen() {
        if (closed) {
            throw new IllegalStateException("The store clickhouse:" + server.address()
                    + " has been closed: it neither reads nor writes any more; open it again");
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            cleanup.finish();
            server.close();
        }
    }
}
