package dev.candlewick;

/**
 * A row that arrived and is wrong: set aside, never stored, never in the way of the others.
 *
 * @param file the file or request it came in
 * @param line its line there, counted from 1 (in JSON arrays: the element)
 * @param column the column that is wrong; empty when it is the row as a whole
 * @param reason what is wrong with it, cut to 500 characters
 * @param text the row as it arrived, cut to 200 characters
 */
public record QuarantinedRow(String file, long line, String column, String reason, String text) {

    private static final int TEXT_LIMIT = 200;
    private static final int REASON_LIMIT = 500;

    /** Cuts the texts to their limits. */
    public QuarantinedRow {
        reason = cut(reason, REASON_LIMIT);
        text = cut(text, TEXT_LIMIT);
    }

    private static String cut(String text, int limit) {
        return text.length() > limit ? text.substring(0, limit) + "…" : text;
    }

    @Override
    public String toString() {
        return file + ", line " + line + (column.isEmpty() ? "" : ", column " + column) + ": " + reason;
    }
}
