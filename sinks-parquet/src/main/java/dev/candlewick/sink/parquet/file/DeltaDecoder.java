package dev.candlewick.sink.parquet.file;

/** Reads DELTA_BINARY_PACKED integers of any block size. */
final class DeltaDecoder implements Integers {

    private final byte[] bytes;
    private final int end;
    private final boolean narrow;
    private final int partsPerBlock;
    private final int valuesPerPart;
    private final int[] widths;
    private int at;
    private int left;
    private boolean started;
    private long value;
    private long least;
    private int part;
    private int inPart;
    private long bitAt;
    private int width;

    /** Reads {@code [from, to)}; the array must have eight more bytes behind. Narrow values wrap around at 32 bits. */
    DeltaDecoder(byte[] bytes, int from, int to, boolean narrow) {
        this.bytes = bytes;
        this.at = from;
        this.end = to;
        this.narrow = narrow;
        long block = varint();
        long parts = varint();
        long count = varint();
        if (block < 8
                || block > 1 << 20
                || parts < 1
                || parts > block
                || block % parts != 0
                || (block / parts) % 8 != 0) {
            throw new BadBytes("blocks of " + block + " differences in " + parts + " parts");
        }
        if (count < 0 || count > Integer.MAX_VALUE) {
            throw new BadBytes(count + " differences");
        }
        partsPerBlock = (int) parts;
        valuesPerPart = (int) (block / parts);
        widths = new int[partsPerBlock];
        left = (int) count;
        value = unzigzag(varint());
        part = partsPerBlock;
    }

    @Override
    public void read(long[] target, int from, int count) {
        if (count > left) {
            throw new BadBytes("values end too early");
        }
        left -= count;
        int filled = from;
        int to = from + count;
        if (!started && filled < to) {
            started = true;
            target[filled++] = value;
        }
        while (filled < to) {
            if (inPart == 0) {
                nextPart();
            }
            int take = Math.min(inPart, to - filled);
            sum(target, filled, take);
            inPart -= take;
            filled += take;
        }
    }

    /** How many values there still are. */
    int left() {
        return left;
    }

    /** Where the bytes end that values were read from so far; once all are read, what follows them starts there. */
    int position() {
        return at;
    }

    @Override
    public void skip(int count) {
        long[] unread = new long[Math.min(count, 1_024)];
        for (int rest = count; rest > 0; rest -= unread.length) {
            read(unread, 0, Math.min(rest, unread.length));
        }
    }

    private void nextPart() {
        if (part == partsPerBlock) {
            least = unzigzag(varint());
            if (partsPerBlock > end - at) {
                throw new BadBytes("a block of differences is cut off");
            }
            for (int i = 0; i < partsPerBlock; i++) {
                widths[i] = bytes[at++] & 0xFF;
            }
            part = 0;
        }
        width = widths[part++];
        if (width > 64) {
            throw new BadBytes("differences of " + width + " bits");
        }
        int size = width * valuesPerPart / 8;
        if (size > end - at) {
            throw new BadBytes("a block of differences is cut off");
        }
        bitAt = (long) at << 3;
        at += size;
        inPart = valuesPerPart;
    }

    private void sum(long[] target, int from, int count) {
        long current = value;
        if (width == 0) {
            for (int i = from; i < from + count; i++) {
                current += least;
                target[i] = current;
            }
        } else if (width <= 56) {
            current = sumShort(target, from, count, current);
        } else {
            for (int i = from; i < from + count; i++, bitAt += width) {
                current += least + longDelta();
                target[i] = current;
            }
        }
        value = current;
        if (narrow) {
            for (int i = from; i < from + count; i++) {
                target[i] = (int) target[i];
            }
        }
    }

    /** Up to 56 bits plus the 7 of a byte's rest fit one load: load, shift, mask, add; of up to 28 bits, two differences. */
    private long sumShort(long[] target, int from, int count, long start) {
        long mask = (1L << width) - 1;
        long current = start;
        long bit = bitAt;
        int to = from + count;
        int i = from;
        for (; width <= 28 && i <= to - 2; i += 2, bit += 2L * width) {
            long word = (long) ByteBuilder.LONG_LITTLE.get(bytes, (int) (bit >>> 3)) >>> (bit & 7);
            long first = least + (word & mask);
            // Beside the first sum, not behind it.
            long both = first + least + ((word >>> width) & mask);
            target[i] = current + first;
            current += both;
            target[i + 1] = current;
        }
        for (; i < to; i++) {
            long word = (long) ByteBuilder.LONG_LITTLE.get(bytes, (int) (bit >>> 3));
            current += least + ((word >>> (bit & 7)) & mask);
            target[i] = current;
            bit += width;
        }
        bitAt = bit;
        return current;
    }

    private long longDelta() {
        int byteAt = (int) (bitAt >>> 3);
        int shift = (int) (bitAt & 7);
        long word = (long) ByteBuilder.LONG_LITTLE.get(bytes, byteAt) >>> shift;
        if (shift > 0) {
            word |= (long) bytes[byteAt + 8] << (64 - shift);
        }
        return width == 64 ? word : word & ((1L << width) - 1);
    }

    private long varint() {
        long result = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            if (at >= end) {
                throw new BadBytes("differences end too early");
            }
            long next = bytes[at++];
            result |= (next & 0x7F) << shift;
            if (next >= 0) {
                return result;
            }
        }
        throw new BadBytes("a number has no end");
    }

    private static long unzigzag(long bits) {
        return (bits >>> 1) ^ -(bits & 1);
    }
}
