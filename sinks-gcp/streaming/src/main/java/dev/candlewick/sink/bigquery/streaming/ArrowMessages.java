package dev.candlewick.sink.bigquery.streaming;

import com.google.protobuf.ByteString;
import dev.candlewick.ColumnType;
import dev.candlewick.Corrupt;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.Decimal;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FloatingPoint;
import org.apache.arrow.flatbuf.Int;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.Precision;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;
import org.apache.arrow.flatbuf.TimeUnit;
import org.apache.arrow.flatbuf.Timestamp;
import org.apache.arrow.flatbuf.Type;

/**
 * Reads Arrow's messages, as BigQuery sends them, straight into {@link Cells}: the description of a session's columns once, then
 * record batches. Needs Arrow's format definitions but none of its memory, and so no {@code --add-opens}.
 *
 * <p>Types, offsets and lengths are checked against what arrived: a message that is cut or is not what was asked for is
 * {@link Corrupt}. For one thread.
 */
final class ArrowMessages {

    private static final int CONTINUATION = -1;
    private static final int MOST_DECIMAL_BYTES = 32;

    private final String what;
    private final Column[] columns;

    /** A column of the session, and where its values go; nowhere when nobody wants it. */
    private record Column(String name, Kind kind, int scale, Optional<Cells> cells) {}

    private enum Kind {
        INT64,
        TIMESTAMP,
        FLOAT64,
        BOOL,
        UTF8,
        DECIMAL128,
        DECIMAL256
    }

    /**
     * Reads the description of the columns.
     *
     * @param what is being read, for messages
     * @param wanted the columns to fill; their names are looked up without regard to case
     */
    ArrowMessages(String what, ByteString schema, List<Cells> wanted) {
        this.what = what;
        try {
            Message message = message(buffer(schema));
            if (message.headerType() != MessageHeader.Schema) {
                throw corrupt("the description of the columns is no Arrow schema");
            }
            Schema described = (Schema) message.header(new Schema());
            columns = new Column[described.fieldsLength()];
            for (int i = 0; i < columns.length; i++) {
                columns[i] = column(described.fields(i), wanted);
            }
        } catch (IndexOutOfBoundsException | NullPointerException | AssertionError damaged) {
            throw corrupt("the description of the columns cannot be read", damaged);
        }
        for (Cells each : wanted) {
            if (Arrays.stream(columns)
                    .noneMatch(column -> column.cells().filter(each::equals).isPresent())) {
                throw corrupt("there is no column '" + each.name() + "'");
            }
        }
    }

    private Column column(Field field, List<Cells> wanted) {
        Optional<Cells> cells = wanted.stream()
                .filter(each -> each.name().equalsIgnoreCase(field.name()))
                .findFirst();
        if (field.dictionary() != null) {
            throw corrupt("column '" + field.name() + "' comes as a dictionary, which BigQuery does not send");
        }
        int scale = 0;
        Kind kind;
        switch (field.typeType()) {
            case Type.Int -> {
                Int type = (Int) field.type(new Int());
                require(type.bitWidth() == 64 && type.isSigned(), field, cells);
                kind = Kind.INT64;
            }
            case Type.FloatingPoint -> {
                require(
                        ((FloatingPoint) field.type(new FloatingPoint())).precision() == Precision.DOUBLE,
                        field,
                        cells);
                kind = Kind.FLOAT64;
            }
            case Type.Bool -> kind = Kind.BOOL;
            case Type.Utf8 -> kind = Kind.UTF8;
            case Type.Timestamp -> {
                require(((Timestamp) field.type(new Timestamp())).unit() == TimeUnit.MICROSECOND, field, cells);
                kind = Kind.TIMESTAMP;
            }
            case Type.Decimal -> {
                Decimal type = (Decimal) field.type(new Decimal());
                scale = type.scale();
                require(type.bitWidth() == 128 || type.bitWidth() == 256, field, cells);
                kind = type.bitWidth() == 128 ? Kind.DECIMAL128 : Kind.DECIMAL256;
            }
            default ->
                throw corrupt("column '" + field.name() + "' has Arrow type " + Type.name(field.typeType())
                        + ", which none of ours is stored as");
        }
        cells.ifPresent(target -> require(fits(target.type(), kind), field, cells));
        return new Column(field.name(), kind, scale, cells);
    }

