package dev.candlewick.benchmarks;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Provenance;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.candle.Resample;
import dev.candlewick.sink.parquet.file.ParquetFileReader;
import dev.candlewick.sink.parquet.file.ParquetFileWriter;
import dev.candlewick.sink.parquet.file.WriteOptions;
import dev.candlewick.source.binance.KlineCsvBenchmark;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Iterator;
import java.util.Map;

/**
 * Candlewick beside DuckDB (JDBC) on the same bytes: a year of 1-minute candles converted, scanned, cut and resampled.
 *
 * <p>Arguments: the number of cores both may use (1 or 2; {@code core/benchmarks/run} pins the process accordingly), and
 * how many rounds.
 */
public final class CandleRatios {

    private static final Series MINUTES = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    private static final TimeRange YEAR = TimeRange.year(2023);
    private static final TimeRange MONTH = TimeRange.month("2023-06");
    private static final int WARMUPS = 8;

    private final int cores;
    private final int rounds;
    private final Path csv;
    private final Path parquet;
    private final Path scratch;
    private final Connection duck;

    private CandleRatios(int cores, int rounds, Path directory) throws IOException, SQLException {
        this.cores = cores;
        this.rounds = rounds;
        this.csv = directory.resolve("year.csv");
        this.parquet = directory.resolve("year.parquet");
        this.scratch = directory.resolve("scratch.parquet");
        this.duck = DriverManager.getConnection("jdbc:duckdb:");
        CandleYear.writeCsv(csv);
        try (Statement statement = duck.createStatement()) {
            statement.execute("SET threads = " + cores);
            statement.execute("SET TimeZone = 'UTC'");
        }
    }

    /** Runs all comparisons and prints their ratios. */
    public static void main(String[] args) throws Exception {
        int cores = args.length > 0 ? Integer.parseInt(args[0]) : 1;
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 7;
        Path directory = Files.createTempDirectory("candlewick-benchmarks");
        CandleRatios ratios = new CandleRatios(cores, rounds, directory);
        System.out.println("JDK " + Runtime.version() + ", " + cores + (cores == 1 ? " core" : " cores") + ", DuckDB "
                + ratios.text("SELECT version()"));
        ratios.convert();
        ratios.scan();
        ratios.month();
        ratios.resample();
        for (Path file : new Path[] {ratios.csv, ratios.parquet, ratios.scratch}) {
            Files.deleteIfExists(file);
        }
        Files.deleteIfExists(directory);
    }

    private void convert() throws Exception {
        new SideBySide("a year of 1m kline CSV -> exact Parquet, zstd level 1, the quickest of both", WARMUPS, rounds)
                .with("Candlewick", () -> write(parquet))
                .with("DuckDB", () -> duckConvert(scratch))
                .run();
        System.out.println("  bytes: Candlewick " + Files.size(parquet) + ", DuckDB " + Files.size(scratch));
    }

    private void scan() throws Exception {
        new SideBySide("full scan of the year, every column summed", WARMUPS, rounds)
                .with("Candlewick", () -> sums(YEAR))
                .with("DuckDB", () -> text(SUMS.formatted(parquet)))
                .run();
    }

    private void month() throws Exception {
        String where = " WHERE open_time >= TIMESTAMPTZ '" + MONTH.start() + "' AND open_time < TIMESTAMPTZ '"
                + MONTH.end() + "'";
        new SideBySide("one month by range out of the year's file, open + read + close", 5 * WARMUPS, 3 * rounds)
                .with("Candlewick", () -> sums(MONTH))
                .with("DuckDB", () -> text(SUMS.formatted(parquet) + where))
                .run();
    }

    private void resample() throws Exception {
        new SideBySide("resample 1m -> 1h over the year", WARMUPS, rounds)
                .with("Candlewick", this::resampled)
                .with(
                        "DuckDB, first and last by time",
                        () -> text(HOURS.formatted("arg_min(open, open_time)", "arg_max(close, open_time)", parquet)))
                .with(
                        "DuckDB, first and last met",
                        () -> cores == 1
                                ? text(HOURS.formatted("first(open)", "last(close)", parquet))
                                : text(HOURS.formatted(
                                        "arg_min(open, open_time)", "arg_max(close, open_time)", parquet)))
                .run();
    }

