package dev.candlewick.sink.parquet.file;

import java.util.Arrays;
import java.util.Objects;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/** Walks over the byte strings of a page in whatever encoding they have; each is seen in place, not copied. */
interface ByteValues {

    /** Shows the next {@code count} values to {@code sink}, one after the other. */
    void read(int count, Sink sink);

    /** Where byte strings go. */
    interface Sink {
        /** A value in plain sight. */
        void value(byte[] bytes, int from, int count);

        /** The first {@code count} of these, each a value that is an entry of the chunk's dictionary. */
        void entries(int[] codes, int count);
    }

    /**
     * The values of a page.
     *
     * @param width of every value, or -1 where each has its own length
     * @param entries how many entries the chunk's dictionary has, or -1 without one
     */
    static ByteValues open(DataPage page, int width, int entries, ColumnDescriptor descriptor) {
        return switch (page.encoding()) {
            case PLAIN -> new Plain(page, width);
            case PLAIN_DICTIONARY, RLE_DICTIONARY -> new Coded(IntegerPage.codes(page), entries);
            case DELTA_BYTE_ARRAY ->
                width < 0 ? new Differing(page) : new Other(ColumnReader.others(page, descriptor, page.rows()));
            default -> new Other(ColumnReader.others(page, descriptor, page.rows()));
        };
    }

    /** Checks that a dictionary page can hold as many entries as it claims, before anything is allocated for them. */
    static void checkDictionary(DataPage page, int width) {
        int least = width < 0 ? 4 : Math.max(1, width);
        if ((long) page.rows() * least > page.end() - page.from()) {
            throw new BadBytes("its dictionary claims " + page.rows() + " entries and has " + (page.end() - page.from())
                    + " bytes");
        }
    }

    /** Values back to back. */
    final class Plain implements ByteValues {
        private final DataPage page;
        private final int width;
        private int at;

        Plain(DataPage page, int width) {
            this.page = page;
            this.width = width;
            this.at = page.from();
        }

        @Override
        public void read(int count, Sink sink) {
            for (int i = 0; i < count; i++) {
                int length = width;
                if (length < 0) {
                    length = page.end() - at < 4 ? -1 : (int) ByteBuilder.INT_LITTLE.get(page.bytes(), at);
                    at += 4;
                }
                if (length < 0 || length > page.end() - at) {
                    throw new BadBytes("values end too early");
                }
                sink.value(page.bytes(), at, length);
                at += length;
            }
        }

        byte[] bytes() {
            return page.bytes();
        }

        /** Where the next {@code count} values of one width start, behind which the page then stands. */
        int take(int count) {
            if ((long) count * width > page.end() - at) {
                throw new BadBytes("values end too early");
            }
            int start = at;
            at += count * width;
            return start;
        }
    }

    /** Places in the dictionary. */
    final class Coded implements ByteValues {
        private final HybridDecoder codes;
        private final int entries;
        private final int[] read = new int[IntegerPage.CODES];

        Coded(HybridDecoder codes, int entries) {
            if (entries < 0) {
                throw new BadBytes("its dictionary is missing");
            }
            this.codes = codes;
            this.entries = entries;
        }

        @Override
        public void read(int count, Sink sink) {
            for (int done = 0; done < count; done += IntegerPage.CODES) {
                int some = Math.min(IntegerPage.CODES, count - done);
                codes.read(read, 0, some);
                IntegerPage.checkCodes(read, some, entries);
                sink.entries(read, some);
            }
        }
    }

    /** Values as what they share with the one before, and what they have besides. */
    final class Differing implements ByteValues {
        private final byte[] page;
        private final int end;
        private final long[] shared;
        private final long[] own;
        private int next;
        private int at;
        private byte[] value = new byte[64];
        private int length;

        Differing(DataPage source) {
            page = source.bytes();
            end = source.end();
            if (source.from() == end) {
                // A page of nulls alone; some writers leave out even the empty lists.
                shared = new long[0];
                own = new long[0];
                return;
            }
            DeltaDecoder prefixes = new DeltaDecoder(page, source.from(), end, true);
            shared = all(prefixes, source.rows());
            DeltaDecoder suffixes = new DeltaDecoder(page, prefixes.position(), end, true);
            own = all(suffixes, source.rows());
            at = suffixes.position();
        }

        private static long[] all(DeltaDecoder decoder, int most) {
            if (decoder.left() > most) {
                throw new BadBytes("it claims " + decoder.left() + " values and has " + most + " rows");
            }
            long[] values = new long[decoder.left()];
            decoder.read(values, 0, values.length);
            return values;
        }

        @Override
        public void read(int count, Sink sink) {
            if (count > shared.length - next || count > own.length - next) {
                throw new BadBytes("values end too early");
            }
            for (int i = next; i < next + count; i++) {
                long prefix = shared[i];
                long suffix = own[i];
                if (prefix < 0 || prefix > length || suffix < 0 || suffix > end - at) {
                    throw new BadBytes("a value shares " + prefix + " bytes with one of " + length + " and has "
                            + suffix + " besides");
                }
                length = (int) (prefix + suffix);
                if (length > value.length) {
                    value = Arrays.copyOf(value, Math.max(length, value.length * 2));
                }
                System.arraycopy(page, at, value, (int) prefix, (int) suffix);
                at += (int) suffix;
                sink.value(value, 0, length);
            }
            next += count;
        }
    }

    /** Whatever parquet-column reads. */
    final class Other implements ByteValues {
        private final ValuesReader reader;

        Other(ValuesReader reader) {
            this.reader = reader;
        }

        @Override
        public void read(int count, Sink sink) {
            for (int i = 0; i < count; i++) {
                Binary value = Objects.requireNonNull(reader.readBytes());
                byte[] bytes = value.getBytesUnsafe();
                sink.value(bytes, 0, bytes.length);
            }
        }
    }

    /** A sink that drops what it sees. */
    Sink NOWHERE = new Sink() {
        @Override
        public void value(byte[] bytes, int from, int count) {}

        @Override
        public void entries(int[] codes, int count) {}
    };

    /** Skips values of a page that may have none. */
    static void skip(@Nullable ByteValues values, int count) {
        if (values != null && count > 0) {
            values.read(count, NOWHERE);
        }
    }
}
