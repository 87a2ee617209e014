package dev.candlewick.sink.parquet.file;

/**
 * Writes integers as DELTA_BINARY_PACKED: blocks of 128 differences, less the smallest of them, in four bit-packed parts.
 * Regular times shrink to a few bytes a block, ids and neighbouring prices to their differences' width.
 */
final class DeltaEncoder {

    static final int BLOCK = 128;
    static final int PART = 32;
    private static final int PARTS = BLOCK / PART;

    private final long[] deltas = new long[BLOCK];

    void encode(long[] values, int from, int to, ByteBuilder out) {
        out.varint(BLOCK);
        out.varint(PARTS);
        out.varint(to - from);
        out.zigzag(from == to ? 0 : values[from]);
        for (int at = from + 1; at < to; at += BLOCK) {
            block(values, at, Math.min(BLOCK, to - at), out);
        }
    }

    private void block(long[] values, int at, int count, ByteBuilder out) {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            // Differences wrap around as the format says; the reader's sum wraps back.
            long delta = values[at + i] - values[at + i - 1];
            deltas[i] = delta;
            least = Math.min(least, delta);
        }
        out.zigzag(least);
        int widthsAt = out.size();
        out.int32(0);
        for (int part = 0; part * PART < count; part++) {
            int from = part * PART;
            int to = Math.min(from + PART, count);
            long bits = 0;
            for (int i = from; i < to; i++) {
                deltas[i] -= least;
                bits |= deltas[i];
            }
            for (int i = to; i < from + PART; i++) {
                deltas[i] = 0;
            }
            int width = 64 - Long.numberOfLeadingZeros(bits);
            pack(from, width, out);
            out.array()[widthsAt + part] = (byte) width;
        }
    }

    private void pack(int from, int width, ByteBuilder out) {
        if (width == 0) {
            return;
        }
        int bytes = width * PART / 8;
        byte[] target = out.room(bytes + 8);
        int at = out.size();
        long buffer = 0;
        int bits = 0;
        for (int i = from; i < from + PART; i++) {
            long value = deltas[i];
            buffer |= value << bits;
            bits += width;
            if (bits >= 64) {
                ByteBuilder.LONG_LITTLE.set(target, at, buffer);
                at += 8;
                bits -= 64;
                buffer = bits == 0 ? 0 : value >>> (width - bits);
            }
        }
        // 32 values of an odd width end in the middle of a long.
        ByteBuilder.LONG_LITTLE.set(target, at, buffer);
        out.advance(bytes);
    }
}
