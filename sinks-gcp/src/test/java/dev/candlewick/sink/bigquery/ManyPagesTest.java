package dev.candlewick.sink.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.Batch;
import dev.candlewick.Batches;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.sink.gcp.testing.LocalBigQuery;
import dev.candlewick.testkit.Rows;
import dev.candlewick.testkit.SyntheticCandles;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Answers that come in several pages. */
class ManyPagesTest {

    @Tag("slow")
    @Test
    void aMonthOfMinutesIsReadBackAsItWasWritten() {
        Series series = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
        TimeRange month = TimeRange.month("2024-03");
        List<Batch> rows = SyntheticCandles.batches(series, month);
        try (LocalBigQuery server = LocalBigQuery.start();
                BigQueryStore store =
                        LocalStores.builder(server.endpoint(), "pages").build()) {
            store.write(Batches.of(series, month, rows, Provenance.none()));

            assertThat(Rows.of(store, series, month)).isEqualTo(Rows.of(rows));
            assertThat(store.verify(series).findings()).isEmpty();
        }
    }
}
