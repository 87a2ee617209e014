package dev.candlewick.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.candlewick.BatchBuilder;
import dev.candlewick.Batches;
import dev.candlewick.Provenance;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.candle.CandleCheck;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CandleCheckTest {

    private static final Series BTC = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
    private static final TimeRange MONTH = TimeRange.month("2024-01");

    private final MemoryStore left = MemoryStore.create();
    private final MemoryStore right = MemoryStore.create();

    @Test
    void equalCandlesAgree() {
        write(left, "100 2", "101 3");
        write(right, "100 2", "101 3");

        CandleCheck.Result result = CandleCheck.between(left, right).run(BTC, MONTH);

        assertThat(result.agrees()).isTrue();
        assertThat(result.common()).isEqualTo(2);
    }

    @Test
    void eachRuleNamesTheCandlesThatBreakIt() {
        write(left, "100 2", "101 3", "102 1");
        write(right, "100 2.1", "101.5 3");

        CandleCheck.Result result = CandleCheck.between(left, right).run(BTC, MONTH);

        assertThat(result.agrees()).isFalse();
        assertThat(result.rules()).extracting(CandleCheck.RuleOutcome::broken).containsExactly(1L, 1L, 1L);
        assertThat(result.toString())
                .contains("2024-01-01T00:02:00Z is only in")
                .contains("2024-01-01T00:01:00Z close 101 and 101.5")
                .contains("2024-01-01T00:00:00Z volume 2 and 2.1");
    }

    @Test
    void differencesWithinTheToleranceAreTakenForEqual() {
        write(left, "100 2");
        write(right, "100.01 2.1");
        CandleCheck check = CandleCheck.between(left, right);

        assertThat(check.within(new BigDecimal("0.001"), new BigDecimal("0.1"))
                        .run(BTC, MONTH)
                        .agrees())
                .isTrue();
        assertThat(check.within(new BigDecimal("0.00001"), new BigDecimal("0.1"))
                        .run(BTC, MONTH)
                        .agrees())
                .isFalse();
    }

    @Test
    void aCandleWithoutTradesAgreesWithNoCandleUnlessTheseCount() {
        write(left, "100 2", "100 0");
        write(right, "100 2");
        CandleCheck check = CandleCheck.between(left, right);

        assertThat(check.run(BTC, MONTH).agrees()).isTrue();
        assertThat(CandleCheck.between(right, left).run(BTC, MONTH).agrees()).isTrue();
        assertThat(check.countingQuietCandles().run(BTC, MONTH).rules().get(0).broken())
                .isEqualTo(1);
    }

    @Test
    void nothingOnBothSidesProvesNothing() {
        write(left);
        write(right);

        assertThat(CandleCheck.between(left, right).run(BTC, MONTH).agrees()).isFalse();
    }

    private static void write(MemoryStore store, String... priceAndVolume) {
        BatchBuilder rows = new BatchBuilder(BTC, 4);
        for (int i = 0; i < priceAndVolume.length; i++) {
            String[] parts = priceAndVolume[i].split(" ", -1);
            Instant open = MONTH.start().plusSeconds(60L * i);
            Instant close = open.plusSeconds(60).minusMillis(1);
            rows.row(
                    open,
                    parts[0],
                    parts[0],
                    parts[0],
                    parts[0],
                    parts[1],
                    close,
                    "1",
                    parts[1].equals("0") ? 0 : 1,
                    "1",
                    "1");
        }
        store.write(Batches.of(BTC, MONTH, List.of(rows.build()), Provenance.none()));
    }
}
