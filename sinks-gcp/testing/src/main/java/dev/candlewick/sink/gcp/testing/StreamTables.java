package dev.candlewick.sink.gcp.testing;

import com.google.cloud.bigquery.storage.v1.TableFieldSchema;
import com.google.cloud.bigquery.storage.v1.TableSchema;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The tables that streams write into and read from. Tables are named as the Storage API names them,
 * {@code projects/P/datasets/D/tables/T}. A value is a String, Long (also microseconds of a TIMESTAMP), Double, Boolean or
 * BigDecimal, or null.
 */
interface StreamTables {

    /** The columns of a table; empty when there is no such table. */
    Optional<TableSchema> schema(String table);

    /** Adds rows, values in the order of the schema: all of them or, with an exception, none. */
    void append(String table, List<@Nullable Object[]> rows);

    /**
     * The rows as they are now that a restriction leaves, with the values of the columns named.
     *
     * @param restriction a condition in GoogleSQL; empty for none
     * @throws IllegalArgumentException when the restriction says something that is not understood
     */
    List<@Nullable Object[]> read(String table, List<String> columns, String restriction);

    /** Where a column stands in the schema, by its name without regard to case; -1 when it is not there. */
    static int indexOf(TableSchema schema, String column) {
        List<TableFieldSchema> fields = schema.getFieldsList();
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).getName().equalsIgnoreCase(column)) {
                return i;
            }
        }
        return -1;
    }
}
