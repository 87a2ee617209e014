package dev.candlewick.sink.postgres;

import dev.candlewick.ColumnType;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Schema;
import dev.candlewick.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which tables a {@link PostgresStore} keeps rows in. Immutable. */
public abstract sealed class PostgresLayout {

    private static final Set<String> TAKEN = Set.of("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid");

    private PostgresLayout() {}

    /** One table per dataset, named after it: {@code candles_1m}, keyed by subject and time. */
    public static PostgresLayout tablePerDataset() {
        return new TablePerDataset();
    }

    /** The word for this layout in the catalog of a store. */
    abstract String id();

    /** The schema of tables unless another is asked for. */
    String defaultSchema() {
        return "candlewick";
    }

    /** Whether it can hold this dataset; if not, why. */
    abstract Optional<String> refusal(Dataset dataset);

    /** The tables of a dataset. */
    abstract RowTables tables(String schema, Dataset dataset, String table);

    /** The name of a dataset's first table, if nobody else has it. */
    abstract String tableName(Dataset dataset);

    /** The columns that a table must have. */
    abstract List<TableShape.Column> columns(TablePart part, Dataset dataset);

    /** The statement that makes a table, without its partitioning. */
    abstract String create(TablePart part, Dataset dataset);

    /** What else must be made along with the tables. */
    List<String> extras(RowTables tables) {
        return List.of();
    }

    /** The default. */
    private static final class TablePerDataset extends PostgresLayout {

        @Override
        String id() {
            return "table-per-dataset";
        }

        @Override
        Optional<String> refusal(Dataset dataset) {
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
