package dev.candlewick.sink.postgres;

import dev.candlewick.Refused;
import dev.candlewick.Series;
import java.io.IOException;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Merges new rows with stored ones: into a temporary table first, from there with {@code ON CONFLICT}. */
final class StagedRows {

    private static final String STAGE = "pg_temp.candlewick_stage";

    private final Transaction transaction;
    private final Series series;
    private final RowTables tables;
    private final ConflictPolicy policy;

    StagedRows(Transaction transaction, Series series, RowTables tables, ConflictPolicy policy) {
        this.transaction = transaction;
        this.series = series;
        this.tables = tables;
        this.policy = policy;
    }

    /** Why a policy cannot be followed for a dataset. */
    static Optional<String> refusal(RowTables tables, ConflictPolicy policy) {
        if (policy.kind() == ConflictPolicy.Kind.REPLACE) {
            return Optional.empty();
        }
        if (tables.parts().size() > 1) {
            return Optional.of("the policy '" + policy + "' needs a layout with one table per dataset");
        }
        if (tables.first().ordinal().isPresent()) {
            return Optional.of("the policy '" + policy
                    + "' needs a dataset whose rows are keyed by their time alone, and " + tables.dataset()
                    + " has the key " + tables.dataset().schema().key());
        }
        return policy.version()
                .filter(column -> !tables.dataset().schema().names().contains(column))
                .map(column -> "the policy '" + policy + "' names a column that " + Failures.shown(tables.dataset())
                        + " has not; it has " + tables.dataset().schema().names());
    }

    void merge(UnitDraft draft, String doing) throws SQLException, IOException {
        TablePart part = tables.first();
        transaction.execute("CREATE TEMPORARY TABLE candlewick_stage (LIKE " + part.name() + ") ON COMMIT DROP");
        transaction.copyIn(
                "COPY " + STAGE + " (" + Sql.names(part.columns()) + ") FROM STDIN (FORMAT binary)",
                target -> draft.writeTuples(part, target));
        if (policy.kind() == ConflictPolicy.Kind.FAIL) {
            refuseConflict(part, doing);
        }
        transaction.execute("INSERT INTO " + part.name() + " AS t (" + Sql.names(part.columns()) + ") SELECT "
                + Sql.names(part.columns()) + " FROM " + STAGE + " ON CONFLICT (" + PostgresLayout.key(part) + ") "
                + resolution(part));
    }

    private String resolution(TablePart part) {
        if (policy.kind() != ConflictPolicy.Kind.REPLACE_IF_NEWER) {
            return "DO NOTHING";
        }
        String column = version(part);
        String newer = "(t." + column + " IS NULL AND excluded." + column + " IS NOT NULL OR excluded." + column
                + " > t." + column + ")";
        List<String> values = values(part);
        if (values.isEmpty()) {
            return "DO NOTHING"; // rows of one time are equal
        }
        return "DO UPDATE SET "
                + values.stream().map(name -> name + " = excluded." + name).collect(Collectors.joining(", "))
                + " WHERE " + newer + " AND (" + prefixed("t.", values) + ") IS DISTINCT FROM ("
                + prefixed("excluded.", values) + ")";
    }

    private String version(TablePart part) {
        int field = series.schema().indexOf(policy.version().orElseThrow());
        return part.stored().stream()
                .filter(stored -> stored.field() == field)
                .map(stored -> Sql.name(stored.column()))
                .findFirst()
                .orElse(Sql.name(part.time()));
    }

    private void refuseConflict(TablePart part, String doing) throws SQLException {
        List<String> values = values(part);
        if (values.isEmpty()) {
            return;
        }
        String time = Sql.name(part.time());
        Optional<OffsetDateTime> first = transaction.first(
                "SELECT s." + time + " FROM " + STAGE + " s JOIN " + part.name() + " t ON t." + Sql.name(part.subject())
                        + " = s." + Sql.name(part.subject()) + " AND t." + time + " = s." + time + " WHERE ("
                        + prefixed("t.", values) + ") IS DISTINCT FROM (" + prefixed("s.", values) + ") ORDER BY s."
                        + time + " LIMIT 1",
                row -> row.getObject(1, OffsetDateTime.class));
        if (first.isPresent()) {
            throw new Refused(
                    doing + " was refused: another row of " + part.time() + " "
                            + first.get().toInstant()
                            + " is stored already in " + part.name()
                            + ", and the conflict policy is to fail. Nothing was written. Forget the unit first if the new rows are the right ones");
        }
    }

    private static List<String> values(TablePart part) {
        return part.stored().stream().map(stored -> Sql.name(stored.column())).toList();
    }

    private static String prefixed(String prefix, List<String> names) {
        return names.stream().map(name -> prefix + name).collect(Collectors.joining(", "));
    }
}