    private static boolean fits(ColumnType type, Kind kind) {
        return switch (kind) {
            case INT64 -> type instanceof ColumnType.Int64;
            case TIMESTAMP -> type instanceof ColumnType.Time;
            case FLOAT64 -> type instanceof ColumnType.Float64;
            case BOOL -> type instanceof ColumnType.Bool;
            case UTF8 -> type instanceof ColumnType.Text;
            case DECIMAL128, DECIMAL256 -> type instanceof ColumnType.Decimal;
        };
    }

    private void require(boolean fits, Field field, Optional<Cells> cells) {
        if (!fits) {
            throw corrupt("column '" + field.name() + "' arrives as Arrow type " + Type.name(field.typeType())
                    + cells.map(wanted -> ", not as " + wanted.type()).orElse(""));
        }
    }

    /** Adds the rows of a record batch and tells how many they are. */
    int read(ByteString recordBatch) {
        try {
            ByteBuffer bytes = buffer(recordBatch);
            Message message = message(bytes);
            if (message.headerType() != MessageHeader.RecordBatch) {
                throw corrupt("a message is no record batch");
            }
            RecordBatch batch = (RecordBatch) message.header(new RecordBatch());
            if (batch.compression() != null) {
                throw corrupt("a record batch is compressed, though that was not asked for");
            }
            int rows = Math.toIntExact(batch.length());
            if (batch.nodesLength() != columns.length) {
                throw corrupt("a record batch has " + batch.nodesLength() + " columns instead of " + columns.length);
            }
            ByteBuffer body = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
            int at = 0;
            for (int i = 0; i < columns.length; i++) {
                if (batch.nodes(i).length() != rows) {
                    throw corrupt("column '" + columns[i].name() + "' has "
                            + batch.nodes(i).length() + " of " + rows + " rows");
                }
                boolean[] nulls =
                        batch.nodes(i).nullCount() == 0 ? new boolean[0] : nulls(part(body, batch.buffers(at)), rows);
                at++;
                if (columns[i].kind() == Kind.UTF8) {
                    readTexts(
                            columns[i], part(body, batch.buffers(at)), part(body, batch.buffers(at + 1)), rows, nulls);
                    at += 2;
                } else {
                    readValues(columns[i], part(body, batch.buffers(at)), rows, nulls);
                    at++;
                }
            }
            return rows;
        } catch (IndexOutOfBoundsException | ArithmeticException | NullPointerException | AssertionError damaged) {
            throw corrupt("a record batch cannot be read", damaged);
        }
    }

    private static boolean[] nulls(ByteBuffer validity, int rows) {
        boolean[] nulls = new boolean[rows];
        for (int row = 0; row < rows; row++) {
            nulls[row] = (validity.get(row >> 3) & (1 << (row & 7))) == 0;
        }
        return nulls;
    }

    private void readValues(Column column, ByteBuffer values, int rows, boolean[] nulls) {
        if (column.cells().isEmpty()) {
            return;
        }
        Cells cells = column.cells().get();
        int rescale = cells.type() instanceof ColumnType.Decimal decimal ? column.scale() - decimal.scale() : 0;
        for (int row = 0; row < rows; row++) {
            if (nulls.length > 0 && nulls[row]) {
                cells.addNull();
                continue;
            }
            switch (column.kind()) {
                case BOOL -> cells.add((values.get(row >> 3) >> (row & 7)) & 1);
                case DECIMAL128 -> {
                    long low = values.getLong(row * 16);
                    long high = values.getLong(row * 16 + 8);
                    if (rescale == 0) {
                        cells.add(high, low);
                    } else {
                        addRescaled(column, cells, values, row * 16, 16);
                    }
                }
                case DECIMAL256 -> {
                    long low = values.getLong(row * 32);
                    long high = values.getLong(row * 32 + 8);
                    long sign = high >> 63;
                    if (rescale == 0
                            && values.getLong(row * 32 + 16) == sign
                            && values.getLong(row * 32 + 24) == sign) {
                        cells.add(high, low);
                    } else {
                        addRescaled(column, cells, values, row * 32, MOST_DECIMAL_BYTES);
                    }
                }
                default -> cells.add(values.getLong(row * 8));
            }
        }
    }

