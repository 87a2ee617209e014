package dev.candlewick.examples;

import java.util.ArrayList;
import java.util.List;

/** Rows of text in aligned columns for a person to read. Text columns to the left, the others to the right. */
final class AlignedTable {

    private final List<List<String>> rows = new ArrayList<>();
    private final int leftColumns;

    /** A table whose first columns, so many, are aligned to the left. */
    AlignedTable(int leftColumns) {
        this.leftColumns = leftColumns;
    }

    AlignedTable row(String... cells) {
        return row(List.of(cells));
    }

    AlignedTable row(List<String> cells) {
        rows.add(cells.stream().map(TerminalText::line).toList());
        return this;
    }

    /** Every row on a line of its own, each with its line end and without blanks at it. */
    String render() {
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                if (i == widths.size()) {
                    widths.add(0);
                }
                widths.set(i, Math.max(widths.get(i), width(row.get(i))));
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.size(); i++) {
                String blanks = " ".repeat(widths.get(i) - width(row.get(i)));
                line.append(i == 0 ? "" : "  ").append(i < leftColumns ? row.get(i) + blanks : blanks + row.get(i));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
