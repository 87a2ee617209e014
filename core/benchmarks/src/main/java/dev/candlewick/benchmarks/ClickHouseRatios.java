package dev.candlewick.benchmarks;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.clickhouse.ClickHouseStore;
import dev.candlewick.sink.clickhouse.testing.ClickHouseServer;
import dev.candlewick.source.binance.KlineCsvBenchmark;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The ClickHouse store beside the server's own quickest ways, on the same rows, the same server and a table of the same
 * shape: a year of 1-minute candles, twelve units.
 *
 * <p>Argument: how many rounds.
 */
public final class ClickHouseRatios {

    private static final TimeRange YEAR = TimeRange.year(2023);
    private static final int WARMUPS = 3;
    private static final int JDBC_BATCH_ROWS = 100_000;
    private static final List<String> COLUMNS = List.of(
            "open_time",
            "open",
            "high",
            "low",
            "close",
            "volume",
            "close_time",
            "quote_volume",
            "trades",
            "taker_buy_volume",
            "taker_buy_quote_volume");

    private final int rounds;
    private final Path directory;
    private final String address;
    private final ClickHouseStore store;
    private final Connection connection;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Series series = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    private final List<TimeRange> months = series.cadence().unit().touching(YEAR);
    private final List<List<Batch>> rows = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();

    private ClickHouseRatios(int rounds, Path directory, String address) throws Exception {
        this.rounds = rounds;
        this.directory = directory;
        this.address = address;
        this.store = ClickHouseStore.at(address);
        this.connection = DriverManager.getConnection("jdbc:ch:" + address);
    }

