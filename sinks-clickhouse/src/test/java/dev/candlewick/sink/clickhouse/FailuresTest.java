package dev.candlewick.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.clickhouse.client.api.ServerException;
import dev.candlewick.Batches;
import dev.candlewick.Cancelled;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.WriteResult;
import dev.candlewick.sink.clickhouse.testing.ClickHouseServer;
import dev.candlewick.testkit.Rows;
import dev.candlewick.testkit.SyntheticCandles;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FailuresTest {

    private static final String CANARY = "canary:p@ss/w%rd";
    private static final Series BTC = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    private static final TimeRange DAY = TimeRange.day("2024-01-01");
    private static final String USERS = """
            <clickhouse>
              <profiles>
                <default/>
                <looking><readonly>1</readonly></looking>
                <small><max_memory_usage>3000000</max_memory_usage></small>
              </profiles>
              <quotas><default/></quotas>
              <users>
                <default>%1$s<profile>default</profile></default>
                <reader>%2$s<profile>looking</profile></reader>
                <small>%2$s<profile>small</profile></small>
                <granted>%2$s<profile>default</profile>
                  <grants><query>GRANT SELECT, INSERT ON *.*</query></grants></granted>
              </users>
            </clickhouse>
            """.formatted(user(""), user(CANARY));

    @SuppressWarnings("NullAway.Init") // JUnit calls start first
    private static ClickHouseServer server;

    private static int databases;
    private String database = "";

    private static String user(String password) {
        return "<password>" + password + "</password><networks><ip>::/0</ip></networks><quota>default</quota>";
    }

    @BeforeAll
    static void start() {
        server = ClickHouseServer.start(USERS);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void fresh() {
        databases++;
        server.execute("CREATE DATABASE d" + databases);
        database = server.url() + "/d" + databases;
    }

    @Test
    void aWrongPasswordIsNamedAndNeverShown() {
        ClickHouseStore.Builder builder = ClickHouseStore.builder(database).credentials("reader", CANARY + "x");
        try (ClickHouseStore store = builder.build()) {
            Throwable refused = catchThrowable(() -> store.open(BTC, DAY));
            assertThat(refused)
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("user 'reader'")
                    .hasMessageContaining("CLICKHOUSE_PASSWORD");
            assertThat(everythingOf(refused) + store + store.name() + builder).doesNotContain("canary");
        }
    }

    @Test
    void aPasswordForAUserWhoHasNoneIsRefused() {
        try (ClickHouseStore store =
                ClickHouseStore.builder(database).credentials("default", CANARY).build()) {
            assertThatThrownBy(store::series)
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("user 'default'")
                    .hasMessageNotContaining("canary");
        }
    }

    @Test
    void everyCodeOfALoginThatFailedIsRefusedAndAPermanentFailureIsToldAsOne() {
        Failures failures = new Failures(Address.parse("http://127.0.0.1:8123/d"));
        for (int code : new int[] {192, 193, 194, 516}) {
            assertThat(failures.of("Reading", new ServerException(code, "Authentication failed", 403, "1")))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("CLICKHOUSE_PASSWORD");
        }
        for (int code : new int[] {10, 16, 44, 47, 53, 60, 70}) {
            assertThat(failures.of("Writing " + "x".repeat(9_000), new ServerException(code, "what it said", 404, "1")))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("what it said")
                    .satisfies(failure -> assertThat(failure.getMessage()).hasSizeLessThan(1_500));
        }
    }

    @Test
    void aPasswordInTheAddressIsUsedAndNeverShown() {
        String encoded = "canary%3Ap%40ss%2Fw%25rd";
        String address = database.replace("http://", "http://reader:" + encoded + "@");
        try (ClickHouseStore store = ClickHouseStore.at(address)) {
            assertThat(store.series()).isEmpty();
            assertThat(store.name()).isEqualTo("clickhouse:" + database);
            Throwable refused = catchThrowable(() -> store.open(BTC, DAY));
            assertThat(everythingOf(refused)).doesNotContain("canary").doesNotContain("w%rd");
        }
        Throwable malformed = catchThrowable(() -> ClickHouseStore.at("http://reader:canary secret@host:8123/d"));
        assertThat(malformed).isInstanceOf(IllegalArgumentException.class);
        assertThat(everythingOf(malformed)).doesNotContain("canary");
    }

    @Test
    void theEnvironmentNamesServerAndCredentials() {
        Map<String, String> environment = Map.of(
                "CLICKHOUSE_HOST",
                "127.0.0.1",
                "CLICKHOUSE_PORT",
                Integer.toString(server.port()),
                "CLICKHOUSE_DB",
                "d" + databases,
                "CLICKHOUSE_USER",
                "small",
                "CLICKHOUSE_PASSWORD",
                CANARY);
        try (var store = new ClickHouseStoreProvider().open("", environment);
                var named = new ClickHouseStoreProvider().open(database, environment)) {
            assertThat(store.name()).isEqualTo("clickhouse:" + database);
            assertThat(store.series()).isEmpty();
            assertThat(named.series()).isEmpty();
        }
        assertThatThrownBy(() -> new ClickHouseStoreProvider().open("", Map.of()))
                .hasMessageContaining("CLICKHOUSE_HOST");
        assertThatThrownBy(() -> new ClickHouseStoreProvider().open("localhost:9000", Map.of()))
                .hasMessageContaining("http://HOST:8123");
    }

    @Test
    void aUserWhoMayOnlyReadReads() {
        write(ClickHouseStore.at(database));
        try (ClickHouseStore reader = as("reader")) {
            assertThat(Rows.of(reader, BTC, DAY)).hasSize(1_440);
            assertThat(reader.series()).containsExactly(BTC);
            assertThat(reader.verify().isSound()).isTrue();
            assertThatThrownBy(() -> reader.write(
                            Batches.of(BTC, DAY, SyntheticCandles.batches(BTC, DAY, 1), Provenance.none())))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("user 'reader' may not")
                    .hasMessageContaining("INSERT");
        }
    }

    @Test
    void aUserWhoMayNotCreateIsToldWhatToGrant() {
        try (ClickHouseStore granted = as("granted")) {
            assertThatThrownBy(() -> granted.open(BTC, DAY))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("CREATE TABLE");
            write(ClickHouseStore.at(database));
            granted.write(Batches.of(BTC, DAY, SyntheticCandles.batches(BTC, DAY, 1), Provenance.none()));
            assertThat(Rows.of(granted, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY, 1)));
        }
    }

    @Test
    void aServerShortOfMemoryIsUnavailable() {
        TimeRange month = TimeRange.month("2024-01");
        write(ClickHouseStore.at(database));
        try (ClickHouseStore small = as("small")) {
            assertThatThrownBy(() -> small.write(
                            Batches.of(BTC, month, SyntheticCandles.batches(BTC, month), Provenance.none())))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("memory");
        }
        try (ClickHouseStore store = ClickHouseStore.at(database)) {
            assertThat(Rows.of(store, BTC, month)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY)));
        }
    }

    @Test
    void tooManyPartsAreNoReasonToLoseAnything() {
        try (ClickHouseStore store = ClickHouseStore.at(database)) {
            write(ClickHouseStore.at(database));
            String table = "d" + databases + ".candles_1m_rows";
            server.execute("SYSTEM STOP MERGES " + table);
            server.execute(
                    "ALTER TABLE " + table + " MODIFY SETTING parts_to_delay_insert = 1, parts_to_throw_insert = 1");
            assertThatThrownBy(() ->
                            store.write(Batches.of(BTC, DAY, SyntheticCandles.batches(BTC, DAY, 1), Provenance.none())))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("merges more slowly");
            server.execute("ALTER TABLE " + table + " RESET SETTING parts_to_delay_insert, parts_to_throw_insert");
            server.execute("SYSTEM START MERGES " + table);
            assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY)));
            store.write(Batches.of(BTC, DAY, SyntheticCandles.batches(BTC, DAY, 1), Provenance.none()));
            assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY, 1)));
        }
    }

    @Test
    void aServerThatIsNotThereIsUnavailable() {
        try (ClickHouseStore store = ClickHouseStore.at("http://127.0.0.1:1/d")) {
            assertThatThrownBy(() -> store.open(BTC, DAY))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("http://127.0.0.1:1");
            assertThatThrownBy(() -> Rows.of(store, BTC, DAY)).isInstanceOf(Unavailable.class);
        }
    }

    @Test
    void anErrorInTheMiddleOfAnAnswerIsSaid() {
        Address address = Address.parse(database);
        try (Server requests = new Server(address, false, Duration.ofSeconds(5), Duration.ofSeconds(30))) {
            assertThatThrownBy(() -> requests.texts(
                            "Counting",
                            1,
                            "SELECT toString(throwIf(number = 3000000, 'in the middle')) FROM numbers(9000000)"
                                    + " SETTINGS max_threads = 1"))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("in the middle");
        }
    }

    @Test
    void aSilentServerIsGivenUpOnAndAnInterruptIsHeardAtOnce() throws Exception {
        write(ClickHouseStore.at(database));
        try (ClickHouseStore store = ClickHouseStore.builder(database)
                .responseTimeout(Duration.ofSeconds(2))
                .build()) {
            assertThat(Rows.of(store, BTC, DAY)).hasSize(1_440);
            server.pause();
            try {
                assertThatThrownBy(() -> Rows.of(store, BTC, DAY)).isInstanceOf(Unavailable.class);
                Throwable[] thrown = new Throwable[1];
                Thread reading = new Thread(() -> thrown[0] = catchThrowable(() -> Rows.of(store, BTC, DAY)));
                reading.start();
                while (reading.getState() != Thread.State.RUNNABLE) {
                    Thread.onSpinWait();
                }
                reading.interrupt();
                reading.join(1_500);
                assertThat(thrown[0]).isInstanceOf(Cancelled.class);
            } finally {
                server.resume();
            }
            assertThat(Rows.of(store, BTC, DAY)).hasSize(1_440);
        }
    }

    private ClickHouseStore as(String user) {
        return ClickHouseStore.builder(database).credentials(user, CANARY).build();
    }

    private static WriteResult write(ClickHouseStore store) {
        try (store) {
            return store.write(Batches.of(BTC, DAY, SyntheticCandles.batches(BTC, DAY), Provenance.none()));
        }
    }

    private static String everythingOf(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text + List.of(thrown.getSuppressed()).toString();
    }
}
