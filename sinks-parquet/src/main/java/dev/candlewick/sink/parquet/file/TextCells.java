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

/** Text: the distinct values of the row group, encoded once, and a place per value. */
final class TextCells extends Cells {

    // Plain pages of a row group stay below this, whatever somebody stores: news bodies run to megabytes.
    private static final long MOST_BYTES = 64L << 20;
    // Longer bounds would bloat the footer that every reader fetches.
    private static final int LONGEST_BOUND = 64;

    private final String name;
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
        for (int row = from; row < to; row++) {
            // At most three bytes of UTF-8 for each UTF-16 unit.
            room -= 4 + 3L * texts.value(row).length();
            if (room < 0) {
                return Math.max(isEmpty() ? 1 : 0, row - from);
            }
        }
        return to - from;
    }

    @Override
    void appendValues(Column column, int from, int to) {
        TextColumn texts = (TextColumn) column;
        int needed = size + to - from;
        if (needed > codes.length) {
            codes = Arrays.copyOf(codes, Math.max(needed, codes.length * 2));
        }
        // Places follow the first row that uses a text, never the batch's dictionary: equal rows give equal files.
        int[] known = new int[texts.dictionary().size()];
        for (int row = from; row < to; row++) {
            int code = texts.code(row);
            if (known[code] == 0) {
                known[code] = place(texts.value(row)) + 1;
            }
            codes[size++] = known[code] - 1;
            bytes += 4 + 3L * texts.value(row).length();
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
        for (int i = from; i < to; i++) {
            plain(distinct.get(codes[i]), out);
        }
    }

    private static void plain(byte[] text, ByteBuilder out) {
        out.int32(text.length);
        out.write(text, 0, text.length);
    }

    @Override
    @Nullable
    Codes dictionary(int count) {
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
        byte[] least = distinct.get(codes[from]);
        byte[] greatest = least;
        for (int i = from + 1; i < to; i++) {
            if (codes[i] != codes[i - 1]) {
                byte[] text = distinct.get(codes[i]);
                least = compare(text, least) < 0 ? text : least;
                greatest = compare(text, greatest) > 0 ? text : greatest;
            }
        }
        return least.length > LONGEST_BOUND || greatest.length > LONGEST_BOUND ? null : new Bounds(least, greatest);
    }

    @Override
    int compare(byte[] left, byte[] right) {
        return Arrays.compareUnsigned(left, right);
    }

    @Override
    void clear() {
        super.clear();
        size = 0;
        bytes = 0;
        places.clear();
        distinct.clear();
    }
}
