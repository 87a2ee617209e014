package dev.candlewick.sink.parquet.file;

import dev.candlewick.Column;
import dev.candlewick.Field;
import dev.candlewick.TextColumn;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Text: the distinct values of the row group, encoded once, and a place per value. As long as all are whole numbers, as the
 * ids of trades are, the numbers themselves: which of the two is a matter of the values, never of how their columns hold
 * them, so equal rows give equal files.
 */
final class TextCells extends Cells {

    // Plain pages of a row group stay below this, whatever somebody stores: news bodies run to megabytes.
    private static final long MOST_BYTES = 32L << 20;
    // Longer bounds would bloat the footer that every reader fetches.
    private static final int LONGEST_BOUND = 64;

    private final String name;
    private final NumberTexts numbers = new NumberTexts();
    private boolean allNumbers = true;
    private final Map<String, Integer> places = new HashMap<>();
    private final List<byte[]> distinct = new ArrayList<>();
    private int[] codes = new int[1_024];
    private int size;
    private long bytes;

    TextCells(Field field) {
        super(field);
        this.name = field.name();
    }

    @Override
    int roomFor(Column column, int from, int to) {
        TextColumn texts = (TextColumn) column;
        long room = MOST_BYTES - bytes;
        long longest = texts.isNumeric() ? NumberTexts.MOST_DIGITS : longest(texts.dictionary());
        if (weight(longest) * (to - from) <= room) {
            return to - from;
        }
        for (int row = from; row < to; row++) {
            room -= weight(texts.value(row).length());
            if (room < 0) {
                return Math.max(isEmpty() ? 1 : 0, row - from);
            }
        }
        return to - from;
    }

    private static long longest(List<String> texts) {
        long longest = 0;
        for (String text : texts) {
            longest = Math.max(longest, text.length());
        }
        return longest;
    }

    /** At most three bytes of UTF-8 for each UTF-16 unit, and a length. */
    private static long weight(long units) {
        return 4 + 3 * units;
    }

    @Override
    void appendValues(Column column, int from, int to) {
        TextColumn texts = (TextColumn) column;
        if (texts.isNumeric() && allNumbers) {
            bytes += weight(0) * (to - from) + 3 * numbers.append(texts, from, to);
            return;
        }
        int needed = count() + to - from;
        if (needed > codes.length) {
            codes = Arrays.copyOf(codes, Math.max(needed, codes.length * 2));
        }
        if (!allNumbers && to - from >= texts.dictionary().size()) {
            appendCoded(texts, from, to);
            return;
        }
        for (int row = from; row < to; row++) {
            String text = texts.value(row);
            long number = allNumbers ? NumberTexts.number(text) : -1;
            bytes += weight(text.length());
            if (number >= 0) {
                numbers.append(number);
                continue;
            }
            boolean first = allNumbers;
            leaveNumbers();
            codes[size++] = place(text);
            if (first && row + 1 < to) {
                appendValues(column, row + 1, to);
                return;
            }
        }
    }

    /** Texts that are met again and again: each is looked up once. */
    private void appendCoded(TextColumn texts, int from, int to) {
        List<String> dictionary = texts.dictionary();
        // Places follow the first row that uses a text, never the batch's dictionary: equal rows give equal files.
        int[] known = new int[dictionary.size()];
        long[] weights =
                dictionary.stream().mapToLong(text -> weight(text.length())).toArray();
        texts.copyCodes(from, to, codes, size);
        long all = 0;
        for (int i = size; i < size + to - from; i++) {
            int code = codes[i];
            if (known[code] == 0) {
                known[code] = place(dictionary.get(code)) + 1;
            }
            all += weights[code];
            codes[i] = known[code] - 1;
        }
        bytes += all;
        size += to - from;
    }

    private int count() {
        return allNumbers ? numbers.size() : size;
    }

    /** The first text that is no number makes texts of those before it. */
    private void leaveNumbers() {
        if (allNumbers) {
            allNumbers = false;
            for (int i = 0; i < numbers.size(); i++) {
                codes[size++] = place(Long.toString(numbers.get(i)));
            }
            numbers.clear();
        }
    }

    private int place(String text) {
        Integer known = places.get(text);
        if (known != null) {
            return known;
        }
        distinct.add(utf8(text));
        places.put(text, places.size());
        return places.size() - 1;
    }

    private byte[] utf8(String text) {
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(text));
            byte[] exact = new byte[encoded.remaining()];
            encoded.get(exact);
            return exact;
        } catch (CharacterCodingException half) {
            throw new IllegalArgumentException(
                    "Column '" + name + "' has text with half a surrogate pair, which no file can hold exactly: '"
                            + text.substring(0, Math.min(64, text.length())) + "'",
                    half);
        }
    }

    @Override
    void plain(int from, int to, ByteBuilder out) {
        if (allNumbers) {
            numbers.plain(from, to, out);
            return;
        }
        for (int i = from; i < to; i++) {
            plain(distinct.get(codes[i]), out);
        }
    }

    private static void plain(byte[] text, ByteBuilder out) {
        out.int32(text.length);
        out.write(text, 0, text.length);
    }

    @Override
    boolean sharesPrefixes() {
        return allNumbers;
    }

    @Override
    void differing(int from, int to, ByteBuilder out) {
        numbers.differing(from, to, out);
    }

    @Override
    @Nullable
    Codes dictionary(int count) {
        if (allNumbers) {
            return numbers.dictionary(count);
        }
        if (distinct.size() > 1 << 16 || distinct.size() > Math.max(1, count / 2)) {
            return null;
        }
        ByteBuilder entries = new ByteBuilder(distinct.size() * 16);
        for (byte[] text : distinct) {
            plain(text, entries);
        }
        return new Codes(codes, distinct.size(), entries);
    }

    @Override
    @Nullable
    Bounds bounds(int from, int to) {
        if (allNumbers) {
            return numbers.bounds(from, to);
        }
        if (distinct.size() <= Long.SIZE) {
            return boundsOfFew(from, to);
        }
        byte[] least = distinct.get(codes[from]);
        byte[] greatest = least;
        for (int i = from + 1; i < to; i++) {
            if (codes[i] != codes[i - 1]) {
                byte[] text = distinct.get(codes[i]);
                least = compare(text, least) < 0 ? text : least;
                greatest = compare(text, greatest) > 0 ? text : greatest;
            }
        }
        return bounds(least, greatest);
    }

    /** Sides and the like: which of the few there are, in one pass without a comparison. */
    private @Nullable Bounds boundsOfFew(int from, int to) {
        long met = 0;
        for (int i = from; i < to; i++) {
            met |= 1L << codes[i];
        }
        byte[] least = distinct.get(codes[from]);
        byte[] greatest = least;
        for (long rest = met; rest != 0; rest &= rest - 1) {
            byte[] text = distinct.get(Long.numberOfTrailingZeros(rest));
            least = compare(text, least) < 0 ? text : least;
            greatest = compare(text, greatest) > 0 ? text : greatest;
        }
        return bounds(least, greatest);
    }

    private static @Nullable Bounds bounds(byte[] least, byte[] greatest) {
        return least.length > LONGEST_BOUND || greatest.length > LONGEST_BOUND ? null : new Bounds(least, greatest);
    }

    @Override
    int compare(byte[] left, byte[] right) {
        return Arrays.compareUnsigned(left, right);
    }

    @Override
    void clear() {
        super.clear();
        numbers.clear();
        allNumbers = true;
        size = 0;
        bytes = 0;
        places.clear();
        distinct.clear();
    }
}
