package dev.candlewick.sink.gcp.testing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The rows of a result, kept in memory while they are few and in a file when they are many. */
final class QueryRows implements Closeable {
    static final LocalDateTime EPOCH = LocalDateTime.of(1970, 1, 1, 0, 0);

    private static final int IN_MEMORY = 4 << 20;

    private final List<TableDefinition.Column> columns;
    private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
    private byte[] whole = new byte[0];
    private long[] starts = new long[16];
    private int count;
    private long size;
    private @Nullable Path file;
    private @Nullable FileChannel channel;

    private QueryRows(List<TableDefinition.Column> columns) {
        this.columns = columns;
    }

    /** A result without rows. */
    static QueryRows none(List<TableDefinition.Column> columns) {
        return new QueryRows(columns);
    }

    /** All rows of a result. */
    static QueryRows of(ResultSet rows) throws SQLException {
        ResultSetMetaData about = rows.getMetaData();
        List<TableDefinition.Column> columns = columns(about);
        QueryRows kept = new QueryRows(columns);
        try {
            while (rows.next()) {
                kept.start();
                for (int i = 0; i < columns.size(); i++) {
                    kept.cell(text(rows, i + 1, columns.get(i).type()));
                }
            }
        } catch (SQLException | RuntimeException e) {
            kept.close();
            throw e;
        }
        kept.finish();
        return kept;
    }

    private void finish() {
        if (channel == null) {
            whole = memory.toByteArray();
        } else {
            spill();
        }
    }

    /** The columns of a result. */
    static List<TableDefinition.Column> columns(ResultSetMetaData about) throws SQLException {
        List<TableDefinition.Column> columns = new ArrayList<>();
        for (int i = 1; i <= about.getColumnCount(); i++) {
            columns.add(new TableDefinition.Column(
                    about.getColumnLabel(i), ColumnType.ofDuck(about.getColumnTypeName(i)), "NULLABLE"));
        }
        return columns;
    }

    private static @Nullable String text(ResultSet rows, int index, ColumnType type) throws SQLException {
        if (type.equals(ColumnType.TIMESTAMP)) {
            LocalDateTime time = rows.getObject(index, LocalDateTime.class);
            if (time == null) {
                return null;
            }
            return String.valueOf(ChronoUnit.MICROS.between(EPOCH, time));
        }
        Object value = rows.getObject(index);
        if (value == null) {
            return null;
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.signum() == 0 ? "0" : decimal.stripTrailingZeros().toPlainString();
        }
        if (value instanceof BigInteger integer && integer.bitLength() > 63) {
            throw BigQueryError.invalidQuery("int64 overflow: " + integer);
        }
        return value.toString();
    }

    private void start() {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, count * 2);
        }
        starts[count++] = size + memory.size();
        if (memory.size() > IN_MEMORY) {
            spill();
        }
    }

    private void cell(@Nullable String text) {
        byte[] bytes = text == null ? new byte[0] : text.getBytes(StandardCharsets.UTF_8);
        memory.writeBytes(
                ByteBuffer.allocate(4).putInt(text == null ? -1 : bytes.length).array());
        memory.writeBytes(bytes);
    }

    private void spill() {
        try {
            FileChannel to = channel;
            if (to == null) {
                file = Files.createTempFile("bigquery-result", ".rows");
                to = FileChannel.open(
                        file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
                channel = to;
            }
            ByteBuffer bytes = ByteBuffer.wrap(memory.toByteArray());
            while (bytes.hasRemaining()) {
                size += to.write(bytes, size);
            }
            memory.reset();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<TableDefinition.Column> columns() {
        return columns;
    }

    /** DuckDB's literal of the one value of these rows; NULL when there is no row. */
    String literal(String duck) {
        ColumnType type = columns.get(0).type();
        ByteBuffer cells = count == 0 ? ByteBuffer.allocate(4).putInt(0, -1) : bytes(starts[0], whole.length);
        int length = cells.getInt();
        if (length < 0) {
            return duck.contains("NULL") ? "NULL" : "CAST(NULL AS " + duck + ")";
        }
        byte[] bytes = new byte[length];
        cells.get(bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        return switch (type.name()) {
            case "TIMESTAMP" -> SqlText.timestamp(Long.parseLong(text));
            case "BOOLEAN" -> text.toUpperCase(Locale.ROOT);
            case "STRING" -> SqlText.text(text);
            case "INTEGER" -> "CAST(" + text + " AS BIGINT)";
            default -> "CAST('" + text + "' AS " + duck + ")";
        };
    }

    int count() {
        return count;
    }

    /**
     * Writes rows as the REST API shows them, until there are enough of them or of their bytes, and returns the number of
     * the next one.
     */
    int page(int from, long rows, long bytes, TimestampForm form, ArrayNode into) {
        int row = from;
        long written = 0;
        while (row < count && row - from < rows && (row == from || written < bytes)) {
            long start = starts[row];
            long end = row + 1 < count ? starts[row + 1] : size + memory.size();
            ByteBuffer cells = bytes(start, (int) (end - start));
            written += end - start + 8L * columns.size();
            ObjectNode target = into.addObject();
            ArrayNode values = target.putArray("f");
            for (TableDefinition.Column column : columns) {
                int length = cells.getInt();
                ObjectNode cell = values.addObject();
                if (length < 0) {
                    cell.putNull("v");
                    continue;
                }
                byte[] text = new byte[length];
                cells.get(text);
                String value = new String(text, StandardCharsets.UTF_8);
                cell.put("v", column.type().equals(ColumnType.TIMESTAMP) ? form.text(value) : value);
            }
            row++;
        }
        return row;
    }

    private ByteBuffer bytes(long start, int length) {
        FileChannel from = channel;
        if (from == null) {
            return ByteBuffer.wrap(whole, (int) start, length);
        }
        try {
            ByteBuffer bytes = ByteBuffer.allocate(length);
            while (bytes.hasRemaining()) {
                if (from.read(bytes, start + bytes.position()) < 0) {
                    throw new IOException("The end of " + file);
                }
            }
            return bytes.flip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How an answer writes a timestamp. */
    enum TimestampForm {
        /** Seconds since 1970 as a floating point number: exact to the microsecond only for some three centuries. */
        SECONDS {
            @Override
            String text(String micros) {
                return Double.toString(Long.parseLong(micros) / 1e6);
            }
        },
        /** Microseconds since 1970. */
        MICROSECONDS {
            @Override
            String text(String micros) {
                return micros;
            }
        };

        abstract String text(String micros);
    }

    @Override
    public void close() {
        FileChannel open = channel;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
