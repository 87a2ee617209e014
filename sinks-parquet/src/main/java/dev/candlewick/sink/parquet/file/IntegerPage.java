package dev.candlewick.sink.parquet.file;

import java.util.Objects;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/** Opens the integers of a page in whatever encoding they have. */
final class IntegerPage {

    /** Codes that are looked up at a time: few enough that they stay in the nearest cache. */
    static final int CODES = 1_024;

    private IntegerPage() {}

    static Integers open(DataPage page, IntegerForm form, long @Nullable [] dictionary, ColumnDescriptor descriptor) {
        return switch (page.encoding()) {
            case PLAIN -> new Plain(page, form);
            case PLAIN_DICTIONARY, RLE_DICTIONARY -> new Coded(page, dictionary);
            case DELTA_BINARY_PACKED -> {
                if (form == IntegerForm.INT96) {
                    throw new BadBytes("its instants are encoded as " + Encoding.DELTA_BINARY_PACKED);
                }
                Integers narrow = new DeltaDecoder(page.bytes(), page.from(), page.end(), form.bytes() == 4);
                yield form == IntegerForm.UINT32 ? new Unsigned(narrow) : narrow;
            }
            default -> new Other(ColumnReader.others(page, descriptor, page.rows()), form);
        };
    }

    static long[] dictionary(DataPage page, IntegerForm form) {
        if ((long) page.rows() * form.bytes() > page.end() - page.from()) {
            throw new BadBytes("its dictionary claims " + page.rows() + " entries and has " + (page.end() - page.from())
                    + " bytes");
        }
        long[] entries = new long[page.rows()];
        form.read(page.bytes(), page.from(), entries, 0, entries.length);
        return entries;
    }

    private static final class Plain implements Integers {
        private final DataPage page;
        private final IntegerForm form;
        private int at;

        Plain(DataPage page, IntegerForm form) {
            this.page = page;
            this.form = form;
            this.at = page.from();
        }

        @Override
        public void read(long[] target, int from, int count) {
            int start = at;
            skip(count);
            form.read(page.bytes(), start, target, from, count);
        }

        @Override
        public void skip(int count) {
            if ((long) count * form.bytes() > page.end() - at) {
                throw new BadBytes("values end too early");
            }
            at += count * form.bytes();
        }
    }

    private static final class Coded implements Integers {
        private final long[] dictionary;
        private final HybridDecoder codes;
        private final int[] read = new int[CODES];

        Coded(DataPage page, long @Nullable [] dictionary) {
            this.dictionary = Objects.requireNonNullElseGet(dictionary, () -> {
                throw new BadBytes("its dictionary is missing");
            });
            this.codes = codes(page);
        }

        @Override
        public void read(long[] target, int from, int count) {
            for (int done = 0; done < count; done += CODES) {
                int some = Math.min(CODES, count - done);
                codes.read(read, 0, some);
                checkCodes(read, some, dictionary.length);
                int start = from + done;
                for (int i = 0; i < some; i++) {
                    target[start + i] = dictionary[read[i]];
                }
            }
        }

        @Override
        public void skip(int count) {
            codes.skip(count);
        }
    }

    /** Checks all codes in one pass, which has no branch, and looks for the bad one only if there is one. */
    static void checkCodes(int[] codes, int count, int entries) {
        int outside = 0;
        for (int i = 0; i < count; i++) {
            outside |= codes[i] | (entries - 1 - codes[i]);
        }
        for (int i = 0; i < count && outside < 0; i++) {
            if (codes[i] < 0 || codes[i] >= entries) {
                throw new BadBytes("entry " + codes[i] + " of a dictionary of " + entries);
            }
        }
    }

    /** The codes of a dictionary page: their width in a byte, then the codes. */
    static HybridDecoder codes(DataPage page) {
        // A page of nulls alone has no codes, and some writers leave out even their width.
        return page.from() == page.end()
                ? new HybridDecoder(page.bytes(), page.from(), page.end(), 0)
                : new HybridDecoder(page.bytes(), page.from() + 1, page.end(), page.bytes()[page.from()] & 0xFF);
    }

    private record Unsigned(Integers narrow) implements Integers {
        @Override
        public void read(long[] target, int from, int count) {
            narrow.read(target, from, count);
            for (int i = from; i < from + count; i++) {
                target[i] &= 0xFFFF_FFFFL;
            }
        }

        @Override
        public void skip(int count) {
            narrow.skip(count);
        }
    }

    private record Other(ValuesReader reader, IntegerForm form) implements Integers {
        @Override
        public void read(long[] target, int from, int count) {
            for (int i = from; i < from + count; i++) {
                target[i] = switch (form) {
                    case INT32 -> reader.readInteger();
                    case UINT32 -> reader.readInteger() & 0xFFFF_FFFFL;
                    default -> reader.readLong();
                };
            }
        }

        @Override
        public void skip(int count) {
            reader.skip(count);
        }
    }
}
