package dev.candlewick.sink.postgres;

import dev.candlewick.Corrupt;
import dev.candlewick.Dataset;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import dev.candlewick.ledger.LedgerText;
import dev.candlewick.ledger.UnitRecord;
import dev.candlewick.spi.Writes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of each unit, in the table {@code candlewick_ledger}. Its column {@code record} is what counts; the others
 * are for people. Thread-safe.
 */
final class Ledger {

    private static final System.Logger LOGGER = System.getLogger(Ledger.class.getName());

    private final String place;
    private final Catalog catalog;

    Ledger(String place, Catalog catalog) {
        this.place = place;
        this.catalog = catalog;
    }

    private record Line(String subject, String dataset, Instant unit, String record) {}

    /** The record of one unit. */
    Optional<UnitRecord> find(Transaction transaction, Series series, TimeRange unit) throws SQLException {
        Optional<Line> line = transaction.first(
                "SELECT subject, dataset, unit_start, record FROM " + catalog.ledger()
                        + " WHERE dataset = ? AND subject = ? AND unit_start = ?",
                Ledger::line,
                series.dataset().name(),
                series.subject().toString(),
                unit.start().atOffset(ZoneOffset.UTC));
        return line.map(found -> parse(series, found));
    }

    /** The records of the units that touch the range, in time order. */
    List<UnitRecord> list(Transaction transaction, Series series, TimeRange range) throws SQLException {
        List<UnitRecord> records = new ArrayList<>();
        lines(transaction, series, range).forEach(line -> records.add(parse(series, line)));
        return records;
    }

    private List<Line> lines(Transaction transaction, Series series, TimeRange range) throws SQLException {
        return transaction.query(
                "SELECT subject, dataset, unit_start, record FROM " + catalog.ledger()
                        + " WHERE dataset = ? AND subject = ? AND unit_start < " + Sql.time(range.endMicros())
                        + " AND unit_end > " + Sql.time(range.startMicros()) + " ORDER BY unit_start",
                Ledger::line,
                series.dataset().name(),
                series.subject().toString());
    }

    private UnitRecord parse(Series series, Line line) {
        String where = "ledger row " + line.subject() + ", " + line.dataset() + ", " + line.unit() + " in "
                + catalog.ledger() + " of " + place;
        UnitRecord record = LedgerText.parse(line.record(), where);
        Series stored = record.entry().series();
        if (!stored.equals(series) && stored.toString().equals(series.toString())) {
            throw new Refused("Series " + series + " is stored in " + place + " with other columns: " + stored.schema()
                    + ", not " + series.schema());
        }
        if (!record.entry().series().equals(series)
                || !record.entry().unit().start().equals(line.unit())) {
            throw new Corrupt(
                    "The " + where + " is damaged: it tells of " + record.entry() + "; what its unit holds is unknown");
        }
        return record;
    }

    /** Which commits wrote each unit that touches the range; not those that are damaged, as who heals one first wins. */
    Map<TimeRange, Writes> writes(Transaction transaction, Series series, TimeRange range) throws SQLException {
        Map<TimeRange, Writes> writes = new HashMap<>();
        for (Line line : lines(transaction, series, range)) {
            try {
                UnitRecord record = parse(series, line);
                writes.put(record.entry().unit(), record.writes());
            } catch (Corrupt damaged) {
                LOGGER.log(System.Logger.Level.DEBUG, "Its commit says so if it matters: {0}", damaged.getMessage());
            }
        }
        return writes;
    }

    /** The record of the last unit that has rows. */
    Optional<UnitRecord> lastWithRows(Transaction transaction, Series series) throws SQLException {
        return transaction
                .first(
                        "SELECT subject, dataset, unit_start, record FROM " + catalog.ledger()
                                + " WHERE dataset = ? AND subject = ? AND rows > 0 ORDER BY unit_start DESC LIMIT 1",
                        Ledger::line,
                        series.dataset().name(),
                        series.subject().toString())
                .map(line -> parse(series, line));
    }

