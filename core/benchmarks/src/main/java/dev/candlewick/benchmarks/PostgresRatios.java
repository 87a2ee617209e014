package dev.candlewick.benchmarks;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.postgres.PostgresStore;
import dev.candlewick.sink.postgres.testing.PostgresServer;
import dev.candlewick.testkit.SyntheticCandles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;

/**
 * The PostgreSQL store beside the server's own quickest ways, on the same rows, the same server and a table of the same
 * shape: a year of 1-minute candles, twelve units.
 *
 * <p>Argument: how many rounds.
 */
public final class PostgresRatios {

    private static final Series MINUTES = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    private static final TimeRange YEAR = TimeRange.year(2023);
    private static final int WARMUPS = 1;
    private static final int JDBC_BATCH_ROWS = 5_000;
    private static final String OURS = "candlewick.candles_1m";

    private static final String UPSERT = " ON CONFLICT (subject, open_time) DO UPDATE SET (open, high, low, close,"
            + " volume, close_time, quote_volume, trades, taker_buy_volume, taker_buy_quote_volume) = (EXCLUDED.open,"
            + " EXCLUDED.high, EXCLUDED.low, EXCLUDED.close, EXCLUDED.volume, EXCLUDED.close_time,"
            + " EXCLUDED.quote_volume, EXCLUDED.trades, EXCLUDED.taker_buy_volume, EXCLUDED.taker_buy_quote_volume)";

    private final int rounds;
    private final PostgresStore store;
    private final Connection connection;
    private final List<TimeRange> months = MINUTES.cadence().unit().touching(YEAR);
    /** The bytes of COPY for each month, of two editions. */
    private final List<List<byte[]>> copies = List.of(new ArrayList<>(), new ArrayList<>());

    /** The rows of each month, of two editions. */
    private final List<List<List<Batch>>> rows = List.of(new ArrayList<>(), new ArrayList<>());

    private int edition;

    private PostgresRatios(int rounds, String url) throws SQLException {
        this.rounds = rounds;
        this.store = PostgresStore.at(url);
        this.connection =
                DriverManager.getConnection(url + (url.contains("?") ? "&" : "?") + "reWriteBatchedInserts=true");
    }

