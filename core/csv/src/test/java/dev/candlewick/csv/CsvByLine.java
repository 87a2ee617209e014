package dev.candlewick.csv;

import dev.candlewick.ColumnType;
import dev.candlewick.Field;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the same files as {@link CsvRows} the plain way: all bytes at once, line by line, cell by cell, with split and
 * BigDecimal. What the quick reader must agree with.
 */
final class CsvByLine {

    /** A row that is set aside, and the first column that is the reason; empty when it is the row as a whole. */
    record Bad(long line, String column) {}

    /** What the file as a whole is refused with. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Refused(String message) {
            super(message);
        }
    }

    final List<List<String>> rows = new ArrayList<>();
    final List<Bad> bad = new ArrayList<>();
    long passedOver;
    private Optional<CsvTimes> unit = Optional.empty();
    private static final long LEAST_MICROS = 100_000_000_000_000L;

    private long lastMicros = Long.MIN_VALUE;
    private final CsvLayout layout;
    private CsvHeader header = new CsvHeader(List.of(), true, Map.of(), "");

    CsvByLine(byte[] file, CsvLayout layout) {
        this.layout = layout;
        List<byte[]> lines = lines(plain(file));
        boolean started = false;
        long number = 0;
        for (byte[] line : lines) {
            number++;
            if (!started) {
                if (line.length == 0 || (line.length == 1 && line[0] == '\r')) {
                    continue;
                }
                started = true;
                if (line.length > CsvRows.LONGEST_LINE) {
                    throw new Refused("a first line that is too long");
                }
                header = CsvHeader.of(new String(line, StandardCharsets.UTF_8), layout, "file");
                if (header.isLine()) {
                    continue;
                }
            }
            row(line, number);
        }
    }

    private static byte[] plain(byte[] file) {
        if (file.length < 2 || file[0] != 0x1F || file[1] != (byte) 0x8B) {
            return file;
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(file))) {
            return in.readAllBytes();
        } catch (IOException bad) {
            throw new UncheckedIOException(bad);
        }
    }

    private static List<byte[]> lines(byte[] text) {
        List<byte[]> lines = new ArrayList<>();
        int start = 0;
        for (int at = 0; at <= text.length; at++) {
            if (at == text.length ? start < at : text[at] == '\n') {
                lines.add(Arrays.copyOfRange(text, start, at));
                start = at + 1;
            }
        }
        return lines;
    }

    private void row(byte[] bytes, long number) {
        // Latin 1 keeps every byte, whatever the text's encoding.
        String line = new String(bytes, StandardCharsets.ISO_8859_1);
        if (line.endsWith("\r")) {
            line = line.substring(0, line.length() - 1);
        }
        if (line.isEmpty()) {
            return;
        }
        if (line.length() > CsvRows.LONGEST_LINE) {
            throw new Refused("a line that is too long");
        }
        String[] cells = line.split(",", -1);
        if (cells.length != header.names().size()) {
            bad.add(new Bad(number, ""));
            return;
        }
        if (layout.wanted().entrySet().stream()
                .anyMatch(wanted -> !wanted.getValue().contains(unquoted(cells[header.cell(wanted.getKey())])))) {
            passedOver++;
            return;
        }
        tellUnit(cells);
        List<String> row = new ArrayList<>();
        String column = "";
        try {
            for (Map.Entry<String, Set<String>> constant : layout.constants().entrySet()) {
                column = constant.getKey();
                if (!constant.getValue().contains(unquoted(cells[header.cell(column)]))) {
                    throw new IllegalArgumentException();
                }
            }
            long micros = Long.MIN_VALUE;
            for (CsvLayout.Feed feed : layout.feeds()) {
                column = feed.field().name();
                String value = feed.header().isEmpty() ? null : value(feed, cells[header.cell(feed.header())]);
                if (value == null && !feed.field().nullable()) {
                    throw new IllegalArgumentException();
                }
                row.add(value == null ? "null" : value);
                if (column.equals(layout.schema().time())) {
                    micros = Long.parseLong(value);
                }
            }
            column = layout.schema().time();
            if (micros < lastMicros) {
                throw new IllegalArgumentException();
            }
            lastMicros = micros;
            rows.add(row);
        } catch (IllegalArgumentException | ArithmeticException unfit) {
            bad.add(new Bad(number, column));
        }
    }

    /** Of files whose times are told by their size, the first one tells that of all; bad rows count where they have a time. */
    private void tellUnit(String[] cells) {
        for (CsvLayout.Feed feed : layout.feeds()) {
            if (layout.times() != CsvTimes.BY_MAGNITUDE || !(feed.field().type() instanceof ColumnType.Time)) {
                continue;
            }
            try {
                long value = Long.parseLong(unquoted(cells[header.cell(feed.header())]));
                if (value >= LEAST_MICROS / 1_000) {
                    CsvTimes told = value >= LEAST_MICROS ? CsvTimes.MICROS : CsvTimes.MILLIS;
                    if (unit.isPresent() && told != unit.get()) {
                        throw new Refused("two units of time");
                    }
                    unit = Optional.of(told);
                }
            } catch (NumberFormatException noTime) {
                // It is set aside where the row is read.
            }
        }
    }

