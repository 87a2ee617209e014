package dev.candlewick.sink.parquet.file;

import dev.candlewick.Column;
import dev.candlewick.ColumnType;
import dev.candlewick.DecimalColumn;
import dev.candlewick.DecimalColumnBuilder;
import dev.candlewick.Field;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.apache.parquet.column.ColumnDescriptor;
import org.jspecify.annotations.Nullable;

/** Decimals that a file holds as big-endian two's complement, of one width or each of its own. */
final class WideReader extends ColumnReader implements ByteValues.Sink {

    private final int width;
    private final int fileScale;
    private final ColumnDescriptor descriptor;
    private final ColumnType.Decimal type;
    private @Nullable ByteValues bytes;
    private long @Nullable [] dictionaryHigh;
    private long[] dictionaryLow = new long[0];
    private int entries = -1;
    // Only once a value needs more than 64 bits, which real ones rarely do.
    private long @Nullable [] high;
    private long[] low = new long[0];
    private int at;

    WideReader(
            PageReader pages,
            Field field,
            boolean optional,
            long lastRow,
            int width,
            int fileScale,
            ColumnDescriptor descriptor) {
        super(pages, field, optional, lastRow);
        this.width = width;
        this.fileScale = fileScale;
        this.descriptor = descriptor;
        this.type = (ColumnType.Decimal) field.type();
    }

    @Override
    void dictionary(DataPage page) {
        ByteValues.checkDictionary(page, width);
        // Asked for once rows are being read: their arrays step aside meanwhile.
        long[] rowsHigh = high;
        long[] rowsLow = low;
        begin(page.rows());
        new ByteValues.Plain(page, width).read(page.rows(), this);
        entries = page.rows();
        dictionaryHigh = high;
        dictionaryLow = low;
        high = rowsHigh;
        low = rowsLow;
    }

    @Override
    void page(DataPage page) {
        bytes = ByteValues.open(page, width, entries, descriptor);
    }

    @Override
    void begin(int count) {
        low = new long[count]; // fresh: the column takes it over
        high = null;
        at = 0;
    }

    @Override
    void readValues(int from, int count) {
        at = from;
        if (bytes instanceof ByteValues.Plain plain && width == 16) {
            read16(plain, plain.take(count), count);
        } else if (bytes != null && count > 0) {
            bytes.read(count, this);
        }
    }

    /** The common case, 16 bytes a value: the lower halves, and one test in the end whether the upper ones matter. */
    private void read16(ByteValues.Plain plain, int start, int count) {
        byte[] from = plain.bytes();
        long[] lower = low;
        long beyond = 0;
        int end = at + count;
        for (int i = at, place = start; i < end; i++, place += 16) {
            long value = (long) ByteBuilder.LONG_BIG.get(from, place + 8);
            lower[i] = value;
            beyond |= (long) ByteBuilder.LONG_BIG.get(from, place) ^ (value >> 63);
        }
        if (beyond != 0 || high != null) {
            long[] upper = widened();
            for (int i = at, place = start; i < end; i++, place += 16) {
                upper[i] = (long) ByteBuilder.LONG_BIG.get(from, place);
            }
        }
        at = end;
    }

    /** The upper halves, those of the values before the current one filled in. */
    private long[] widened() {
        long[] upper = high;
        if (upper == null) {
            upper = new long[low.length];
            for (int i = 0; i < at; i++) {
                upper[i] = low[i] >> 63;
            }
            high = upper;
        }
        return upper;
    }

    @Override
    void skipValues(int count) {
        if (bytes instanceof ByteValues.Plain plain && width >= 0) {
            plain.take(count);
        } else {
            ByteValues.skip(bytes, count);
        }
    }

    @Override
    public void value(byte[] from, int start, int count) {
        int first = start;
        long sign = count > 0 && from[start] < 0 ? -1 : 0;
        for (; first < start + count - 16; first++) {
            if (from[first] != (byte) sign) {
                throw refused(at, "beyond 128 bits");
            }
        }
        long upper = sign;
        long lower = sign;
        for (int i = first; i < start + count; i++) {
            upper = (upper << 8) | (lower >>> 56);
            lower = (lower << 8) | (from[i] & 0xFF);
        }
        if (count > 16 && (upper < 0) != (sign < 0)) {
            throw refused(at, "beyond 128 bits");
        }
        put(upper, lower);
    }

    @Override
    public void entries(int[] codes, int count) {
        long[] upper = dictionaryHigh;
        if (upper == null && high == null) {
            long[] entries = dictionaryLow;
            long[] lower = low;
            int start = at;
            for (int i = 0; i < count; i++) {
                lower[start + i] = entries[codes[i]];
            }
            at = start + count;
            return;
        }
        for (int i = 0; i < count; i++) {
            long lower = dictionaryLow[codes[i]];
            put(upper == null ? lower >> 63 : upper[codes[i]], lower);
        }
    }

    private void put(long upper, long lower) {
        if (high != null || upper != lower >> 63) {
            widened()[at] = upper;
        }
        low[at++] = lower;
    }

    private long high(int value) {
        return high == null ? low[value] >> 63 : high[value];
    }

    @Override
    Column column(int rows) {
        if (high == null && fileScale == type.scale()) {
            try {
                return DecimalColumn.adopt(field().name(), type.precision(), type.scale(), low);
            } catch (ArithmeticException tooLarge) {
                // Row by row below, which finds the row to name.
                at = 0;
            }
        }
        DecimalColumnBuilder builder = new DecimalColumnBuilder(field().name(), type, rows);
        for (int row = 0; row < rows; row++) {
            append(builder, row, row);
        }
        return builder.build();
    }

    @Override
    Column column(int rows, int[] defined) {
        DecimalColumnBuilder builder = new DecimalColumnBuilder(field().name(), type, rows);
        for (int row = 0, value = 0; row < rows; row++) {
            if (defined[row] == 0) {
                builder.appendNull();
            } else {
                append(builder, row, value++);
            }
        }
        return builder.build();
    }

    private void append(DecimalColumnBuilder builder, int row, int value) {
        try {
            if (fileScale == type.scale()) {
                builder.appendUnscaled(high(value), low[value]);
            } else {
                builder.append(decimal(value));
            }
        } catch (ArithmeticException unfit) {
            throw refused(row, decimal(value).toPlainString());
        }
    }

    private BigDecimal decimal(int value) {
        byte[] whole = new byte[16];
        ByteBuilder.LONG_BIG.set(whole, 0, high(value));
        ByteBuilder.LONG_BIG.set(whole, 8, low[value]);
        return new BigDecimal(new BigInteger(whole), fileScale);
    }
}
