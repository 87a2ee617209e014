package dev.candlewick.sink.bigquery;

import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Clustering;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.JobException;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.TableResult;
import dev.candlewick.Corrupt;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.LedgerEntry;
import dev.candlewick.MarketDataException;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import dev.candlewick.ledger.LedgerText;
import dev.candlewick.ledger.UnitRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the store knows of its units: a row per unit, and one per dataset that every commit replaces. The text is the
 * authority, the other columns are for people and for SQL. Thread-safe.
 */
final class Ledger {

    static final String TABLE = "candlewick_ledger";

    private static final int PAGE_ROWS = 2_000;
    private static final String RESTORE =
            "Restore it (BigQuery keeps it for 7 days), or forget the units and then backfill them";

    private static final List<Field> FIELDS = List.of(
            Field.text("dataset"),
            Field.text("subject"),
            Field.text("unit"),
            Field.time("unit_start"),
            Field.time("unit_end"),
            Field.int64("revision"),
            Field.int64("row_count"),
            Field.text("content_hash"),
            Field.time("committed_at"),
            Field.text("written_by"),
            Field.text("version"),
            Field.text("record"));

    private final Warehouse warehouse;
    private final Tables tables;

    Ledger(Warehouse warehouse, Tables tables) {
        this.warehouse = warehouse;
        this.tables = tables;
    }

    static TableInfo definition(TableId id) {
        return TableInfo.newBuilder(
                        id,
                        StandardTableDefinition.newBuilder()
                                .setSchema(RowsTable.schema(FIELDS))
                                .setClustering(Clustering.newBuilder()
                                        .setFields(List.of("dataset", "subject"))
                                        .build())
                                .build())
                .setDescription(
                        "Candlewick: what was committed, a row per unit, and one per dataset without a subject that"
                                + " every commit replaces. Only the program writes here")
                .build();
    }

    /** The key of a unit in the column {@code unit}. */
    static String key(Series series, TimeRange unit) {
        return series + " " + series.cadence().unit().label(unit);
    }

    /**
     * What the ledger has of a unit, as it was read: one row, unless somebody else wrote to it.
     *
     * @param versions which text each row has; another commit is another version
     */
    record Row(Series series, TimeRange unit, List<String> versions, String text, String place) {

        /** As one version. */
        String version() {
            return String.join("+", versions);
        }

        private Row plus(Row other) {
            List<String> both = new ArrayList<>(versions);
            both.addAll(other.versions);
            return new Row(series, unit, both, text, place);
        }

        String key() {
            return Ledger.key(series, unit);
        }

        /** What the row says, or {@link Corrupt} when it makes no sense. */
        UnitRecord record() {
            if (versions.size() > 1) {
                throw new Corrupt("The ledger of " + place + " has " + versions.size() + " rows for "
                        + Failures.cut(key()) + ": somebody else wrote to the table " + TABLE
                        + ". Forget the unit and fetch it again");
            }
            return LedgerText.parse(
                    text,
                    "ledger row of " + Failures.cut(series) + " "
                            + series.cadence().unit().label(unit) + " in " + place);
        }

        LedgerEntry entry() {
            return record().entry();
        }
    }

    String name() {
        return Statement.table(warehouse.table(TABLE));
    }

    private String place() {
        return "bigquery:" + warehouse.dataset().getProject() + "."
                + warehouse.dataset().getDataset();
    }

    /** The units of a series that touch the range, in time order. */
    List<Row> list(Series series, TimeRange range) {
        Statement query = new Statement();
        query.add(select() + whose(query, series) + " AND " + touching(range) + " ORDER BY unit_start");
        return rows("Reading the ledger of " + Failures.cut(series), series.dataset(), query);
    }

    /** The units of some subjects that touch the range, by their keys. */
    Map<String, Row> find(Dataset dataset, Collection<String> subjects, TimeRange range) {
        Statement query = new Statement();
        query.add(select() + "dataset = " + query.text(dataset.name()) + " AND subject IN UNNEST("
                + query.texts(subjects) + ") AND " + touching(range));
        Map<String, Row> found = new LinkedHashMap<>();
        rows("Reading the ledger of " + dataset, dataset, query).forEach(row -> found.put(row.key(), row));
        return found;
    }

    /** All units of a dataset that touch the range, by their keys. */
    Map<String, Row> all(Dataset dataset, TimeRange range) {
        Statement query = new Statement();
        query.add(select() + "dataset = " + query.text(dataset.name()) + " AND subject != '' AND " + touching(range));
        Map<String, Row> found = new LinkedHashMap<>();
        rows("Reading the ledger of " + dataset, dataset, query).forEach(row -> found.put(row.key(), row));
        return found;
    }

    /** The last unit with rows. */
    Optional<Row> last(Series series) {
        Statement query = new Statement();
        query.add(select() + whose(query, series) + " AND row_count > 0 ORDER BY unit_start DESC LIMIT 1");
        return rows("Looking for the last unit of " + Failures.cut(series), series.dataset(), query).stream()
                .findFirst();
    }

    private String select() {
        return "SELECT subject, unit_start, version, record FROM " + name() + " WHERE ";
    }

