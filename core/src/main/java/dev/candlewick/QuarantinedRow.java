package dev.candlewick;

/**
 * A row that arrived and is wrong: set aside, never stored, never in the way of the others.
 *
 * @param file the file or request it came in
 * @param line its line there, counted from 1 (in JSON arrays: the element)
 * @param column the column that is wrong; empty when it is the row as a whole
 * @param reason what is wrong with it
 * @param text the row as it arrived, cut to 200 characters
 */
public record QuarantinedRow(String file, long line, String column, String reason, String text) {

    private static final int TEXT_LIMIT = 200;

    /** Cuts the text to its limit. */
    public QuarantinedRow {
        if (text.length() > TEXT_LIMIT) {
            text = text.substring(0, TEXT_LIMIT) + "…";
        }
    }

    @Override
    public String toString() {
        return file + ", line " + line + (column.isEmpty() ? "" : ", column " + column) + ": " + reason;
    }
}
