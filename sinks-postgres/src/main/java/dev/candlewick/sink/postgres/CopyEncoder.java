package dev.candlewick.sink.postgres;

import dev.candlewick.Batch;
import dev.candlewick.BooleanColumn;
import dev.candlewick.Column;
import dev.candlewick.DecimalColumn;
import dev.candlewick.DoubleColumn;
import dev.candlewick.LongColumn;
import dev.candlewick.TextColumn;
import dev.candlewick.TimeColumn;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Turns rows into the tuples of one table's binary {@code COPY}, without its header and trailer. Goes over a batch row by
 * row with one small object per column. For one thread.
 */
final class CopyEncoder {

    private static final int TIME_BYTES = 4 + 8;

    private final TablePart part;
    private final byte[] label;
    private final CopyBuffer out = new CopyBuffer();
    private long lastTime = Long.MIN_VALUE;
    private int ordinal;

    CopyEncoder(TablePart part, String label) {
        this.part = part;
        this.label = label.getBytes(StandardCharsets.UTF_8);
    }

    private interface Cell {
        void put(CopyBuffer out, int row);
    }

    /** Counts rows that another encoder writes. */
    void skip(Batch batch) {
        TimeColumn times = batch.times();
        for (int row = 0; row < times.size(); row++) {
            number(times.epochMicros(row));
        }
    }

    private int number(long time) {
        ordinal = time == lastTime ? ordinal + 1 : 0;
        lastTime = time;
        return ordinal;
    }

    /** Writes the rows, which {@link RowCheck} has found to fit. */
    void encode(Batch batch, OutputStream target) throws IOException {
        List<TablePart.Stored> stored = part.stored();
        Cell[] cells = new Cell[stored.size()];
        // The most bytes of a row, but for its texts.
        int fixed = 2 + 4 + label.length + 2 * TIME_BYTES + cells.length * Numeric.MOST_BYTES;
        for (int i = 0; i < cells.length; i++) {
            cells[i] = cell(batch.columns().get(stored.get(i).field()), fixed);
        }
        TimeColumn times = batch.times();
        boolean numbered = part.ordinal().isPresent();
        int fields = part.columns().size();
        for (int row = 0; row < batch.rows(); row++) {
            out.ensure(fixed);
            out.putShort(fields);
            out.putInt(label.length);
            System.arraycopy(label, 0, out.bytes, out.at, label.length);
            out.at += label.length;
            long time = times.epochMicros(row);
            out.putInt(8);
            out.putLong(time - Sql.EPOCH_MICROS);
            for (Cell cell : cells) {
                cell.put(out, row);
            }
            if (numbered) {
                out.putInt(4);
                out.putInt(number(time));
            }
            out.drain(target);
        }
        out.flush(target);
    }

    private static Cell cell(Column column, int room) {
        Cell cell = valueOf(column, room);
        if (!column.hasNulls()) {
            return cell;
        }
        return (out, row) -> {
            if (column.isNull(row)) {
                out.putInt(-1);
            } else {
                cell.put(out, row);
            }
        };
    }

    private static Cell valueOf(Column column, int room) {
        if (column instanceof DecimalColumn decimals) {
            int scale = decimals.scale();
            if (decimals.fitsLong()) {
                return (out, row) -> Numeric.put(out, decimals.low(row), scale);
            }
            return (out, row) -> putWide(out, decimals, row, scale);
        } else if (column instanceof TimeColumn times) {
            return (out, row) -> putLong(out, times.epochMicros(row) - Sql.EPOCH_MICROS);
        } else if (column instanceof LongColumn longs) {
            return (out, row) -> putLong(out, longs.value(row));
        } else if (column instanceof DoubleColumn doubles) {
            return (out, row) -> putLong(out, Double.doubleToLongBits(doubles.value(row)));
        } else if (column instanceof BooleanColumn booleans) {
            return (out, row) -> {
                out.putInt(1);
                out.bytes[out.at++] = (byte) (booleans.value(row) ? 1 : 0);
            };
        } else {
            return texts((TextColumn) column, room);
        }
    }

    private static void putWide(CopyBuffer out, DecimalColumn decimals, int row, int scale) {
        long low = decimals.low(row);
        long high = decimals.high(row);
        if (high == low >> 63) {
            Numeric.put(out, low, scale);
        } else {
            Numeric.put(out, high, low, scale);
        }
    }

    private static void putLong(CopyBuffer out, long value) {
        out.putInt(8);
        out.putLong(value);
    }

    // Equal texts are one object in a batch, so each is turned into bytes once. A text has no bound, so room for the
    // cells after it is asked for along with its own.
    private static Cell texts(TextColumn texts, int room) {
        if (texts.isNumeric()) {
            return (out, row) -> {
                out.ensure(4 + TextColumn.MOST_DIGITS + room);
                int digits = texts.copyDigits(row, out.bytes, out.at + 4);
                out.putInt(digits);
                out.at += digits;
            };
        }
        byte[][] encoded = new byte[texts.dictionary().size()][];
        return (out, row) -> {
            int code = texts.code(row);
            byte[] bytes = encoded[code];
            if (bytes == null) {
                bytes = texts.value(row).getBytes(StandardCharsets.UTF_8);
                encoded[code] = bytes;
            }
            out.ensure(bytes.length + 4 + room);
            out.putSized(bytes);
        };
    }
}
