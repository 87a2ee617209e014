package dev.candlewick.sink.clickhouse;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.BooleanColumn;
import dev.candlewick.Column;
import dev.candlewick.ColumnType;
import dev.candlewick.DecimalColumn;
import dev.candlewick.DecimalColumnBuilder;
import dev.candlewick.DoubleColumn;
import dev.candlewick.Field;
import dev.candlewick.LongColumn;
import dev.candlewick.Series;
import dev.candlewick.TextColumn;
import dev.candlewick.TimeColumn;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads blocks of ClickHouse's {@code Native} format into columns. Whatever is not exactly what was asked for is an
 * {@link IOException}, so that no damaged or cut answer passes for a short one. For one thread.
 */
final class NativeDecoder {

    // No block of ours comes near; a larger number is the mark of bytes that are no block.
    private static final long MOST_ROWS = 1L << 24;
    private static final int MOST_TEXT_BYTES = 1 << 30;
    private static final int BUFFER = 1 << 17;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int end;
    private byte[] wide = new byte[0];

    NativeDecoder(InputStream in) {
        this.in = in;
    }

    /** The next block as rows of a series, whose columns it must have; empty at the end. */
    Optional<Batch> next(Series series) throws IOException {
        List<Field> fields = series.schema().fields();
        int rows = header(fields.size());
        if (rows < 0) {
            return Optional.empty();
        }
        boolean nullable = fields.stream().anyMatch(Field::nullable);
        List<Column> columns = new ArrayList<>(fields.size());
        List<Cells> cells = new ArrayList<>();
        for (Field field : fields) {
            expect(field.name());
            expect(NativeTypes.of(field));
            if (nullable) {
                cells.add(cells(field, rows));
            } else {
                columns.add(column(field, rows));
            }
        }
        return Optional.of(nullable ? built(series, rows, cells) : Batch.of(series, columns));
    }

