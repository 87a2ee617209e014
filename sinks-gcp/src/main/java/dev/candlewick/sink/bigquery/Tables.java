package dev.candlewick.sink.bigquery;

import com.google.cloud.bigquery.BigQuery.TableField;
import com.google.cloud.bigquery.BigQuery.TableOption;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.Field.Mode;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableDefinition;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.TimePartitioning;
import dev.candlewick.CalendarUnit;
import dev.candlewick.Corrupt;
import dev.candlewick.Dataset;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The store's tables: made when they are first needed, and never used when they are not what is expected. What a table
 * holds is said by its description, which is made together with it. Thread-safe.
 */
final class Tables {

    private final Warehouse warehouse;
    private final BigQueryLayout layout;
    private final Creation creation;
    private final Partitioning partitioning;
    private final Map<String, Duration> retention;
    private final Map<Dataset, Held> ready = new ConcurrentHashMap<>();
    private final Map<String, Held> seen = new ConcurrentHashMap<>();
    private volatile boolean hasLedger;

    Tables(Warehouse warehouse, BigQueryStore.Builder settings) {
        this.warehouse = warehouse;
        this.layout = settings.layout;
        this.creation = settings.creation;
        this.partitioning = settings.partitioning;
        this.retention = Map.copyOf(settings.retention);
    }

    /**
     * A table as it is there.
     *
     * @param rows what it holds, and how
     * @param retention after which a partition goes by itself; zero when never
     * @param partitioning how it is divided
     */
    record Held(RowsTable rows, Duration retention, Partitioning partitioning) {

        boolean expires() {
            return !retention.isZero();
        }
    }

    RowsTable of(Dataset dataset) {
        return layout.table(dataset);
    }

    TableId id(RowsTable table) {
        return warehouse.table(table.name());
    }

    String name(RowsTable table) {
        return Statement.table(id(table));
    }

    /** The table that holds a dataset of that name, if there is one; asked of the server at most once when it is. */
    Optional<Held> held(Dataset named) {
        Held known = seen.get(named.name());
        if (known != null) {
            return Optional.of(known);
        }
        RowsTable expected = of(named);
        Optional<Table> table = find(expected.name());
        Optional<Held> held = table.map(there -> held(there, expected.name()));
        held.filter(there -> there.rows().dataset().name().equals(named.name()))
                .ifPresent(there -> seen.put(named.name(), there));
        return held;
    }

    private Held held(Table table, String name) {
        Dataset dataset = described(table, name);
        TimePartitioning partitions = definition(table).getTimePartitioning();
        Long expiration = partitions == null ? null : partitions.getExpirationMs();
        boolean hourly = partitions != null && partitions.getType() == TimePartitioning.Type.HOUR;
        return new Held(
                of(dataset),
                expiration == null ? Duration.ZERO : Duration.ofMillis(expiration),
                hourly ? Partitioning.HOUR : Partitioning.DAY);
    }

    private Dataset described(Table table, String name) {
        String description = Optional.ofNullable(table.getDescription()).orElse("");
        String place = "description of the table " + name + " in " + place();
        return Description.read(description, place)
                .orElseThrow(
                        () -> new Refused(
                                "The " + place
                                        + " does not say what it holds: something else has made the table. Use another dataset, or rename it"));
    }

    /** All tables of rows that say what they hold. */
    List<Held> all() {
        List<Held> all = new ArrayList<>();
        List<String> names = new ArrayList<>();
        try {
            warehouse.ask("Listing the tables", client -> {
                names.clear();
                client.listTables(warehouse.dataset())
                        .iterateAll()
                        .forEach(table -> names.add(table.getTableId().getTable()));
                return true;
            });
        } catch (BigQueryException failed) {
            if (!warehouse.isNothingThere(failed)) {
                throw warehouse.failures().of("Listing the tables", failed);
            }
        }
        for (String name : names) {
            if (!name.startsWith("candlewick_")) {
                find(name).filter(Tables::isOurs).ifPresent(table -> all.add(held(table, name)));
            }
        }
        return all;
    }

    private static boolean isOurs(Table table) {
        return Description.isOurs(Optional.ofNullable(table.getDescription()).orElse(""));
    }

    private Optional<Table> find(String name) {
        try {
            return warehouse.ask(
                    "Looking at the table " + name,
                    client -> Optional.ofNullable(client.getTable(
                            warehouse.table(name),
                            TableOption.fields(
                                    TableField.SCHEMA,
                                    TableField.DESCRIPTION,
                                    TableField.TIME_PARTITIONING,
                                    TableField.TYPE))));
        } catch (BigQueryException failed) {
            if (Failures.isNotFound(failed)) {
                return Optional.empty();
            }
            throw warehouse.failures().of("Looking at the table " + name, failed);
        }
    }

