package dev.candlewick.sink.postgres;

import dev.candlewick.ColumnType;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Interval;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Which tables a {@link PostgresStore} keeps rows in. Immutable. */
public abstract sealed class PostgresLayout permits PostgresLayout.TablePerDataset, SpotOhlcvLayout {

    private static final Set<String> TAKEN = Set.of("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid");

    PostgresLayout() {}

    /** One table per dataset, named after it: {@code candles_1m}, keyed by subject and time. */
    public static PostgresLayout tablePerDataset() {
        return new TablePerDataset();
    }

    /**
     * The tables of the OHLCV microservices that keep {@code spot_ohlcv} and {@code backfill_state}, for 12-hour candles of
     * pairs against USDT; see {@link #spotOhlcv(Interval, Function)}.
     */
    public static PostgresLayout spotOhlcv() {
        return spotOhlcv(Interval.parse("12h"), SpotOhlcvLayout::baseOfUsdtPair);
    }

    /**
     * The tables of the OHLCV microservices that keep {@code spot_ohlcv(id, asset, timestamp, open, high, low, close, volume)}
     * and {@code backfill_state(asset, completed, last_fetched_timestamp, updated_at)}, in the schema {@code public} unless
     * another is set. Their readers go on working on tables that are there already.
     *
     * <p>{@code spot_ohlcv} has no place for four of the columns of a candle and for its close time; these lie in
     * {@code candlewick_spot_ohlcv}, so that what is read is what was written. A row that is not in both, such as one that the
     * microservice wrote itself, is not there for Candlewick until a backfill of its time replaces it. {@code
     * backfill_state} changes in the same transaction as the rows: {@code completed} says that nothing between an asset's
     * first and last candle is missing without a proven reason.
     *
     * @param interval the one interval of candles that the table holds
     * @param assets what a subject is called in the table, at most 20 characters; one that throws {@link
     *     dev.candlewick.Refused} has no place for the subject
     */
    public static PostgresLayout spotOhlcv(Interval interval, Function<Subject, String> assets) {
        return new SpotOhlcvLayout(interval, assets);
    }

    /** The word for this layout in the catalog of a store. */
    abstract String id();

    /** The schema of tables unless another is asked for. */
    String defaultSchema() {
        return "candlewick";
    }

    /** Why it has no place for a series, if it has none. */
    abstract Optional<String> refusal(Series series);

    /** The tables of a dataset. */
    abstract RowTables tables(String schema, Dataset dataset, String table);

    /** The name of a dataset's first table, if nobody else has it. */
    abstract String tableName(Dataset dataset);

    /** The columns that a table must have. */
    abstract List<TableShape.Column> columns(TablePart part, Dataset dataset);

    /** The statement that makes a table, without its partitioning. */
    abstract String create(TablePart part, Dataset dataset);

    /** What else must be made along with the tables, by name. */
    Map<String, String> extras(RowTables tables) {
        return Map.of();
    }

    /** Whether the tables can be divided, and hold as many datasets as come. */
    boolean isOpen() {
        return true;
    }

    /** Brings up to date what tells others of a series, in the transaction that changed it. */
    void tell(Transaction transaction, Series series, RowTables tables, Ledger ledger, Instant now)
            throws SQLException {}

    /** The default. */
    static final class TablePerDataset extends PostgresLayout {

        @Override
        String id() {
            return "table-per-dataset";
        }

        @Override
        Optional<String> refusal(Series series) {
            return Optional.empty();
        }

        @Override
        String tableName(Dataset dataset) {
            return Sql.fitting(Sql.plain(dataset.name()));
        }

        @Override
        RowTables tables(String schema, Dataset dataset, String table) {
            Schema columns = dataset.schema();
            boolean timeIsKey = columns.key().equals(List.of(columns.time()));
            List<TablePart.Stored> stored = new ArrayList<>();
            for (int i = 0; i < columns.fields().size(); i++) {
                String name = columns.fields().get(i).name();
                if (!name.equals(columns.time())) {
                    stored.add(new TablePart.Stored(i, column(name), Optional.empty()));
                }
            }
            // Names with a leading underscore are no names of fields.
            String subject = columns.names().contains("subject") ? "_subject" : "subject";
            TablePart part = new TablePart(
                    schema,
                    table,
                    subject,
                    column(columns.time()),
                    timeIsKey ? Optional.empty() : Optional.of("_ordinal"),
                    stored,
                    false);
            return new RowTables(dataset, List.of(part), Subject::toString);
        }

        @Override
        List<TableShape.Column> columns(TablePart part, Dataset dataset) {
            List<TableShape.Column> columns = new ArrayList<>();
            columns.add(new TableShape.Column(part.subject(), "text", true));
            columns.add(new TableShape.Column(part.time(), type(new ColumnType.Time()), true));
            for (TablePart.Stored stored : part.stored()) {
                Field field = dataset.schema().fields().get(stored.field());
                columns.add(new TableShape.Column(stored.column(), type(field.type()), !field.nullable()));
            }
            part.ordinal().ifPresent(name -> columns.add(new TableShape.Column(name, "integer", true)));
            return columns;
        }

        @Override
        String create(TablePart part, Dataset dataset) {
            return TableShape.create(part, columns(part, dataset));
        }
    }

    static String column(String field) {
        return TAKEN.contains(field) ? "_" + field : Sql.fitting(field);
    }

    static String type(ColumnType type) {
        if (type instanceof ColumnType.Time) {
            return "timestamp with time zone";
        } else if (type instanceof ColumnType.Decimal decimal) {
            return "numeric(" + decimal.precision() + "," + decimal.scale() + ")";
        } else if (type instanceof ColumnType.Int64) {
            return "bigint";
        } else if (type instanceof ColumnType.Float64) {
            return "double precision";
        } else if (type instanceof ColumnType.Bool) {
            return "boolean";
        } else {
            return "text";
        }
    }

    static String key(TablePart part) {
        List<String> key = new ArrayList<>(List.of(part.subject(), part.time()));
        part.ordinal().ifPresent(key::add);
        return key.stream().map(Sql::name).collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return id();
    }
}
