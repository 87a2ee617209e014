package dev.candlewick.csv;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Inflates in Java: 64 bits of input at hand, tables that answer with up to two literals at a look, copies of eight bytes.
 *
 * <p>Words are read up to eight bytes behind what is used and written up to eight behind what is meant, which
 * {@link RawInput#PADDING} and {@link ByteBlock#SLACK} make room for.
 */
final class OwnDeflated implements Deflated {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int[] LENGTH_BASES = {
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258
    };
    private static final int[] LENGTH_BITS = {
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0
    };
    private static final int[] CODE_LENGTH_ORDER = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
    private static final int[] LITERAL_MEANINGS = literalMeanings();
    private static final int[] DISTANCE_MEANINGS = distanceMeanings();
    private static final int[] CODE_LENGTH_MEANINGS = codeLengthMeanings();

    private static final int VALUE = 1 << 30;
    private static final int LITERAL_BITS = 12;
    private static final int DISTANCE_BITS = 9;
    private static final long LITERAL_MASK = (1 << LITERAL_BITS) - 1;
    private static final long DISTANCE_MASK = (1 << DISTANCE_BITS) - 1;

    /** The longest header of a block: 3 + 14 bits, 19 lengths of 3, 320 of up to 14. */
    private static final int LONGEST_HEADER = 640;

    /** Bytes that one turn of the loop may read, twice over. */
    private static final int TURN = 48;

    /** So far behind the last byte is read before it is certain that the end is missing: a word and one more. */
    private static final int BEYOND = 9;

    private enum State {
        BETWEEN_BLOCKS,
        IN_STORED,
        IN_CODED,
        ENDED
    }

    private final HuffmanTable literals = new HuffmanTable(LITERAL_BITS, (1 << LITERAL_BITS) + 288 * 8, 1);
    private final HuffmanTable distances = new HuffmanTable(DISTANCE_BITS, (1 << DISTANCE_BITS) + 32 * 64, 1);
    private final HuffmanTable codeLengths = new HuffmanTable(7, 1 << 7, 0);
    private final byte[] lengths = new byte[320];

    private State state = State.ENDED;
    private boolean lastBlock;
    private int stored;
    private long bits;
    private int count;
    /** Bytes of this member before the block that is being filled; counted no further than matters. */
    private int history;

    @Override
    public void start(ByteBlock block) {
        state = State.BETWEEN_BLOCKS;
        lastBlock = false;
        bits = 0;
        count = 0;
        history = block.from - block.to;
    }

    @Override
    public boolean inflate(RawInput in, ByteBlock block) {
        while (true) {
            switch (state) {
                case BETWEEN_BLOCKS -> header(in);
                case IN_STORED -> copyStored(in, block);
                case IN_CODED -> {
                    if (!in.has(TURN + 1)) {
                        decode(in, block, in.limit + BEYOND);
                        checkNotBeyond(in);
                    } else {
                        decode(in, block, in.limit - TURN);
                    }
                }
                case ENDED -> {
                    giveBack(in);
                    history = 0;
                    return true;
                }
            }
            if (block.to >= block.limit() && state != State.ENDED) {
                history = Math.min(ByteBlock.HISTORY, history + block.to - block.from);
                return false;
            }
        }
    }

    /** Whole bytes that were taken in ahead go back to the input. */
    private void giveBack(RawInput in) {
        in.at -= count >>> 3;
        count &= 7;
        bits &= (1L << count) - 1;
    }

    private void checkNotBeyond(RawInput in) {
        if (in.at - (count >>> 3) > in.limit) {
            throw new BadGzip("it ends early");
        }
    }

    private void header(RawInput in) {
        giveBack(in);
        in.has(LONGEST_HEADER);
        lastBlock = take(in, 1) == 1;
        int kind = take(in, 2);
        switch (kind) {
            case 0 -> storedHeader(in);
            case 1 -> fixedHeader();
            case 2 -> codedHeader(in);
            default -> throw new BadGzip("it has a block of a kind that there is not");
        }
        checkNotBeyond(in);
    }

    private int take(RawInput in, int wanted) {
        while (count < wanted) {
            if (in.at >= in.limit) {
                throw new BadGzip("it ends early");
            }
            bits |= (in.bytes[in.at++] & 0xFFL) << count;
            count += 8;
        }
        int value = (int) (bits & ((1L << wanted) - 1));
        bits >>>= wanted;
        count -= wanted;
        return value;
    }

    private void storedHeader(RawInput in) {
        giveBack(in);
        bits = 0;
        count = 0;
        int length = take(in, 16);
        int complement = take(in, 16);
        if (length != (complement ^ 0xFFFF)) {
            throw new BadGzip("it has a stored block whose lengths differ");
        }
        stored = length;
        state = State.IN_STORED;
    }

    private void copyStored(RawInput in, ByteBlock block) {
        while (stored > 0 && block.to < block.limit()) {
            int taken = in.take(block.bytes, block.to, Math.min(stored, block.limit() - block.to));
            if (taken < 0) {
                throw new BadGzip("it ends early");
            }
            stored -= taken;
            block.to += taken;
        }
        if (stored == 0) {
            endBlock();
        }
    }

    private void endBlock() {
        state = lastBlock ? State.ENDED : State.BETWEEN_BLOCKS;
    }

    private void fixedHeader() {
        for (int symbol = 0; symbol < 288; symbol++) {
            lengths[symbol] = (byte) (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8);
        }
        literals.build(lengths, 0, 288, LITERAL_MEANINGS);
        literals.joinLiterals();
        for (int symbol = 0; symbol < 32; symbol++) {
            lengths[symbol] = 5;
        }
        distances.build(lengths, 0, 32, DISTANCE_MEANINGS);
        state = State.IN_CODED;
    }

    private void codedHeader(RawInput in) {
        int literalCodes = take(in, 5) + 257;
        int distanceCodes = take(in, 5) + 1;
        int lengthCodes = take(in, 4) + 4;
        if (literalCodes > 286 || distanceCodes > 30) {
            throw new BadGzip("it has a block with more codes than there are");
        }
        for (int i = 0; i < CODE_LENGTH_ORDER.length; i++) {
            lengths[CODE_LENGTH_ORDER[i]] = (byte) (i < lengthCodes ? take(in, 3) : 0);
        }
        codeLengths.build(lengths, 0, CODE_LENGTH_ORDER.length, CODE_LENGTH_MEANINGS);
        readLengths(in, literalCodes + distanceCodes);
        if (lengths[256] == 0) {
            throw new BadGzip("it has a block without an end");
        }
        literals.build(lengths, 0, literalCodes, LITERAL_MEANINGS);
        literals.joinLiterals();
        distances.build(lengths, literalCodes, distanceCodes, DISTANCE_MEANINGS);
        state = State.IN_CODED;
    }

    private void readLengths(RawInput in, int wanted) {
        int at = 0;
        while (at < wanted) {
            int symbol = lengthSymbol(in);
            if (symbol < 16) {
                lengths[at++] = (byte) symbol;
                continue;
            }
            if (symbol == 16 && at == 0) {
                throw new BadGzip("it repeats a length before the first");
            }
            byte repeated = symbol == 16 ? lengths[at - 1] : 0;
            int times = symbol == 16 ? 3 + take(in, 2) : symbol == 17 ? 3 + take(in, 3) : 11 + take(in, 7);
            if (times > wanted - at) {
                throw new BadGzip("it has more lengths than codes");
            }
            for (int i = 0; i < times; i++) {
                lengths[at++] = repeated;
            }
        }
    }

    private int lengthSymbol(RawInput in) {
        while (count < 7 && in.at < in.limit) {
            bits |= (in.bytes[in.at++] & 0xFFL) << count;
            count += 8;
        }
        int entry = codeLengths.entries[(int) bits & 0x7F];
        if (entry == 0) {
            throw new BadGzip("it has a length that its code does not know");
        }
        take(in, entry & 0xFF);
        return HuffmanTable.base(entry);
    }

    /**
     * The loop that all time goes into: until the block ends, the output is full, or the input has been read up to
     * {@code inputEnd}.
     *
     * <p>A turn takes in 56 bits or more at least twice: three looks for literals take up to 36, a length with its extra
     * bits and a distance with its own up to 48.
     */
    private void decode(RawInput in, ByteBlock block, int inputEnd) {
        byte[] input = in.bytes;
        byte[] output = block.bytes;
        int[] literalTable = literals.entries;
        int[] distanceTable = distances.entries;
        int at = in.at;
        int to = block.to;
        int outputEnd = block.limit();
        int oldest = Math.max(0, block.from - history);
        long buffer = bits;
        int have = count;
        boolean open = true;
        while (open && at < inputEnd && to < outputEnd) {
            buffer |= (long) LONGS.get(input, at) << have;
            at += (63 - have) >>> 3;
            have |= 56;
            int entry = literalTable[(int) (buffer & LITERAL_MASK)];
            if (entry < 0) {
                SHORTS.set(output, to, (short) (entry >>> 8));
                to += 1 + ((entry >>> 24) & 1);
                buffer >>>= entry & 0x3F;
                have -= entry & 0x3F;
                entry = literalTable[(int) (buffer & LITERAL_MASK)];
                if (entry < 0) {
                    SHORTS.set(output, to, (short) (entry >>> 8));
                    to += 1 + ((entry >>> 24) & 1);
                    buffer >>>= entry & 0x3F;
                    have -= entry & 0x3F;
                    entry = literalTable[(int) (buffer & LITERAL_MASK)];
                    if (entry < 0) {
                        SHORTS.set(output, to, (short) (entry >>> 8));
                        to += 1 + ((entry >>> 24) & 1);
                        buffer >>>= entry & 0x3F;
                        have -= entry & 0x3F;
                        continue;
                    }
                }
                buffer |= (long) LONGS.get(input, at) << have;
                at += (63 - have) >>> 3;
                have |= 56;
            }
            if ((entry & HuffmanTable.FURTHER) != 0 && (entry & VALUE) == 0) {
                buffer >>>= LITERAL_BITS;
                have -= LITERAL_BITS;
                entry = literalTable[HuffmanTable.offset(entry) + ((int) buffer & ((1 << ((entry >>> 8) & 0xF)) - 1))];
                if (entry < 0) {
                    output[to++] = (byte) (entry >>> 8);
                    buffer >>>= entry & 0x3F;
                    have -= entry & 0x3F;
                    continue;
                }
            }
            if ((entry & VALUE) == 0) {
                if ((entry & HuffmanTable.END) == 0) {
                    throw new BadGzip("it has a code that stands for nothing");
                }
                buffer >>>= entry & 0x3F;
                have -= entry & 0x3F;
                open = false;
                continue;
            }
            int length = value(entry, buffer);
            buffer >>>= entry & 0x3F;
            have -= entry & 0x3F;
            entry = distanceTable[(int) (buffer & DISTANCE_MASK)];
            if ((entry & HuffmanTable.FURTHER) != 0 && (entry & VALUE) == 0) {
                buffer >>>= DISTANCE_BITS;
                have -= DISTANCE_BITS;
                entry = distanceTable[HuffmanTable.offset(entry) + ((int) buffer & ((1 << ((entry >>> 8) & 0xF)) - 1))];
            }
            if ((entry & VALUE) == 0) {
                throw new BadGzip("it has a distance that stands for nothing");
            }
            int distance = value(entry, buffer);
            buffer >>>= entry & 0x3F;
            have -= entry & 0x3F;
            if (to - distance < oldest) {
                throw new BadGzip("it refers to bytes before its first");
            }
            copy(output, to, distance, length);
            to += length;
        }
        in.at = at;
        block.to = to;
        bits = buffer;
        count = have;
        if (!open) {
            endBlock();
        }
    }

    /** The base of a length or a distance and its extra bits, which follow its code. */
    private static int value(int entry, long buffer) {
        int code = (entry >>> 8) & 0xF;
        int all = entry & 0x3F;
        return HuffmanTable.base(entry) + ((int) (buffer >>> code) & ((1 << (all - code)) - 1));
    }

    /**
     * Copies what lies {@code distance} back; eight bytes at a time where they do not overlap. The first sixteen, more than most
     * have, without a look at the length, which no processor can guess.
     */
    private static void copy(byte[] output, int to, int distance, int length) {
        int from = to - distance;
        if (distance >= Long.BYTES) {
            LONGS.set(output, to, (long) LONGS.get(output, from));
            LONGS.set(output, to + Long.BYTES, (long) LONGS.get(output, from + Long.BYTES));
            for (int done = 2 * Long.BYTES; done < length; done += Long.BYTES) {
                LONGS.set(output, to + done, (long) LONGS.get(output, from + done));
            }
        } else {
            for (int done = 0; done < length; done++) {
                output[to + done] = output[from + done];
            }
        }
    }

    @Override
    public void close() {}

    private static int[] literalMeanings() {
        int[] meanings = new int[288];
        for (int symbol = 0; symbol < 256; symbol++) {
            meanings[symbol] = HuffmanTable.LITERAL | symbol << 8;
        }
        meanings[256] = HuffmanTable.END;
        for (int i = 0; i < LENGTH_BASES.length; i++) {
            meanings[257 + i] = VALUE | HuffmanTable.based(LENGTH_BASES[i]) | LENGTH_BITS[i];
        }
        return meanings;
    }

    private static int[] distanceMeanings() {
        int[] meanings = new int[32];
        for (int symbol = 0; symbol < 30; symbol++) {
            int extra = symbol < 2 ? 0 : symbol / 2 - 1;
            int base = symbol < 2 ? symbol + 1 : 1 + ((2 + (symbol & 1)) << extra);
            meanings[symbol] = VALUE | HuffmanTable.based(base) | extra;
        }
        return meanings;
    }

    private static int[] codeLengthMeanings() {
        int[] meanings = new int[19];
        for (int symbol = 0; symbol < 19; symbol++) {
            meanings[symbol] = VALUE | HuffmanTable.based(symbol);
        }
        return meanings;
    }
}