    /** The slow way: a column whose scale is another than ours. A digit that ours would drop is refused. */
    private void addRescaled(Column column, Cells cells, ByteBuffer values, int at, int bytes) {
        byte[] bigEndian = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            bigEndian[i] = values.get(at + bytes - 1 - i);
        }
        BigDecimal value = new BigDecimal(new BigInteger(bigEndian), column.scale());
        ColumnType.Decimal type = (ColumnType.Decimal) cells.type();
        BigDecimal plain = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
        int whole = plain.signum() == 0 ? 0 : plain.precision() - plain.scale();
        if (plain.scale() > type.scale() || whole > type.precision() - type.scale()) {
            throw corrupt(
                    "column '" + column.name() + "' has " + value.toPlainString() + ", which " + type + " cannot hold");
        }
        BigInteger unscaled = plain.setScale(type.scale()).unscaledValue();
        cells.add(unscaled.shiftRight(64).longValue(), unscaled.longValue());
    }

    private void readTexts(Column column, ByteBuffer offsets, ByteBuffer data, int rows, boolean[] nulls) {
        if (column.cells().isEmpty() || rows == 0) {
            return;
        }
        Cells cells = column.cells().get();
        int before = -1;
        int from = offsets.getInt(0);
        for (int row = 0; row < rows; row++) {
            int to = offsets.getInt((row + 1) * 4);
            if (from < 0 || to < from || to > data.limit()) {
                throw corrupt("texts of column '" + column.name() + "' lie outside their bytes");
            }
            if (nulls.length > 0 && nulls[row]) {
                cells.addNull();
                before = -1;
            } else if (before >= 0 && isSame(data, before, from, to - from, offsets.getInt(row * 4) - before)) {
                cells.addAgain();
                before = from;
            } else {
                cells.add(text(column, data, from, to));
                before = from;
            }
            from = to;
        }
    }

    private static boolean isSame(ByteBuffer data, int before, int from, int length, int lengthBefore) {
        if (length != lengthBefore) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (data.get(before + i) != data.get(from + i)) {
                return false;
            }
        }
        return true;
    }

    private String text(Column column, ByteBuffer data, int from, int to) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(data.slice(from, to - from))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw corrupt("a text of column '" + column.name() + "' is not UTF-8", malformed);
        }
    }

    private static ByteBuffer buffer(ByteString bytes) {
        return bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The message at the start; leaves the position at its body. */
    private Message message(ByteBuffer bytes) {
        int start = bytes.position();
        int prefix = 4;
        int length = bytes.getInt(start);
        if (length == CONTINUATION) {
            length = bytes.getInt(start + 4);
            prefix = 8;
        }
        if (length <= 0 || length > bytes.remaining() - prefix) {
            throw corrupt("a message of " + length + " bytes does not fit into " + bytes.remaining());
        }
        ByteBuffer metadata = bytes.slice(start + prefix, length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(start + prefix + length);
        return Message.getRootAsMessage(metadata);
    }

    private static ByteBuffer part(ByteBuffer body, Buffer where) {
        return body.slice(Math.toIntExact(where.offset()), Math.toIntExact(where.length()))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    private Corrupt corrupt(String why) {
        return new Corrupt(what + " failed: " + why);
    }

    private Corrupt corrupt(String why, Throwable cause) {
        return new Corrupt(what + " failed: " + why, cause);
    }
}
