package dev.candlewick.benchmarks;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.DecimalColumn;
import dev.candlewick.LongColumn;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.candle.TradeCandles;
import dev.candlewick.csv.CsvOptions;
import dev.candlewick.csv.CsvRows;
import dev.candlewick.sink.parquet.ParquetStore;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A day of trades in Parquet made candles of a minute, beside DuckDB on its own Parquet of the same trades: open, high, low,
 * close, count, and volumes of both sides in both currencies. Arguments: {@code CORES ROUNDS}.
 */
public final class TickCandles {

    private static final TimeRange DAY = TimeRange.day("2024-01-01");

    private TickCandles() {}

    /** Runs what the arguments say. */
    public static void main(String[] args) throws Exception {
        int cores = Integer.parseInt(args[0]);
        Path root = Files.createTempDirectory(TickKind.directory(), "candles");
        Path theirs = root.resolve("theirs.parquet");
        Path csv = TickKind.TRADES.file();
        try (Connection duck = TickRatios.connect(cores);
                ParquetStore store = ParquetStore.at(root.resolve("store"))) {
            load(csv, store);
            TickRatios.duckConvert(duck, TickKind.TRADES, csv, theirs);
            TradeCandles candles =
                    TradeCandles.from(store).acceptingBoundaries().build();
            System.out.println("JDK " + Runtime.version() + ", " + cores + (cores == 1 ? " core" : " cores"));
            new SideBySide("trades Parquet -> candles:1m", 8, Integer.parseInt(args[1]))
                    .with("Candlewick", () -> candles(candles))
                    .with("DuckDB", () -> duckCandles(duck, theirs))
                    .run();
        } finally {
            delete(root);
        }
    }

    private static void load(Path csv, ParquetStore store) throws IOException {
        Series series = TickKind.TRADES.series();
        try (CsvRows rows = CsvRows.open(
                Files.newInputStream(csv), TickKind.TRADES.layout(), series, csv.toString(), CsvOptions.DEFAULT)) {
            store.write(Batches.of(series, DAY, rows, Provenance::none, () -> {}));
        }
    }

    private static String candles(TradeCandles candles) {
        Series series = TickKind.TRADES.series().with(Dataset.candles("1m"));
        long count = 0;
        long trades = 0;
        BigDecimal volume = BigDecimal.ZERO;
        try (Batches read = candles.read(series, DAY)) {
            for (Batch batch : read) {
                DecimalColumn volumes = batch.decimals("volume");
                LongColumn counts = (LongColumn) batch.column("trades");
                for (int row = 0; row < batch.rows(); row++) {
                    volume = volume.add(volumes.get(row));
                    trades += counts.value(row);
                }
                count += batch.rows();
            }
        }
        return count + " " + trades + " " + volume.stripTrailingZeros().toPlainString();
    }

    /** The quickest way: products as floating-point numbers, where ours are exact. */
    private static String duckCandles(Connection duck, Path file) throws SQLException {
        try (Statement statement = duck.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT epoch_us(\"timestamp\") // 60000000 AS slot, arg_min(price, \"timestamp\"), max(price),"
                                + " min(price), arg_max(price, \"timestamp\"), sum(amount) AS volume,"
                                + " sum(price::DOUBLE * amount), sum(amount) FILTER (side = 'buy'),"
                                + " sum(price::DOUBLE * amount) FILTER (side = 'buy'), count(*) AS trades FROM read_parquet('"
                                + file + "') GROUP BY slot ORDER BY slot")) {
            long count = 0;
            long trades = 0;
            BigDecimal volume = BigDecimal.ZERO;
            while (rows.next()) {
                volume = volume.add(rows.getBigDecimal("volume"));
                trades += rows.getLong("trades");
                count++;
            }
            return count + " " + trades + " " + volume.stripTrailingZeros().toPlainString();
        }
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
