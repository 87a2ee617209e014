package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.SinkWriter;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The part of the contract that is about several writers and readers at once. */
abstract class StoreSharingContract extends StoreGroupContract {

    @Test
    void anAttemptThatBeganBeforeANewerCommitReplacesNothing() throws Exception {
        write(BTC, DAY, 0);
        try (SinkWriter late = store.open(BTC, DAY)) {
            SyntheticCandles.batches(BTC, DAY, 1).forEach(late::append);
            write(BTC, DAY, 2);
            List<LedgerEntry> before = store.ledger(BTC, DAY);
            assertThatThrownBy(late::commit)
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("BTC-USDT")
                    .hasMessageContaining("un again");
            assertThat(store.ledger(BTC, DAY)).isEqualTo(before);
        }
        store = reopen(store);
        assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY, 2)));
        write(BTC, DAY, 1);
        assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY, 1)));
    }

    @Test
    void anAttemptThatBeganBeforeTheFirstCommitReplacesNothing() {
        try (SinkWriter late = store.open(BTC, DAY)) {
            SyntheticCandles.batches(BTC, DAY, 1).forEach(late::append);
            write(BTC, TimeRange.of("2024-01-01T05:00:00Z", "2024-01-01T06:00:00Z"), 2);
            assertThatThrownBy(late::commit).isInstanceOf(Unavailable.class);
        }
        assertThat(Rows.of(store, BTC, DAY)).hasSize(60);
    }

    @Test
    void aCommitToAnotherPartOfTheUnitIsInNobodysWay() {
        write(BTC, DAY, 0);
        TimeRange morning = TimeRange.of("2024-01-01T00:00:00Z", "2024-01-01T06:00:00Z");
        TimeRange evening = TimeRange.of("2024-01-01T18:00:00Z", "2024-01-02T00:00:00Z");
        try (SinkWriter late = store.open(BTC, morning)) {
            SyntheticCandles.batches(BTC, morning, 1).forEach(late::append);
            write(BTC, evening, 2);
            late.commit();
        }
        assertThat(Rows.of(store, BTC, morning)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, morning, 1)));
        assertThat(Rows.of(store, BTC, evening)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, evening, 2)));
        assertThat(Rows.of(store, BTC, DAY)).hasSize(1_440);
    }

    @Test
    void ofTwoWritersWithDifferentRowsOneWinsWholly() throws Exception {
        List<List<List<String>>> editions =
                List.of(Rows.of(SyntheticCandles.batches(BTC, DAY, 1)), Rows.of(SyntheticCandles.batches(BTC, DAY, 2)));
        for (int round = 0; round < 5; round++) {
            store.forget(BTC, DAY);
            CyclicBarrier together = new CyclicBarrier(2);
            ExecutorService threads = Executors.newFixedThreadPool(2);
            List<Boolean> won = new ArrayList<>();
            try {
                List<Future<Boolean>> racing = new ArrayList<>();
                for (int edition = 1; edition <= 2; edition++) {
                    racing.add(threads.submit(commit(edition, together)));
                }
                for (Future<Boolean> each : racing) {
                    won.add(each.get());
                }
            } finally {
                threads.shutdownNow();
            }
            assertThat(won).as("round %s", round).containsExactlyInAnyOrder(true, false);
            assertThat(Rows.of(store, BTC, DAY)).isEqualTo(editions.get(won.indexOf(true)));
            LedgerEntry entry = store.ledger(BTC, DAY).get(0);
            assertThat(entry.contentHash()).isEqualTo(Rows.hash(store, BTC, entry.unit()));
        }
    }

    @Test
    void ofTwoWritersWithTheSameRowsBothSucceed() throws Exception {
        CyclicBarrier together = new CyclicBarrier(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (Future<Boolean> each : threads.invokeAll(List.of(commit(1, together), commit(1, together)))) {
                assertThat(each.get()).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(store.ledger(BTC, DAY)).hasSize(1);
        assertThat(Rows.of(store, BTC, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(BTC, DAY, 1)));
    }

    @Test
    void writersAndReadersOfSeveralSeriesDoNotDisturbEachOther() throws Exception {
        List<Series> many = new ArrayList<>();
        for (String code : List.of("BTC", "ETH", "SOL", "XRP")) {
            many.add(Series.candles("BINANCE:SPOT_PAIR:" + code + "-USDT", "1m"));
        }
        many.forEach(series -> write(series, DAY, 0));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<String>> work = new ArrayList<>();
            for (Series series : many) {
                List<List<List<String>>> editions = new ArrayList<>();
                for (int edition = 0; edition <= 3; edition++) {
                    editions.add(Rows.of(SyntheticCandles.batches(series, DAY, edition)));
                }
                work.add(() -> {
                    for (int edition = 1; edition <= 3; edition++) {
                        write(series, DAY, edition);
                    }
                    return "";
                });
                work.add(() -> {
                    for (int read = 0; read < 4; read++) {
                        assertThat(editions).contains(Rows.of(store, series, DAY));
                        LedgerEntry entry = store.ledger(series, DAY).get(0);
                        assertThat(entry.rows()).isEqualTo(1_440);
                    }
                    return "";
                });
            }
            for (Future<String> each : threads.invokeAll(work)) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        for (Series series : many) {
            assertThat(Rows.of(store, series, DAY)).isEqualTo(Rows.of(SyntheticCandles.batches(series, DAY, 3)));
            assertThat(store.verify(series).isSound()).isTrue();
        }
    }

    // Both are open before either commits, so that one of them is late whoever is quicker.
    private Callable<Boolean> commit(int edition, CyclicBarrier together) {
        return () -> {
            List<Batch> rows = SyntheticCandles.batches(BTC, DAY, edition);
            try (SinkWriter writer = store.open(BTC, DAY)) {
                rows.forEach(writer::append);
                together.await();
                writer.commit(new Provenance("racer", List.of(), List.of(), List.of()));
                return true;
            } catch (Unavailable overtaken) {
                return false;
            }
        };
    }
}
