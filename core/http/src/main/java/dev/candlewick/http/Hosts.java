package dev.candlewick.http;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/** What is known of each host: whether it lives, what retrying it may cost, and its pool when nobody named one. Thread-safe. */
final class Hosts {

    private final Map<String, Host> hosts = new ConcurrentHashMap<>();
    private final Clock clock;
    private final RandomGenerator random;

    Hosts(Clock clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    Host of(HttpRequest request) {
        String authority = request.uri().getPort() < 0
                ? request.host()
                : request.host() + ":" + request.uri().getPort();
        return hosts.computeIfAbsent(
                authority,
                name -> new Host(
                        new Circuit(),
                        new RetryBudget(),
                        RateBudget.pool(name).clock(clock).random(random).build()));
    }

    record Host(Circuit circuit, RetryBudget retries, RateBudget unmetered) {}
}
