package dev.candlewick.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.candlewick.Batch;
import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.Interval;
import dev.candlewick.Provenance;
import dev.candlewick.Refused;
import dev.candlewick.Series;
import dev.candlewick.Subject;
import dev.candlewick.TimeRange;
import dev.candlewick.testkit.MemoryStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class FeatureReaderTest {

    private static final String BTC = "BINANCE:SPOT_PAIR:BTC-USDT";
    private static final TimeRange DAY = TimeRange.day("2024-01-01");

    private final MemoryStore store = MemoryStore.create();
    private final FeatureReader reader = FeatureReader.over(store);

    /** Three minutes, the second of which became known after the third. */
    @BeforeEach
    void threeMinutes() {
        Series series = new Series(Subject.parse(BTC), Dataset.parse("features:mft:1m"));
        BatchBuilder rows = new BatchBuilder(series, 3);
        int[] knownAfter = {60, 600, 180};
        for (int minute = 0; minute < 3; minute++) {
            @Nullable Object[] row = new Object[series.schema().fields().size()];
            row[series.schema().indexOf("timestamp")] = DAY.start().plusSeconds(60L * minute);
            row[series.schema().indexOf("available_at")] = DAY.start().plusSeconds(knownAfter[minute]);
            row[series.schema().indexOf("filled")] = false;
            rows.row(row);
        }
        store.write(Batches.of(series, DAY, List.of(rows.build()), Provenance.none()));
    }

    @Test
    void aDayOfFeaturesIsReadByPlainText() {
        try (Batches rows = reader.mft(BTC, "1m", "2024-01-01", "2024-01-02")) {
            assertThat(times(rows)).hasSize(3);
            assertThat(rows.provenance()).isNotNull();
        }
    }

    @Test
    void whatWasNotYetKnownIsLeftOutAlsoBetweenRowsThatWere() {
        Instant then = DAY.start().plusSeconds(300);
        try (Batches rows = reader.knownAt(then).mft(BTC, "1m", "2024-01-01", "2024-01-02")) {
            assertThat(times(rows)).containsExactly("2024-01-01T00:00:00Z", "2024-01-01T00:02:00Z");
            assertThatIllegalStateException().isThrownBy(rows::provenance).withMessageContaining("known at");
        }
    }

    @Test
    void anIntervalThatIsNotStoredIsRefusedWithThoseThatAre() {
        assertThat(reader.intervals(BTC, "mft")).containsExactly(Interval.parse("1m"));
        assertThatExceptionOfType(Refused.class)
                .isThrownBy(() -> reader.hft(BTC, "15s", "2024-01-01", "2024-01-02"))
                .withMessageContaining("features:hft:15s")
                .withMessageContaining("[features:mft:1m]");
    }

    private static List<String> times(Batches rows) {
        List<String> times = new ArrayList<>();
        for (Batch batch : rows) {
            for (int row = 0; row < batch.rows(); row++) {
                times.add(batch.times().text(row));
            }
        }
        return times;
    }
}
