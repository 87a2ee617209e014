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
 * {@code XBT/USD}, the file's name as addresses can, {@code XBT-USD}; so the first row says what all must say.
 *
 * @param bytes how long the file is
 * @param hasHeader whether there is a first line
 * @param symbol what the first row is about; empty when there is no row
 */
record FirstRow(long bytes, boolean hasHeader, Optional<String> symbol) {

    private static final int LONGEST_LINE = 1 << 16;

    static FirstRow of(DatasetFile file, CachedCopy copy) throws IOException {
        if (copy.bytes() == 0) {
            return new FirstRow(0, false, Optional.empty());
        }
        try (InputStream lines = plain(copy)) {
            String header = line(lines);
            if (header.isEmpty()) {
                return new FirstRow(copy.bytes(), false, Optional.empty());
            }
            int column = cells(header.strip()).indexOf("symbol");
            if (column < 0) {
                throw new Corrupt(file.localName() + ", line 1: no column 'symbol'; there are " + shown(header));
            }
            String row = line(lines);
            if (row.isEmpty()) {
                return new FirstRow(copy.bytes(), true, Optional.empty());
            }
            List<String> cells = cells(row);
            return new FirstRow(copy.bytes(), true, Optional.of(column < cells.size() ? cells.get(column) : ""));
        } catch (EOFException | java.util.zip.ZipException damaged) {
            throw new Corrupt(file.localName() + " is damaged at its beginning: " + damaged.getMessage(), damaged);
        }
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
        return List.of(line.split(",", -1));
    }

    private static String shown(String header) {
        return header.length() <= 200 ? header : header.substring(0, 200) + "…";
    }
}