    private static String unquoted(String cell) {
        return cell.length() >= 2 && cell.startsWith("\"") && cell.endsWith("\"")
                ? cell.substring(1, cell.length() - 1)
                : cell;
    }

    private @Nullable String value(CsvLayout.Feed feed, String quoted) {
        String cell = unquoted(quoted);
        if (cell.contains("\"") || (cell.length() > 200 && !(feed.field().type() instanceof ColumnType.Text))) {
            throw new IllegalArgumentException();
        }
        if (cell.isEmpty()) {
            return null;
        }
        Field field = feed.field();
        if (field.type() instanceof ColumnType.Time) {
            long value = Long.parseLong(cell);
            long factor = unit.orElse(layout.times()) == CsvTimes.MICROS ? 1 : 1_000;
            long least = field.nullable() ? 0 : LEAST_MICROS / factor;
            long greatest = factor == 1 || field.nullable() ? 253_402_300_799_999_999L / factor : LEAST_MICROS - 1;
            if (value < least || value > greatest) {
                throw new IllegalArgumentException();
            }
            return Long.toString(value * factor);
        } else if (field.type() instanceof ColumnType.Decimal decimal) {
            BigDecimal value = new BigDecimal(cell);
            if (value.signum() != 0 && Math.abs((long) value.scale()) > 1_000) {
                throw new ArithmeticException();
            }
            BigDecimal scaled = value.signum() == 0 ? BigDecimal.ZERO : value.setScale(decimal.scale());
            if (scaled.precision() > decimal.precision()) {
                throw new ArithmeticException();
            }
            return scaled.signum() == 0 ? "0" : scaled.stripTrailingZeros().toPlainString();
        } else if (field.type() instanceof ColumnType.Int64) {
            return Long.toString(Long.parseLong(cell));
        } else if (field.type() instanceof ColumnType.Float64) {
            if (!cell.matches("[-+.0-9eE]+") || !Double.isFinite(Double.parseDouble(cell) / feed.divisor())) {
                throw new IllegalArgumentException();
            }
            return Double.toString(Double.parseDouble(cell) / feed.divisor());
        } else if (field.type() instanceof ColumnType.Bool) {
            return switch (cell) {
                case "true", "True", "TRUE" -> "true";
                case "false", "False", "FALSE" -> "false";
                default -> throw new IllegalArgumentException();
            };
        }
        String text = utf8(cell.getBytes(StandardCharsets.ISO_8859_1));
        if (feed.texts().isEmpty()) {
            return text;
        }
        String meaning = feed.texts().get(text);
        if (meaning == null) {
            throw new IllegalArgumentException();
        }
        return meaning;
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException bad) {
            throw new IllegalArgumentException(bad);
        }
    }
}
