package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import dev.candlewick.tick.TickReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TickReaderTest {

    private static final Series TRADES = Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/trades");
    private static final TimeRange DAY = TimeRange.day("2024-01-01");
    private static final Instant NOON = Instant.parse("2024-01-01T12:00:00Z");

    private final MemoryStore store = MemoryStore.create();
    private final TickReader reader = TickReader.over(store);

    @BeforeEach
    void aTradeEverySecondOfAMinute() {
        BatchBuilder rows = new BatchBuilder(TRADES, 60);
        for (int second = 0; second < 60; second++) {
            Instant time = NOON.plusSeconds(second);
            rows.row(time, time, String.valueOf(second), "buy", "100", "1");
        }
        store.write(Batches.of(TRADES, DAY, List.of(rows.build()), Provenance.none()));
    }

    @Test
    void aDayOfTicksIsReadByPlainText() {
        try (Batches rows = reader.read("BINANCE:SPOT_PAIR:BTC-USDT", "trades", "2024-01-01", "2024-01-02")) {
            assertThat(ids(rows)).hasSize(60).startsWith("0").endsWith("59");
        }
    }

    @Test
    void chunksAreNeverLargerThanAskedForAndLoseNothing() {
        List<Integer> sizes = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        try (Batches rows = reader.chunks(TRADES, DAY, 7)) {
            for (Batch batch : rows) {
                sizes.add(batch.rows());
                collect(batch, ids);
            }
            assertThat(rows.provenance()).isNotNull();
        }
        assertThat(sizes).allMatch(size -> size <= 7);
        assertThat(ids).hasSize(60).doesNotHaveDuplicates();
    }

    @Test
    void onlyTheTicksAroundTheGivenMomentsAreRead() {
        List<Instant> moments = List.of(NOON.plusSeconds(30), NOON.plusSeconds(10), NOON.plusSeconds(11));
        try (Batches rows = reader.around(TRADES, moments, Duration.ofSeconds(1), Duration.ofSeconds(2))) {
            assertThat(ids(rows)).containsExactly("9", "10", "11", "12", "29", "30", "31");
        }
    }

    @Test
    void whatWasReadAroundMomentsCannotBeTakenForTheWhole() {
        try (Batches rows =
                reader.around(TRADES, List.of(NOON, NOON.plusSeconds(50)), Duration.ZERO, Duration.ofSeconds(1))) {
            assertThat(ids(rows)).containsExactly("0", "50");
            assertThatIllegalStateException().isThrownBy(rows::provenance).withMessageContaining("windows");
        }
    }

    @Test
    void anUnknownSeriesIsRefusedWithWhatThereIsOfTheInstrument() {
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> reader.read(TRADES.with(Dataset.QUOTES), DAY))
                .withMessageContaining("quotes")
                .withMessageContaining("[trades]");
    }

    @Test
    void nobodyReadsAroundNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reader.around(TRADES, List.of(), Duration.ZERO, Duration.ofSeconds(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reader.around(TRADES, List.of(NOON), Duration.ZERO, Duration.ZERO));
    }

    @Test
    void theSummarySaysWhatIsThere() {
        assertThat(reader.instruments()).containsExactly(Subject.parse("BINANCE:SPOT_PAIR:BTC-USDT"));
        assertThat(reader.instruments(Dataset.QUOTES)).isEmpty();
        assertThat(reader.summary("BINANCE:SPOT_PAIR:BTC-USDT")).contains("trades: 60 rows in 1 day");
        assertThat(reader.summary("BINANCE:SPOT_PAIR:ETH-USDT")).contains("no ticks");
    }

    private static List<String> ids(Batches rows) {
        List<String> ids = new ArrayList<>();
        rows.forEach(batch -> collect(batch, ids));
        return ids;
    }

    private static void collect(Batch batch, List<String> ids) {
        for (int row = 0; row < batch.rows(); row++) {
            ids.add(batch.texts("id").value(row));
        }
    }
}
