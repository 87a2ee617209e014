package dev.candlewick.benchmarks;

import dev.candlewick.Batch;
import dev.candlewick.csv.CsvOptions;
import dev.candlewick.csv.CsvRows;
import dev.candlewick.sink.parquet.file.ParquetFileWriter;
import dev.candlewick.sink.parquet.file.WriteOptions;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Trades from a gzipped stream that is made while it is read, turned to Parquet that goes nowhere: what stays alive on the heap
 * after so many rows, and the most memory that the process ever had. The argument is the number of rows; the heap is bounded
 * by whoever starts this.
 */
public final class TickMemory {

    private static final int REPORTED = 1_000_000;

    private TickMemory() {}

    /** Runs what the argument says. */
    public static void main(String[] args) throws Exception {
        int rows = Integer.parseInt(args[0]);
        PipedInputStream in = new PipedInputStream(1 << 20);
        PipedOutputStream out = new PipedOutputStream(in);
        Thread maker = new Thread(() -> make(out, rows), "maker");
        maker.setDaemon(true);
        maker.start();
        long reported = REPORTED;
        try (CsvRows csv = CsvRows.open(
                        in, TickKind.TRADES.layout(), TickKind.TRADES.series(), "stream", CsvOptions.DEFAULT);
                ParquetFileWriter writer = ParquetFileWriter.to(
                        OutputStream.nullOutputStream(),
                        TickKind.TRADES.dataset().schema(),
                        Map.of(),
                        WriteOptions.DEFAULT)) {
            while (csv.hasNext()) {
                Batch batch = csv.next();
                writer.write(batch);
                if (csv.rows() >= reported || csv.rows() == rows) {
                    report(csv.rows());
                    reported *= 2;
                }
            }
            if (writer.finish().rows() != rows) {
                throw new IllegalStateException("Not all rows came");
            }
        }
    }

    private static void make(OutputStream out, int rows) {
        try (OutputStream gzip = new GZIPOutputStream(new BufferedOutputStream(out, 1 << 16), 1 << 16) {
            {
                def.setLevel(Deflater.BEST_SPEED);
            }
        }) {
            TickFiles.trades(gzip, rows);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void report(long rows) throws IOException {
        Runtime.getRuntime().gc();
        long live = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
        Path status = Path.of("/proc/self/status");
        String resident = !Files.exists(status)
                ? ""
                : Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmHWM"))
                        .findFirst()
                        .orElse("")
                        .replaceAll("\\s+", " ");
        System.out.printf(Locale.ROOT, "%,12d rows: live heap %.1f MiB, %s%n", rows, live / 1048576.0, resident);
    }
}
