package dev.candlewick.benchmarks;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.candle.TradeCandles;
import dev.candlewick.csv.CsvOptions;
import dev.candlewick.csv.CsvRows;
import dev.candlewick.feature.HftFeatures;
import dev.candlewick.feature.HftSettings;
import dev.candlewick.sink.parquet.ParquetStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * What all columns of {@code features:hft} cost for a day of trades and books that lie in Parquet, beside reading the same rows
 * and beside plain candles of the same trades. The argument is the number of rounds; the files are those of {@link TickKind}.
 */
public final class TickFeatures {

    private static final TimeRange DAY = TimeRange.day("2024-01-01");

    private TickFeatures() {}

    /** Runs what the argument says. */
    public static void main(String[] args) throws Exception {
        Path root = Files.createTempDirectory(TickKind.directory(), "features");
        try (ParquetStore trades = ParquetStore.at(root.resolve("trades"));
                ParquetStore all = ParquetStore.at(root.resolve("all"))) {
            load(TickKind.TRADES, trades);
            load(TickKind.TRADES, all);
            load(TickKind.BOOKS, all);
            System.out.println("JDK " + Runtime.version() + ", " + TickKind.TRADES.rows + " trades, "
                    + TickKind.BOOKS.rows + " books");
            SideBySide comparison = new SideBySide("a day of features:hft", 3, Integer.parseInt(args[0]));
            comparison
                    .with("features:hft:15s, trades and books", () -> rows(features(all), hft("15s")))
                    .with("features:hft:15s, trades alone", () -> rows(features(trades), hft("15s")))
                    .with("features:hft:1m, trades and books", () -> rows(features(all), hft("1m")))
                    .with(
                            "candles:15s",
                            () -> rows(
                                    TradeCandles.from(all).acceptingBoundaries().build(),
                                    TickKind.TRADES.series().with(Dataset.candles("15s"))))
                    .with("reading trades and books", () -> {
                        rows(all, TickKind.TRADES.series());
                        return rows(all, TickKind.BOOKS.series());
                    })
                    .run();
        } finally {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    private static Source features(Source ticks) {
        return HftFeatures.over(
                ticks,
                HftSettings.builder()
                        .book(Dataset.book(5))
                        .acceptingBoundaries()
                        .acceptingMissingFeeds()
                        .build());
    }

    private static Series hft(String interval) {
        return Series.parse(TickKind.TRADES.series().subject() + "/features:hft:" + interval);
    }

    private static String rows(Source source, Series series) {
        long rows = 0;
        try (Batches batches = source.read(series, DAY)) {
            for (Batch batch : batches) {
                rows += batch.rows();
            }
        }
        if (rows == 0) {
            throw new IllegalStateException("No rows of " + series);
        }
        return "rows"; // the contenders do different work, and have no answer in common
    }

    private static void load(TickKind kind, ParquetStore store) throws IOException {
        Series series = kind.series();
        Path csv = kind.file();
        try (CsvRows rows =
                CsvRows.open(Files.newInputStream(csv), kind.layout(), series, csv.toString(), CsvOptions.DEFAULT)) {
            store.write(Batches.of(series, DAY, rows, Provenance::none, () -> {}));
        }
    }
}
