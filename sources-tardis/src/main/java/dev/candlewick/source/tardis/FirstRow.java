package dev.candlewick.source.tardis;

import dev.candlewick.Corrupt;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * A look at the beginning of a file: whether it has rows at all, and of what. Rows spell a symbol as the venue does,
 * {@code XBT/USD}, the file's name as addresses can, {@code XBT-USD}; so the first row that is about the file's symbol says
 * how all must spell it. Rows before it are wrong, and no more than that.
 *
 * @param bytes how long the file is
 * @param hasHeader whether there is a first line
 * @param symbol as rows spell the file's symbol; where none of the first ones is about it, what they are about; no text
 *     where they do not say; empty when there is no row
 */
record FirstRow(long bytes, boolean hasHeader, Optional<String> symbol) {

    private static final int LONGEST_LINE = 1 << 16;
    /** More wrong ones make the file as a whole wrong. */
    private static final int ROWS = 1_000;

    static FirstRow of(DatasetFile file, CachedCopy copy) throws IOException {
        if (copy.bytes() == 0) {
            return new FirstRow(0, false, Optional.empty());
        }
        try (InputStream lines = plain(copy)) {
            String header = line(lines);
            if (header.isEmpty()) {
                return new FirstRow(copy.bytes(), false, Optional.empty());
            }
            List<String> columns = cells(header.strip());
            int column = columns.indexOf("symbol");
            if (column < 0) {
                throw new Corrupt(file.localName() + ", line 1: no column 'symbol'; there are " + shown(header));
            }
            return new FirstRow(copy.bytes(), true, symbol(file, lines, columns.size(), column));
        } catch (EOFException | java.util.zip.ZipException damaged) {
            throw new Corrupt(file.localName() + " is damaged at its beginning: " + damaged.getMessage(), damaged);
        }
    }

    private static Optional<String> symbol(DatasetFile file, InputStream lines, int columns, int column)
            throws IOException {
        String other = "";
        for (int row = 0; row < ROWS; row++) {
            String line = line(lines);
            if (line.isEmpty()) {
                return row == 0 ? Optional.empty() : Optional.of(other);
            }
            List<String> cells = cells(line);
            String symbol = cells.size() == columns ? cells.get(column) : "";
            if (TardisSymbols.datasetId(symbol).equalsIgnoreCase(file.symbol())) {
                return Optional.of(symbol);
            }
            other = other.isEmpty() ? symbol : other;
        }
        return Optional.of(other);
    }

    private static InputStream plain(CachedCopy copy) throws IOException {
        PushbackInputStream raw = new PushbackInputStream(Files.newInputStream(copy.path()), 2);
        byte[] magic = raw.readNBytes(2);
        raw.unread(magic);
        boolean zipped = magic.length == 2 && (magic[0] & 0xff) == 0x1f && (magic[1] & 0xff) == 0x8b;
        return new BufferedInputStream(zipped ? new GZIPInputStream(raw, 1 << 13) : raw, 1 << 13);
    }

    /** The next line that is not blank; empty at the end. */
    private static String line(InputStream lines) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = lines.read(); next >= 0 && line.size() < LONGEST_LINE; next = lines.read()) {
            if (next != '\n') {
                line.write(next);
            } else if (!isBlank(line)) {
                break;
            } else {
                line.reset();
            }
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** As files of rows pass over blank lines; a line of spaces is not one. */
    private static boolean isBlank(ByteArrayOutputStream line) {
        return line.size() == 0 || (line.size() == 1 && line.toByteArray()[0] == '\r');
    }

    private static List<String> cells(String line) {
        return List.of(line.replace("\"", "").split(",", -1));
    }

    private static String shown(String header) {
        return header.length() <= 200 ? header : header.substring(0, 200) + "…";
    }
}
