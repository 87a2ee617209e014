package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Dataset;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.tick.ColumnRange;
import dev.candlewick.tick.Finding;
import dev.candlewick.tick.SeriesFindings;
import dev.candlewick.tick.TickValidation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TickValidationTest {

    private static final Series TRADES = Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/trades");
    private static final TimeRange DAY = TimeRange.day("2024-01-01");
    private static final Instant NOON = Instant.parse("2024-01-01T12:00:00Z");

    private final MemoryStore store = MemoryStore.create();

    @Test
    void goodTradesHaveNoFindings() {
        SeriesFindings found = check(trades().row(NOON, NOON, "1", "buy", "100", "1")
                .row(NOON, NOON, null, "unknown", "100", "1")
                .row(NOON, NOON, null, "unknown", "100", "1"));

        assertThat(found.isClean()).isTrue();
        assertThat(found.rows()).isEqualTo(3);
    }

    @Test
    void theFirstAndLastTimesAndTheLeastAndGreatestPricesAreTold() {
        SeriesFindings found = check(trades().row(NOON, NOON.plusSeconds(1), "1", "buy", "100.5", "1")
                .row(NOON.minusSeconds(2), NOON.plusSeconds(3), "2", "buy", "99", "1")
                .row(NOON, NOON.plusSeconds(4), "3", "buy", "20000000000", "1"));

        assertThat(found.ranges())
                .extracting(ColumnRange::toString)
                .containsExactly(
                        "timestamp 2024-01-01T11:59:58Z to 2024-01-01T12:00:00Z",
                        "local_timestamp 2024-01-01T12:00:01Z to 2024-01-01T12:00:04Z",
                        "price 99 to 20000000000");
    }

    @Test
    void everyBrokenRuleIsCountedWithItsFirstRow() {
        SeriesFindings found = check(trades().row(NOON, NOON, "1", "long", "100", "1")
                .row(NOON, NOON, "1", "sell", "0", "-1")
                .row(NOON.minus(Duration.ofDays(2)), NOON, "2", "sell", "100", "1"));

        assertThat(found.findings())
                .extracting(Finding::rule, Finding::rows)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("side", 1L),
                        org.assertj.core.groups.Tuple.tuple("duplicate", 1L),
                        org.assertj.core.groups.Tuple.tuple("negative", 2L),
                        org.assertj.core.groups.Tuple.tuple("clock", 1L));
        assertThat(found.toString())
                .contains("has side 'long'")
                .contains("has the id 1")
                .contains("price 0");
    }

    @Test
    void aBookThatCrossesIsFoundAndAnEmptySideIsNot() {
        Series quotes = TRADES.with(Dataset.QUOTES);
        SeriesFindings found = check(new BatchBuilder(quotes, 3)
                .row(NOON, NOON, "1", "101", "100", "1")
                .row(NOON, NOON, "1", "100", "100", "1")
                .row(NOON, NOON, null, null, "100", "1"));

        assertThat(found.findings()).singleElement().extracting(Finding::rule).isEqualTo("crossed");
    }

    @Test
    void aColumnWithoutAnyValueIsFound() {
        Series quotes = TRADES.with(Dataset.QUOTES);
        SeriesFindings found = check(new BatchBuilder(quotes, 1).row(NOON, NOON, null, null, "100", "1"));

        assertThat(found.findings())
                .extracting(Finding::rule)
                .containsOnly("empty")
                .hasSize(2);
    }

    private static BatchBuilder trades() {
        return new BatchBuilder(TRADES, 4);
    }

    private SeriesFindings check(BatchBuilder rows) {
        var batch = rows.build();
        store.write(Batches.of(batch.series(), DAY, List.of(batch), Provenance.none()));
        return TickValidation.over(store).check(batch.series(), DAY);
    }
}
