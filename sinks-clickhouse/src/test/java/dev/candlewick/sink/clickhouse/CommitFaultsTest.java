package dev.candlewick.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batches;
import dev.candlewick.Cancelled;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.Unconfirmed;
import dev.candlewick.WriteResult;
import dev.candlewick.sink.clickhouse.CuttingProxy.Fate;
import dev.candlewick.sink.clickhouse.testing.ClickHouseServer;
import dev.candlewick.testkit.Rows;
import dev.candlewick.testkit.SyntheticCandles;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommitFaultsTest {

    private static final Series BTC = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    private static final TimeRange DAY = TimeRange.day("2024-01-01");

    private final ClickHouseServer server = ClickHouseServer.shared();
    private final String database = server.freshDatabase();
    private final String name = database.substring(database.lastIndexOf('/') + 1);
    private final CuttingProxy proxy = new CuttingProxy(URI.create(server.url()).getPort());
    private ClickHouseStore store = ClickHouseStore.at(database);
    private ClickHouseStore faulty = ClickHouseStore.at(database);

    @BeforeEach
    void open() {
        faulty.close();
        ClickHouseStore.Builder builder = ClickHouseStore.builder("http://127.0.0.1:" + proxy.port() + "/" + name)
                .responseTimeout(Duration.ofSeconds(20));
        builder.pause = Duration.ofMillis(1);
        faulty = builder.build();
        write(store, DAY, 0);
    }

    @AfterEach
    void close() {
        store.close();
        proxy.fates(statement -> Fate.PASS);
        faulty.close();
        proxy.close();
    }

    @Test
    void aCrashBetweenRowsAndLedgerLeavesTheOldStateAndTheSameAgainCompletes() {
        proxy.fates(statement -> isLedgerInsert(statement) ? Fate.requestCutAt(0) : Fate.PASS);
        assertThatThrownBy(() -> write(faulty, DAY, 1)).isInstanceOf(Unconfirmed.class);
        assertThat(count("version")).as("rows of both versions").isEqualTo(2);
        assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY, 0)));
        assertThat(viewRows()).isEqualTo(1_440);
        assertThat(write(store, DAY, 1).unchanged()).isZero();
        assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY, 1)));
        assertThat(count("version"))
                .as("the rows of the crashed attempt were used")
                .isEqualTo(2);
        store.close();
        awaitRows(1_440);
        store = ClickHouseStore.at(database);
    }

    @Test
    void rowsOfACrashedAttemptThatIsNeverRepeatedAreDeletedByTheNextCommit() {
        proxy.fates(statement -> isLedgerInsert(statement) ? Fate.requestCutAt(0) : Fate.PASS);
        assertThatThrownBy(() -> write(faulty, DAY, 1)).isInstanceOf(Unconfirmed.class);
        write(store, DAY, 2);
        store.close();
        awaitRows(1_440);
        store = ClickHouseStore.at(database);
        assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY, 2)));
    }

    @Test
    void aLostAnswerOfTheLedgerIsSettledByAskingIt() {
        AtomicInteger lost = new AtomicInteger();
        proxy.fates(statement ->
                isLedgerInsert(statement) && lost.getAndIncrement() == 0 ? Fate.answerCutAt(0) : Fate.PASS);
        WriteResult result = write(faulty, DAY, 1);
        assertThat(lost).hasValue(1);
        assertThat(result.entries().get(0).revision()).isEqualTo(2);
        assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY, 1)));
    }

    @Test
    void aLedgerRowThatDidNotArriveIsSentAgain() {
        AtomicInteger lost = new AtomicInteger();
        proxy.fates(statement ->
                isLedgerInsert(statement) && lost.getAndIncrement() == 0 ? Fate.requestCutAt(0.7) : Fate.PASS);
        assertThat(write(faulty, DAY, 1).entries().get(0).revision()).isEqualTo(2);
        assertThat(lost).hasValue(2);
        assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY, 1)));
    }

    @Test
    void anInterruptIsCancelledUnlessTheLedgerRowWasOnItsWay() {
        Thread committing = Thread.currentThread();
        proxy.fates(statement -> {
            if (isRowsInsert(statement)) {
                committing.interrupt();
            }
            return Fate.PASS;
        });
        assertThatThrownBy(() -> write(faulty, DAY, 1)).isInstanceOf(Cancelled.class);
        assertThat(Thread.interrupted()).isTrue();
        proxy.fates(statement -> {
            if (isLedgerInsert(statement)) {
                committing.interrupt();
                return Fate.answerCutAt(0);
            }
            return Fate.PASS;
        });
        assertThatThrownBy(() -> write(faulty, DAY, 1))
                .isInstanceOf(Unconfirmed.class)
                .hasMessageContaining("interrupted")
                .hasMessageNotContaining("does not answer");
        assertThat(Thread.interrupted()).isTrue();
        write(store, DAY, 1);
        assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY, 1)));
    }

    @Test
    void anUnknownOutcomeIsSaidToBeOneAndSettledByTheNextRun() {
        AtomicInteger ledger = new AtomicInteger();
        proxy.fates(statement -> {
            if (isLedgerInsert(statement)) {
                ledger.set(1);
                return Fate.answerCutAt(0);
            }
            return ledger.get() == 1 ? Fate.requestCutAt(0) : Fate.PASS;
        });
        assertThatThrownBy(() -> write(faulty, DAY, 1))
                .isInstanceOf(Unconfirmed.class)
                .hasMessageContaining("Run the same again");
        proxy.fates(statement -> Fate.PASS);
        assertThat(write(faulty, DAY, 1).unchanged()).isEqualTo(1);
        assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY, 1)));
    }

    @Test
    void aBodyCutAnywhereAndSentAgainGivesEveryRowOnce() {
        for (int cut = 0; cut < 20; cut++) {
            double share = cut / 20.0;
            int edition = cut + 1;
            AtomicInteger inserts = new AtomicInteger();
            proxy.fates(statement -> isRowsInsert(statement) && inserts.getAndIncrement() == 0
                    ? (edition % 2 == 0 ? Fate.requestCutAt(share) : Fate.answerCutAt(share))
                    : Fate.PASS);
            write(faulty, DAY, edition);
            // Of an answer the first line may be enough; of a request nothing but all of it.
            assertThat(inserts.get()).as("inserts, cut at %s", share).isBetween(edition % 2 == 0 ? 2 : 1, 2);
            assertThat(Rows.of(store, BTC, DAY))
                    .as("cut at %s", share)
                    .isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY, edition)));
            assertThat(viewRows()).isEqualTo(1_440);
        }
    }

    // Each request costs a response timeout, so their number bounds how long a call on a frozen server takes.
    @Test
    void aServerThatFreezesAnywhereInACommitIsAskedAtMostTwice() {
        try (ClickHouseStore impatient = ClickHouseStore.builder("http://127.0.0.1:" + proxy.port() + "/" + name)
                .responseTimeout(Duration.ofMillis(400))
                .build()) {
            write(impatient, DAY, 1);
            int before = proxy.statements().size();
            write(impatient, DAY, 2);
            int requests = proxy.statements().size() - before;
            assertThat(requests).isGreaterThan(4);
            for (int frozenAt = 1; frozenAt <= requests; frozenAt++) {
                AtomicInteger asked = new AtomicInteger();
                int first = frozenAt;
                int edition = 2 + frozenAt;
                proxy.fates(statement -> asked.incrementAndGet() >= first ? Fate.SILENCE : Fate.PASS);
                assertThatThrownBy(() -> write(impatient, DAY, edition))
                        .as("frozen at request %s of %s", frozenAt, requests)
                        .isInstanceOfAny(Unavailable.class, Unconfirmed.class);
                assertThat(asked.get() - frozenAt + 1)
                        .as("requests once the server was frozen at request %s of %s", frozenAt, requests)
                        .isBetween(1, 2);
                proxy.fates(statement -> Fate.PASS);
                write(impatient, DAY, edition);
                assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY, edition)));
            }
        }
    }

    @Test
    void aServerThatFreezesIsAskedOnceByAReaderAndByTheOneWhoCloses() {
        AtomicInteger asked = new AtomicInteger();
        try (ClickHouseStore impatient = ClickHouseStore.builder("http://127.0.0.1:" + proxy.port() + "/" + name)
                .responseTimeout(Duration.ofMillis(400))
                .build()) {
            write(impatient, DAY, 1);
            proxy.fates(statement -> {
                asked.incrementAndGet();
                return Fate.SILENCE;
            });
            assertThatThrownBy(() -> Rows.of(impatient, BTC, DAY)).isInstanceOf(Unavailable.class);
            assertThat(asked.getAndSet(0)).isEqualTo(1);
            assertThatThrownBy(() -> impatient.verify()).isInstanceOf(Unavailable.class);
            assertThat(asked.getAndSet(0)).isEqualTo(1);
            assertThatThrownBy(() -> impatient.forget(BTC, DAY)).isInstanceOf(Unavailable.class);
            assertThat(asked.getAndSet(0)).isEqualTo(1);
        }
        assertThat(asked).as("requests of closing").hasValue(1);
    }

    @Test
    void anAnswerCutAnywhereIsNeverAShortOne() {
        for (int cut = 0; cut < 40; cut++) {
            double share = cut / 40.0;
            proxy.fates(statement -> statement.contains("`taker_buy_volume`") ? Fate.answerCutAt(share) : Fate.PASS);
            assertThatThrownBy(() -> Rows.of(faulty, BTC, DAY))
                    .as("cut at %s", share)
                    .isInstanceOf(Unavailable.class);
        }
    }

    @Test
    void ofTwoWritersOfOneRevisionOneWinsAndTheOtherSaysSo() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (ClickHouseStore other = ClickHouseStore.at(database)) {
            for (int round = 0; round < 10; round++) {
                List<SinkWriter> writers = new ArrayList<>();
                List<Callable<WriteResult>> commits = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    SinkWriter writer = (i % 2 == 0 ? store : other).open(BTC, DAY);
                    SyntheticCandles.batches(BTC, DAY, 10 * round + i + 1).forEach(writer::append);
                    writers.add(writer);
                    commits.add(writer::commit);
                }
                int won = 0;
                for (Future<WriteResult> commit : threads.invokeAll(commits)) {
                    try {
                        commit.get();
                        won++;
                    } catch (ExecutionException lost) {
                        assertThat(lost.getCause())
                                .isInstanceOf(Unavailable.class)
                                .hasMessageContaining("another process");
                    }
                }
                writers.forEach(SinkWriter::close);
                assertThat(won).isEqualTo(1);
                assertThat(store.ledger(BTC, DAY).get(0).revision()).isEqualTo(round + 2L);
                assertThat(store.verify(BTC).findings()).isEmpty();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void twoProcessesThatWriteTheSameLeaveItOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try (ClickHouseStore other = ClickHouseStore.at(database)) {
            for (int round = 1; round <= 10; round++) {
                int edition = round;
                List<Callable<WriteResult>> writes =
                        List.of(() -> write(store, DAY, edition), () -> write(other, DAY, edition));
                for (Future<WriteResult> write : threads.invokeAll(writes)) {
                    write.get();
                }
                assertThat(store.ledger(BTC, DAY).get(0).revision()).isEqualTo(round + 1L);
                assertThat(viewRows()).isEqualTo(1_440);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static boolean isLedgerInsert(String statement) {
        return statement.contains("INSERT INTO") && statement.contains("candlewick_ledger");
    }

    private static boolean isRowsInsert(String statement) {
        return statement.contains("INSERT INTO") && statement.contains("candles_1m_rows");
    }

    private static WriteResult write(ClickHouseStore store, TimeRange range, int edition) {
        return store.write(Batches.of(BTC, range, SyntheticCandles.batches(BTC, range, edition), Provenance.none()));
    }

    private long count(String column) {
        return Long.parseLong(server.execute("SELECT uniqExact(" + column + ") FROM " + name + ".candles_1m_rows"));
    }

    private long viewRows() {
        return Long.parseLong(server.execute("SELECT count() FROM " + name + ".candles_1m"));
    }

    private void awaitRows(long rows) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        String count = "SELECT count() FROM " + name + ".candles_1m_rows";
        while (System.nanoTime() < deadline && Long.parseLong(server.execute(count)) != rows) {
            Thread.onSpinWait();
        }
        assertThat(server.execute(count)).isEqualTo(Long.toString(rows));
    }
}