    static String whose(Statement query, Series series) {
        return "dataset = " + query.text(series.dataset().name()) + " AND subject = "
                + query.text(series.subject().toString());
    }

    private static String touching(TimeRange range) {
        return "unit_end > " + Statement.time(range.startMicros()) + " AND unit_start < "
                + Statement.time(range.endMicros());
    }

    private List<Row> rows(String doing, Dataset dataset, Statement query) {
        Map<String, Row> rows = new LinkedHashMap<>();
        for (FieldValueList values : values(doing, query)) {
            subject(values.get(0).getStringValue()).ifPresent(subject -> {
                Instant start = TimeRange.instant(Timestamps.micros(values.get(1)));
                Row row = new Row(
                        new Series(subject, dataset),
                        dataset.cadence().unit().containing(start),
                        List.of(values.get(2).getStringValue()),
                        values.get(3).getStringValue(),
                        place());
                // What is damaged is damaged for its own unit: whoever asks the row what it says is told.
                rows.merge(row.key(), row, Row::plus);
            });
        }
        return List.copyOf(rows.values());
    }

    // A subject that is none is of no series that anybody could ask for.
    private static Optional<Subject> subject(String text) {
        try {
            return Optional.of(Subject.parse(text));
        } catch (IllegalArgumentException damaged) {
            return Optional.empty();
        }
    }

    private List<FieldValueList> values(String doing, Statement query) {
        List<FieldValueList> values = new ArrayList<>();
        try {
            TableResult page = warehouse.query(doing, query, PAGE_ROWS);
            while (true) {
                page.getValues().forEach(values::add);
                if (!page.hasNextPage()) {
                    return values;
                }
                TableResult before = page;
                page = warehouse.ask(doing, client -> before.getNextPage());
            }
        } catch (BigQueryException | JobException failed) {
            if (warehouse.isNothingThere(failed)) {
                return List.of();
            }
            throw warehouse.failures().of(doing, failed);
        }
    }

    /**
     * The series that the ledger names.
     *
     * @param series those whose rows have a table, with the columns that are stored, sorted
     * @param lost why the others cannot be listed, a reason per dataset
     * @param damaged subjects that are none
     */
    record Listing(List<Series> series, List<Corrupt> lost, List<String> damaged) {}

    /** The series with at least one unit; those that it makes no sense to ask for are told of and listed apart. */
    Listing series() {
        Statement query =
                new Statement().add("SELECT DISTINCT dataset, subject FROM " + name() + " WHERE subject != ''");
        TreeSet<Series> series = new TreeSet<>();
        Map<String, Corrupt> lost = new TreeMap<>();
        List<String> damaged = new ArrayList<>();
        for (FieldValueList row : values("Listing the series", query)) {
            String dataset = row.get(0).getStringValue();
            Optional<Subject> subject = subject(row.get(1).getStringValue());
            if (subject.isEmpty()) {
                damaged.add(row.get(1).getStringValue());
            } else if (!lost.containsKey(dataset)) {
                try {
                    series.add(new Series(subject.get(), tables.named(dataset)));
                } catch (Corrupt gone) {
                    lost.put(dataset, new Corrupt(gone.getMessage() + " " + RESTORE, gone));
                }
            }
        }
        return new Listing(List.copyOf(series), List.copyOf(lost.values()), List.copyOf(damaged));
    }

    /** The keys of the units of a dataset that have rows. */
    Set<String> filledUnits(Dataset dataset) {
        Statement query = new Statement();
        query.add(
                "SELECT unit FROM " + name() + " WHERE dataset = " + query.text(dataset.name()) + " AND row_count > 0");
        Set<String> units = new HashSet<>();
        values("Reading the ledger of " + dataset, query)
                .forEach(row -> units.add(row.get(0).getStringValue()));
        return units;
    }

    /** What to throw when the ledger has units of a series, and the table of their rows is not there. */
    Corrupt tableGone(Series series) {
        return new Corrupt("Reading " + Failures.cut(series) + " from " + place() + ": the table '"
                + tables.of(series.dataset()).name() + "' that the ledger speaks of is gone. " + RESTORE);
    }

    /** What a refused query for rows of the ledger's units means: that their table is gone, or what it says. */
    MarketDataException explained(Series series, Refused refused) {
        Throwable cause = refused.getCause();
        return cause != null && Failures.isTableMissing(cause) ? tableGone(series) : refused;
    }

    /** How many transactions committed something since. */
    long commitsSince(Instant since) {
        Statement query = new Statement()
                .add("SELECT COUNT(DISTINCT committed_at) FROM " + name() + " WHERE subject != '' AND committed_at >= "
                        + Statement.time(
                                TimeRange.of(since, since.plusSeconds(1)).startMicros()));
        List<FieldValueList> counts = values("Counting the commits of today", query);
        return counts.isEmpty() ? 0 : counts.get(0).get(0).getLongValue();
    }

