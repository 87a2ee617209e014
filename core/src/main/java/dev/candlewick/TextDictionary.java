package dev.candlewick;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Distinct texts in order of appearance, found by text or by its UTF-8 bytes. Bytes that were met before need no
 * {@code String}: for the side of a trade, four letters, one look into a table.
 */
final class TextDictionary {

    private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int FIRST_SLOTS = 64;

    private final Map<String, Integer> places = new LinkedHashMap<>();

    // Open addressing over the texts that came as bytes: slot by hash, at most half full.
    private int[] slots = new int[FIRST_SLOTS];
    private long[] words = new long[FIRST_SLOTS / 2];
    private byte[][] bytes = new byte[FIRST_SLOTS / 2][];
    private int[] codes = new int[FIRST_SLOTS / 2];
    private int known;

    int size() {
        return places.size();
    }

    List<String> texts() {
        return List.copyOf(places.keySet());
    }

    /** The place of the text, which is added if it is new. */
    int code(String text) {
        Integer place = places.get(text);
        if (place != null) {
            return place;
        }
        places.put(text, places.size());
        return places.size() - 1;
    }

    /**
     * The place of the text with the UTF-8 bytes {@code [from, to)}.
     *
     * @throws CharacterCodingException when these are none
     */
    int code(byte[] text, int from, int to) throws CharacterCodingException {
        int length = to - from;
        long word = firstWord(text, from, length);
        int slot = slot(text, from, to, word);
        for (int entry = slots[slot]; entry != 0; entry = slots[slot]) {
            byte[] candidate = bytes[entry - 1];
            if (words[entry - 1] == word
                    && candidate.length == length
                    && (length <= Long.BYTES || Arrays.equals(candidate, 0, length, text, from, to))) {
                return codes[entry - 1];
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return add(text, from, to, word, slot);
    }

    /**
     * The places of texts of up to eight ASCII letters, each a word. The two met last are told apart without a branch: which
     * side a trade is on is a coin toss.
     */
    void codes(long[] texts, int from, int to, int[] target, int at) {
        long newer = 0;
        long older = 0;
        int newerCode = -1;
        int olderCode = -1;
        for (int i = from; i < to; i++) {
            long text = texts[i];
            int code = text == newer ? newerCode : olderCode;
            if ((text != newer && text != older) || code < 0) {
                older = newer;
                olderCode = newerCode;
                newer = text;
                newerCode = code(word(text));
                code = newerCode;
            }
            target[at + i - from] = code;
        }
    }

    private static String word(long text) {
        byte[] letters = new byte[Long.BYTES];
        WORDS.set(letters, 0, text);
        int length = Long.BYTES - Long.numberOfLeadingZeros(text) / Byte.SIZE;
        return new String(letters, 0, length, StandardCharsets.US_ASCII);
    }

    void clear() {
        places.clear();
        if (slots.length > FIRST_SLOTS) {
            slots = new int[FIRST_SLOTS];
            words = new long[FIRST_SLOTS / 2];
            bytes = new byte[FIRST_SLOTS / 2][];
            codes = new int[FIRST_SLOTS / 2];
        } else {
            Arrays.fill(slots, 0);
        }
        known = 0;
    }

    private int add(byte[] text, int from, int to, long word, int slot) throws CharacterCodingException {
        int code = code(StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(text, from, to - from))
                .toString());
        bytes[known] = Arrays.copyOfRange(text, from, to);
        words[known] = word;
        codes[known] = code;
        slots[slot] = ++known;
        if (known == bytes.length) {
            grow();
        }
        return code;
    }

    private void grow() {
        words = Arrays.copyOf(words, known * 2);
        bytes = Arrays.copyOf(bytes, known * 2);
        codes = Arrays.copyOf(codes, known * 2);
        slots = new int[slots.length * 2];
        for (int entry = 1; entry <= known; entry++) {
            byte[] text = bytes[entry - 1];
            int slot = slot(text, 0, text.length, words[entry - 1]);
            while (slots[slot] != 0) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = entry;
        }
    }

    /** The first eight bytes, zeros behind those of a shorter text. */
    private static long firstWord(byte[] text, int from, int length) {
        if (from + Long.BYTES <= text.length) {
            long word = (long) WORDS.get(text, from);
            return length >= Long.BYTES ? word : word & ((1L << (8 * length)) - 1);
        }
        long word = 0;
        for (int i = 0; i < Math.min(length, Long.BYTES); i++) {
            word |= (text[from + i] & 0xFFL) << (8 * i);
        }
        return word;
    }

    private int slot(byte[] text, int from, int to, long word) {
        long hash = word * 0x9E3779B97F4A7C15L + (to - from);
        for (int i = from + Long.BYTES; i < to; i++) {
            hash = (hash ^ text[i]) * 0xC2B2AE3D27D4EB4FL;
        }
        return (int) (((hash ^ (hash >>> 32)) * 0x9E3779B1L) >>> 16) & (slots.length - 1);
    }
}