    /** Runs all comparisons and prints their ratios. */
    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 7;
        PostgresServer server = PostgresServer.shared();
        PostgresRatios ratios = new PostgresRatios(rounds, server.freshDatabase());
        try (ratios.store;
                ratios.connection) {
            System.out.println("JDK " + Runtime.version() + ", " + ratios.text("SELECT version()"));
            ratios.prepare();
            ratios.emptyRange();
            ratios.fullRange();
            ratios.readBack();
        }
        System.exit(0); // the shared server ends with this process
    }

    private void prepare() throws Exception {
        for (int each = 0; each < 2; each++) {
            for (TimeRange month : months) {
                rows.get(each).add(SyntheticCandles.batches(MINUTES, month, each));
            }
            write(each);
            for (TimeRange month : months) {
                copies.get(each).add(copyOut(month));
            }
        }
        for (String table : List.of("plain", "staged_upserts", "batched_upserts")) {
            execute("CREATE TABLE " + table + " (LIKE " + OURS + " INCLUDING ALL)");
        }
    }

    private void emptyRange() throws Exception {
        new SideBySide("twelve units of 1m candles into empty ranges", WARMUPS, rounds)
                .with(
                        "Candlewick, with its ledger",
                        () -> {
                            store.forget(MINUTES, YEAR);
                            execute("TRUNCATE " + OURS);
                        },
                        () -> write(0))
                .with("COPY BINARY of ready bytes", () -> execute("TRUNCATE plain"), () -> copyIn("plain", 0))
                .run();
    }

    private void fullRange() throws Exception {
        copyIn("staged_upserts", 0);
        copyIn("batched_upserts", 0);
        write(0);
        new SideBySide("the same units over ranges that are full of other rows", WARMUPS, rounds)
                .with(
                        "Candlewick, with its ledger",
                        () -> {
                            next();
                            execute("VACUUM " + OURS);
                        },
                        () -> write(edition))
                .with("COPY to temp, ON CONFLICT", () -> execute("VACUUM staged_upserts"), () -> stagedUpsert(edition))
                .with("JDBC batches", () -> execute("VACUUM batched_upserts"), () -> jdbcUpsert(edition))
                .run();
    }

    private void readBack() throws Exception {
        execute("VACUUM ANALYZE " + OURS);
        new SideBySide("the year read back in time order", WARMUPS, rounds)
                .with("Candlewick, into columns", this::read)
                .with("COPY BINARY thrown away", () -> {
                    copyOut(OutputStream.nullOutputStream(), YEAR);
                    return CandleYear.ROWS;
                })
                .run();
    }

    private void next() {
        edition = 1 - edition;
    }

    private Object write(int which) {
        long written = 0;
        for (int month = 0; month < months.size(); month++) {
            written += store.write(Batches.of(
                            MINUTES, months.get(month), rows.get(which).get(month), Provenance.none()))
                    .rows();
        }
        return written;
    }

    private Object read() {
        int read = 0;
        try (Batches batches = store.read(MINUTES, YEAR)) {
            for (Batch batch : batches) {
                read += batch.rows();
            }
        }
        return read;
    }

    private Object copyIn(String table, int which) throws SQLException, IOException {
        long written = 0;
        for (byte[] month : copies.get(which)) {
            written += connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY " + table + " FROM STDIN (FORMAT binary)", new ByteArrayInputStream(month), 1 << 16);
        }
        return written;
    }

    private Object stagedUpsert(int which) throws SQLException, IOException {
        long written = 0;
        for (byte[] month : copies.get(which)) {
            connection.setAutoCommit(false);
            execute("CREATE TEMP TABLE staged (LIKE staged_upserts) ON COMMIT DROP");
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY staged FROM STDIN (FORMAT binary)", new ByteArrayInputStream(month), 1 << 16);
            try (Statement statement = connection.createStatement()) {
                written += statement.executeUpdate("INSERT INTO staged_upserts SELECT * FROM staged" + UPSERT);
            }
            connection.commit();
            connection.setAutoCommit(true);
        }
        return written;
    }

    private Object jdbcUpsert(int which) throws SQLException {
        long written = 0;
        String insert =
                "INSERT INTO batched_upserts (subject, open_time, open, high, low, close, volume, close_time, quote_volume,"
                        + " trades, taker_buy_volume, taker_buy_quote_volume) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + UPSERT;
        for (List<Batch> month : rows.get(which)) {
            connection.setAutoCommit(false);
            try (PreparedStatement statement = connection.prepareStatement(insert)) {
                for (Batch batch : month) {
                    for (int row = 0; row < batch.rows(); row++) {
                        bind(statement, batch, row);
                        statement.addBatch();
                        if (++written % JDBC_BATCH_ROWS == 0) {
                            statement.executeBatch();
                        }
                    }
                }
                statement.executeBatch();
            }
            connection.commit();
            connection.setAutoCommit(true);
        }
        return written;
    }

    private static void bind(PreparedStatement statement, Batch batch, int row) throws SQLException {
        statement.setString(1, MINUTES.subject().toString());
        statement.setTimestamp(2, time(batch.times().epochMicros(row)));
        int parameter = 3;
        for (String column : List.of("open", "high", "low", "close", "volume")) {
            statement.setBigDecimal(parameter++, decimal(batch, column, row));
        }
        statement.setTimestamp(8, time(batch.times("close_time").epochMicros(row)));
        statement.setBigDecimal(9, decimal(batch, "quote_volume", row));
        statement.setLong(10, batch.longs("trades").value(row));
        statement.setBigDecimal(11, decimal(batch, "taker_buy_volume", row));
        statement.setBigDecimal(12, decimal(batch, "taker_buy_quote_volume", row));
    }

    private static BigDecimal decimal(Batch batch, String column, int row) {
        return batch.decimals(column).get(row);
    }

    private static Timestamp time(long epochMicros) {
        return Timestamp.from(Instant.EPOCH.plusNanos(epochMicros * 1_000));
    }

    private byte[] copyOut(TimeRange range) throws SQLException, IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        copyOut(bytes, range);
        return bytes.toByteArray();
    }

    private void copyOut(OutputStream out, TimeRange range) throws SQLException, IOException {
        connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut(
                        "COPY (SELECT * FROM " + OURS + " WHERE open_time >= '" + range.start() + "' AND open_time < '"
                                + range.end() + "' ORDER BY open_time) TO STDOUT (FORMAT binary)",
                        out);
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String text(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }
}
