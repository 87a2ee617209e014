package dev.candlewick.source.binance;

import dev.candlewick.Batch;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Lets the benchmarks run the kline parser without a venue around it. */
public final class KlineCsvBenchmark {

    private KlineCsvBenchmark() {}

    /** Parses a kline CSV file and hands its rows on. */
    public static void parse(Path csv, Series series, TimeRange period, Consumer<Batch> rows) throws IOException {
        byte[] bytes = Files.readAllBytes(csv);
        rows.accept(new KlineCsvParser(series, series.dataset().interval().orElseThrow(), period, csv.toString(), bytes)
                .parse()
                .rows());
    }
}
