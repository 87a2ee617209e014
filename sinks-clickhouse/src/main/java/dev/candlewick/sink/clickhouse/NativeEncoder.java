package dev.candlewick.sink.clickhouse;

import dev.candlewick.Batch;
import dev.candlewick.BooleanColumn;
import dev.candlewick.Column;
import dev.candlewick.ColumnType;
import dev.candlewick.DecimalColumn;
import dev.candlewick.DoubleColumn;
import dev.candlewick.Field;
import dev.candlewick.LongColumn;
import dev.candlewick.TextColumn;
import dev.candlewick.TimeColumn;
import dev.candlewick.spi.RowFit;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes columns in ClickHouse's {@code Native} format: per column its name, its type, and the values of all rows one
 * after the other as the server holds them. This is what makes an insert cost the server next to nothing. For one thread.
 */
final class NativeEncoder {

    // DateTime64 holds these times and wraps others around without a word.
    static final long FIRST_MICROS = -2_208_988_800_000_000L; // 1900-01-01T00:00:00Z
    static final long LAST_MICROS = 10_413_792_000_000_000L - 1; // 2300-01-01T00:00:00Z, exclusive

    private long[] scratch = new long[0];

    /** Appends the columns of some batches of one series, as if they were one. */
    void columns(List<Batch> batches, int rows, Bytes to) {
        List<Field> fields = batches.get(0).series().schema().fields();
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            to.text(field.name());
            to.text(NativeTypes.of(field));
            if (field.nullable()) {
                for (Batch batch : batches) {
                    nulls(batch.columns().get(i), to);
                }
            }
            for (Batch batch : batches) {
                values(batch.columns().get(i), to);
            }
        }
    }

    /**
     * Checks that ClickHouse can hold every value of a batch exactly.
     *
     * @param rowsBefore rows before the batch, for the message
     * @throws dev.candlewick.Refused naming the first row that it cannot hold
     */
    static void check(Batch batch, long rowsBefore) {
        RowFit fit = new RowFit(Failures.cut(batch.series()), batch, rowsBefore);
        for (Column column : batch.columns()) {
            if (column instanceof TimeColumn times) {
                checkTimes(times, fit);
            } else if (column instanceof TextColumn texts) {
                fit.requireCharacters(texts, ", which is no character");
            }
        }
    }

    private static void checkTimes(TimeColumn times, RowFit fit) {
        for (int row = 0; row < times.size(); row++) {
            long micros = times.epochMicros(row);
            if (micros < FIRST_MICROS || micros > LAST_MICROS) {
                throw fit.refused(row, times, "is outside 1900 to 2299, the times of ClickHouse");
            }
        }
    }

    private static void nulls(Column column, Bytes to) {
        int at = to.claim(column.size());
        byte[] array = to.array();
        for (int row = 0; row < column.size(); row++) {
            array[at + row] = (byte) (column.isNull(row) ? 1 : 0);
        }
    }

    private void values(Column column, Bytes to) {
        if (column instanceof TimeColumn times) {
            times.copy(0, times.size(), room(times.size()), 0);
            to.int64s(scratch, times.size());
        } else if (column instanceof LongColumn longs) {
            longs.copy(0, longs.size(), room(longs.size()), 0);
            to.int64s(scratch, longs.size());
        } else if (column instanceof DecimalColumn decimals) {
            decimals(decimals, decimals.type(), to);
        } else if (column instanceof DoubleColumn doubles) {
            doubles(doubles, to);
        } else if (column instanceof BooleanColumn flags) {
            flags(flags, to);
        } else if (column instanceof TextColumn texts) {
            texts(texts, to);
        }
    }

    private void decimals(DecimalColumn column, ColumnType.Decimal type, Bytes to) {
        int rows = column.size();
        int width = NativeTypes.width(type);
        if (width == Long.BYTES) {
            column.copyLow(0, rows, room(rows), 0);
            to.int64s(scratch, rows);
        } else if (width == Integer.BYTES) {
            for (int row = 0; row < rows; row++) {
                to.int32((int) column.low(row));
            }
        } else {
            column.copyLow(0, rows, room(rows), 0);
            int at = to.claim(Math.multiplyExact(rows, 16));
            byte[] array = to.array();
            if (column.fitsLong()) {
                for (int row = 0; row < rows; row++) {
                    Bytes.putInt64(array, at + row * 16, scratch[row]);
                    Bytes.putInt64(array, at + row * 16 + 8, scratch[row] >> 63);
                }
            } else {
                for (int row = 0; row < rows; row++) {
                    Bytes.putInt64(array, at + row * 16, scratch[row]);
                    Bytes.putInt64(array, at + row * 16 + 8, column.high(row));
                }
            }
        }
    }

    private static void doubles(DoubleColumn column, Bytes to) {
        for (int row = 0; row < column.size(); row++) {
            to.int64(Double.doubleToRawLongBits(column.value(row)));
        }
    }

    private static void flags(BooleanColumn column, Bytes to) {
        for (int row = 0; row < column.size(); row++) {
            to.octet(column.value(row) ? 1 : 0);
        }
    }

    private static void texts(TextColumn column, Bytes to) {
        if (column.isNumeric()) {
            numbers(column, to);
            return;
        }
        byte[][] dictionary = new byte[column.dictionary().size()][];
        for (int row = 0; row < column.size(); row++) {
            if (column.isNull(row)) {
                to.octet(0);
                continue;
            }
            int code = column.code(row);
            if (dictionary[code] == null) {
                dictionary[code] = utf8(column.dictionary().get(code));
            }
            to.text(dictionary[code]);
        }
    }

    // Digits are so few that their length takes one byte.
    private static void numbers(TextColumn column, Bytes to) {
        int at = to.claim(Math.multiplyExact(column.size(), 1 + TextColumn.MOST_DIGITS));
        byte[] array = to.array();
        for (int row = 0; row < column.size(); row++) {
            int digits = column.isNull(row) ? 0 : column.copyDigits(row, array, at + 1);
            array[at] = (byte) digits;
            at += 1 + digits;
        }
        to.giveBackFrom(at);
    }

    private static byte[] utf8(String text) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(text));
            byte[] array = new byte[bytes.remaining()];
            bytes.get(array);
            return array;
        } catch (CharacterCodingException impossible) {
            throw new IllegalStateException("Text was checked before", impossible);
        }
    }

    private long[] room(int rows) {
        if (scratch.length < rows) {
            scratch = new long[rows];
        }
        return scratch;
    }
}
