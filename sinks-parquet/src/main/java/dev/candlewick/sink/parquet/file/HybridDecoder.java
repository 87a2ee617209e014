package dev.candlewick.sink.parquet.file;

import java.util.Arrays;

/** Reads runs and bit-packed groups of small integers: definition levels and dictionary codes. */
final class HybridDecoder {

    private final byte[] bytes;
    private final int bitWidth;
    private final int end;
    private int at;
    private int left;
    private boolean packed;
    private int runValue;
    // Place of the next packed value, in bits from the start of the array.
    private long bitAt;

    /** Reads {@code [from, to)}; the array must have eight more bytes behind. */
    HybridDecoder(byte[] bytes, int from, int to, int bitWidth) {
        if (bitWidth < 0 || bitWidth > 32) {
            throw new BadBytes("codes of " + bitWidth + " bits");
        }
        this.bytes = bytes;
        this.at = from;
        this.end = to;
        this.bitWidth = bitWidth;
    }

    void read(int[] target, int from, int count) {
        int filled = from;
        int to = from + count;
        while (filled < to) {
            if (left == 0) {
                nextRun();
            }
            int take = Math.min(left, to - filled);
            if (packed) {
                unpack(target, filled, take);
            } else {
                Arrays.fill(target, filled, filled + take, runValue);
            }
            left -= take;
            filled += take;
        }
    }

    void skip(int count) {
        int rest = count;
        while (rest > 0) {
            if (left == 0) {
                nextRun();
            }
            int take = Math.min(left, rest);
            if (packed) {
                bitAt += (long) take * bitWidth;
            }
            left -= take;
            rest -= take;
        }
    }

    private void nextRun() {
        int header = varint();
        if ((header & 1) == 0) {
            left = header >>> 1;
            packed = false;
            int width = (bitWidth + 7) >>> 3;
            if (width > end - at) {
                throw new BadBytes("a run of codes is cut off");
            }
            runValue = 0;
            for (int i = 0; i < width; i++) {
                runValue |= (bytes[at++] & 0xFF) << (8 * i);
            }
        } else {
            long groups = Integer.toUnsignedLong(header) >>> 1;
            // Some writers cut the zeros that fill the last group; whole values are counted by the bytes there are.
            long size = Math.min(groups * bitWidth, end - at);
            long values = bitWidth == 0 ? groups * 8 : size * 8 / bitWidth;
            left = (int) Math.min(Math.min(values, groups * 8), Integer.MAX_VALUE);
            packed = true;
            bitAt = (long) at << 3;
            at += (int) size;
        }
        if (left == 0) {
            throw new BadBytes("a run of codes is empty");
        }
    }

    /**
     * An unaligned load covers 57 bits from any bit on: eight codes of up to 7 bits, four of up to 14, and always one, of at
     * most 32. Sides have 1 bit, prices and amounts of trades about 10: half of the time that a load per code takes.
     */
    private void unpack(int[] target, int from, int count) {
        long mask = (1L << bitWidth) - 1;
        long bit = bitAt;
        int width = bitWidth;
        int to = from + count;
        int i = from;
        if (width <= 7) {
            for (; i <= to - 8; i += 8, bit += 8L * width) {
                long word = (long) ByteBuilder.LONG_LITTLE.get(bytes, (int) (bit >>> 3)) >>> (bit & 7);
                target[i] = (int) (word & mask);
                target[i + 1] = (int) ((word >>> width) & mask);
                target[i + 2] = (int) ((word >>> (2 * width)) & mask);
                target[i + 3] = (int) ((word >>> (3 * width)) & mask);
                target[i + 4] = (int) ((word >>> (4 * width)) & mask);
                target[i + 5] = (int) ((word >>> (5 * width)) & mask);
                target[i + 6] = (int) ((word >>> (6 * width)) & mask);
                target[i + 7] = (int) ((word >>> (7 * width)) & mask);
            }
        } else if (width <= 14) {
            for (; i <= to - 4; i += 4, bit += 4L * width) {
                long word = (long) ByteBuilder.LONG_LITTLE.get(bytes, (int) (bit >>> 3)) >>> (bit & 7);
                target[i] = (int) (word & mask);
                target[i + 1] = (int) ((word >>> width) & mask);
                target[i + 2] = (int) ((word >>> (2 * width)) & mask);
                target[i + 3] = (int) ((word >>> (3 * width)) & mask);
            }
        }
        for (; i < to; i++) {
            long word = (long) ByteBuilder.LONG_LITTLE.get(bytes, (int) (bit >>> 3));
            target[i] = (int) ((word >>> (bit & 7)) & mask);
            bit += bitWidth;
        }
        bitAt = bit;
    }

    private int varint() {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            if (at >= end) {
                throw new BadBytes("codes end too early");
            }
            int next = bytes[at++];
            value |= (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new BadBytes("a run of codes has no length");
    }
}
