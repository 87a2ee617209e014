package dev.candlewick.csv;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What has to be so of the cells of a file's column: that they say one of a few texts. */
final class Condition {

    private static final int WORD = Long.BYTES;

    final int cell;
    final String header;
    private final Text[] texts;

    private Condition(int cell, String header, Set<String> texts) {
        this.cell = cell;
        this.header = header;
        this.texts = texts.stream()
                .map(text -> new Text(text.getBytes(StandardCharsets.UTF_8)))
                .toArray(Text[]::new);
    }

    static List<Condition> of(Map<String, Set<String>> conditions, CsvHeader header) {
        List<Condition> all = new ArrayList<>();
        conditions.forEach((name, texts) -> all.add(new Condition(header.cell(name), name, texts)));
        return all;
    }

    /** The first of the texts. */
    String text() {
        return new String(texts[0].bytes, StandardCharsets.UTF_8);
    }

    boolean holds(Lines lines, int row) {
        byte[] bytes = lines.bytes;
        int from = lines.start(row, cell);
        int to = lines.end(row, cell);
        for (Text text : texts) {
            if (text.is(bytes, from, to)) {
                return true;
            }
        }
        return to - from >= 2 && bytes[from] == '"' && bytes[to - 1] == '"' && holdsInside(bytes, from + 1, to - 1);
    }

    private boolean holdsInside(byte[] bytes, int from, int to) {
        for (Text text : texts) {
            if (text.is(bytes, from, to)) {
                return true;
            }
        }
        return false;
    }

    /** A text to compare with, up to 16 bytes of it as two words that may overlap: half the time of comparing arrays. */
    private static final class Text {
        private final byte[] bytes;
        private final int length;
        private final long mask;
        private final long first;
        private final long last;

        Text(byte[] bytes) {
            this.bytes = bytes;
            this.length = bytes.length;
            this.mask = length >= WORD ? -1L : (1L << (8 * length)) - 1;
            byte[] padded = Arrays.copyOf(bytes, length + WORD);
            this.first = Digits.word(padded, 0) & mask;
            this.last = length >= WORD ? Digits.word(padded, length - WORD) : 0;
        }

        boolean is(byte[] text, int from, int to) {
            if (to - from != length || (Digits.word(text, from) & mask) != first) {
                return false;
            }
            return length <= WORD
                    || (Digits.word(text, to - WORD) == last
                            && (length <= 2 * WORD || Arrays.equals(text, from, to, bytes, 0, length)));
        }
    }
}
