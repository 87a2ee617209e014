package dev.candlewick.source.binance;

import dev.candlewick.http.HttpTransport;
import dev.candlewick.testkit.SimulatedTime;

/** Transports for tests. */
final class Transports {

    private Transports() {}

    /** One whose pauses between attempts take no time. */
    static HttpTransport withoutPauses() {
        SimulatedTime time = new SimulatedTime("2025-03-12T15:07:30Z");
        return HttpTransport.builder().clock(time).sleeper(time::sleep).build();
    }
}