    /** Why a series is not to be read here, if it is not: another schema is stored under its name. */
    void requireSame(Series series, Held held) {
        if (!held.rows().dataset().equals(series.dataset())) {
            throw new Refused("Series " + Failures.cut(series) + " cannot be read from " + place() + ": the table '"
                    + held.rows().name() + "' holds "
                    + Failures.cut(held.rows().dataset() + " with "
                            + held.rows().dataset().schema())
                    + ". Ask for the schema that is stored");
        }
    }

    /**
     * The table of a dataset, made if need be.
     *
     * @throws Refused when it is there with other columns, or is not there and may not be made
     */
    Held ready(Series series) {
        Held known = ready.get(series.dataset());
        if (known != null) {
            return known;
        }
        RowsTable expected = of(series.dataset());
        Duration kept = retention(series.dataset());
        requireLedger();
        Table table = find(expected.name()).orElseGet(() -> create(expected.name(), rows(expected, kept)));
        check(series, expected, table, kept);
        Held held = held(table, expected.name());
        ready.put(series.dataset(), held);
        seen.put(series.dataset().name(), held);
        return held;
    }

    private Duration retention(Dataset dataset) {
        Duration kept = retention.getOrDefault(dataset.name(), Duration.ZERO);
        if (!kept.isZero() && dataset.cadence().unit() != CalendarUnit.DAY) {
            throw new Refused("A retention of " + kept + " for " + dataset
                    + " is refused: its unit of work is a " + dataset.cadence().unit()
                    + ", of which BigQuery would drop one day after the other. Only datasets of daily units (events, and"
                    + " candles of less than a minute) can expire");
        }
        return kept;
    }

    private TableInfo rows(RowsTable table, Duration kept) {
        TimePartitioning.Builder partitions = TimePartitioning.newBuilder(
                        partitioning == Partitioning.HOUR ? TimePartitioning.Type.HOUR : TimePartitioning.Type.DAY)
                .setField(table.partitionedOn());
        if (!kept.isZero()) {
            partitions.setExpirationMs(kept.toMillis());
        }
        TableDefinition definition = StandardTableDefinition.newBuilder()
                .setSchema(table.schema())
                .setTimePartitioning(partitions.build())
                .setClustering(table.clustering())
                .build();
        return TableInfo.newBuilder(id(table), definition)
                .setDescription(Description.of(table.dataset()))
                .setRequirePartitionFilter(true)
                .build();
    }

    private Table create(String name, TableInfo info) {
        if (creation == Creation.NOTHING) {
            throw new Refused("The table '" + name + "' is not in " + place() + ", and none is to be made. Create it"
                    + " with another store that may, or let this one");
        }
        try {
            return warehouse.ask("Creating the table " + name, client -> client.create(info));
        } catch (BigQueryException failed) {
            if (Failures.isDuplicate(failed)) {
                return find(name).orElseThrow(() -> warehouse.failures().of("Creating the table " + name, failed));
            }
            throw warehouse.failures().of("Creating the table " + name, failed);
        }
    }

    private void check(Series series, RowsTable expected, Table table, Duration kept) {
        String at = "the table '" + expected.name() + "' of " + place();
        Dataset stored = described(table, expected.name());
        if (!stored.name().equals(series.dataset().name())) {
            throw new Refused(
                    "Series " + Failures.cut(series) + " would be stored in " + at + ", which holds the dataset '"
                            + stored.name() + "'. Use another BigQuery dataset for one of them");
        }
        Schema columns = definition(table).getSchema();
        List<String> differences =
                columns == null ? new ArrayList<>(List.of("has no columns")) : differences(expected.schema(), columns);
        TimePartitioning partitions = definition(table).getTimePartitioning();
        String on = partitions == null ? "nothing" : String.valueOf(partitions.getField());
        if (!on.equals(expected.partitionedOn())) {
            differences.add("is partitioned on " + on + " instead of " + expected.partitionedOn());
        }
        if (differences.isEmpty() && !stored.equals(series.dataset())) {
            differences.add("holds " + stored.schema() + " " + stored.cadence() + " instead of " + series.schema() + " "
                    + series.cadence());
        }
        Duration there = held(table, expected.name()).retention();
        if (differences.isEmpty() && retention.containsKey(stored.name()) && !there.equals(kept)) {
            differences.add("keeps its partitions for " + (there.isZero() ? "ever" : there.toString()) + " instead of "
                    + kept + " (change it with ALTER TABLE … SET OPTIONS (partition_expiration_days = "
                    + kept.toDays() + "))");
        }
        if (!differences.isEmpty()) {
            throw new Refused("Series " + Failures.cut(series) + " cannot be stored in " + at + ", which "
                    + String.join(", ", differences)
                    + ". Use the schema that is stored, another dataset name, or another BigQuery dataset");
        }
    }