    /** Runs all comparisons and prints their ratios. */
    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 7;
        Path directory = Files.createTempDirectory("candlewick-benchmarks");
        ClickHouseRatios ratios = new ClickHouseRatios(
                rounds, directory, ClickHouseServer.shared().freshDatabase());
        try (ratios.store;
                ratios.connection) {
            System.out.println("JDK " + Runtime.version() + ", ClickHouse " + ratios.query("SELECT version()"));
            ratios.prepare();
            ratios.insert();
            ratios.readBack();
            ratios.bytes();
        }
        System.exit(0); // the shared server ends with this process
    }

    private void prepare() throws Exception {
        Path csv = directory.resolve("year.csv");
        CandleYear.writeCsv(csv);
        List<Batch> year = new ArrayList<>();
        KlineCsvBenchmark.parse(csv, series, YEAR, year::add);
        for (TimeRange month : months) {
            rows.add(year.stream()
                    .map(batch -> batch.within(month))
                    .filter(batch -> batch.rows() > 0)
                    .toList());
        }
        write();
        query("CREATE TABLE plain AS candles_1m_rows");
        for (TimeRange month : months) {
            Path file = directory.resolve("month" + files.size() + ".native");
            try (OutputStream out = Files.newOutputStream(file)) {
                answer("SELECT * FROM candles_1m_rows WHERE open_time >= '" + text(month.start())
                                + "' AND open_time < '" + text(month.end()) + "' ORDER BY open_time FORMAT Native")
                        .transferTo(out);
            }
            files.add(file);
        }
        Files.delete(csv);
    }

    private void insert() throws Exception {
        new SideBySide("twelve units of 1m candles into empty ranges", WARMUPS, rounds)
                .with(
                        "Candlewick, with its ledger",
                        () -> {
                            store.forget(series, YEAR);
                            query("TRUNCATE TABLE candles_1m_rows SYNC");
                        },
                        this::write)
                .with("curl, a ready file a unit", () -> query("TRUNCATE TABLE plain SYNC"), this::curl)
                .with("JDBC batches", () -> query("TRUNCATE TABLE plain SYNC"), this::jdbcInsert)
                .run();
    }

    private void readBack() throws Exception {
        query("OPTIMIZE TABLE candles_1m_rows FINAL");
        new SideBySide("the year read back in time order", WARMUPS, rounds)
                .with("Candlewick, into columns", this::read)
                .with("Native thrown away", this::readNative)
                .with("JDBC rows", this::jdbcRead)
                .run();
    }

    private void bytes() throws Exception {
        System.out.println();
        System.out.println("Bytes per candle stored, all columns: "
                + query("SELECT round(sum(data_compressed_bytes) / sum(rows), 2) FROM system.parts WHERE active AND"
                        + " database = currentDatabase() AND table = 'candles_1m_rows'"));
        System.out.println(query("SELECT name, round(data_compressed_bytes / " + CandleYear.ROWS
                + ", 2) FROM system.columns WHERE database = currentDatabase() AND table = 'candles_1m_rows'"));
    }

    private Object write() {
        long written = 0;
        for (int month = 0; month < months.size(); month++) {
            written += store.write(Batches.of(series, months.get(month), rows.get(month), Provenance.none()))
                    .rows();
        }
        return written;
    }

    /** One process and one connection for all units: what a shell script at its best would do. */
    private Object curl() throws Exception {
        List<String> words = new ArrayList<>(List.of("curl", "-sS", "--fail-with-body"));
        for (Path file : files) {
            words.addAll(List.of(
                    "--next",
                    "-sS",
                    "--fail-with-body",
                    "--data-binary",
                    "@" + file,
                    url("INSERT INTO plain FORMAT Native")));
        }
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException("curl ended with " + process.exitValue() + ": " + said);
        }
        return (long) CandleYear.ROWS;
    }

    private Object jdbcInsert() throws Exception {
        long written = 0;
        String sql = "INSERT INTO plain (subject, " + String.join(", ", COLUMNS) + ", version) VALUES (?"
                + ", ?".repeat(COLUMNS.size()) + ", 1)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (List<Batch> month : rows) {
                for (Batch batch : month) {
                    for (int row = 0; row < batch.rows(); row++) {
                        bind(statement, batch, row);
                        statement.addBatch();
                        if (++written % JDBC_BATCH_ROWS == 0) {
                            statement.executeBatch();
                        }
                    }
                }
            }
            statement.executeBatch();
        }
        return written;
    }

    private void bind(PreparedStatement statement, Batch batch, int row) throws Exception {
        statement.setString(1, series.subject().toString());
        for (int i = 0; i < COLUMNS.size(); i++) {
            String column = COLUMNS.get(i);
            switch (column) {
                case "open_time", "close_time" ->
                    statement.setTimestamp(
                            i + 2, Timestamp.from(batch.times(column).get(row)));
                case "trades" -> statement.setLong(i + 2, batch.longs(column).value(row));
                default -> statement.setBigDecimal(i + 2, batch.decimals(column).get(row));
            }
        }
    }

    private Object read() {
        int read = 0;
        try (Batches batches = store.read(series, YEAR)) {
            for (Batch batch : batches) {
                read += batch.rows();
            }
        }
        return read;
    }

    private Object readNative() throws Exception {
        try (InputStream bytes = answer("SELECT " + String.join(", ", COLUMNS)
                + " FROM candles_1m_rows ORDER BY subject, open_time FORMAT Native")) {
            bytes.transferTo(OutputStream.nullOutputStream());
        }
        return CandleYear.ROWS;
    }

    private Object jdbcRead() throws Exception {
        int read = 0;
        BigDecimal sum = BigDecimal.ZERO;
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "SELECT " + String.join(", ", COLUMNS) + " FROM candles_1m_rows ORDER BY subject, open_time")) {
            while (result.next()) {
                for (int i = 1; i <= COLUMNS.size(); i++) {
                    if (result.getObject(i) instanceof BigDecimal decimal && i == 2) {
                        sum = sum.add(decimal);
                    }
                }
                read++;
            }
        }
        return sum.signum() > 0 ? read : -1;
    }

    private String query(String sql) throws Exception {
        try (InputStream answer = answer(sql)) {
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    private InputStream answer(String sql) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = http.send(
                HttpRequest.newBuilder(URI.create(url("")))
                        .POST(HttpRequest.BodyPublishers.ofString(sql))
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        if (response.statusCode() != 200) {
            throw new IllegalStateException(
                    sql + ": " + new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
        }
        return response.body();
    }

    private String url(String sql) {
        int slash = address.lastIndexOf('/');
        return address.substring(0, slash) + "/?async_insert=0&database=" + address.substring(slash + 1)
                + (sql.isEmpty() ? "" : "&query=" + URLEncoder.encode(sql, StandardCharsets.UTF_8));
    }

    private static String text(Instant instant) {
        return instant.toString().replace('T', ' ').replace("Z", "");
    }
}
