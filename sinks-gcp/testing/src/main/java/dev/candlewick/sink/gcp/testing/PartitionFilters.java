package dev.candlewick.sink.gcp.testing;

import dev.candlewick.sink.gcp.testing.SqlExpression.Name;
import dev.candlewick.sink.gcp.testing.SqlExpression.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which partitions a condition leaves: comparisons of the column of the partitions (or of its day) with what does not
 * depend on the row, joined by AND and OR. This is narrower than the service, which knows more forms: what passes here
 * passes there.
 */
final class PartitionFilters {
    /** What a condition says of one scan: empty text when it names the column and leaves every partition. */
    private record Pruning(SqlScan scan, String condition) {}

    private PartitionFilters() {}

    /** Tells the scans of a scope what this condition, which every row must meet, leaves of them. */
    static void note(SqlExpression condition, SqlScope scope) {
        if (condition instanceof Operation operation && operation.kind().equals("AND")) {
            operation.arguments().forEach(part -> note(part, scope));
            return;
        }
        prune(condition, scope).ifPresent(pruning -> pruning.scan().filter(pruning.condition()));
    }

    private static Optional<Pruning> prune(SqlExpression condition, SqlScope scope) {
        if (!(condition instanceof Operation operation)) {
            return Optional.empty();
        }
        List<SqlExpression> parts = operation.arguments();
        switch (operation.kind()) {
            case "OR" -> {
                List<Pruning> each = new ArrayList<>();
                for (SqlExpression part : parts) {
                    Optional<Pruning> pruning = prune(part, scope);
                    if (pruning.isEmpty()
                            || pruning.get().scan()
                                    != prune(parts.get(0), scope)
                                            .map(Pruning::scan)
                                            .orElse(null)) {
                        return Optional.empty();
                    }
                    each.add(pruning.get());
                }
                boolean all =
                        each.stream().anyMatch(pruning -> pruning.condition().isEmpty());
                return Optional.of(new Pruning(
                        each.get(0).scan(),
                        all
                                ? ""
                                : each.stream()
                                        .map(pruning -> "(" + pruning.condition() + ")")
                                        .collect(Collectors.joining(" OR "))));
            }
            case "AND" -> {
                return parts.stream()
                        .map(part -> prune(part, scope))
                        .flatMap(Optional::stream)
                        .findFirst();
            }
            case "=", "<", "<=", ">", ">=" -> {
                Optional<Pruning> straight = compare(operation.kind(), parts.get(0), parts.get(1), scope);
                return straight.isPresent()
                        ? straight
                        : compare(turned(operation.kind()), parts.get(1), parts.get(0), scope);
            }
            case "BETWEEN" -> {
                Optional<Pruning> low = compare(">=", parts.get(0), parts.get(1), scope);
                Optional<Pruning> high = compare("<=", parts.get(0), parts.get(2), scope);
                return low.isPresent() && high.isPresent()
                        ? Optional.of(new Pruning(
                                low.get().scan(),
                                low.get().condition() + " AND " + high.get().condition()))
                        : Optional.empty();
            }
            case "IN" -> {
                List<Pruning> each = new ArrayList<>();
                for (SqlExpression element : parts.subList(1, parts.size())) {
                    Optional<Pruning> one = compare("=", parts.get(0), element, scope);
                    if (one.isEmpty()) {
                        return Optional.empty();
                    }
                    each.add(one.get());
                }
                return Optional.of(new Pruning(
                        each.get(0).scan(),
                        each.stream().map(Pruning::condition).collect(Collectors.joining(" OR "))));
            }
            case "IS NULL", "IS NOT NULL" -> {
                return partition(parts.get(0), scope).map(scan -> new Pruning(scan, ""));
            }
            default -> {
                return Optional.empty();
            }
        }
    }

    private static Optional<Pruning> compare(String operator, SqlExpression left, SqlExpression right, SqlScope scope) {
        if (!right.constant(scope)) {
            return Optional.empty();
        }
        String bound = right.render(scope);
        Optional<SqlScan> plain = partition(left, scope);
        if (plain.isPresent()) {
            String unit = plain.get().table().partitionUnit();
            String end = "(" + SqlScan.PARTITION + " + INTERVAL 1 " + unit + ")";
            String text = switch (operator) {
                case ">", ">=" -> end + " > " + bound;
                case "<", "<=" -> SqlScan.PARTITION + " " + operator + " " + bound;
                default -> SqlScan.PARTITION + " = date_trunc('" + unit + "', " + bound + ")";
            };
            return Optional.of(new Pruning(plain.get(), text));
        }
        if (left instanceof Operation call
                && call.kind().equals("DATE")
                && call.arguments().size() == 1) {
            return partition(call.arguments().get(0), scope).map(scan -> {
                boolean fine = scan.table().partitionUnit().equals("day")
                        || scan.table().partitionUnit().equals("hour");
                return new Pruning(
                        scan, fine ? "CAST(" + SqlScan.PARTITION + " AS DATE) " + operator + " " + bound : "");
            });
        }
        return Optional.empty();
    }

    private static Optional<SqlScan> partition(SqlExpression expression, SqlScope scope) {
        if (expression instanceof Name name) {
            return scope.find(name.path(), name.at())
                    .filter(SqlScope.Found::isPartitionColumn)
                    .map(found -> found.source().scan());
        }
        return Optional.empty();
    }

    private static String turned(String operator) {
        return switch (operator) {
            case "<" -> ">";
            case "<=" -> ">=";
            case ">" -> "<";
            case ">=" -> "<=";
            default -> operator;
        };
    }
}
