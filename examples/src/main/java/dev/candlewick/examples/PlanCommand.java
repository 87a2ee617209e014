package dev.candlewick.examples;

import dev.candlewick.Backfiller;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.Store;
import dev.candlewick.TimeRange;
import java.util.List;

/** {@code candlewick plan}: what a backfill would fetch, asking nobody. */
final class PlanCommand implements Command {

    @Override
    public Usage usage() {
        return Usage.of("plan", "Say what a backfill would fetch and what that costs; touches nothing.")
                .requiring(Flags.FROM, Flags.TO, Flags.SERIES, Flags.START, Flags.END)
                .allowing(Flags.ZONE)
                .noting("""
                        Reads the store's ledger only: no request is made, nothing is written.

                        Example:
                          candlewick plan --from binance:spot --to parquet:data \\
                            --series BINANCE:SPOT_PAIR:BTC-USDT/candles:1m --start 2023-01-01 --end 2025-01-01""");
    }

    @Override
    public ExitCode run(Arguments arguments, Console console) {
        List<Series> series = Flags.series(arguments);
        TimeRange range = Flags.range(arguments);
        Flags.requirePlannable(series, range);
        try (Source source = Flags.source(arguments, console);
                Store store = Flags.store(Flags.TO, arguments, console)) {
            Backfiller backfiller =
                    Backfiller.from(source).to(store).clock(console.clock()).build();
            console.print(backfiller.plan(series, range) + "\n");
            if (!range.start().isBefore(console.clock().instant())) {
                console.note("Note: this range is still to come; nothing of it is published yet.");
            }
            return ExitCode.DONE;
        }
    }
}
