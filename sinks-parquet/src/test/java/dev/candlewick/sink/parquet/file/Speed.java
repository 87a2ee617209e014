package dev.candlewick.sink.parquet.file;

import dev.candlewick.Batch;
import dev.candlewick.TimeRange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** A quick look at the codec's speed on a year of minutes: medians after warming up. Run by hand. */
final class Speed {

    private Speed() {}

    public static void main(String[] arguments) throws Exception {
        Batch year = Samples.candles(525_600);
        Path file = Files.createTempFile("speed", ".parquet");
        Files.write(file, Samples.write(year, WriteOptions.DEFAULT));
        System.out.println(Files.size(file) + " bytes, " + Files.size(file) / (double) year.rows() + " a row");
        measure("write", 20, () -> Samples.write(List.of(year), year.series().schema(), WriteOptions.DEFAULT).length);
        measure("read", 40, () -> rows(file, year, Samples.EVER));
        measure("month", 300, () -> rows(file, year, TimeRange.month("2024-05")));
        measure("day", 300, () -> rows(file, year, TimeRange.day("2024-05-05")));
        Files.delete(file);
    }

    private static long rows(Path file, Batch year, TimeRange range) {
        long rows = 0;
        try (ParquetFileReader reader = ParquetFileReader.open(file)) {
            for (Iterator<Batch> batches = reader.read(year.series(), range); batches.hasNext(); ) {
                rows += batches.next().rows();
            }
        }
        return rows;
    }

    private interface Work {
        long run() throws Exception;
    }

    private static void measure(String what, int times, Work work) throws Exception {
        double[] millis = new double[times];
        long result = 0;
        for (int i = 0; i < times; i++) {
            long start = System.nanoTime();
            result = work.run();
            millis[i] = (System.nanoTime() - start) / 1e6;
        }
        double[] warm = Arrays.copyOfRange(millis, times / 2, times);
        Arrays.sort(warm);
        System.out.printf("%s: %.2f ms (best %.2f), %d%n", what, warm[warm.length / 2], warm[0], result);
    }
}
