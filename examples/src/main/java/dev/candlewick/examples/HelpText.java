package dev.candlewick.examples;

import java.util.List;

/** What {@code candlewick help} prints. */
final class HelpText {

    private HelpText() {}

    static String of(List<Command> commands) {
        StringBuilder text = new StringBuilder("""
                candlewick: market data, exact, complete or with every hole named.

                Usage: candlewick COMMAND [--flag value ...]

                """);
        for (Command command : commands) {
            Usage usage = command.usage();
            text.append(String.format("  %-15s %s%n", usage.command(), usage.summary()));
        }
        return text.append("""

                'candlewick COMMAND --help' explains a command, 'candlewick --version' says which one this is.
                Start with 'candlewick demo': no network, no key.

                Series are written BINANCE:SPOT_PAIR:BTC-USDT/candles:1m; times are dates (2024-01-01) or instants
                (2024-01-01T12:00:00Z), ranges run from --start up to but not including --end, in UTC unless --zone.
                Results go to standard output, everything else to standard error.
                Exit status: 0 done, 1 failed, 2 wrong command line, 3 done but gaps remain, or what was
                compared differs.
                """).toString().replace("\r\n", "\n");
    }
}