    /** The next block as rows of text, all of whose columns must be {@code String}; empty at the end. */
    Optional<List<List<String>>> nextTexts(int columns) throws IOException {
        int rows = header(columns);
        if (rows < 0) {
            return Optional.empty();
        }
        List<List<String>> texts = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            texts.add(new ArrayList<>(columns));
        }
        for (int i = 0; i < columns; i++) {
            text();
            expect("String");
            for (int row = 0; row < rows; row++) {
                texts.get(row).add(text());
            }
        }
        return Optional.of(texts);
    }

    private int header(int columns) throws IOException {
        if (at == end && !refill()) {
            return -1;
        }
        long sent = varint();
        long rows = varint();
        if (sent != columns || rows > MOST_ROWS) {
            throw new IOException("A block of " + sent + " columns and " + rows + " rows arrived, " + columns
                    + " columns were asked for");
        }
        return (int) rows;
    }

    /** Another column came than the one that was asked for. */
    static final class UnexpectedColumn extends IOException {

        private static final long serialVersionUID = 1;

        UnexpectedColumn(String message) {
            super(message);
        }
    }

    private void expect(String text) throws IOException {
        String sent = text();
        if (!sent.equals(text)) {
            throw new UnexpectedColumn("'" + (sent.length() > 100 ? sent.substring(0, 100) + "…" : sent)
                    + "' arrived where '" + text + "' was expected");
        }
    }

    private Column column(Field field, int rows) throws IOException {
        if (field.type() instanceof ColumnType.Time) {
            return TimeColumn.adopt(field.name(), int64s(rows));
        } else if (field.type() instanceof ColumnType.Int64) {
            return LongColumn.adopt(field.name(), int64s(rows));
        } else if (field.type() instanceof ColumnType.Float64) {
            double[] values = new double[rows];
            for (int row = 0; row < rows; row++) {
                values[row] = Double.longBitsToDouble(int64());
            }
            return DoubleColumn.of(field.name(), values);
        } else if (field.type() instanceof ColumnType.Bool) {
            boolean[] values = new boolean[rows];
            for (int row = 0; row < rows; row++) {
                values[row] = octet() != 0;
            }
            return BooleanColumn.of(field.name(), values);
        } else if (field.type() instanceof ColumnType.Text) {
            return TextColumn.of(field.name(), texts(rows));
        }
        ColumnType.Decimal type = (ColumnType.Decimal) field.type();
        int width = NativeTypes.width(type);
        try {
            if (width == Long.BYTES) {
                return DecimalColumn.adopt(field.name(), type.precision(), type.scale(), int64s(rows));
            } else if (width == Integer.BYTES) {
                long[] values = new long[rows];
                for (int row = 0; row < rows; row++) {
                    values[row] = int32();
                }
                return DecimalColumn.adopt(field.name(), type.precision(), type.scale(), values);
            }
            return wideColumn(field.name(), type, rows);
        } catch (ArithmeticException tooWide) {
            throw new IOException("A value of column '" + field + "' arrived that the column cannot hold", tooWide);
        }
    }

    // Volumes are declared with 38 digits and nearly always fit 18: one pass that finds out, no objects.
    private Column wideColumn(String name, ColumnType.Decimal type, int rows) throws IOException {
        int bytes = Math.multiplyExact(rows, 16);
        if (wide.length < bytes) {
            wide = new byte[bytes];
        }
        read(wide, bytes);
        long[] low = new long[rows];
        long overflow = 0;
        for (int row = 0; row < rows; row++) {
            long value = Bytes.int64(wide, row * 16);
            low[row] = value;
            overflow |= Bytes.int64(wide, row * 16 + 8) ^ (value >> 63);
        }
        if (overflow == 0) {
            return DecimalColumn.adopt(name, type.precision(), type.scale(), low);
        }
        DecimalColumnBuilder builder = new DecimalColumnBuilder(name, type, rows);
        for (int row = 0; row < rows; row++) {
            builder.appendUnscaled(Bytes.int64(wide, row * 16 + 8), low[row]);
        }
        return builder.build();
    }

    /** The values of a column as they came; what a null row has means nothing. */
    private static final class Cells {

        private final byte[] nulls;
        private final long[] low;
        private final long[] high;
        private final String[] texts;

        Cells(byte[] nulls, long[] low, long[] high, String[] texts) {
            this.nulls = nulls;
            this.low = low;
            this.high = high;
            this.texts = texts;
        }

        boolean isNull(int row) {
            return nulls.length > 0 && nulls[row] != 0;
        }
    }

    private Cells cells(Field field, int rows) throws IOException {
        byte[] nulls = new byte[field.nullable() ? rows : 0];
        read(nulls, nulls.length);
        if (field.type() instanceof ColumnType.Text) {
            return new Cells(nulls, new long[0], new long[0], texts(rows));
        }
        boolean wideDecimal = field.type() instanceof ColumnType.Decimal decimal && NativeTypes.width(decimal) == 16;
        boolean narrowDecimal = field.type() instanceof ColumnType.Decimal decimal && NativeTypes.width(decimal) == 4;
        long[] low = new long[rows];
        long[] high = new long[wideDecimal ? rows : 0];
        for (int row = 0; row < rows; row++) {
            low[row] = field.type() instanceof ColumnType.Bool ? octet() : narrowDecimal ? int32() : int64();
            if (wideDecimal) {
                high[row] = int64();
            }
        }
        return new Cells(nulls, low, high, new String[0]);
    }

    private static Batch built(Series series, int rows, List<Cells> cells) throws IOException {
        List<Field> fields = series.schema().fields();
        BatchBuilder builder = new BatchBuilder(series, rows);
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < fields.size(); i++) {
                append(fields.get(i), cells.get(i), row, builder, i);
            }
            builder.endRow();
        }
        return builder.build();
    }

    private static void append(Field field, Cells cells, int row, BatchBuilder to, int column) throws IOException {
        boolean missing = cells.isNull(row);
        if (field.type() instanceof ColumnType.Time) {
            if (missing) {
                to.time(column).appendNull();
            } else {
                to.time(column).append(cells.low[row]);
            }
        } else if (field.type() instanceof ColumnType.Decimal) {
            if (missing) {
                to.decimal(column).appendNull();
            } else {
                appendDecimal(cells, row, to.decimal(column));
            }
        } else if (field.type() instanceof ColumnType.Int64) {
            if (missing) {
                to.int64(column).appendNull();
            } else {
                to.int64(column).append(cells.low[row]);
            }
        } else if (field.type() instanceof ColumnType.Float64) {
            if (missing) {
                to.float64(column).appendNull();
            } else {
                to.float64(column).append(Double.longBitsToDouble(cells.low[row]));
            }
        } else if (field.type() instanceof ColumnType.Bool) {
            if (missing) {
                to.bool(column).appendNull();
            } else {
                to.bool(column).append(cells.low[row] != 0);
            }
        } else if (missing) {
            to.text(column).appendNull();
        } else {
            to.text(column).append(cells.texts[row]);
        }
    }

    private static void appendDecimal(Cells cells, int row, DecimalColumnBuilder to) throws IOException {
        long low = cells.low[row];
        try {
            to.appendUnscaled(cells.high.length > 0 ? cells.high[row] : low >> 63, low);
        } catch (ArithmeticException tooWide) {
            throw new IOException("A value arrived that its column cannot hold", tooWide);
        }
    }

    private String[] texts(int rows) throws IOException {
        String[] texts = new String[rows];
        for (int row = 0; row < rows; row++) {
            texts[row] = text();
        }
        return texts;
    }

    private long[] int64s(int rows) throws IOException {
        long[] values = new long[rows];
        int row = 0;
        while (row < rows) {
            require(Long.BYTES);
            int count = Math.min(rows - row, (end - at) / Long.BYTES);
            ByteBuffer.wrap(buffer, at, count * Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asLongBuffer()
                    .get(values, row, count);
            at += count * Long.BYTES;
            row += count;
        }
        return values;
    }

    private long int64() throws IOException {
        require(Long.BYTES);
        long value = Bytes.int64(buffer, at);
        at += Long.BYTES;
        return value;
    }

    private int int32() throws IOException {
        require(Integer.BYTES);
        int value = Bytes.int32(buffer, at);
        at += Integer.BYTES;
        return value;
    }

    /** Makes sure that the next few bytes are in the buffer. */
    private void require(int bytes) throws IOException {
        if (end - at >= bytes) {
            return;
        }
        System.arraycopy(buffer, at, buffer, 0, end - at);
        end -= at;
        at = 0;
        while (end < bytes) {
            int read = in.read(buffer, end, buffer.length - end);
            if (read < 0) {
                throw new EOFException("The answer ends in the middle of a block");
            }
            end += read;
        }
    }

    private int octet() throws IOException {
        if (at == end && !refill()) {
            throw new EOFException("The answer ends in the middle of a block");
        }
        return buffer[at++];
    }

    private long varint() throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int octet = octet();
            value |= (octet & 0x7FL) << shift;
            if (octet >= 0) {
                return value;
            }
        }
        throw new IOException("A number of more than 64 bits arrived");
    }

    private String text() throws IOException {
        long length = varint();
        if (length < 0 || length > MOST_TEXT_BYTES) {
            throw new IOException("A text of " + Long.toUnsignedString(length) + " bytes arrived");
        }
        int bytes = (int) length;
        if (end - at >= bytes) {
            String text = utf8(buffer, at, bytes);
            at += bytes;
            return text;
        }
        // The length may be damaged, so the room grows with what really arrives.
        byte[] grown = new byte[Math.min(bytes, BUFFER)];
        int filled = 0;
        while (filled < bytes) {
            if (at == end && !refill()) {
                throw new EOFException("The answer ends in the middle of a text");
            }
            if (filled == grown.length) {
                grown = Arrays.copyOf(grown, (int) Math.min(bytes, grown.length * 2L));
            }
            int count = Math.min(Math.min(end - at, bytes - filled), grown.length - filled);
            System.arraycopy(buffer, at, grown, filled, count);
            at += count;
            filled += count;
        }
        return utf8(grown, 0, bytes);
    }

    private static String utf8(byte[] bytes, int from, int count) throws IOException {
        try {
            CharBuffer text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, from, count));
            return text.toString();
        } catch (CharacterCodingException malformed) {
            throw new IOException("A text arrived that is not UTF-8", malformed);
        }
    }

    private void read(byte[] target, int count) throws IOException {
        int filled = Math.min(count, end - at);
        System.arraycopy(buffer, at, target, 0, filled);
        at += filled;
        while (filled < count) {
            int read = in.read(target, filled, count - filled);
            if (read < 0) {
                throw new EOFException("The answer ends in the middle of a block");
            }
            filled += read;
        }
    }

    private boolean refill() throws IOException {
        at = 0;
        end = 0;
        int read = in.read(buffer, 0, buffer.length);
        while (read == 0) {
            read = in.read(buffer, 0, buffer.length);
        }
        end = Math.max(0, read);
        return read > 0;
    }
}
