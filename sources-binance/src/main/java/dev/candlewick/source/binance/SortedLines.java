package dev.candlewick.source.binance;

import dev.candlewick.Corrupt;
import dev.candlewick.Unavailable;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Puts the lines of a CSV in the order of a column of times, then of the number they begin with, in bounded memory: runs of some megabytes are sorted
 * and written to temporary files, which are then merged. For the few published files whose rows are out of order; lines
 * without a time in the column keep their place behind the line before them, for the parser to judge.
 */
final class SortedLines {

    private static final int RUN_BYTES = 16 << 20;

    /** Longer lines are none of a file of trades. */
    private static final int LONGEST_LINE = 4_096;

    /** So many files are open at once; runs beyond it are merged into one first. */
    private static final int MOST_RUNS = 64;

    private final int column;
    private final String file;

    @SuppressWarnings("ArrayRecordComponent") // compared by key and number only
    private record Line(long key, long number, byte[] text) {
        static final Comparator<Line> ORDER =
                Comparator.comparingLong(Line::key).thenComparingLong(Line::number);
    }

    private SortedLines(int column, String file) {
        this.column = column;
        this.file = file;
    }

    /** Whether the times of the column never step back. */
    static boolean areAscending(InputStream csv, int column, String file) throws IOException {
        SortedLines lines = new SortedLines(column, file);
        Reader reader = lines.new Reader(csv);
        long last = Long.MIN_VALUE;
        for (Line line = reader.next(); line != null; line = reader.next()) {
            if (line.key < last) {
                return false;
            }
            last = line.key;
        }
        return true;
    }

    /** Writes the lines in order into a new temporary file, which is the caller's to delete. */
    static Path sort(InputStream csv, int column, String file) {
        SortedLines lines = new SortedLines(column, file);
        List<Path> runs = new ArrayList<>();
        try {
            lines.split(csv, runs);
            while (runs.size() > 1) {
                List<Path> first = List.copyOf(runs.subList(0, Math.min(MOST_RUNS, runs.size())));
                Path merged = lines.merge(first);
                // In front: equal times keep the order in which they stood in the file.
                runs.add(first.size(), merged);
                for (Path run : first) {
                    Files.deleteIfExists(run);
                }
                runs.subList(0, first.size()).clear();
            }
            return runs.get(0);
        } catch (IOException full) {
            throw new Unavailable(
                    "The rows of " + file + " are out of order and cannot be sorted: " + full.getMessage(), full);
        } finally {
            runs.subList(Math.min(1, runs.size()), runs.size()).forEach(SortedLines::delete);
        }
    }

    private void split(InputStream csv, List<Path> runs) throws IOException {
        Reader reader = new Reader(csv);
        List<Line> run = new ArrayList<>();
        long bytes = 0;
        for (Line line = reader.next(); line != null; line = reader.next()) {
            run.add(line);
            bytes += line.text.length + 48L;
            if (bytes > RUN_BYTES) {
                runs.add(write(run));
                run.clear();
                bytes = 0;
            }
        }
        if (!run.isEmpty() || runs.isEmpty()) {
            runs.add(write(run));
        }
    }

    private static Path write(List<Line> run) throws IOException {
        run.sort(Line.ORDER);
        Path path = Files.createTempFile("candlewick-", ".csv");
        try (OutputStream output = new BufferedOutputStream(Files.newOutputStream(path))) {
            for (Line line : run) {
                output.write(line.text);
            }
        }
        return path;
    }

    private Path merge(List<Path> runs) throws IOException {
        record Head(Line line, int run, Reader rest) {}
        PriorityQueue<Head> heads =
                new PriorityQueue<>(Comparator.comparing(Head::line, Line.ORDER).thenComparingInt(Head::run));
        List<InputStream> open = new ArrayList<>();
        Path merged = Files.createTempFile("candlewick-", ".csv");
        try (OutputStream output = new BufferedOutputStream(Files.newOutputStream(merged))) {
            for (int run = 0; run < runs.size(); run++) {
                InputStream input = new BufferedInputStream(Files.newInputStream(runs.get(run)));
                open.add(input);
                Reader reader = new Reader(input);
                Line line = reader.next();
                if (line != null) {
                    heads.add(new Head(line, run, reader));
                }
            }
            for (Head head = heads.poll(); head != null; head = heads.poll()) {
                output.write(head.line.text);
                Line line = head.rest.next();
                if (line != null) {
                    heads.add(new Head(line, head.run, head.rest));
                }
            }
        } finally {
            for (InputStream input : open) {
                input.close();
            }
        }
        return merged;
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException busy) {
            path.toFile().deleteOnExit();
        }
    }

    /** Lines with their line ends; the last one gets one. */
    private final class Reader {
        private final InputStream input;
        private final byte[] buffer = new byte[64 << 10];
        private final byte[] line = new byte[LONGEST_LINE + 1];
        private int at;
        private int filled;
        private long last = Long.MIN_VALUE;
        private long number = Long.MIN_VALUE;

        Reader(InputStream input) {
            this.input = input;
        }

        @Nullable
        Line next() throws IOException {
            int length = 0;
            while (true) {
                if (at == filled) {
                    filled = input.read(buffer, 0, buffer.length);
                    at = 0;
                    if (filled <= 0) {
                        filled = 0;
                        return length == 0 ? null : line(length, '\n');
                    }
                }
                byte each = buffer[at++];
                if (each == '\n') {
                    return line(length, '\n');
                }
                if (length == LONGEST_LINE) {
                    throw new Corrupt(file + " has a line of more than " + LONGEST_LINE + " bytes");
                }
                line[length++] = each;
            }
        }

        private Line line(int length, char end) {
            byte[] text = java.util.Arrays.copyOf(line, length + 1);
            text[length] = (byte) end;
            last = key(text, length);
            number = number(text, 0, length).orElse(number);
            return new Line(last, number, text);
        }

        /** Microseconds; of a line without a time, those of the line before it. */
        private long key(byte[] text, int length) {
            int start = 0;
            for (int skipped = 0; skipped < column; skipped++) {
                while (start < length && text[start] != ',') {
                    start++;
                }
                start++;
            }
            try {
                OptionalLong value = number(text, start, length);
                return value.isEmpty()
                        ? last
                        : TimeUnitProof.of(value.getAsLong()).toMicros(value.getAsLong());
            } catch (NumberFormatException noTime) {
                return last;
            }
        }

        private static OptionalLong number(byte[] text, int start, int length) {
            int end = start;
            while (end < length && text[end] >= '0' && text[end] <= '9') {
                end++;
            }
            return start >= length || end == start || end - start > 18
                    ? OptionalLong.empty()
                    : OptionalLong.of(Long.parseLong(new String(text, start, end - start, StandardCharsets.US_ASCII)));
        }
    }
}
