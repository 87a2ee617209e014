package dev.candlewick.testkit;

import dev.candlewick.BackfillPlan;
import dev.candlewick.Backfiller;
import dev.candlewick.Gap;
import dev.candlewick.GapReason;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** Prints a plan and its shards: what has to be the same in every process. */
final class PlanPrinter {

    private PlanPrinter() {}

    public static void main(String[] arguments) {
        new PrintStream(System.out, true, StandardCharsets.UTF_8).print(text());
    }

    static BackfillPlan plan() {
        MemoryStore store = MemoryStore.create();
        Series btc = Series.candles("BINANCE:SPOT_PAIR:BTC-USDT", "1m");
        store.write(new SyntheticSource().read(btc, TimeRange.of("2020-02-03", "2020-02-17")));
        TimeRange hole = TimeRange.of("2021-01-01", "2021-01-05");
        store.write(new SyntheticSource()
                .withHole(new Gap(
                        hole, GapReason.CONFIRMED_EMPTY, "e", Instant.EPOCH, Instant.parse("2022-01-01T00:00:00Z")))
                .read(btc, hole));
        return Backfiller.from(new SyntheticSource())
                .to(store)
                .clock(Clock.fixed(Instant.parse("2024-01-01T00:00:00Z"), ZoneOffset.UTC))
                .build()
                .plan(
                        List.of(
                                Series.candles("BINANCE:SPOT_PAIR:İIıi-USDT", "1d"),
                                btc,
                                Series.candles("BINANCE:SPOT_PAIR:币安人生-USDT", "1s"),
                                Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/candles:1w@Europe/Zurich")),
                        TimeRange.of("2019-12-30T00:00:30Z", "2021-03-01T00:00:00Z"));
    }

    static String text() {
        BackfillPlan plan = plan();
        StringBuilder text = new StringBuilder(plan.toString()).append('\n');
        for (int count = 1; count <= 7; count++) {
            for (int index = 0; index < count; index++) {
                text.append(plan.shard(index, count).hash())
                        .append(' ')
                        .append(plan.shard(index, count).units())
                        .append('\n');
            }
        }
        return text.toString();
    }
}