    private static List<String> differences(Schema expected, Schema actual) {
        Set<String> there = new LinkedHashSet<>();
        actual.getFields().forEach(field -> there.add(described(field)));
        Set<String> wanted = new LinkedHashSet<>();
        expected.getFields().forEach(field -> wanted.add(described(field)));
        List<String> differences = new ArrayList<>();
        wanted.stream().filter(column -> !there.contains(column)).forEach(column -> differences.add("lacks " + column));
        there.stream()
                .filter(column -> !wanted.contains(column))
                // Somebody's own column that may be empty is in nobody's way.
                .filter(column -> column.endsWith(" REQUIRED") || clashes(column, wanted))
                .forEach(column -> differences.add("has " + column));
        return differences;
    }

    private static boolean clashes(String column, Set<String> wanted) {
        String name = column.substring(0, column.indexOf(' ') + 1);
        return wanted.stream().anyMatch(other -> other.startsWith(name));
    }

    private static String described(Field field) {
        Long precision = field.getPrecision();
        Long scale = field.getScale();
        String digits = precision == null ? "" : "(" + precision + ", " + (scale == null ? 0 : scale) + ")";
        Mode mode = field.getMode();
        return field.getName() + " " + field.getType().getStandardType() + digits + " "
                + (mode == null ? Mode.NULLABLE : mode);
    }

    private static StandardTableDefinition definition(Table table) {
        TableDefinition definition = table.getDefinition();
        if (definition instanceof StandardTableDefinition standard) {
            return standard;
        }
        throw new Refused("'" + table.getTableId().getTable() + "' is a " + definition.getType()
                + " and no table. Use another dataset, or rename it");
    }

    /** Makes the ledger, and the dataset, if need be. */
    private void requireLedger() {
        if (hasLedger) {
            return;
        }
        requireDataset();
        if (find(Ledger.TABLE).isEmpty()) {
            create(Ledger.TABLE, Ledger.definition(warehouse.table(Ledger.TABLE)));
        }
        hasLedger = true;
    }

    private void requireDataset() {
        String name = warehouse.dataset().getDataset();
        Optional<com.google.cloud.bigquery.Dataset> there;
        try {
            there = warehouse.ask(
                    "Looking for the dataset " + name,
                    client -> Optional.ofNullable(client.getDataset(warehouse.dataset())));
        } catch (BigQueryException failed) {
            if (!Failures.isNotFound(failed)) {
                throw warehouse.failures().of("Looking for the dataset " + name, failed);
            }
            there = Optional.empty();
        }
        if (there.isPresent()) {
            warehouse.locatedAt(there.get().getLocation());
            return;
        }
        if (creation != Creation.DATASET_AND_TABLES) {
            throw warehouse
                    .failures()
                    .of(
                            "Looking for the dataset",
                            new BigQueryException(
                                    404,
                                    "Not found: Dataset " + warehouse.dataset().getProject() + ":" + name));
        }
        DatasetInfo.Builder info = DatasetInfo.newBuilder(warehouse.dataset());
        warehouse.locationIfKnown().ifPresent(info::setLocation);
        try {
            warehouse.ask("Creating the dataset " + name, client -> client.create(info.build()));
        } catch (BigQueryException failed) {
            if (!Failures.isDuplicate(failed)) {
                throw warehouse.failures().of("Creating the dataset " + name, failed);
            }
        }
    }

    /** After somebody dropped tables behind our back: look again. */
    void forgetWhatIsKnown() {
        ready.clear();
        seen.clear();
        hasLedger = false;
    }

    private String place() {
        return "bigquery:" + warehouse.dataset().getProject() + "."
                + warehouse.dataset().getDataset();
    }

    /** @throws Corrupt when no table says that it holds the dataset */
    Dataset named(String dataset) {
        Held known = seen.get(dataset);
        if (known != null) {
            return known.rows().dataset();
        }
        for (Held held : all()) {
            seen.put(held.rows().dataset().name(), held);
        }
        return Optional.ofNullable(seen.get(dataset))
                .map(held -> held.rows().dataset())
                .orElseThrow(() -> new Corrupt("The ledger of " + place() + " names the dataset '" + dataset
                        + "', but no table says that it holds its rows; was it dropped, or its description changed?"));
    }
}
