package dev.candlewick.http;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a server says it may be asked again: {@code Retry-After} in seconds or as a date, and "banned until" (Binance) or
 * {@code "retryAfterSeconds"} (Tardis) in the body. The latest counts.
 */
final class RetryAdvice {

    /** Nobody bans for longer; a longer time is a mistake of the server or of its unit. */
    static final Duration LONGEST = Duration.ofDays(7);

    private static final Pattern BANNED_UNTIL = Pattern.compile("banned until (\\d{13})(?!\\d)");

    private static final Pattern RETRY_AFTER_SECONDS =
            Pattern.compile("\"retryAfterSeconds\"\\s*:\\s*(\\d{1,9})(?!\\d)");

    private RetryAdvice() {}

    /** The time in the local clock; dates are the server's and are read as late as its clock allows. */
    static Optional<Instant> read(HttpHeaders headers, String bodyStart, Instant now, ServerTime server) {
        Matcher member = RETRY_AFTER_SECONDS.matcher(bodyStart);
        Optional<Instant> bySeconds = later(
                headers.number("Retry-After").map(seconds -> after(now, seconds)),
                member.find() ? Optional.of(after(now, Long.parseLong(member.group(1)))) : Optional.empty());
        Optional<Instant> byDate =
                headers.first("Retry-After").flatMap(HttpHeaders::parseDate).map(date -> toLocal(date, server));
        Matcher ban = BANNED_UNTIL.matcher(bodyStart);
        Optional<Instant> byBody = ban.find()
                ? Optional.of(toLocal(Instant.ofEpochMilli(Long.parseLong(ban.group(1))), server))
                : Optional.empty();
        Instant latestAllowed = now.plus(LONGEST);
        return later(later(bySeconds, byDate), byBody)
                .map(until -> until.isAfter(latestAllowed) ? latestAllowed : until);
    }

    private static Instant after(Instant now, long seconds) {
        return now.plusSeconds(Math.min(seconds, LONGEST.toSeconds()));
    }

    private static Instant toLocal(Instant serverTime, ServerTime server) {
        return server.known() ? Micros.toInstant(server.surelyReachedAt(Micros.of(serverTime))) : serverTime;
    }

    private static Optional<Instant> later(Optional<Instant> one, Optional<Instant> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.or(() -> other);
        }
        return one.get().isAfter(other.get()) ? one : other;
    }
}
