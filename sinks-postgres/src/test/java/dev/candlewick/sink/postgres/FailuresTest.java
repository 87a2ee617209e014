package dev.candlewick.sink.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.MarketDataException;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.sink.postgres.testing.PostgresServer;
import dev.candlewick.testkit.SyntheticCandles;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class FailuresTest {

    private static final Series BTC = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    private static final TimeRange DAY = TimeRange.day("2024-01-01");

    @Test
    void whatRunningAgainCannotHelpIsRefused() {
        Failures failures = new Failures("place", "me", Set.of());
        for (String state :
                List.of("54000", "54001", "54011", "42601", "42804", "42P16", "22003", "0A000", "23514", "23502")) {
            assertThat(failures.of("Doing", new SQLException("no", state)))
                    .as(state)
                    .isInstanceOf(Refused.class);
        }
        for (String state : List.of("53200", "53300", "08006", "57P01", "40001", "23505", "55P03")) {
            assertThat(failures.of("Doing", new SQLException("no", state)))
                    .as(state)
                    .isInstanceOf(Unavailable.class);
        }
    }

    @Test
    void moreColumnsThanTheServerTakesAreRefused() {
        List<Field> fields = new ArrayList<>(List.of(Field.time("at")));
        for (int i = 0; i < 1_700; i++) {
            fields.add(Field.int64("n" + i));
        }
        try (Store store = PostgresStore.at(PostgresServer.shared().freshDatabase())) {
            assertThatThrownBy(() -> store.open(events(BTC.subject(), "wide", fields), DAY))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("1600");
        }
    }

    @Test
    void aSeriesWithAVeryLongNameIsCutInMessages() {
        Subject subject = Subject.parse("A:B:" + longName(9_000));
        Series series = events(subject, "d".repeat(9_000), List.of(Field.time("at"), Field.int64("n")));
        Series other = events(subject, "d".repeat(9_000), List.of(Field.time("at"), Field.text("n")));
        Batch batch = new BatchBuilder(series, 1).row(DAY.start(), 1L).build();
        try (Store store = PostgresStore.at(PostgresServer.shared().freshDatabase())) {
            assertThatThrownBy(() -> store.write(Batches.of(series, DAY, List.of(batch), Provenance.none())))
                    .isInstanceOf(Refused.class)
                    .satisfies(FailuresTest::isShort);
            assertThatThrownBy(() -> store.open(other, DAY))
                    .isInstanceOf(Refused.class)
                    .satisfies(FailuresTest::isShort);
        }
    }

    // Of letters that no index can compress.
    private static String longName(int length) {
        Random random = new Random(1);
        return random.ints(length, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static void isShort(Throwable failure) {
        assertThat(String.valueOf(failure.getMessage()).length()).isLessThan(2_000);
    }

    @Test
    void aPoolWhoseOnlyConnectionACursorHoldsSaysSo() {
        AtomicBoolean taken = new AtomicBoolean();
        try (Store store = PostgresStore.over(poolOfOne(PostgresServer.shared().freshDatabase(), taken))) {
            write(store);
            try (Batches cursor = store.read(BTC, DAY)) {
                Iterator<Batch> rows = cursor.iterator();
                assertThat(rows.hasNext()).isTrue();
                assertThatThrownBy(store::series)
                        .isInstanceOf(Unavailable.class)
                        .extracting(failure -> String.valueOf(((MarketDataException) failure).getMessage()))
                        .asString()
                        .contains("no connection was free in time")
                        .contains("cursor")
                        .doesNotContain("went away");
            }
            assertThat(store.series()).containsExactly(BTC);
        }
    }

    private static void write(Store store) {
        store.write(Batches.of(BTC, DAY, SyntheticCandles.batches(BTC, DAY, 0), Provenance.none()));
    }

    private static Series events(Subject subject, String name, List<Field> fields) {
        return new Series(subject, new Dataset(name, new Schema(fields, "at", List.of("at")), Cadence.events()));
    }

    /** As pools do: no SQLSTATE when nothing became free in time. */
    private static DataSource poolOfOne(String url, AtomicBoolean taken) {
        PGSimpleDataSource real = new PGSimpleDataSource();
        real.setUrl(url);
        return (DataSource) Proxy.newProxyInstance(
                FailuresTest.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (!taken.compareAndSet(false, true)) {
                        throw new SQLException("pool-1 - Connection is not available, request timed out after 250ms");
                    }
                    Connection connection = real.getConnection();
                    return Proxy.newProxyInstance(
                            FailuresTest.class.getClassLoader(),
                            new Class<?>[] {Connection.class},
                            (pooled, call, values) -> {
                                if (call.getName().equals("close")
                                        || call.getName().equals("abort")) {
                                    taken.set(false);
                                }
                                try {
                                    return call.invoke(connection, values);
                                } catch (InvocationTargetException failed) {
                                    throw failed.getCause();
                                }
                            });
                });
    }
}
