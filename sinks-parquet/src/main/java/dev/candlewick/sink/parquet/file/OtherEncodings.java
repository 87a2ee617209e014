package dev.candlewick.sink.parquet.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ValuesType;
import org.apache.parquet.column.values.ValuesReader;

/** The encodings that we never write, read by parquet-column. */
final class OtherEncodings {

    // Its readers allocate by the number of values that the page claims.
    private static final int MOST_VALUES = 1 << 24;

    private OtherEncodings() {}

    /** Refuses counts that no page has, before a reader allocates by them. */
    static void check(DataPage page, int valuesAtMost) {
        if (valuesAtMost > MOST_VALUES) {
            throw new BadBytes("it claims " + valuesAtMost + " values");
        }
        switch (page.encoding()) {
            case DELTA_BINARY_PACKED, DELTA_LENGTH_BYTE_ARRAY, DELTA_BYTE_ARRAY -> {
                Varints header = new Varints(page.bytes(), page.from(), page.end());
                long block = header.next();
                long parts = header.next();
                long count = header.next();
                if (block < 1 || block > 1 << 20 || parts < 1 || parts > block || count < 0 || count > valuesAtMost) {
                    throw new BadBytes("it claims " + count + " differences in blocks of " + block);
                }
            }
            case BYTE_STREAM_SPLIT -> {}
            default -> throw new BadBytes("its values are encoded as " + page.encoding());
        }
    }

    static ValuesReader reader(DataPage page, ColumnDescriptor descriptor) throws IOException {
        ValuesReader reader = Encoding.valueOf(page.encoding().name()).getValuesReader(descriptor, ValuesType.VALUES);
        ByteBuffer values = ByteBuffer.wrap(page.bytes(), page.from(), page.end() - page.from())
                .slice();
        reader.initFromPage(page.rows(), ByteBufferInputStream.wrap(values));
        return reader;
    }

    /** The numbers at the start of a delta page. */
    private static final class Varints {
        private final byte[] bytes;
        private final int end;
        private int at;

        Varints(byte[] bytes, int from, int end) {
            this.bytes = bytes;
            this.at = from;
            this.end = end;
        }

        long next() {
            long value = 0;
            for (int shift = 0; shift < 63 && at < end; shift += 7) {
                long next = bytes[at++];
                value |= (next & 0x7F) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            throw new BadBytes("a number has no end");
        }
    }
}
