package dev.candlewick.sink.postgres;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.ColumnType;
import dev.candlewick.Corrupt;
import dev.candlewick.Field;
import dev.candlewick.Series;
import java.util.List;
import java.util.Optional;

/**
 * Turns the messages of a binary {@code COPY} back into rows with the columns of a schema. The stream must come to its own
 * end mark: a shorter one is {@link Corrupt}, never a short result. For one thread.
 */
final class CopyDecoder {

    private static final int SIGNATURE_BYTES = 11;

    private final Series series;
    private final Cell[] cells;
    private final int batchRows;
    private BatchBuilder builder;
    private boolean begun;
    private boolean ended;

    CopyDecoder(Series series, int batchRows) {
        this.series = series;
        this.batchRows = batchRows;
        this.cells = new Cell[series.schema().fields().size()];
        this.builder = fresh();
    }

    private interface Cell {
        void read(byte[] bytes, int at, int length);
    }

    private BatchBuilder fresh() {
        BatchBuilder next = new BatchBuilder(series, batchRows);
        List<Field> fields = series.schema().fields();
        for (int i = 0; i < cells.length; i++) {
            cells[i] = cell(next, i, fields.get(i).type());
        }
        return next;
    }

    private static Cell cell(BatchBuilder builder, int i, ColumnType type) {
        if (type instanceof ColumnType.Time) {
            BatchBuilder.Times times = builder.time(i);
            return (bytes, at, length) -> {
                if (length < 0) {
                    times.appendNull();
                } else {
                    times.append(longAt(bytes, at, length) + Sql.EPOCH_MICROS);
                }
            };
        } else if (type instanceof ColumnType.Decimal decimal) {
            var decimals = builder.decimal(i);
            int scale = decimal.scale();
            return (bytes, at, length) -> {
                if (length < 0) {
                    decimals.appendNull();
                } else {
                    Numeric.read(bytes, at, length, scale, decimals);
                }
            };
        } else if (type instanceof ColumnType.Int64) {
            BatchBuilder.Longs longs = builder.int64(i);
            return (bytes, at, length) -> {
                if (length < 0) {
                    longs.appendNull();
                } else {
                    longs.append(longAt(bytes, at, length));
                }
            };
        } else if (type instanceof ColumnType.Float64) {
            BatchBuilder.Doubles doubles = builder.float64(i);
            return (bytes, at, length) -> {
                if (length < 0) {
                    doubles.appendNull();
                } else {
                    doubles.append(Double.longBitsToDouble(longAt(bytes, at, length)));
                }
            };
        } else if (type instanceof ColumnType.Bool) {
            BatchBuilder.Booleans booleans = builder.bool(i);
            return (bytes, at, length) -> {
                if (length < 0) {
                    booleans.appendNull();
                } else {
                    booleans.append(bytes[at] != 0);
                }
            };
        } else {
            BatchBuilder.Texts texts = builder.text(i);
            return (bytes, at, length) -> {
                if (length < 0) {
                    texts.appendNull();
                } else {
                    texts.appendUtf8(bytes, at, at + length);
                }
            };
        }
    }

    /** Takes the next message of the server; gives a batch when one is full. */
    Optional<Batch> take(byte[] message) {
        int at = 0;
        if (!begun) {
            begun = true;
            at = SIGNATURE_BYTES + 8 + intAt(message, SIGNATURE_BYTES + 4);
        }
        while (at < message.length) {
            int fields = (short) (((message[at] & 0xFF) << 8) | (message[at + 1] & 0xFF));
            at += 2;
            if (fields == -1) {
                ended = true;
                break;
            }
            if (fields != cells.length) {
                throw new Corrupt(
                        "The server sent a row of " + fields + " columns of " + series + " instead of " + cells.length);
            }
            at = row(message, at);
        }
        return builder.rows() >= batchRows ? Optional.of(batch()) : Optional.empty();
    }

    private int row(byte[] message, int from) {
        int at = from;
        for (int i = 0; i < cells.length; i++) {
            int length = intAt(message, at);
            at += 4;
            try {
                cells[i].read(message, at, length);
            } catch (ArithmeticException | IllegalArgumentException | Corrupt unfit) {
                throw new Corrupt(
                        "Column '" + series.schema().names().get(i) + "' of a stored row of " + series
                                + " holds what was never written there: " + unfit.getMessage()
                                + ". Somebody changed the table; verify names the unit",
                        unfit);
            }
            at += Math.max(0, length);
        }
        builder.endRow();
        return at;
    }

    /** The rows since the last full batch. */
    Optional<Batch> end() {
        if (!ended) {
            throw new Corrupt("The server stopped in the middle of the rows of " + series);
        }
        return builder.rows() == 0 ? Optional.empty() : Optional.of(batch());
    }

    private Batch batch() {
        Batch batch = builder.build();
        builder = fresh();
        return batch;
    }

    private static long longAt(byte[] bytes, int at, int length) {
        if (length != 8) {
            throw new Corrupt("it has " + length + " bytes instead of 8");
        }
        return ((long) intAt(bytes, at) << 32) | (intAt(bytes, at + 4) & 0xFFFF_FFFFL);
    }

    private static int intAt(byte[] bytes, int at) {
        return (bytes[at] << 24)
                | ((bytes[at + 1] & 0xFF) << 16)
                | ((bytes[at + 2] & 0xFF) << 8)
                | (bytes[at + 3] & 0xFF);
    }
}
