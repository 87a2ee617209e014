package dev.candlewick.sink.bigquery;

import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The stretches that a transaction takes rows away from, as one condition: stretches that adjoin are one. For one thread. */
final class Replaced {

    private final RowsTable table;
    private final Map<Subject, List<TimeRange>> stretches = new LinkedHashMap<>();

    Replaced(RowsTable table) {
        this.table = table;
    }

    void add(Subject subject, TimeRange range) {
        stretches.computeIfAbsent(subject, unseen -> new ArrayList<>()).add(range);
    }

    boolean isEmpty() {
        return stretches.isEmpty();
    }

    String condition(Statement script) {
        List<TimeRange> all = stretches.values().stream().flatMap(List::stream).toList();
        return span(table, all)
                + stretches.entrySet().stream()
                        .map(each -> "(" + table.whose(script, each.getKey()) + " AND " + times(each.getValue()) + ")")
                        .collect(Collectors.joining(" OR ", " AND (", ")"));
    }

    private String times(List<TimeRange> ranges) {
        return TimeRanges.of(ranges).asList().stream()
                .map(range -> Statement.within(table.time(), range.startMicros(), range.endMicros()))
                .collect(Collectors.joining(" OR ", "(", ")"));
    }

    private static String span(RowsTable table, List<TimeRange> ranges) {
        TimeRange span = ranges.get(0);
        for (TimeRange range : ranges) {
            span = span.span(range);
        }
        return table.within(span.startMicros(), span.endMicros());
    }

    /** Adds the condition for rows of the units that lie outside of what is written of them. */
    static void strangers(Statement script, RowsTable table, List<UnitTask> tasks) {
        script.add(span(table, tasks.stream().map(UnitTask::unit).toList()) + " AND (");
        String or = "";
        for (UnitTask task : tasks) {
            String unit = Statement.within(
                    table.time(), task.unit().startMicros(), task.unit().endMicros());
            String replaced = Statement.within(
                    table.time(), task.replaced().startMicros(), task.replaced().endMicros());
            script.add(or + "(" + table.whose(script, task.series().subject()) + " AND " + unit + " AND NOT ("
                    + replaced + "))");
            or = " OR ";
        }
        script.add(")");
    }
}