    /** All records of a series, in time order. */
    List<UnitRecord> all(Transaction transaction, Series series) throws SQLException {
        return transaction
                .query(
                        "SELECT subject, dataset, unit_start, record FROM " + catalog.ledger()
                                + " WHERE dataset = ? AND subject = ? ORDER BY unit_start",
                        Ledger::line,
                        series.dataset().name(),
                        series.subject().toString())
                .stream()
                .map(line -> parse(series, line))
                .toList();
    }

    /** The subjects with at least one unit of a dataset. */
    List<Subject> subjects(Transaction transaction, Dataset dataset) throws SQLException {
        return transaction
                .query(
                        "SELECT DISTINCT subject FROM " + catalog.ledger() + " WHERE dataset = ?",
                        row -> row.getString(1),
                        dataset.name())
                .stream()
                .map(Subject::parse)
                .toList();
    }

    /** The starts of all units. */
    List<Instant> units(Transaction transaction, Series series) throws SQLException {
        return transaction.query(
                "SELECT unit_start FROM " + catalog.ledger() + " WHERE dataset = ? AND subject = ? ORDER BY unit_start",
                row -> row.getObject(1, OffsetDateTime.class).toInstant(),
                series.dataset().name(),
                series.subject().toString());
    }

    private static Line line(ResultSet row) throws SQLException {
        return new Line(
                row.getString(1),
                row.getString(2),
                row.getObject(3, OffsetDateTime.class).toInstant(),
                row.getString(4));
    }

    /** Writes the record of a unit over the one before. */
    void put(Transaction transaction, UnitRecord record) throws SQLException {
        LedgerEntry entry = record.entry();
        transaction.update(
                "INSERT INTO " + catalog.ledger() + " (subject, dataset, unit_start, unit_end, revision, rows,"
                        + " content_hash, committed_at, written_by, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (dataset, subject, unit_start) DO UPDATE SET unit_end = excluded.unit_end,"
                        + " revision = excluded.revision, rows = excluded.rows, content_hash = excluded.content_hash,"
                        + " committed_at = excluded.committed_at, written_by = excluded.written_by,"
                        + " record = excluded.record",
                entry.series().subject().toString(),
                entry.series().dataset().name(),
                entry.unit().start().atOffset(ZoneOffset.UTC),
                entry.unit().end().atOffset(ZoneOffset.UTC),
                entry.revision(),
                entry.rows(),
                entry.contentHash(),
                entry.committedAt().atOffset(ZoneOffset.UTC),
                entry.writtenBy(),
                LedgerText.render(record));
    }

    /** Drops the record of a unit; whether there was one. */
    boolean drop(Transaction transaction, Series series, Instant unitStart) throws SQLException {
        return transaction.update(
                        "DELETE FROM " + catalog.ledger() + " WHERE dataset = ? AND subject = ? AND unit_start = ?",
                        series.dataset().name(),
                        series.subject().toString(),
                        unitStart.atOffset(ZoneOffset.UTC))
                > 0;
    }

    /** The series with at least one unit. */
    List<Series> series(Transaction transaction) throws SQLException {
        Map<String, RowTables> datasets = catalog.all(transaction);
        List<Series> all = new ArrayList<>();
        for (Line line : transaction.query(
                "SELECT DISTINCT subject, dataset FROM " + catalog.ledger(),
                row -> new Line(row.getString(1), row.getString(2), Instant.EPOCH, ""))) {
            Dataset dataset = Optional.ofNullable(datasets.get(line.dataset()))
                    .map(RowTables::dataset)
                    .orElseThrow(() -> new Corrupt("The ledger of " + place + " names the dataset '" + line.dataset()
                            + "', which its catalog does not know"));
            all.add(new Series(Subject.parse(line.subject()), dataset));
        }
        all.sort(null);
        return all;
    }
}