    private static final String SUMS = "SELECT concat_ws(' ', count(*), sum(epoch_us(open_time)), sum(open), sum(high),"
            + " sum(low), sum(close), sum(volume), sum(epoch_us(close_time)), sum(quote_volume), sum(trades),"
            + " sum(taker_buy_volume), sum(taker_buy_quote_volume)) FROM read_parquet('%s')";

    private static final String HOURS =
            "SELECT concat_ws(' ', count(*), sum(o), sum(h), sum(l), sum(c), sum(v), sum(q),"
                    + " sum(n), sum(tv), sum(tq)) FROM (SELECT time_bucket(INTERVAL 1 hour, open_time) AS hour, %s AS o,"
                    + " max(high) AS h, min(low) AS l, %s AS c, sum(volume) AS v, sum(quote_volume) AS q, sum(trades) AS n,"
                    + " sum(taker_buy_volume) AS tv, sum(taker_buy_quote_volume) AS tq FROM read_parquet('%s') GROUP BY hour)";

    private String duckConvert(Path target) throws SQLException {
        String decimals = "'%s': 'DECIMAL(%d,8)'";
        String columns =
                "{'open_time': 'BIGINT', " + decimals.formatted("open", 18) + ", " + decimals.formatted("high", 18)
                        + ", " + decimals.formatted("low", 18) + ", " + decimals.formatted("close", 18) + ", "
                        + decimals.formatted("volume", 38) + ", 'close_time': 'BIGINT', "
                        + decimals.formatted("quote_volume", 38)
                        + ", 'trades': 'BIGINT', " + decimals.formatted("taker_buy_volume", 38) + ", "
                        + decimals.formatted("taker_buy_quote_volume", 38) + ", 'unused': 'VARCHAR'}";
        try (Statement statement = duck.createStatement()) {
            statement.execute(
                    "COPY (SELECT make_timestamptz(open_time * 1000) AS open_time, open, high, low, close, volume,"
                            + " make_timestamptz(close_time * 1000) AS close_time, quote_volume, trades, taker_buy_volume,"
                            + " taker_buy_quote_volume FROM read_csv('" + csv + "', header = false, columns = "
                            + columns + ")) TO '"
                            + target
                            + "' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 262144)");
        }
        return text("SELECT count(*) FROM read_parquet('" + target + "')");
    }

    private String write(Path target) throws IOException {
        Files.deleteIfExists(target);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target), 1 << 20);
                ParquetFileWriter writer = ParquetFileWriter.to(out, Schema.CANDLES, Map.of(), WriteOptions.DEFAULT)) {
            KlineCsvBenchmark.parse(csv, MINUTES, YEAR, writer::write);
            return Long.toString(writer.finish().rows());
        }
    }

    private String sums(TimeRange range) {
        Totals totals = new Totals(Schema.CANDLES);
        try (ParquetFileReader reader = ParquetFileReader.open(parquet)) {
            reader.read(MINUTES, range).forEachRemaining(totals::add);
        }
        return totals.toString();
    }

    private String resampled() {
        Totals totals = new Totals(Schema.CANDLES);
        Source hours = Resample.over(new OneFile(parquet));
        try (Batches batches = hours.read(Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1h"), YEAR)) {
            batches.forEach(totals::add);
        }
        return totals.withoutTimes();
    }

    private String text(String sql) throws SQLException {
        try (Statement statement = duck.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    /** One Parquet file as a source, so that resampling reads the very bytes that DuckDB reads. */
    private record OneFile(Path file) implements Source {

        @Override
        public String name() {
            return "file";
        }

        @Override
        public boolean serves(Series series) {
            return series.equals(MINUTES);
        }

        @Override
        public Batches read(Series series, TimeRange range) {
            ParquetFileReader reader = ParquetFileReader.open(file);
            Iterator<Batch> batches = reader.read(series, range);
            return Batches.of(series, range, batches, Provenance::none, reader::close);
        }
    }
}
