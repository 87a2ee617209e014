package dev.candlewick.sink.bigquery;

import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.QueryParameterValue;
import com.google.cloud.bigquery.TableId;
import dev.candlewick.TimeRange;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A query or a script with its parameters. Whatever came from outside is a parameter; only names that we made, numbers and
 * times are in the text. For one thread.
 */
final class Statement {

    /** The first microsecond of year 1, the first that BigQuery keeps. */
    static final long FIRST_MICROS = -62_135_596_800_000_000L;

    /** The last microsecond of year 9999, the last that BigQuery keeps. */
    static final long LAST_MICROS = 253_402_300_799_999_999L;

    private final StringBuilder text = new StringBuilder();
    private final Map<String, QueryParameterValue> parameters = new LinkedHashMap<>();
    private final Map<String, String> known = new LinkedHashMap<>();

    Statement add(String sql) {
        text.append(sql);
        return this;
    }

    /** A text as a parameter; the same text is the same parameter. */
    String text(String value) {
        return known.computeIfAbsent(value, unseen -> parameter(QueryParameterValue.string(unseen)));
    }

    /** Texts as an array parameter. */
    String texts(Collection<String> values) {
        return parameter(QueryParameterValue.array(values.toArray(String[]::new), String.class));
    }

    private String parameter(QueryParameterValue value) {
        String name = "p" + parameters.size();
        parameters.put(name, value);
        return "@" + name;
    }

    QueryJobConfiguration.Builder job() {
        return QueryJobConfiguration.newBuilder(text.toString())
                .setNamedParameters(parameters)
                .setUseLegacySql(false);
    }

    /** A table's name in a query. */
    static String table(TableId table) {
        return "`" + table.getProject() + "." + table.getDataset() + "." + table.getTable() + "`";
    }

    /** Names of columns, which are never quoted away from what they are. */
    static String names(List<String> columns) {
        return columns.stream().map(Statement::name).collect(Collectors.joining(", "));
    }

    static String name(String column) {
        return "`" + column + "`";
    }

    /** An instant as a literal; one beyond what BigQuery keeps is the nearest that it does. */
    static String time(long epochMicros) {
        long micros = clamped(epochMicros);
        LocalDateTime time = LocalDateTime.ofInstant(TimeRange.instant(micros), ZoneOffset.UTC);
        return String.format(
                Locale.ROOT,
                "TIMESTAMP '%04d-%02d-%02d %02d:%02d:%02d.%06d+00:00'",
                time.getYear(),
                time.getMonthValue(),
                time.getDayOfMonth(),
                time.getHour(),
                time.getMinute(),
                time.getSecond(),
                time.getNano() / 1_000);
    }

    static long clamped(long epochMicros) {
        return Math.max(FIRST_MICROS, Math.min(LAST_MICROS, epochMicros));
    }

    /** The condition that a column's time lies in {@code [from, to)}; it names both ends, so that partitions are left out. */
    static String within(String column, long from, long to) {
        String end = to > LAST_MICROS ? " <= " + time(LAST_MICROS) : " < " + time(to);
        return name(column) + " >= " + time(from) + " AND " + name(column) + end;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
