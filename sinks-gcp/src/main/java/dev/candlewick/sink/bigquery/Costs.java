package dev.candlewick.sink.bigquery;

import dev.candlewick.Dataset;
import dev.candlewick.MarketDataException;
import dev.candlewick.PlannedUnit;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What writes use up of BigQuery's quotas. */
final class Costs {

    private static final int LOAD_JOBS_PER_DAY = 100_000;
    private static final int MODIFICATIONS_PER_DAY = 1_500;

    private final StoreParts store;
    private final int mostUnits;

    Costs(StoreParts store, int mostUnits) {
        this.store = store;
        this.mostUnits = mostUnits;
    }

    List<String> of(List<PlannedUnit> units) {
        if (units.isEmpty()) {
            return List.of();
        }
        Map<Dataset, Long> counts = new LinkedHashMap<>();
        units.forEach(unit -> counts.merge(unit.series().dataset(), 1L, Long::sum));
        long jobs = counts.values().stream()
                .mapToLong(count -> (count + mostUnits - 1) / mostUnits)
                .sum();
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                "BigQuery: about %,d load %s into staging tables (quota %,d per project and day), as many transactions",
                jobs, jobs == 1 ? "job" : "jobs", LOAD_JOBS_PER_DAY));
        lines.add(String.format(
                "BigQuery: 0 of %,d modifications per table and day: transactions are DML, which is not counted%s",
                MODIFICATIONS_PER_DAY, today()));
        return lines;
    }

    // Best effort: a plan is worth something without it.
    private String today() {
        Instant midnight = store.clock().instant().truncatedTo(ChronoUnit.DAYS);
        try {
            return String.format(
                    "; %,d transactions committed today", store.ledger().commitsSince(midnight));
        } catch (MarketDataException unknown) {
            return "";
        }
    }
}
