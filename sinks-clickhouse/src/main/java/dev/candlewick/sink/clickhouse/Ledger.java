package dev.candlewick.sink.clickhouse;

import dev.candlewick.Corrupt;
import dev.candlewick.Dataset;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import dev.candlewick.ledger.LedgerText;
import dev.candlewick.ledger.UnitRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What the store knows of its units: a row per commit, of which the one with the highest sequence counts. Rows are only
 * ever added. The text is the authority, the other columns are for people and for SQL. Thread-safe.
 */
final class Ledger {

    static final String TABLE = "candlewick_ledger";

    /** How many of a unit's rows are kept: enough to see what became of it, few enough for one that changes every minute. */
    static final int ROWS_KEPT = 64;

    /** The view of the rows that count, one per unit. */
    static final String UNITS = "candlewick_units";

    // A unit without a text was forgotten. Should two rows ever carry one sequence, the first to arrive stands.
    private static final String LATEST =
            " ORDER BY dataset, subject, unit_start, sequence DESC, inserted_at, version LIMIT 1 BY dataset, subject, unit_start";

    private static final List<String> COLUMNS = List.of(
            "dataset",
            "subject",
            "unit_start",
            "unit_end",
            "sequence",
            "version",
            "revision",
            "rows",
            "content_hash",
            "committed_at",
            "written_by",
            "text");

    private final Server server;
    private final Tables tables;

    Ledger(Server server, Tables tables) {
        this.server = server;
        this.tables = tables;
    }

    /**
     * A unit as the store has it.
     *
     * @param sequence counts the commits of the unit, also those that forget it
     * @param version which rows are the unit's
     * @param content what is known of it; empty when it was forgotten
     */
    record Held(TimeRange unit, long sequence, long version, Optional<UnitRecord> content) {

        static Held nothing(TimeRange unit) {
            return new Held(unit, 0, 0, Optional.empty());
        }

        Optional<LedgerEntry> entry() {
            return content.map(UnitRecord::entry);
        }

        long rows() {
            return entry().map(LedgerEntry::rows).orElse(0L);
        }
    }

    static List<String> create() {
        return List.of(
                "CREATE TABLE IF NOT EXISTS " + TABLE + " (dataset LowCardinality(String), subject String,"
                        + " unit_start DateTime64(6, 'UTC') CODEC(ZSTD(1)), unit_end DateTime64(6, 'UTC') CODEC(ZSTD(1)),"
                        + " sequence UInt64, version UInt64, revision UInt64, rows UInt64, content_hash String,"
                        + " committed_at DateTime64(6, 'UTC'), written_by LowCardinality(String),"
                        + " text String CODEC(ZSTD(3)), inserted_at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC'))"
                        + " ENGINE = MergeTree ORDER BY (dataset, subject, unit_start, sequence)"
                        + RowsTable.windows()
                        + " COMMENT 'Candlewick: what was committed; only the program writes here'",
                "CREATE VIEW IF NOT EXISTS " + UNITS
                        + " AS SELECT dataset, subject, unit_start, unit_end, revision, rows, content_hash, committed_at,"
                        + " written_by, version FROM (SELECT * FROM " + TABLE + LATEST + ") WHERE written_by != ''");
    }

    /** A query for the versions of a dataset's units that have rows; with it a view finds exactly the rows that count. */
    static String versions(Dataset dataset) {
        return "SELECT subject, version FROM (SELECT subject, unit_start, version FROM " + TABLE + " WHERE dataset = "
                + Sql.text(dataset.name())
                + " ORDER BY subject, unit_start, sequence DESC, inserted_at, version LIMIT 1 BY subject, unit_start)"
                + " WHERE version != 0";
    }

    /** A condition for the rows of a unit that were superseded long ago. */
    static String outdated(Series series, Held current) {
        return "dataset = " + Sql.text(series.dataset().name()) + " AND subject = "
                + Sql.text(series.subject().toString()) + " AND toUnixTimestamp64Micro(unit_start) = "
                + current.unit().startMicros() + " AND sequence < " + (current.sequence() - ROWS_KEPT);
    }

    /**
     * A row of the ledger as it was read.
     *
     * @param text what is known of the unit, unread; empty when the unit was forgotten
     */
    record Row(Series series, TimeRange unit, long sequence, long version, String text, String place) {

        /** What the row says, or {@link Corrupt} when it makes no sense. */
        Held held() {
            return new Held(
                    unit,
                    sequence,
                    version,
                    text.isEmpty()
                            ? Optional.empty()
                            : Optional.of(LedgerText.parse(
                                    text,
                                    "ledger row of " + series + " "
                                            + series.cadence().unit().label(unit) + " in " + place)));
        }

        /** The unit as if nothing were known of it, to be written anew. */
        Held unknown() {
            return new Held(unit, sequence, version, Optional.empty());
        }
    }

    /** The units of a series that touch the range, in time order; forgotten ones too. */
    List<Held> list(Series series, TimeRange range) {
        return rows(series, range).stream().map(Row::held).toList();
    }

    /** As {@link #list}, without reading what the rows say. */
    List<Row> rows(Series series, TimeRange range) {
        String condition = "toUnixTimestamp64Micro(unit_end) > " + range.startMicros()
                + " AND toUnixTimestamp64Micro(unit_start) < " + range.endMicros();
        return rows(series, condition, "ORDER BY unit_start");
    }

