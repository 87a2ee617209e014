package dev.candlewick;

import java.util.ArrayList;
import java.util.List;

/** Lays rows of text out in aligned columns, as {@code toString} methods show them in JShell. */
final class TextTable {

    private TextTable() {}

    /** Right-aligned cells, two blanks between columns, one line per row, no line end after the last. */
    static String render(List<List<String>> rows) {
        List<Integer> widths = new ArrayList<>();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                int width = row.get(i).codePointCount(0, row.get(i).length());
                if (i == widths.size()) {
                    widths.add(width);
                } else {
                    widths.set(i, Math.max(widths.get(i), width));
                }
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            if (text.length() > 0) {
                text.append('\n');
            }
            for (int i = 0; i < row.size(); i++) {
                String cell = row.get(i);
                int blanks = widths.get(i) - cell.codePointCount(0, cell.length()) + (i == 0 ? 0 : 2);
                text.append(" ".repeat(blanks)).append(cell);
            }
        }
        return text.toString();
    }
}
