package dev.candlewick;

import java.util.ArrayList;
import java.util.List;

/** Says how the columns of two schemas differ. */
final class SchemaDifferences {

    private SchemaDifferences() {}

    /** A line for people for each difference; none when they are the same. */
    static List<String> of(Schema left, Schema right) {
        List<String> lines = new ArrayList<>();
        for (Field field : left.fields()) {
            if (!right.names().contains(field.name())) {
                lines.add(field + " only left");
            } else if (!right.field(field.name()).equals(field)) {
                lines.add(field + " left, " + right.field(field.name()) + " right");
            }
        }
        right.fields().stream()
                .filter(field -> !left.names().contains(field.name()))
                .forEach(field -> lines.add(field + " only right"));
        if (lines.isEmpty() && !left.names().equals(right.names())) {
            lines.add("in the order " + left.names() + " left, " + right.names() + " right");
        }
        if (!left.time().equals(right.time())) {
            lines.add("ordered by " + left.time() + " left, " + right.time() + " right");
        }
        if (!left.key().equals(right.key())) {
            lines.add("unique by " + left.key() + " left, " + right.key() + " right");
        }
        return lines;
    }
}
