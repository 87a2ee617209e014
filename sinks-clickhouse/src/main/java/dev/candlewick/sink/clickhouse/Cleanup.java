package dev.candlewick.sink.clickhouse;

import dev.candlewick.MarketDataException;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Deletes rows that do not count any more, some time after they stopped counting: a query that looked up which rows count
 * just before may still be reading them. What a crash keeps from being deleted is found by the next commit of its unit.
 * Thread-safe.
 */
final class Cleanup {

    private static final System.Logger LOGGER = System.getLogger(Cleanup.class.getName());

    /** Longer than a query takes between looking up the versions and opening the rows. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    /** Where large units change often, superseded rows are many times those that count before that time is over. */
    private static final Duration GRACE_OF_MANY = Duration.ofSeconds(1);

    private static final long MANY_ROWS = 500_000;
    private static final int MOST_AT_ONCE = 50;

    private final Server server;
    private final Clock clock;
    private final Map<String, Waiting> pending = new LinkedHashMap<>();

    private record Leftovers(String table, String condition, Instant since) {}

    /**
     * What waits to be deleted of one unit. A unit that changes all the time must not put off for ever what was superseded
     * first.
     *
     * @param oldest what stopped counting first
     * @param newest what stopped counting by now, which includes the former
     * @param rows about how many rows that is
     */
    private record Waiting(Leftovers oldest, Leftovers newest, long rows) {

        Waiting and(Leftovers next, long more) {
            return new Waiting(oldest, next, rows + more);
        }

        /** What may be deleted by now. */
        Optional<Leftovers> ready(Instant now) {
            return isOver(newest, now)
                    ? Optional.of(newest)
                    : isOver(oldest, now) ? Optional.of(oldest) : Optional.empty();
        }

        private boolean isOver(Leftovers leftovers, Instant now) {
            Duration grace = rows > MANY_ROWS ? GRACE_OF_MANY : GRACE;
            return !now.isBefore(leftovers.since().plus(grace)) || now.isBefore(leftovers.since());
        }
    }

    Cleanup(Server server, Clock clock) {
        this.server = server;
        this.clock = clock;
    }

    /** Notes that of the rows of a unit only those of its version count, among all that were written up to its sequence. */
    void later(RowsTable table, Series series, Ledger.Held current) {
        TimeRange unit = current.unit();
        String key = series + " " + unit;
        String condition = "(" + table.where(series.subject(), unit) + " AND " + superseded(table, current) + ")";
        synchronized (this) {
            add(key, new Leftovers(table.name(), condition, clock.instant()), current.rows());
            if (current.sequence() % Ledger.ROWS_KEPT == 0) {
                String outdated = "(" + Ledger.outdated(series, current) + ")";
                add(key + " ledger", new Leftovers(Ledger.TABLE, outdated, clock.instant()), 0);
            }
        }
    }

    private void add(String key, Leftovers leftovers, long rows) {
        pending.merge(key, new Waiting(leftovers, leftovers, rows), (waiting, added) -> waiting.and(leftovers, rows));
    }

    // A writer that is on its way writes for a later sequence; its rows must not be touched.
    static String superseded(RowsTable table, Ledger.Held current) {
        long sequence = current.sequence() & Identity.SEQUENCE_MASK;
        long modulus = Identity.SEQUENCE_MASK + 1;
        return table.version() + " != " + Long.toUnsignedString(current.version()) + " AND bitAnd("
                + (sequence + modulus) + " - bitAnd(" + table.version() + ", " + Identity.SEQUENCE_MASK + "), "
                + Identity.SEQUENCE_MASK + ") < " + modulus / 2;
    }

    /** Deletes what has been pending for long enough. */
    void sweep() {
        Instant now = clock.instant();
        List<Leftovers> due = new ArrayList<>();
        synchronized (this) {
            boolean full = pending.size() >= MOST_AT_ONCE;
            pending.replaceAll((key, waiting) -> {
                Optional<Leftovers> ready = full ? Optional.of(waiting.newest()) : waiting.ready(now);
                ready.ifPresent(due::add);
                return ready.isEmpty() ? waiting : new Waiting(waiting.newest(), waiting.newest(), 0);
            });
            pending.values().removeIf(waiting -> due.contains(waiting.newest()));
        }
        delete(due);
    }

    /** Deletes all that is pending. */
    void finish() {
        List<Leftovers> due;
        synchronized (this) {
            due = pending.values().stream().map(Waiting::newest).toList();
            pending.clear();
        }
        delete(due);
    }

    private void delete(List<Leftovers> due) {
        Map<String, List<Leftovers>> byTable =
                due.stream().collect(Collectors.groupingBy(Leftovers::table, LinkedHashMap::new, Collectors.toList()));
        for (Map.Entry<String, List<Leftovers>> each : byTable.entrySet()) {
            String table = each.getKey();
            List<Leftovers> leftovers = each.getValue();
            String conditions = leftovers.stream().map(Leftovers::condition).collect(Collectors.joining(" OR "));
            try {
                server.execute(
                        "Deleting rows that were replaced",
                        "DELETE FROM " + Sql.name(table) + " WHERE " + conditions
                                + " SETTINGS lightweight_deletes_sync = 0");
            } catch (MarketDataException kept) {
                // They are invisible; the next commit of their unit tries again.
                LOGGER.log(System.Logger.Level.DEBUG, "Replaced rows stay for now: {0}", kept.getMessage());
                if (kept instanceof Silent) {
                    return;
                }
            }
        }
    }
}
