package dev.candlewick.examples;

import dev.candlewick.source.binance.simulator.BinanceSimulator;
import dev.candlewick.source.binance.simulator.SyntheticMarket;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

/** The simulated venue in a process of its own, so that its memory and its work are not those of what is measured. */
final class VenueProcess {

    private VenueProcess() {}

    static String symbol(int number) {
        return "COIN" + (char) ('A' + number);
    }

    /** Prints where it can be reached, a setting per line and an empty one, and serves until its standard input ends. */
    public static void main(String[] words) throws IOException {
        Instant listed = Instant.parse("2021-01-01T00:00:00Z");
        SyntheticMarket.Builder market = SyntheticMarket.seeded(11);
        for (int number = 0; number < Integer.parseInt(words[0]); number++) {
            market.spot(symbol(number) + "USDT", symbol(number), "USDT", listed);
        }
        try (BinanceSimulator venue = BinanceSimulator.builder()
                .market(market.build())
                .clock(Clock.fixed(Instant.parse("2024-06-01T00:00:00Z"), ZoneOffset.UTC))
                .uncompressedArchive()
                .start()) {
            venue.environment().forEach((name, value) -> System.out.println(name + "=" + value));
            System.out.println();
            while (System.in.read() >= 0) {
                // Until the parent lets go.
            }
        }
    }
}
