package dev.candlewick.csv;

import java.util.function.IntPredicate;

/**
 * Rows cut into cells: where each row starts and each of its cells ends. A cell starts behind the end of the one before
 * it. For one thread; filled again and again.
 */
final class Lines {

    /** Rows that are read column by column before the next ones: their bytes and places stay in the processor's cache. */
    static final int ROWS = 1_024;

    private static final long ABOVE_COMMA = 0x5353535353535353L; // 0x80 - 0x2D
    private static final long LOW = 0x7F7F7F7F7F7F7F7FL;
    private static final long TOP = 0x8080808080808080L;
    private static final int WORD = Long.BYTES;

    /** Told of lines that cannot be cut into the cells that there should be. */
    interface Misfits {
        void misfit(int start, int end, long line, int cells);
    }

    final int cells;
    final int[] starts = new int[ROWS];
    final int[] ends;
    final long[] numbers = new long[ROWS];
    byte[] bytes = new byte[0];
    int rows;
    /** Whether no cell has a quote, blank, plus sign or anything else below the comma. */
    boolean regular;
    /** Lines that the last cut went over, blank ones and misfits included. */
    long linesRead;

    Lines(int cells) {
        this.cells = cells;
        this.ends = new int[ROWS * cells + 2 * WORD];
    }

    int start(int row, int cell) {
        return cell == 0 ? starts[row] : ends[row * cells + cell - 1] + 1;
    }

    int end(int row, int cell) {
        return ends[row * cells + cell];
    }

    /** Where the row ends, without its line end. */
    int lineEnd(int row) {
        return ends[row * cells + cells - 1];
    }

    /**
     * Cuts up to {@code most} rows out of the whole lines {@code [from, to)}; gives where it stopped.
     *
     * @param line the number of the first
     */
    int cut(byte[] text, int from, int to, long line, int most, Misfits misfits) {
        bytes = text;
        rows = 0;
        regular = false;
        int end = cutRegular(text, from, to, line, Math.min(most, ROWS));
        return end > from ? end : cutCarefully(text, from, to, line, Math.min(most, ROWS), misfits);
    }

    /**
     * The usual case, where every line has the right number of cells and no quotes, blanks or carriage returns: everything
     * from the comma downwards is found first, eight bytes at a time, and must then be a line feed at every n-th place and a
     * comma at all others. Gives {@code from} where that is not so. Took 29 ns a row of trades when it told commas from line
     * feeds at once, and takes 20 now.
     */
    private int cutRegular(byte[] text, int from, int to, long line, int most) {
        int wanted = most * cells;
        int found = 0;
        int at = from;
        for (; at < to && found < wanted; at += WORD) {
            long word = Digits.word(text, at);
            long marks = marks(word);
            if (to - at < WORD) {
                marks &= (1L << (8 * (to - at))) - 1;
            }
            int count = Long.bitCount(marks);
            // Two at most in nearly every word: written whether there or not, which no branch has to guess.
            ends[found] = at + (Long.numberOfTrailingZeros(marks) >>> 3);
            marks &= marks - 1;
            ends[found + 1] = at + (Long.numberOfTrailingZeros(marks) >>> 3);
            for (int more = 2; more < count; more++) {
                marks &= marks - 1;
                ends[found + more] = at + (Long.numberOfTrailingZeros(marks) >>> 3);
            }
            found += count;
        }
        int complete = Math.min(most, found / cells); // the last word may hold marks of more rows than are wanted
        return complete > 0 && areRegular(text, from, line, complete) ? ends[complete * cells - 1] + 1 : from;
    }

    /** The top bit of each byte that is 0x2C, the comma, or less. */
    private static long marks(long word) {
        return ~(((word & LOW) + ABOVE_COMMA) | word) & TOP;
    }

    /** How many bytes, 0 to 8, come before the first comma, line end or anything else below the comma. */
    static int untilMark(long word) {
        return Long.numberOfTrailingZeros(marks(word)) >>> 3;
    }

    /** Checks and completes rows found by their marks. */
    private boolean areRegular(byte[] text, int from, long line, int complete) {
        int start = from;
        int odd = 0;
        int longest = 0;
        int mark = 0;
        for (int row = 0; row < complete; row++) {
            for (int cell = 1; cell < cells; cell++) {
                odd |= text[ends[mark++]] ^ ',';
            }
            int end = ends[mark++];
            odd |= text[end] ^ '\n';
            longest = Math.max(longest, end - start);
            starts[row] = start;
            numbers[row] = line + row;
            start = end + 1;
        }
        if (odd != 0 || longest > CsvRows.LONGEST_LINE || cells == 1) {
            return false;
        }
        rows = complete;
        linesRead = complete;
        regular = true;
        return true;
    }

    /** Line by line: any number of cells, blank lines, carriage returns. */
    private int cutCarefully(byte[] text, int from, int to, long line, int most, Misfits misfits) {
        int start = from;
        long number = line;
        while (start < to && rows < most) {
            int feed = start;
            while (text[feed] != '\n') {
                feed++;
            }
            int end = feed > start && text[feed - 1] == '\r' ? feed - 1 : feed;
            if (end - start > CsvRows.LONGEST_LINE) {
                misfits.misfit(start, end, number, -1);
            } else if (end > start) {
                int found = cells(text, start, end);
                if (found == cells) {
                    starts[rows] = start;
                    numbers[rows++] = number;
                } else {
                    misfits.misfit(start, end, number, found);
                }
            }
            start = feed + 1;
            number++;
        }
        linesRead = number - line;
        return start;
    }

    private int cells(byte[] text, int start, int end) {
        int found = 0;
        for (int at = start; at < end; at++) {
            if (text[at] == ',') {
                if (found < cells - 1) {
                    ends[rows * cells + found] = at;
                }
                found++;
            }
        }
        ends[rows * cells + cells - 1] = end;
        return found + 1;
    }

    /** Keeps the rows that pass, in their order; gives how many went. */
    int keep(IntPredicate passes) {
        int kept = 0;
        for (int row = 0; row < rows; row++) {
            if (passes.test(row)) {
                if (kept < row) {
                    starts[kept] = starts[row];
                    numbers[kept] = numbers[row];
                    System.arraycopy(ends, row * cells, ends, kept * cells, cells);
                }
                kept++;
            }
        }
        int gone = rows - kept;
        rows = kept;
        return gone;
    }
}
