package dev.candlewick.tick;

/**
 * The least and the greatest value that a column has in the rows of a check.
 *
 * @param column its name: a time, or a price
 * @param least the least value, as it is printed
 * @param greatest the greatest
 */
public record ColumnRange(String column, String least, String greatest) {

    @Override
    public String toString() {
        return column + " " + least + " to " + greatest;
    }
}
