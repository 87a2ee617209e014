package dev.candlewick.sink.bigquery.streaming;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Clustering;
import com.google.cloud.bigquery.Field.Mode;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.TimePartitioning;
import dev.candlewick.ColumnType;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Refused;
import dev.candlewick.Unavailable;
import dev.candlewick.sink.bigquery.Partitioning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The table of a dataset for live rows: subject columns, then the dataset's, in partitions that go by themselves. */
final class StreamTable {

    /** The columns that name the subject, clustered by in this order. */
    static final List<Field> SUBJECT = List.of(Field.text("venue"), Field.text("kind"), Field.text("code"));

    private static final int CONFLICT = 409;
    private static final int NUMERIC_SCALE = 9;
    private static final int NUMERIC_WHOLE_DIGITS = 29;

    private StreamTable() {}

    /** The fields of the whole table. */
    static List<Field> fields(Dataset dataset) {
        List<Field> fields = new ArrayList<>(SUBJECT);
        for (Field field : dataset.schema().fields()) {
            if (SUBJECT.stream().anyMatch(subject -> subject.name().equals(field.name()))) {
                throw new Refused("Dataset " + dataset + " has a column '" + field.name()
                        + "', which names the subject in a table of BigQuery; rename it");
            }
            fields.add(field);
        }
        return fields;
    }

    /** Makes the table; somebody who was quicker is as good. */
    static void create(BigQuery client, TableId table, Dataset dataset, Partitioning partitions, Duration kept) {
        List<com.google.cloud.bigquery.Field> columns = new ArrayList<>();
        for (Field field : fields(dataset)) {
            columns.add(column(field));
        }
        TimePartitioning partitioning = TimePartitioning.newBuilder(
                        partitions == Partitioning.HOUR ? TimePartitioning.Type.HOUR : TimePartitioning.Type.DAY)
                .setField(dataset.schema().time())
                .setExpirationMs(kept.toMillis())
                .build();
        StandardTableDefinition definition = StandardTableDefinition.newBuilder()
                .setSchema(com.google.cloud.bigquery.Schema.of(columns))
                .setTimePartitioning(partitioning)
                .setClustering(Clustering.newBuilder()
                        .setFields(SUBJECT.stream().map(Field::name).toList())
                        .build())
                .build();
        try {
            client.create(TableInfo.newBuilder(table, definition)
                    .setRequirePartitionFilter(true)
                    .setDescription("Live rows of " + dataset.name())
                    .build());
        } catch (BigQueryException failed) {
            if (failed.getCode() != CONFLICT) {
                String said = "Making table " + named(table) + " failed: " + failed.getMessage();
                throw failed.isRetryable()
                        ? new Unavailable(said + ". Run again", failed)
                        : new Refused(
                                said + ". Grant roles/bigquery.dataEditor on the dataset, or make it yourself: "
                                        + sql(table, dataset, partitions, kept),
                                failed);
            }
        }
    }

    /** The statement that makes the table. */
    static String sql(TableId table, Dataset dataset, Partitioning partitions, Duration kept) {
        String time = dataset.schema().time();
        return "CREATE TABLE `" + named(table) + "` ("
                + fields(dataset).stream()
                        .map(field ->
                                field.name() + " " + sqlType(field.type()) + (field.nullable() ? "" : " NOT NULL"))
                        .collect(Collectors.joining(", "))
                + ") PARTITION BY TIMESTAMP_TRUNC(" + time + ", " + partitions
                + ") CLUSTER BY venue, kind, code OPTIONS"
                + String.format(
                        Locale.ROOT,
                        " (partition_expiration_days = %s, require_partition_filter = TRUE)",
                        java.math.BigDecimal.valueOf(kept.toMillis())
                                .divide(java.math.BigDecimal.valueOf(86_400_000), 6, java.math.RoundingMode.UP)
                                .stripTrailingZeros()
                                .toPlainString());
    }

    static String named(TableId table) {
        return table.getProject() + "." + table.getDataset() + "." + table.getTable();
    }

    private static com.google.cloud.bigquery.Field column(Field field) {
        com.google.cloud.bigquery.Field.Builder column = com.google.cloud.bigquery.Field.newBuilder(
                        field.name(), StandardSQLTypeName.valueOf(typeName(field.type())))
                .setMode(field.nullable() ? Mode.NULLABLE : Mode.REQUIRED);
        if (field.type() instanceof ColumnType.Decimal decimal) {
            column.setPrecision((long) decimal.precision()).setScale((long) decimal.scale());
        }
        return column.build();
    }

    private static String sqlType(ColumnType type) {
        return type instanceof ColumnType.Decimal decimal
                ? typeName(type) + "(" + decimal.precision() + ", " + decimal.scale() + ")"
                : typeName(type);
    }

    private static String typeName(ColumnType type) {
        if (type instanceof ColumnType.Time) {
            return "TIMESTAMP";
        } else if (type instanceof ColumnType.Decimal decimal) {
            return decimal.scale() <= NUMERIC_SCALE && decimal.precision() - decimal.scale() <= NUMERIC_WHOLE_DIGITS
                    ? "NUMERIC"
                    : "BIGNUMERIC";
        } else if (type instanceof ColumnType.Int64) {
            return "INT64";
        } else if (type instanceof ColumnType.Float64) {
            return "FLOAT64";
        } else if (type instanceof ColumnType.Bool) {
            return "BOOL";
        } else {
            return "STRING";
        }
    }
}