    private List<Row> rows(Series series, String condition, String selection) {
        List<List<String>> rows;
        try {
            rows = server.texts(
                    "Reading what is stored of " + series,
                    4,
                    "SELECT toString(toUnixTimestamp64Micro(unit_start)), toString(sequence), toString(version), text FROM"
                            + " (SELECT unit_start, sequence, version, rows, text FROM " + TABLE + " WHERE dataset = "
                            + Sql.text(series.dataset().name()) + " AND subject = "
                            + Sql.text(series.subject().toString()) + " AND " + condition
                            + " ORDER BY unit_start, sequence DESC, inserted_at, version LIMIT 1 BY unit_start) "
                            + selection);
        } catch (RuntimeException failed) {
            if (isMissing(failed)) {
                return List.of();
            }
            throw failed;
        }
        List<Row> units = new ArrayList<>();
        for (List<String> row : rows) {
            Instant start = TimeRange.instant(Long.parseLong(row.get(0)));
            units.add(new Row(
                    series,
                    series.cadence().unit().containing(start),
                    Long.parseUnsignedLong(row.get(1)),
                    Long.parseUnsignedLong(row.get(2)),
                    row.get(3),
                    place()));
        }
        return units;
    }

    /** The last unit with rows. */
    Optional<Held> last(Series series) {
        List<Row> rows = rows(series, "TRUE", "WHERE rows > 0 ORDER BY unit_start DESC LIMIT 1");
        return rows.stream().findFirst().map(Row::held);
    }

    /** The unit as the store has it now. */
    Held find(Series series, TimeRange unit) {
        return row(series, unit).map(Row::held).orElseGet(() -> Held.nothing(unit));
    }

    /** The row of a unit that counts now. */
    Optional<Row> row(Series series, TimeRange unit) {
        return rows(series, unit).stream()
                .filter(row -> row.unit().equals(unit))
                .findFirst();
    }

    /** @throws dev.candlewick.Refused when the database is not there */
    void requireDatabase() {
        server.texts("Looking for the database", 1, "SELECT 'there'");
    }

    /** The series with at least one unit, with the columns that are stored, sorted. */
    List<Series> series() {
        List<List<String>> rows;
        try {
            rows = server.texts(
                    "Listing the series", 2, "SELECT DISTINCT CAST(dataset, 'String'), subject FROM " + UNITS);
        } catch (RuntimeException failed) {
            if (isMissing(failed)) {
                return List.of();
            }
            throw failed;
        }
        if (rows.isEmpty()) {
            return List.of();
        }
        Map<String, Dataset> datasets = datasets();
        TreeSet<Series> series = new TreeSet<>();
        for (List<String> row : rows) {
            Dataset dataset = Optional.ofNullable(datasets.get(row.get(0)))
                    .orElseThrow(() -> new Corrupt("The ledger of " + place() + " names the dataset '" + row.get(0)
                            + "', but no table says that it holds its rows; was it dropped, or its comment changed?"));
            series.add(new Series(Subject.parse(row.get(1)), dataset));
        }
        return List.copyOf(series);
    }

    // The comment of a table of rows is the one place that says what it holds, made together with the table.
    private Map<String, Dataset> datasets() {
        Map<String, Dataset> datasets = new HashMap<>();
        tables.held().values().forEach(dataset -> datasets.put(dataset.name(), dataset));
        return datasets;
    }

    /**
     * Writes a unit's next row, unless one with its sequence was written before: of two that try, exactly one succeeds.
     * Which one is learnt by {@linkplain #find reading}.
     *
     * @param attempt 0; one more each time that the server took this for a repetition and yet has no such row, because
     *     somebody deleted it. All who try go through the same attempts, so that they still meet
     */
    void write(Series series, Held next, int attempt) {
        Optional<LedgerEntry> entry = next.entry();
        Bytes block = new Bytes(4_096);
        block.varint(COLUMNS.size());
        block.varint(1);
        column(block, 0, "String").text(series.dataset().name());
        column(block, 1, "String").text(series.subject().toString());
        column(block, 2, NativeTypes.TIME).int64(next.unit().startMicros());
        column(block, 3, NativeTypes.TIME).int64(next.unit().endMicros());
        column(block, 4, "UInt64").int64(next.sequence());
        column(block, 5, "UInt64").int64(next.version());
        column(block, 6, "UInt64").int64(entry.map(LedgerEntry::revision).orElse(0L));
        column(block, 7, "UInt64").int64(next.rows());
        column(block, 8, "String").text(entry.map(LedgerEntry::contentHash).orElse(""));
        column(block, 9, NativeTypes.TIME)
                .int64(entry.map(LedgerEntry::committedAt).map(Ledger::micros).orElse(0L));
        column(block, 10, "String").text(entry.map(LedgerEntry::writtenBy).orElse(""));
        column(block, 11, "String").text(next.content().map(LedgerText::render).orElse(""));
        server.insert(
                "Committing " + series + " over " + next.unit(),
                TABLE,
                COLUMNS,
                "unit "
                        + Identity.of(
                                series.toString(), Long.toString(next.unit().startMicros())) + ":" + next.sequence()
                        + (attempt == 0 ? "" : "/" + attempt),
                out -> out.write(block.array(), 0, block.size()));
    }

    private static Bytes column(Bytes block, int index, String type) {
        block.text(COLUMNS.get(index));
        block.text(type);
        return block;
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000L + instant.getNano() / 1_000;
    }

    private String place() {
        return "clickhouse:" + server.address();
    }

    // Nothing was ever written to this database. One that is not there is more likely a wrong name.
    private static boolean isMissing(RuntimeException failure) {
        return Failures.isCode(failure, Failures.UNKNOWN_TABLE);
    }
}
