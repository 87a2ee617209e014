package dev.candlewick.source.binance.simulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipInputStream;

/** Reads candles that were recorded from the real archive. */
public final class RecordedCandles {
    private static final int COLUMNS = 12;
    private static final long MICROS_FROM = 100_000_000_000_000L;

    private RecordedCandles() {}

    /**
     * The candles of files in the archive's twelve columns, with or without header, in milliseconds or microseconds:
     * {@code .csv}, {@code .csv.gz}, or {@code .zip} with one member.
     *
     * @throws UncheckedIOException if a file cannot be read
     * @throws IllegalArgumentException if a line has not twelve columns
     */
    public static List<PublishedCandle> read(Path... files) {
        List<PublishedCandle> candles = new ArrayList<>();
        for (Path file : files) {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8))) {
                lines.lines().filter(RecordedCandles::isData).forEach(line -> candles.add(parse(line, file)));
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read the recorded candles in " + file, e);
            }
        }
        return candles;
    }

    private static InputStream open(Path file) throws IOException {
        InputStream bytes = Files.newInputStream(file);
        if (file.toString().endsWith(".gz")) {
            return new GZIPInputStream(bytes);
        }
        if (file.toString().endsWith(".zip")) {
            ZipInputStream zip = new ZipInputStream(bytes);
            zip.getNextEntry();
            return zip;
        }
        return bytes;
    }

    private static boolean isData(String line) {
        return !line.isEmpty() && Character.isDigit(line.charAt(0));
    }

    private static PublishedCandle parse(String line, Path file) {
        String[] field = line.split(",", -1);
        if (field.length != COLUMNS) {
            throw new IllegalArgumentException(
                    "A candle has " + COLUMNS + " columns, not " + field.length + ": '" + line + "' in " + file);
        }
        return new PublishedCandle(
                millis(field[0]),
                millis(field[6]),
                new BigDecimal(field[1]),
                new BigDecimal(field[2]),
                new BigDecimal(field[3]),
                new BigDecimal(field[4]),
                new BigDecimal(field[5]),
                new BigDecimal(field[7]),
                Long.parseLong(field[8]),
                new BigDecimal(field[9]),
                new BigDecimal(field[10]));
    }

    private static long millis(String time) {
        long value = Long.parseLong(time);
        return value >= MICROS_FROM ? Math.floorDiv(value, 1000L) : value;
    }
}
