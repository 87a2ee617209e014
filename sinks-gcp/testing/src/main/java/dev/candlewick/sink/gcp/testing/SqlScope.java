package dev.candlewick.sink.gcp.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The names that an expression may use at its place in a statement. */
final class SqlScope {
    /**
     * A table, a subquery or an array in a FROM clause.
     *
     * @param alias by which its columns are named
     * @param columns their names
     * @param scan what is read of the table, when it is one
     */
    record Source(
            String alias, List<String> columns, @Nullable SqlScan scan) {}

    /**
     * What the whole of a statement shares.
     *
     * @param tables the definition of a table, or a refusal
     * @param variables DuckDB's literals of what the script declared, by lower-case name
     * @param nowMicros the time of the statement, in microseconds since 1970
     * @param scans every place where a table is read
     */
    record Context(
            Function<SqlPath, TableDefinition> tables,
            Map<String, String> variables,
            long nowMicros,
            List<SqlScan> scans) {}

    private final @Nullable SqlScope outer;
    private final Context context;
    private final List<Source> sources = new ArrayList<>();
    private final Set<String> shared = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    private final Map<String, List<String>> queries = new HashMap<>();
    private Set<String> results = Set.of();

    private SqlScope(@Nullable SqlScope outer, Context context) {
        this.outer = outer;
        this.context = context;
    }

    static SqlScope of(Context context) {
        return new SqlScope(null, context);
    }

    SqlScope inner() {
        return new SqlScope(this, context);
    }

    Context context() {
        return context;
    }

    List<Source> sources() {
        return sources;
    }

    /** The same place in a statement with one of its sources only. */
    SqlScope only(int source) {
        SqlScope one = new SqlScope(outer, context);
        one.sources.add(sources.get(source));
        return one;
    }

    void add(Source source, SqlToken at) {
        if (sources.stream().anyMatch(other -> other.alias().equalsIgnoreCase(source.alias()))) {
            throw BigQueryError.invalidQuery(
                    "Duplicate table alias " + source.alias() + " in the same FROM clause" + at.at());
        }
        sources.add(source);
    }

    /** Names a column that USING makes one of two. */
    void share(String column) {
        shared.add(column);
    }

    void addQuery(String name, List<String> columns) {
        queries.put(name.toLowerCase(Locale.ROOT), columns);
    }

    /** The columns of the query that WITH named so. */
    Optional<List<String>> query(String name) {
        List<String> columns = queries.get(name.toLowerCase(Locale.ROOT));
        if (columns != null) {
            return Optional.of(columns);
        }
        return outer == null ? Optional.empty() : outer.query(name);
    }

    /** Lets the names of the select list be used, as ORDER BY and GROUP BY may. */
    void showResults(List<String> names) {
        results = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        results.addAll(names);
    }

    /** The source and the name of the column that a path names here; empty when it names none. */
    Optional<Found> find(List<String> path, SqlToken at) {
        if (path.size() > 2) {
            throw BigQueryError.notOffered("A field of a field (" + String.join(".", path) + ")");
        }
        String wanted = path.get(path.size() - 1);
        Found found = null;
        for (Source source : sources) {
            if (path.size() == 2 && !source.alias().equalsIgnoreCase(path.get(0))) {
                continue;
            }
            for (String column : source.columns()) {
                if (column.equalsIgnoreCase(wanted)) {
                    if (found != null && !shared.contains(wanted)) {
                        throw BigQueryError.invalidQuery("Column name " + wanted + " is ambiguous" + at.at());
                    }
                    if (found == null) {
                        found = new Found(source, column, path.size() == 1 && shared.contains(wanted));
                    } else if (source.scan() != null) {
                        source.scan().use(column);
                    }
                }
            }
            if (path.size() == 2 && found == null) {
                throw BigQueryError.invalidQuery("Name " + wanted + " not found inside " + source.alias() + at.at());
            }
        }
        if (found == null && outer != null) {
            return outer.find(path, at);
        }
        return Optional.ofNullable(found);
    }

    /** DuckDB's text for a name: a column, a name of the select list or a variable, in this order. */
    String resolve(List<String> path, SqlToken at) {
        String first = path.get(0);
        if (path.size() == 1 && results.contains(first) && find(path, at).isEmpty()) {
            return SqlText.name(first);
        }
        Optional<Found> found = find(path, at);
        if (found.isPresent()) {
            return found.get().use();
        }
        String variable = context.variables().get(first.toLowerCase(Locale.ROOT));
        if (path.size() == 1 && variable != null) {
            return variable;
        }
        throw BigQueryError.invalidQuery("Unrecognized name: " + String.join(".", path) + at.at());
    }

    /**
     * A column that a name stands for.
     *
     * @param source where it comes from
     * @param column its name there
     * @param merged whether USING made one of two
     */
    record Found(Source source, String column, boolean merged) {
        String use() {
            if (source.scan() != null) {
                source.scan().use(column);
            }
            return merged ? SqlText.name(column) : SqlText.name(source.alias()) + "." + SqlText.name(column);
        }

        boolean isPartitionColumn() {
            return source.scan() != null
                    && source.scan()
                            .table()
                            .partitionColumn()
                            .filter(column::equalsIgnoreCase)
                            .isPresent();
        }
    }
}
