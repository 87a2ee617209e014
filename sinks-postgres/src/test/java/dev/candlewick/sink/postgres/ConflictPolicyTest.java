package dev.candlewick.sink.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Field;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Schema;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.WriteResult;
import dev.candlewick.sink.postgres.testing.PostgresServer;
import dev.candlewick.testkit.Rows;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConflictPolicyTest {

    private static final Series BTC = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    private static final TimeRange HOUR = TimeRange.of("2024-01-01T00:00:00Z", "2024-01-01T01:00:00Z");

    private final String url = PostgresServer.shared().freshDatabase();

    @Test
    void keepFirstLeavesStoredRowsAndFillsHoles() {
        try (Store store = open(ConflictPolicy.keepFirst())) {
            write(store, 1, 0, 2, 4);
            write(store, 2, 0, 1, 2, 3);
            assertThat(trades(store)).containsExactly("0=1", "1=2", "2=1", "3=2", "4=1");
            assertSound(store, 5);
            assertThat(write(store, 3, 0, 4).unchanged()).isEqualTo(1);
        }
    }

    @Test
    void replaceIfNewerComparesTheColumnAndTakesNothingAway() {
        try (Store store = open(ConflictPolicy.replaceIfNewer("trades"))) {
            write(store, 5, 0, 1, 2);
            write(store, 7, 1, 3);
            write(store, 6, 0, 1, 2, 3);
            assertThat(trades(store)).containsExactly("0=6", "1=7", "2=6", "3=7");
            assertSound(store, 4);
        }
    }

    @Test
    void failNamesTheFirstRowThatDiffersAndWritesNothing() {
        try (Store store = open(ConflictPolicy.fail())) {
            write(store, 1, 0, 1);
            write(store, 1, 1, 2);
            assertThatThrownBy(() -> write(store, 2, 2, 3))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("2024-01-01T00:02:00Z");
            assertThat(trades(store)).containsExactly("0=1", "1=1", "2=1");
            assertSound(store, 3);
        }
    }

    @Test
    void rowsOfATimeAloneNeverConflict() {
        Series ticks = BTC.with(
                new Dataset("ticks", new Schema(List.of(Field.time("at")), "at", List.of("at")), Cadence.events()));
        for (ConflictPolicy policy :
                List.of(ConflictPolicy.fail(), ConflictPolicy.replaceIfNewer("at"), ConflictPolicy.keepFirst())) {
            try (Store store = open(policy)) {
                for (int second : new int[] {1, 2, 1}) {
                    Batch batch = new BatchBuilder(ticks, 1)
                            .row(HOUR.start().plusSeconds(second))
                            .build();
                    store.write(Batches.of(ticks, HOUR, List.of(batch), Provenance.none()));
                }
                assertThat(Rows.of(store, ticks, HOUR)).hasSize(2);
            }
        }
    }

    @Test
    void aPolicyThatADatasetCannotFollowIsRefused() {
        try (Store store = open(ConflictPolicy.replaceIfNewer("version"))) {
            assertThatThrownBy(() -> store.open(BTC, HOUR))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("version")
                    .hasMessageContaining("trades");
        }
    }

    private static void assertSound(Store store, long rows) {
        assertThat(store.verify().isSound()).as("%s", store.verify()).isTrue();
        assertThat(store.ledger(BTC, HOUR).get(0).rows()).isEqualTo(rows);
        assertThat(store.ledger(BTC, HOUR).get(0).contentHash())
                .isEqualTo(Rows.hash(store, BTC, store.ledger(BTC, HOUR).get(0).unit()));
    }

    private Store open(ConflictPolicy policy) {
        return PostgresStore.builder(url).onConflict(policy).build();
    }

    private static WriteResult write(Store store, long trades, int... minutes) {
        BatchBuilder builder = new BatchBuilder(BTC, minutes.length);
        for (int minute : minutes) {
            var open = HOUR.start().plusSeconds(60L * minute);
            builder.row(open, "1", "1", "1", "1", "1", open.plusSeconds(59), "1", trades, "0", "0");
        }
        return store.write(Batches.of(BTC, HOUR, List.of(builder.build()), Provenance.none()));
    }

    private static List<String> trades(Store store) {
        try (Batches rows = store.read(BTC, HOUR)) {
            List<String> found = new java.util.ArrayList<>();
            for (Batch batch : rows) {
                for (int row = 0; row < batch.rows(); row++) {
                    found.add((batch.times().epochMicros(row) - HOUR.startMicros()) / 60_000_000L + "="
                            + batch.longs("trades").value(row));
                }
            }
            return found;
        }
    }
}
