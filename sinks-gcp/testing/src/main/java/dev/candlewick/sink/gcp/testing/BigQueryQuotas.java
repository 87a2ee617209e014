package dev.candlewick.sink.gcp.testing;

import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;

/**
 * How much a {@link LocalBigQuery} allows in a day, with the limits that the service had in the middle of 2026, and what
 * has been used of it. The days are those of the Pacific time zone. Whether the service counts each case just so, and
 * when it gives room again, is not known here. Safe for use by several threads.
 */
public final class BigQueryQuotas {
    private static final ZoneId DAY = ZoneId.of("America/Los_Angeles");

    private final Clock clock;
    private final Map<String, Integer> used = new HashMap<>();
    private LocalDate today;
    private int tableModifications = 1_500;
    private int loadJobs = 100_000;

    BigQueryQuotas(Clock clock) {
        this.clock = clock;
        this.today = LocalDate.now(clock.withZone(DAY));
    }

    /** Sets how many load jobs, failed ones too, may change one table in a day; otherwise 1,500. */
    public synchronized BigQueryQuotas tableModificationsPerDay(int limit) {
        tableModifications = limit;
        return this;
    }

    /** Sets how many load jobs, failed ones too, one project may run in a day; otherwise 100,000. */
    public synchronized BigQueryQuotas loadJobsPerDay(int limit) {
        loadJobs = limit;
        return this;
    }

    /** How many modifications of {@code project:dataset.table} have been counted today; DML is not counted. */
    public synchronized int tableModifications(String table) {
        turnDay();
        return used.getOrDefault("table " + table, 0);
    }

    /** How many load jobs of a project have been counted today. */
    public synchronized int loadJobs(String project) {
        turnDay();
        return used.getOrDefault("project " + project, 0);
    }

    private void turnDay() {
        LocalDate now = LocalDate.now(clock.withZone(DAY));
        if (!now.equals(today)) {
            today = now;
            used.clear();
        }
    }

    /** Counts a load job into a table, or refuses it. */
    synchronized void countLoad(TableName table) {
        turnDay();
        if (used.merge("project " + table.project(), 1, Integer::sum) > loadJobs) {
            throw BigQueryError.of(
                    "quotaExceeded",
                    "Quota exceeded: Your project exceeded quota for imports or query appends per project. For more "
                            + "information, see https://cloud.google.com/bigquery/docs/troubleshoot-quotas");
        }
        if (used.merge("table " + table, 1, Integer::sum) > tableModifications) {
            throw BigQueryError.of(
                    "quotaExceeded",
                    "Quota exceeded: Your table exceeded quota for imports or query appends per table. For more "
                            + "information, see https://cloud.google.com/bigquery/docs/troubleshoot-quotas");
        }
    }
}
