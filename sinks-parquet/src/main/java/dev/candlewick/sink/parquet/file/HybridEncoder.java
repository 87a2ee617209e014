package dev.candlewick.sink.parquet.file;

/** Writes small integers as runs and bit-packed groups of eight: definition levels and dictionary codes. */
final class HybridEncoder {

    private HybridEncoder() {}

    /** The bits needed for every code below {@code count}. */
    static int bitWidth(int count) {
        return count <= 1 ? 0 : 32 - Integer.numberOfLeadingZeros(count - 1);
    }

    /**
     * Looks at eight values at a time, which are a run, or its start, or are packed with their neighbours. A run that starts
     * within eight loses those: the runs of sides and codes are short and end where no processor can guess.
     */
    static void encode(int[] values, int from, int to, int bitWidth, ByteBuilder out) {
        int literals = from;
        int at = from;
        while (at + 8 <= to) {
            if (!areEight(values, at)) {
                at += 8;
                continue;
            }
            pack(values, literals, at, bitWidth, out);
            int end = at + 8;
            while (end < to && values[end] == values[at]) {
                end++;
            }
            run(values[at], end - at, bitWidth, out);
            literals = end;
            at = end;
        }
        pack(values, literals, to, bitWidth, out);
    }

    private static boolean areEight(int[] values, int at) {
        int first = values[at];
        int other = (values[at + 1] ^ first) | (values[at + 2] ^ first) | (values[at + 3] ^ first);
        other |= (values[at + 4] ^ first) | (values[at + 5] ^ first);
        return (other | (values[at + 6] ^ first) | (values[at + 7] ^ first)) == 0;
    }

    static void run(int value, int count, int bitWidth, ByteBuilder out) {
        out.varint((long) count << 1);
        for (int shift = 0; shift < bitWidth; shift += 8) {
            out.write(value >>> shift);
        }
    }

    private static void pack(int[] values, int from, int to, int bitWidth, ByteBuilder out) {
        if (from == to) {
            return;
        }
        int groups = (to - from + 7) >>> 3;
        out.varint(((long) groups << 1) | 1);
        int bytes = groups * bitWidth;
        byte[] target = out.room(bytes + 8);
        int at = out.size();
        long buffer = 0;
        int bits = 0;
        for (int i = from; i < to; i++) {
            buffer |= (long) values[i] << bits;
            bits += bitWidth;
            if (bits >= 32) {
                ByteBuilder.INT_LITTLE.set(target, at, (int) buffer);
                at += 4;
                buffer >>>= 32;
                bits -= 32;
            }
        }
        // What is left, and the zeros that fill the last group.
        int end = out.size() + bytes;
        while (at < end) {
            target[at++] = (byte) buffer;
            buffer >>>= 8;
        }
        out.advance(bytes);
    }
}
