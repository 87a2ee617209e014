package dev.candlewick.sink.bigquery;

import dev.candlewick.Dataset;
import dev.candlewick.MarketDataException;
import dev.candlewick.PlannedUnit;
import dev.candlewick.TimeRange;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
        Map<Dataset, List<TimeRange>> datasets = new LinkedHashMap<>();
        units.forEach(unit -> datasets.computeIfAbsent(unit.series().dataset(), unseen -> new ArrayList<>())
                .add(unit.unit()));
        long jobs = 0;
        long transactions = 0;
        for (List<TimeRange> ranges : datasets.values()) {
            ranges.sort(null);
            for (int from = 0; from < ranges.size(); from += mostUnits) {
                jobs++;
                transactions += transactions(ranges.subList(from, Math.min(ranges.size(), from + mostUnits)));
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "BigQuery: about %,d load %s into staging tables (quota %,d per project and day), %,d %s",
                jobs,
                jobs == 1 ? "job" : "jobs",
                LOAD_JOBS_PER_DAY,
                transactions,
                transactions == 1 ? "transaction" : "transactions"));
        lines.add(String.format(
                Locale.ROOT,
                "BigQuery: 0 of %,d modifications per table and day: user tables are changed by DML only, which is not"
                        + " counted%s",
                MODIFICATIONS_PER_DAY,
                today()));
        return lines;
    }

    /** Into how many transactions a group is cut. */
    private long transactions(List<TimeRange> group) {
        long transactions = 1;
        TransactionSize size = new TransactionSize(store.partitioning());
        for (TimeRange unit : group) {
            if (!size.takes(unit, 0)) {
                transactions++;
                size = new TransactionSize(store.partitioning());
            }
            size.add(unit, 0);
        }
        return transactions;
    }

    // Best effort: a plan is worth something without it.
    private String today() {
        Instant midnight = store.clock().instant().truncatedTo(ChronoUnit.DAYS);
        try {
            return String.format(
                    Locale.ROOT,
                    "; %,d commits to this store today",
                    store.ledger().commitsSince(midnight));
        } catch (MarketDataException unknown) {
            return "";
        }
    }
}
