package dev.candlewick.sink.postgres;

import static dev.candlewick.sink.postgres.testing.PostgresServer.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Cancelled;
import dev.candlewick.ContentHash;
import dev.candlewick.Corrupt;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.Unconfirmed;
import dev.candlewick.VerifyReport;
import dev.candlewick.sink.postgres.testing.PostgresServer;
import dev.candlewick.spi.Addresses;
import dev.candlewick.testkit.Rows;
import dev.candlewick.testkit.SyntheticCandles;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class PostgresStoreTest {

    private static final Series BTC = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    private static final TimeRange DAY = TimeRange.day("2024-01-01");
    private static final TimeRange JANUARY = TimeRange.month("2024-01");

    private final String url = PostgresServer.shared().freshDatabase();

    @Test
    void tablesAreReadableByPlainSql() {
        try (Store store = PostgresStore.at(url)) {
            write(store, BTC, DAY, 0);
            assertThat(store.name())
                    .startsWith("postgres:")
                    .endsWith("/candlewick")
                    .doesNotContain("password");
        }
        assertThat(execute(
                        url,
                        "SELECT count(*), min(open_time AT TIME ZONE 'UTC'), max(subject) FROM candlewick.candles_1m"))
                .isEqualTo("1440\t2024-01-01 00:00:00\tBINANCE:SPOT_PAIR:BTC-USDT");
        assertThat(execute(url, "SELECT subject, dataset, revision, rows FROM candlewick.candlewick_ledger"))
                .isEqualTo("BINANCE:SPOT_PAIR:BTC-USDT\tcandles:1m\t1\t1440");
        assertThat(execute(url, "SELECT dataset, table_name FROM candlewick.candlewick_datasets"))
                .isEqualTo("candles:1m\tcandles_1m");
    }

    @Test
    void datasetsWithAlikeNamesHaveTablesOfTheirOwn() {
        List<Series> alike = List.of(
                Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m"),
                Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1M"),
                events("candles_1m", Field.int64("n")),
                events("candlewick_ledger", Field.int64("n")),
                events("\"; DROP TABLE x; --", Field.int64("n")),
                events("x".repeat(200), Field.int64("n")),
                events("x".repeat(200) + "y", Field.int64("n")),
                events("币安", Field.int64("n")));
        try (Store store = PostgresStore.at(url)) {
            for (Series series : alike) {
                store.open(series, DAY).close();
            }
        }
        assertThat(
                        execute(
                                url,
                                "SELECT count(DISTINCT table_name), max(octet_length(table_name)) <= 63 FROM candlewick.candlewick_datasets"))
                .isEqualTo("8\tt");
    }

    @Test
    void columnsOfAnyNameAndTwoHundredOfThemWork() {
        List<Field> fields = new ArrayList<>();
        for (String name :
                List.of("subject", "xmin", "ctid", "select", "order", "user", "a".repeat(90), "a".repeat(91))) {
            fields.add(Field.text(name).orNull());
        }
        for (int i = fields.size(); i < 199; i++) {
            fields.add(i % 2 == 0 ? Field.decimal("f" + i, 38, 18).orNull() : Field.float64("f" + i));
        }
        Series wide = events("wide", fields.toArray(Field[]::new));
        BatchBuilder builder = new BatchBuilder(wide, 500);
        for (int row = 0; row < 500; row++) {
            Object[] values = new Object[200];
            values[0] = DAY.start().plusSeconds(row);
            for (int i = 0; i < fields.size(); i++) {
                values[i + 1] = i < 8 ? "text " + i : i % 2 == 0 ? "12345678901234567890." + row : (Object) (row / 7.0);
            }
            builder.row(values);
        }
        Batch batch = builder.build();
        try (Store store = PostgresStore.at(url)) {
            store.write(Batches.of(wide, DAY, List.of(batch), Provenance.none()));
            assertThat(Rows.hash(store, wide, DAY)).isEqualTo(ContentHash.of(wide.schema(), List.of(batch)));
            assertThat(store.verify().isSound()).isTrue();
        }
    }

    @Test
    void settingsOfServerRoleAndDatabaseDoNotMatter() {
        String name = execute(url, "SELECT current_database()");
        for (String setting : List.of(
                "TimeZone = 'Asia/Kathmandu'",
                "DateStyle = 'German, DMY'",
                "standard_conforming_strings = off",
                "search_path = nowhere",
                "default_transaction_isolation = 'serializable'",
                "client_encoding = 'SQL_ASCII'",
                "bytea_output = 'escape'",
                "IntervalStyle = 'sql_standard'",
                "synchronous_commit = off",
                "default_transaction_deferrable = on")) {
            execute(url, "ALTER DATABASE " + name + " SET " + setting);
        }
        Series odd = Series.candles("BINANCE:SPOT_PAIR:it's \\ 'quoted\\' 币安 😀", "1m");
        try (Store store = PostgresStore.at(url)) {
            write(store, odd, JANUARY, 0);
            write(store, odd, DAY, 1);
            assertThat(Rows.of(store, odd, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(odd, DAY, 1)));
            assertThat(store.series()).containsExactly(odd);
            assertThat(store.verify().isSound()).as("%s", store.verify()).isTrue();
        }
    }

    @Test
    void anExistingTableOfAnotherShapeIsRefusedWithTheDifference() {
        execute(url, "CREATE SCHEMA candlewick");
        execute(
                url,
                "CREATE TABLE candlewick.candles_1m (subject text, open_time timestamp, open float8 NOT NULL, high numeric(18,8) NOT NULL, extra int NOT NULL)");
        try (Store store = PostgresStore.at(url)) {
            assertThatThrownBy(() -> store.open(BTC, DAY))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining(
                            "expected open_time timestamp with time zone NOT NULL, found open_time timestamp without time zone")
                    .hasMessageContaining("expected open numeric(18,8) NOT NULL, found open double precision NOT NULL")
                    .hasMessageContaining("expected trades bigint NOT NULL, found no such column")
                    .hasMessageContaining("found extra integer NOT NULL, which rows have no value for");
            assertThat(store.series()).isEmpty();
        }
    }

    @Test
    void tablesThatSomebodyElseMadeAreUsedAsTheyAre() {
        try (PostgresStore store =
                PostgresStore.builder(url).tables(TableCreation.NEVER).build()) {
            assertThatThrownBy(() -> store.open(BTC, DAY))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("CREATE");
            store.createStatements(BTC.dataset()).forEach(statement -> execute(url, statement));
            execute(url, "ALTER TABLE candlewick.candles_1m ADD COLUMN note text");
            write(store, BTC, DAY, 0);
            assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY)));
        }
    }

    @Test
    void aTableWithoutItsKeyIsRefused() {
        try (PostgresStore store = PostgresStore.at(url)) {
            store.createStatements(BTC.dataset()).forEach(statement -> execute(url, statement));
            execute(url, "ALTER TABLE candlewick.candles_1m DROP CONSTRAINT candles_1m_pkey");
            assertThatThrownBy(() -> store.open(BTC, DAY))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("unique index on (open_time, subject)");
        }
    }

    @Test
    void monthsHavePartitionsOfTheirOwn() {
        TimeRange border = TimeRange.of("2023-12-31T12:00:00Z", "2024-01-01T12:00:00Z");
        Series days = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1d");
        try (Store store =
                PostgresStore.builder(url).partitioning(Partitioning.MONTHLY).build()) {
            write(store, BTC, border, 0);
            write(store, days, TimeRange.of("2023-06-01", "2024-06-01"), 0);
        }
        try (Store store = PostgresStore.at(url)) {
            write(store, BTC, TimeRange.day("2024-02-10"), 0);
            assertThat(store.verify().isSound()).isTrue();
        }
        assertThat(
                        execute(
                                url,
                                "SELECT inhrelid::regclass FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relkind = 'r' ORDER BY c.relname"))
                .isEqualTo(String.join(
                        "\n",
                        "candlewick.\"candles_1d$p2023\"",
                        "candlewick.\"candles_1d$p2024\"",
                        "candlewick.\"candles_1m$p2023_12\"",
                        "candlewick.\"candles_1m$p2024_01\"",
                        "candlewick.\"candles_1m$p2024_02\""));
    }

    @Test
    void whereThereIsNoTimescaleAHypertableIsATable() {
        try (Store store =
                PostgresStore.builder(url).partitioning(Partitioning.HYPERTABLE).build()) {
            write(store, BTC, DAY, 0);
            assertThat(Rows.of(store, BTC, DAY)).hasSize(1_440);
        }
    }

    @Test
    void aRoleThatOnlyReadsReadsAndIsRefusedWhenItWrites() {
        try (Store store = PostgresStore.at(url)) {
            write(store, BTC, DAY, 0);
        }
        String role = "reader_" + execute(url, "SELECT current_database()");
        execute(url, "CREATE ROLE " + role + " LOGIN PASSWORD 'canary-of-the-reader'");
        execute(url, "GRANT USAGE ON SCHEMA candlewick TO " + role);
        execute(url, "GRANT SELECT ON ALL TABLES IN SCHEMA candlewick TO " + role);
        try (Store store = PostgresStore.at(as(role, "canary-of-the-reader"))) {
            assertThat(Rows.of(store, BTC, DAY)).hasSize(1_440);
            assertThat(store.latest(BTC)).isPresent();
            assertThat(store.verify().isSound()).isTrue();
            assertThatThrownBy(() -> write(store, BTC, DAY, 1))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("Grant")
                    .hasMessageContaining(role);
            assertThatThrownBy(() -> store.open(Series.candles("A:B:C", "5m"), DAY))
                    .isInstanceOf(Refused.class);
            assertThatThrownBy(() -> store.forget(BTC, DAY)).isInstanceOf(Refused.class);
        }
        execute(url, "ALTER ROLE " + role + " SET default_transaction_read_only = on");
        execute(url, "GRANT ALL ON ALL TABLES IN SCHEMA candlewick TO " + role);
        try (Store store = PostgresStore.at(as(role, "canary-of-the-reader"))) {
            assertThatThrownBy(() -> write(store, BTC, DAY, 1))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("only reads");
        }
        execute(url, "DROP OWNED BY " + role);
        execute(url, "DROP ROLE " + role);
    }

    @Test
    void noMessageHoldsThePassword() {
        String role = "secret_" + execute(url, "SELECT current_database()");
        execute(url, "CREATE ROLE " + role + " LOGIN PASSWORD 'canary-right'");
        List<String> urls = List.of(
                as(role, "canary-wrong"),
                as(role, "canary-right").replaceFirst("/[^/?]+\\?", "/nodb?"),
                as(role, "canary-right").replaceFirst(":[0-9]+/", ":1/"),
                as(role, "canary-right"));
        for (String wrong : urls) {
            try (Store store = PostgresStore.builder(wrong)
                    .connectTimeout(Duration.ofSeconds(3))
                    .build()) {
                assertThat(store + store.name() + store.serves(BTC)).doesNotContain("canary");
                assertThatThrownBy(() -> store.open(BTC, DAY)).satisfies(PostgresStoreTest::hasNoCanary);
                if (!wrong.equals(urls.get(3))) {
                    assertThatThrownBy(store::series).satisfies(PostgresStoreTest::hasNoCanary);
                }
            }
        }
        try (Store store = PostgresStore.at(urls.get(0))) {
            assertThatThrownBy(store::series).isInstanceOf(Refused.class).hasMessageContaining("PGPASSWORD");
        }
        assertThatThrownBy(() -> PostgresStore.at("jdbc:mysql://me:canary@host/db"))
                .satisfies(PostgresStoreTest::hasNoCanary);
        assertThatThrownBy(() -> PostgresStore.at("postgresql://me:canary@host"))
                .satisfies(PostgresStoreTest::hasNoCanary);
        execute(url, "DROP ROLE " + role);
    }

    private static void hasNoCanary(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            assertThat(String.valueOf(cause)).doesNotContain("canary");
        }
    }

    @Test
    void wrongPasswordsAndDatabasesAreRefusedAndAServerAwayIsUnavailable() {
        try (Store store = PostgresStore.at(url.replaceFirst("/[^/?]+\\?", "/nodb?"))) {
            assertThatThrownBy(store::series).isInstanceOf(Refused.class).hasMessageContaining("CREATE DATABASE");
        }
        try (Store store = PostgresStore.at(url.replaceFirst(":[0-9]+/", ":1/"))) {
            assertThatThrownBy(store::series).isInstanceOf(Unavailable.class);
        }
    }

    @Test
    void addressesTakeTheirCredentialsFromTheEnvironment() {
        PostgresAddress server = PostgresAddress.parse(url);
        Map<String, String> environment = Map.of(
                "PGUSER",
                server.user(),
                "PGPASSWORD",
                server.password(),
                "DATABASE_URL",
                "postgresql://" + server.user() + ":" + server.password() + "@" + server.places());
        for (String address : List.of("postgres:" + server.jdbcUrl(), "postgres:")) {
            try (Store store = Addresses.store(address, environment)) {
                assertThat(store.series()).isEmpty();
            }
        }
        assertThatThrownBy(() -> Addresses.store("postgres:", Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("postgres:jdbc:postgresql://");
        PostgresAddress own = PostgresAddress.parse("jdbc:postgresql://h/d?user=me");
        assertThat(own.completed(Map.of("PGUSER", "other", "PGPASSWORD", "theirs"))
                        .password())
                .isEmpty();
    }

    @Test
    void aDataSourceOfTheCallerIsLeftAsItWas() throws Exception {
        CountingSource source = new CountingSource(url);
        PostgresStore store = PostgresStore.over(source.dataSource());
        write(store, BTC, DAY, 0);
        try (Batches cursor = store.read(BTC, DAY)) {
            Iterator<Batch> rows = cursor.iterator();
            assertThat(rows.hasNext()).isTrue();
        }
        store.close();
        assertThat(source.open()).isZero();
        try (var connection = source.dataSource().getConnection();
                var statement = connection.createStatement();
                var row =
                        statement.executeQuery("SELECT current_setting('search_path'), current_setting('TimeZone')")) {
            assertThat(connection.getAutoCommit()).isTrue();
            row.next();
            assertThat(row.getString(1)).contains("public");
        }
    }

    @Test
    void aCommitWhoseAnswerIsLostIsSettledByAskingTheLedger() {
        CountingSource source = new CountingSource(url);
        try (Store store = PostgresStore.over(source.dataSource())) {
            write(store, BTC, DAY, 0);
            source.loseNextCommit(true);
            assertThat(write(store, BTC, DAY, 1).get(0).revision()).isEqualTo(2);
            source.loseNextCommit(false);
            assertThat(write(store, BTC, DAY, 2).get(0).revision()).isEqualTo(3);
            assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY, 2)));
            assertThat(store.verify().isSound()).isTrue();
        }
    }

    @Test
    void anOutcomeThatNobodyCanTellIsUnconfirmed() {
        CountingSource source = new CountingSource(url);
        try (Store store = PostgresStore.over(source.dataSource())) {
            write(store, BTC, DAY, 0);
            source.loseNextCommit(true);
            source.refuseConnectionsAfterCommit();
            assertThatThrownBy(() -> write(store, BTC, DAY, 1)).isInstanceOf(Unconfirmed.class);
            source.allowConnections();
            assertThat(write(store, BTC, DAY, 1).get(0).revision()).isEqualTo(2);
        }
    }

    @Test
    void aReplaceThatDiffersFromANewerCommitIsRefused() {
        try (Store store = PostgresStore.at(url);
                Store other = PostgresStore.at(url)) {
            write(store, BTC, DAY, 0);
            try (SinkWriter late = store.open(BTC, DAY)) {
                SyntheticCandles.batches(BTC, DAY, 1).forEach(late::append);
                write(other, BTC, DAY, 2);
                assertThatThrownBy(late::commit)
                        .isInstanceOf(Unavailable.class)
                        .hasMessageContaining("another process");
            }
            assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY, 2)));
        }
    }

    @Test
    void rowsThatNobodyCommittedAreNotThereAndAreNamed() {
        Series eth = Series.candles("BINANCE:SPOT_PAIR:ETH-USDT", "1m");
        try (Store store = PostgresStore.at(url)) {
            write(store, BTC, JANUARY, 0);
            String copy =
                    "INSERT INTO candlewick.candles_1m SELECT %s, open_time + interval '%s', open, high, low, close, volume,"
                            + " close_time, quote_volume, trades, taker_buy_volume, taker_buy_quote_volume FROM candlewick.candles_1m"
                            + " WHERE open_time < '2024-01-02 00:00+00'";
            execute(url, copy.formatted("subject", "40 days"));
            execute(url, copy.formatted("'" + eth.subject() + "'", "0 days"));
            assertThat(Rows.of(store, BTC, TimeRange.of("2024-02-01", "2024-04-01")))
                    .isEmpty();
            assertThat(Rows.of(store, eth, JANUARY)).isEmpty();
            assertThat(store.latest(BTC).orElseThrow().times().text(0)).isEqualTo("2024-01-31T23:59:00Z");
            VerifyReport report = store.verify();
            assertThat(report.isSound()).isFalse();
            assertThat(report.toString())
                    .contains("1440 rows of BINANCE:SPOT_PAIR:ETH-USDT")
                    .contains("month of 2024-02-01");
            store.forget(BTC, TimeRange.month("2024-02"));
            write(store, BTC, TimeRange.day("2024-02-20"), 0);
            assertThat(Rows.of(store, BTC, TimeRange.of("2024-02-01", "2024-04-01")))
                    .hasSize(1_440);
            assertThat(store.verify(BTC).isSound()).isTrue();
        }
    }

    @Test
    void aTableThatWasChangedIsFoundAndHealed() {
        try (Store store = PostgresStore.at(url)) {
            write(store, BTC, JANUARY, 0);
            execute(
                    url,
                    "UPDATE candlewick.candles_1m SET volume = volume + 1 WHERE open_time = '2024-01-10 00:00+00'");
            assertThat(store.verify().refetch()).hasSize(1);
            assertThatThrownBy(() -> write(store, BTC, DAY, 1)).isInstanceOf(Corrupt.class);
            execute(url, "DELETE FROM candlewick.candles_1m WHERE open_time = '2024-01-11 00:00+00'");
            assertThatThrownBy(() -> Rows.of(store, BTC, JANUARY))
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining("44639");
            execute(url, "UPDATE candlewick.candles_1m SET volume = 'NaN' WHERE open_time = '2024-01-12 00:00+00'");
            assertThatThrownBy(() -> Rows.of(store, BTC, JANUARY))
                    .isInstanceOf(Corrupt.class)
                    .hasMessageContaining("volume");
            write(store, BTC, JANUARY, 0);
            assertThat(store.verify().isSound()).isTrue();
            execute(url, "UPDATE candlewick.candlewick_ledger SET record = replace(record, '44640', '44641')");
            execute(url, "UPDATE candlewick.candlewick_ledger SET record = left(record, 100)");
            assertThatThrownBy(() -> store.ledger(BTC, JANUARY)).isInstanceOf(Corrupt.class);
            assertThat(store.forget(BTC, JANUARY)).hasSize(1);
            assertThat(store.series()).isEmpty();
        }
    }

    @Test
    void aValueThatTheTableCannotKeepIsRefusedNamingTheRow() {
        Series notes = events("notes", Field.text("note"), Field.time("seen"));
        Object[][] bad = {
            {"half \ud800 a pair", DAY.start(), "note"},
            {"a\0b", DAY.start(), "U+0000"},
            {"fine", Instant.parse("-9000-01-01T00:00:00Z"), "seen"}
        };
        try (Store store = PostgresStore.at(url)) {
            for (Object[] each : bad) {
                BatchBuilder builder = new BatchBuilder(notes, 2);
                builder.row(DAY.start(), "fine", DAY.start());
                builder.row(DAY.start().plusSeconds(1), each[0], each[1]);
                Batch batch = builder.build();
                assertThatThrownBy(() -> store.write(Batches.of(notes, DAY, List.of(batch), Provenance.none())))
                        .isInstanceOf(Refused.class)
                        .hasMessageContaining("Row 1")
                        .hasMessageContaining("2024-01-01T00:00:01Z")
                        .hasMessageContaining((String) each[2]);
            }
            assertThat(store.ledger(notes, DAY)).isEmpty();
        }
    }

    @Test
    void aReaderThatIsClosedOrInterruptedWhileItWaitsEndsAtOnce() throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (Store store = PostgresStore.at(url)) {
            write(store, BTC, DAY, 0);
            try (var connection = java.sql.DriverManager.getConnection(url);
                    var statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("LOCK TABLE candlewick.candles_1m IN ACCESS EXCLUSIVE MODE");
                Batches closed = store.read(BTC, DAY);
                Future<?> reading = threads.submit(() -> closed.forEach(batch -> {}));
                waitForLock();
                long start = System.nanoTime();
                closed.close();
                assertThatThrownBy(reading::get).hasCauseInstanceOf(Cancelled.class);
                Batches cursor = store.read(BTC, DAY);
                var thread = new java.util.concurrent.atomic.AtomicReference<Thread>();
                Future<?> interrupted = threads.submit(() -> {
                    thread.set(Thread.currentThread());
                    cursor.forEach(batch -> {});
                });
                waitForLock();
                thread.get().interrupt();
                assertThatThrownBy(interrupted::get).hasCauseInstanceOf(Cancelled.class);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
                connection.rollback();
            }
            assertThat(Rows.of(store, BTC, DAY)).hasSize(1_440);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aLockThatIsHeldTooLongIsUnavailable() throws Exception {
        try (Store store =
                PostgresStore.builder(url).lockTimeout(Duration.ofMillis(200)).build()) {
            write(store, BTC, DAY, 0);
            try (var connection = java.sql.DriverManager.getConnection(url);
                    var statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                statement.execute("LOCK TABLE candlewick.candles_1m IN ACCESS EXCLUSIVE MODE");
                assertThatThrownBy(() -> write(store, BTC, DAY, 1))
                        .isInstanceOf(Unavailable.class)
                        .hasMessageContaining("lock timeout");
                connection.rollback();
            }
            assertThat(write(store, BTC, DAY, 1).get(0).revision()).isEqualTo(2);
        }
    }

    @Test
    void aDroppedSchemaIsMadeAgain() {
        try (Store store = PostgresStore.at(url)) {
            write(store, BTC, DAY, 0);
            execute(url, "DROP SCHEMA candlewick CASCADE");
            assertThatThrownBy(() -> write(store, BTC, DAY, 0)).isInstanceOf(Refused.class);
            write(store, BTC, DAY, 0);
            assertThat(Rows.of(store, BTC, DAY)).hasSize(1_440);
        }
    }

    private void waitForLock() throws InterruptedException {
        String waiting = "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
                + " WHERE NOT granted AND datname = current_database()";
        for (int i = 0; i < 400 && execute(url, waiting).equals("0"); i++) {
            Thread.sleep(25);
        }
        assertThat(execute(url, waiting)).isNotEqualTo("0");
    }

    private String as(String user, String password) {
        return PostgresAddress.parse(url).jdbcUrl() + "?user=" + user + "&password=" + password;
    }

    private static Series events(String name, Field... fields) {
        List<Field> all = new ArrayList<>(List.of(Field.time("at")));
        all.addAll(List.of(fields));
        return new Series(
                BTC.subject(),
                new Dataset(name, new Schema(all, "at", List.of("at", fields[0].name())), Cadence.events()));
    }

    private static List<LedgerEntry> write(Store store, Series series, TimeRange range, int edition) {
        return store.write(
                        Batches.of(series, range, SyntheticCandles.batches(series, range, edition), Provenance.none()))
                .entries();
    }
}
