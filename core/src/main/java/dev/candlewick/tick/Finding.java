package dev.candlewick.tick;

/**
 * What a check found wrong in a series, or worth knowing.
 *
 * @param rule what must hold: {@code side}, {@code negative}, {@code duplicate}, {@code crossed}, {@code clock}, {@code empty}
 * @param rows how many rows break it
 * @param first the first of them, for people: its time and what is wrong
 */
public record Finding(String rule, long rows, String first) {

    @Override
    public String toString() {
        return rule + ": " + rows + (rows == 1 ? " row, " : " rows, the first ") + first;
    }
}
