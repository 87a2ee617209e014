package dev.candlewick.benchmarks;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.VerifyReport;
import dev.candlewick.sink.gcp.testing.LocalCloudStorage;
import dev.candlewick.sink.parquet.ParquetStore;
import dev.candlewick.source.binance.KlineCsvBenchmark;
import dev.candlewick.spi.Addresses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The Parquet store in a bucket beside the same store in a directory, on the same rows: a year of 1-minute candles, twelve
 * units. The bucket is the Cloud Storage for tests, in this very process and on its cores: what is measured is the way
 * over HTTP and the checksums, not Google.
 *
 * <p>Argument: how many rounds.
 */
public final class ObjectRatios {

    private static final TimeRange YEAR = TimeRange.year(2023);
    private static final TimeRange DAY = TimeRange.day("2023-06-15");
    private static final int WARMUPS = 3;

    private final int rounds;
    private final Store disk;
    private final Store bucket;
    private final Series series = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    private final List<TimeRange> months = series.cadence().unit().touching(YEAR);
    private final List<List<Batch>> rows = new ArrayList<>();

    private ObjectRatios(int rounds, Store disk, Store bucket) {
        this.rounds = rounds;
        this.disk = disk;
        this.bucket = bucket;
    }

    /** Runs all comparisons and prints their ratios. */
    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 7;
        Path directory = Files.createTempDirectory("candlewick-benchmarks");
        System.out.println("JDK " + Runtime.version());
        try (LocalCloudStorage server = LocalCloudStorage.start().bucket("lake");
                Store disk = ParquetStore.at(directory.resolve("store"));
                Store bucket = Addresses.store(
                        "gcs:lake/market",
                        Map.of("STORAGE_EMULATOR_HOST", server.endpoint().toString()))) {
            ObjectRatios ratios = new ObjectRatios(rounds, disk, bucket);
            ratios.prepare(directory.resolve("year.csv"));
            ratios.write();
            ratios.read();
        }
    }

    private void prepare(Path csv) throws IOException {
        CandleYear.writeCsv(csv);
        List<Batch> year = new ArrayList<>();
        KlineCsvBenchmark.parse(csv, series, YEAR, year::add);
        for (TimeRange month : months) {
            rows.add(year.stream()
                    .map(batch -> batch.within(month))
                    .filter(batch -> batch.rows() > 0)
                    .toList());
        }
        Files.delete(csv);
    }

    private void write() throws Exception {
        new SideBySide("twelve units of 1m candles written", WARMUPS, rounds)
                .with("into a bucket", () -> bucket.forget(series, YEAR), () -> write(bucket))
                .with("into a directory", () -> disk.forget(series, YEAR), () -> write(disk))
                .run();
    }

    private void read() throws Exception {
        new SideBySide("the year read back in time order", WARMUPS, rounds)
                .with("from a bucket", () -> read(bucket, YEAR))
                .with("from a directory", () -> read(disk, YEAR))
                .run();
        new SideBySide("one day of it", WARMUPS, rounds)
                .with("from a bucket", () -> read(bucket, DAY))
                .with("from a directory", () -> read(disk, DAY))
                .run();
        new SideBySide("all of it verified", 1, rounds)
                .with("in a bucket", () -> verify(bucket))
                .with("in a directory", () -> verify(disk))
                .run();
    }

    private Object write(Store store) {
        long written = 0;
        for (int i = 0; i < months.size(); i++) {
            written += store.write(Batches.of(series, months.get(i), rows.get(i), Provenance.none()))
                    .rows();
        }
        return written;
    }

    private Object read(Store store, TimeRange range) {
        Totals totals = new Totals(series.schema());
        try (Batches batches = store.read(series, range)) {
            batches.forEach(totals::add);
        }
        return totals.toString();
    }

    private static Object verify(Store store) {
        VerifyReport report = store.verify();
        if (!report.findings().isEmpty()) {
            throw new IllegalStateException(report.toString());
        }
        return "sound";
    }
}