    /** Whether a dataset has the row that every commit replaces. */
    boolean hasFence(Dataset dataset) {
        Statement query = new Statement();
        query.add("SELECT COUNT(*) FROM " + name() + " WHERE dataset = " + query.text(dataset.name())
                + " AND subject = ''");
        List<FieldValueList> counts = values("Looking for the ledger of " + dataset, query);
        return !counts.isEmpty() && counts.get(0).get(0).getLongValue() > 0;
    }

    /** Adds that row. Two of them are as good as one: a commit replaces both. */
    Statement fence(Dataset dataset, Instant now) {
        Statement insert = new Statement();
        return insert.add(insertInto() + "VALUES " + fenceRow(insert, dataset, now));
    }

    private String insertInto() {
        return "INSERT INTO " + name() + " ("
                + Statement.names(FIELDS.stream().map(Field::name).toList()) + ") ";
    }

    private static String fenceRow(Statement statement, Dataset dataset, Instant now) {
        String epoch = Statement.time(0);
        return "(" + statement.text(dataset.name()) + ", '', '', " + epoch + ", " + epoch + ", 0, 0, '', "
                + Statement.time(micros(now)) + ", 'candlewick', '', '')";
    }

    /** A unit as it is to be. */
    record Change(Series series, TimeRange unit, Optional<Row> before, Optional<UnitRecord> after) {

        String key() {
            return Ledger.key(series, unit);
        }
    }

    /** The version of a record: the same for the same text. */
    static String version(UnitRecord record) {
        return Digests.of(LedgerText.render(record));
    }

    /**
     * Adds to a transaction what makes it fail when any of the units is not what it was when it was read.
     *
     * <p>BigQuery undoes one of two transactions that change the same table at a time; the row without a subject is
     * changed by all, also by those whose units are new, so that of two for the same new unit one is undone.
     */
    void requireUnchanged(Statement script, Dataset dataset, List<Change> changes) {
        List<String> versions = changes.stream()
                .flatMap(change -> change.before().stream())
                .flatMap(row -> row.versions().stream())
                .toList();
        String units = units(script, dataset, changes);
        script.add("ASSERT (SELECT COUNT(*) FROM " + name() + " WHERE " + units + ") = " + versions.size() + " AS '"
                + OVERTAKEN + "';\n");
        if (!versions.isEmpty()) {
            script.add("ASSERT (SELECT COUNT(*) FROM " + name() + " WHERE " + units + " AND version IN UNNEST("
                    + script.texts(versions) + ")) = " + versions.size() + " AS '" + OVERTAKEN + "';\n");
        }
        script.add("ASSERT (SELECT COUNT(*) FROM " + name() + " WHERE dataset = " + script.text(dataset.name())
                + " AND subject = '') > 0 AS '" + NO_FENCE + "';\n");
    }

    /** What a transaction says that found other rows in the ledger. */
    static final String OVERTAKEN = "candlewick: the ledger has changed";

    /** What a transaction says that found no row to replace. */
    static final String NO_FENCE = "candlewick: the ledger does not know the dataset";

    private static String units(Statement script, Dataset dataset, List<Change> changes) {
        List<String> subjects = changes.stream()
                .map(change -> change.series().subject().toString())
                .distinct()
                .toList();
        return "dataset = " + script.text(dataset.name()) + " AND subject IN UNNEST(" + script.texts(subjects)
                + ") AND unit IN UNNEST("
                + script.texts(changes.stream().map(Change::key).toList()) + ")";
    }

    /** Adds to a transaction what replaces the rows of the units, and the one of the dataset. */
    void replace(Statement script, Dataset dataset, List<Change> changes, Instant now) {
        script.add("DELETE FROM " + name() + " WHERE (" + units(script, dataset, changes) + ") OR (dataset = "
                + script.text(dataset.name()) + " AND subject = '');\n");
        script.add(insertInto() + "VALUES " + fenceRow(script, dataset, now));
        for (Change change : changes) {
            change.after().ifPresent(record -> script.add(",\n" + row(script, change, record)));
        }
        script.add(";\n");
    }

    private static String row(Statement script, Change change, UnitRecord record) {
        LedgerEntry entry = record.entry();
        return "(" + script.text(change.series().dataset().name()) + ", "
                + script.text(change.series().subject().toString()) + ", " + script.text(change.key()) + ", "
                + Statement.time(entry.unit().startMicros()) + ", "
                + Statement.time(entry.unit().endMicros()) + ", " + entry.revision() + ", " + entry.rows() + ", "
                + script.text(entry.contentHash()) + ", " + Statement.time(micros(entry.committedAt())) + ", "
                + script.text(entry.writtenBy()) + ", " + script.text(version(record)) + ", "
                + script.text(LedgerText.render(record)) + ")";
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000L + instant.getNano() / 1_000;
    }

    /** Adds the condition that the units are still those: a query under it sees their rows as committed, or none. */
    String stillThese(Statement query, Series series, List<Row> rows) {
        return "(SELECT COUNT(*) FROM " + name() + " WHERE " + whose(query, series) + " AND unit IN UNNEST("
                + query.texts(rows.stream().map(Row::key).toList()) + ") AND version IN UNNEST("
                + query.texts(rows.stream().map(Row::version).toList()) + ")) = " + rows.size();
    }
}
