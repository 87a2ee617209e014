package dev.candlewick.csv;

import java.util.Arrays;

/**
 * The code of a deflate block as tables to look its next bits up in: a first table for the codes that are short, further
 * ones behind it for the long ones.
 *
 * <p>An entry says what to do in one look:
 *
 * <pre>
 * literals   1.......  second   first    bits      (sign bit; 24: a second literal is there)
 * value      .1...bbb bbbbbbbb  bbbbcccc bits      (base of a length or distance; the code's own bits, and all bits)
 * end        ..1.....                    bits
 * further    ...1oooo oooooooo  ooo.wwww bits      (offset and width of the further table)
 * invalid    0
 * </pre>
 */
final class HuffmanTable {

    static final int LITERAL = 1 << 31;
    static final int SECOND = 1 << 24;
    static final int END = 1 << 29;
    static final int FURTHER = 1 << 28;

    private static final int LONGEST = 15;
    private static final int SYMBOLS = 288;

    private final int bits;
    private final int longestIncomplete;
    final int[] entries;
    private final int[] counts = new int[LONGEST + 1];
    private final int[] codes = new int[LONGEST + 1];
    private int used;

    HuffmanTable(int bits, int size, int longestIncomplete) {
        this.longestIncomplete = longestIncomplete;
        this.bits = bits;
        this.entries = new int[size];
    }

    /**
     * Fills the tables.
     *
     * @param lengths of the code of each symbol, 0 for those without, from {@code from} on
     * @param meanings what the entry of each symbol says, without its bits
     */
    void build(byte[] lengths, int from, int symbols, int[] meanings) {
        if (symbols > SYMBOLS) {
            throw new IllegalArgumentException(symbols + " symbols");
        }
        Arrays.fill(counts, 0);
        for (int symbol = 0; symbol < symbols; symbol++) {
            counts[lengths[from + symbol]]++;
        }
        int longest = longest();
        checkComplete(symbols, longest);
        Arrays.fill(entries, 0, 1 << bits, 0);
        used = 1 << bits;
        counts[0] = 0;
        codes[0] = 0;
        for (int length = 1; length <= LONGEST; length++) {
            codes[length] = (codes[length - 1] + counts[length - 1]) << 1;
        }
        for (int symbol = 0; symbol < symbols; symbol++) {
            int length = lengths[from + symbol];
            if (length > 0) {
                int code = Integer.reverse(codes[length]++) >>> (32 - length);
                put(code, length, meanings[symbol], longest);
            }
        }
    }

    private int longest() {
        for (int length = LONGEST; length > 0; length--) {
            if (counts[length] > 0) {
                return length;
            }
        }
        return 0;
    }

    /** As zlib: a code must use up all bit patterns, but where it may be of a single symbol, or of none. */
    private void checkComplete(int symbols, int longest) {
        int left = 1;
        for (int length = 1; length <= LONGEST; length++) {
            left = (left << 1) - counts[length];
            if (left < 0) {
                throw new Deflated.BadGzip("it has a code with more words than there are");
            }
        }
        if (left > 0 && longest > longestIncomplete) {
            throw new Deflated.BadGzip("it has a code of " + (symbols - counts[0]) + " words that leaves some unused");
        }
    }

    private void put(int code, int length, int meaning, int longest) {
        // The bits of what follows the code count as the entry's; see the pattern above.
        int entry = meaning + length + ((meaning & LITERAL) == 0 ? length << 8 : 0);
        if (length <= bits) {
            for (int at = code; at < 1 << bits; at += 1 << length) {
                entries[at] = entry;
            }
            return;
        }
        int prefix = code & ((1 << bits) - 1);
        int width = longest - bits;
        if (entries[prefix] == 0) {
            entries[prefix] = FURTHER | used << 13 | width << 8 | bits;
            Arrays.fill(entries, used, used + (1 << width), 0);
            used += 1 << width;
        }
        int offset = offset(entries[prefix]);
        for (int at = code >>> bits; at < 1 << width; at += 1 << (length - bits)) {
            entries[offset + at] = entry - bits - ((meaning & LITERAL) == 0 ? bits << 8 : 0);
        }
    }

    /** The part of an entry that says what a value starts from. */
    static int based(int base) {
        return base << 12;
    }

    static int base(int entry) {
        return (entry >>> 12) & 0x7FFF;
    }

    static int offset(int further) {
        return (further >>> 13) & 0x7FFF;
    }

    /**
     * Joins two literals that fit the first table's bits into one entry: in text, where a literal takes five or six bits,
     * that is nearly all of them, and halves the looks.
     */
    void joinLiterals() {
        // Downwards: what follows a first literal is looked up at a smaller place, which is not joined yet.
        for (int at = (1 << bits) - 1; at >= 0; at--) {
            int first = entries[at];
            if (first < 0) {
                int length = first & 0xFF;
                int second = entries[at >>> length];
                if (second < 0 && (second & SECOND) == 0 && length + (second & 0xFF) <= bits) {
                    entries[at] = (first + (second & 0xFF)) | (second & 0xFF00) << 8 | SECOND;
                }
            }
        }
    }
}
