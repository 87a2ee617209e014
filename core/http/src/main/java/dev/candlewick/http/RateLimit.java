package dev.candlewick.http;

import java.time.Duration;
import java.util.Optional;

/**
 * So much, per so long, as a server counts it: in fixed windows of its own clock, one after the other since 1970.
 *
 * <pre>{@code
 * RateLimit.weight(6000, Duration.ofMinutes(1)).reportedBy("X-MBX-USED-WEIGHT-1M")
 * RateLimit.requests(500, Duration.ofMinutes(5)).inLane("funding")
 * }</pre>
 *
 * @param kind what is counted
 * @param amount how much of it a window allows
 * @param window how long a window lasts, in whole seconds
 * @param lane the lane it is about; {@link HttpRequest#MAIN_LANE} for a limit on every request of the pool
 * @param header the response header in which the server says how much of the current window is used, if it does
 */
public record RateLimit(Kind kind, int amount, Duration window, String lane, Optional<String> header) {

    /** What a limit counts. */
    public enum Kind {
        /** The weights of the requests. */
        WEIGHT,
        /** Requests, whatever they weigh. */
        REQUESTS
    }

    /** Checks that the limit allows something. */
    public RateLimit {
        if (amount <= 0 || window.toSeconds() <= 0 || window.toNanosPart() != 0) {
            throw new IllegalArgumentException(
                    "A limit needs a positive amount per whole seconds, not " + amount + " per " + window);
        }
    }

    /** A limit on the sum of weights of every request of the pool. */
    public static RateLimit weight(int amount, Duration window) {
        return new RateLimit(Kind.WEIGHT, amount, window, HttpRequest.MAIN_LANE, Optional.empty());
    }

    /** A limit on the number of requests of the pool. */
    public static RateLimit requests(int amount, Duration window) {
        return new RateLimit(Kind.REQUESTS, amount, window, HttpRequest.MAIN_LANE, Optional.empty());
    }

    /** The same limit on the requests of one lane only. */
    public RateLimit inLane(String lane) {
        return new RateLimit(kind, amount, window, lane, header);
    }

    /** The same limit, with the response header in which the server reports its own count. */
    public RateLimit reportedBy(String header) {
        return new RateLimit(kind, amount, window, lane, Optional.of(header));
    }

    /** The same limit with another amount. */
    public RateLimit allowing(int amount) {
        return new RateLimit(kind, amount, window, lane, header);
    }

    boolean appliesTo(String requestLane) {
        return lane.equals(HttpRequest.MAIN_LANE) || lane.equals(requestLane);
    }

    boolean limitsTheSameAs(RateLimit other) {
        return kind == other.kind && window.equals(other.window) && lane.equals(other.lane);
    }

    int costOf(int weight) {
        return kind == Kind.WEIGHT ? weight : 1;
    }

    long windowMicros() {
        return window.toSeconds() * 1_000_000;
    }

    /** For example {@code 6000 weight per PT1M}. */
    @Override
    public String toString() {
        return amount + (kind == Kind.WEIGHT ? " weight" : " requests") + " per " + window
                + (lane.equals(HttpRequest.MAIN_LANE) ? "" : " in lane " + lane);
    }
}
