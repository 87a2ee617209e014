package dev.candlewick.sink.bigquery.streaming;

import com.google.cloud.bigquery.TableId;
import java.util.Optional;

/** How the Storage API names a table. */
final class Tables {

    private Tables() {}

    static String path(TableId table) {
        if (Optional.ofNullable(table.getProject()).isEmpty()) {
            throw new IllegalArgumentException(
                    "Table " + table.getDataset() + "." + table.getTable() + " needs a project");
        }
        return "projects/" + table.getProject() + "/datasets/" + table.getDataset() + "/tables/" + table.getTable();
    }
}
