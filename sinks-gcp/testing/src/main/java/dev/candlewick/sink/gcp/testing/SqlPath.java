package dev.candlewick.sink.gcp.testing;

import java.util.List;

/**
 * The name of a table as a statement writes it.
 *
 * @param parts project, dataset and table, or the last two of them
 * @param at where it stands
 */
record SqlPath(List<String> parts, SqlToken at) {
    String last() {
        return parts.get(parts.size() - 1);
    }
}
