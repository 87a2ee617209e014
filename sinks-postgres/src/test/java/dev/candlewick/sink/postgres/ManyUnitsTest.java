package dev.candlewick.sink.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Answer;
import dev.candlewick.Batches;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import dev.candlewick.WriteResult;
import dev.candlewick.sink.postgres.testing.PostgresServer;
import dev.candlewick.testkit.Rows;
import dev.candlewick.testkit.SyntheticCandles;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManyUnitsTest {

    private static final Series BTC = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1s");
    private static final TimeRange TEN_YEARS = TimeRange.of("2014-01-01", "2024-01-01");
    private static final TimeRange DAY = TimeRange.day("2020-02-29");

    private final CountingSource source =
            new CountingSource(PostgresServer.shared().freshDatabase());

    @Test
    void unitsOfWhichThereIsNothingToSayAskNothingOfTheServer() {
        try (Store store = PostgresStore.over(source.dataSource())) {
            store.open(BTC, TEN_YEARS).close();
            long before = source.taken();
            WriteResult result = store.write(Batches.of(BTC, TEN_YEARS, List.of(), Provenance.none()));
            assertThat(result.entries()).isEmpty();
            assertThat(source.taken() - before).isLessThan(5);
            WriteResult rows =
                    store.write(Batches.of(BTC, TEN_YEARS, SyntheticCandles.batches(BTC, DAY), Provenance.none()));
            assertThat(rows.entries()).hasSize(1);
            assertThat(source.taken() - before).isLessThan(12);
            assertThat(Rows.of(store, BTC, DAY)).hasSize(86_400);
            WriteResult none = store.write(Batches.of(BTC, TEN_YEARS, List.of(), Provenance.none()));
            assertThat(none.entries())
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.rows()).isZero());
            assertThat(Rows.of(store, BTC, DAY)).isEmpty();
        }
    }

    @Test
    void aUnitOfWhichOnlyAnAnswerIsKnownIsRecorded() {
        TimeRange days = TimeRange.of("2020-02-28", "2020-03-02");
        Answer answer = new Answer(DAY, "rest", "klines", 200, "", "", 0, DAY.end(), "");
        try (Store store = PostgresStore.over(source.dataSource())) {
            store.write(
                    Batches.of(BTC, days, List.of(), new Provenance("venue", List.of(answer), List.of(), List.of())));
            assertThat(store.ledger(BTC, days))
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.unit()).isEqualTo(DAY));
        }
    }
}
