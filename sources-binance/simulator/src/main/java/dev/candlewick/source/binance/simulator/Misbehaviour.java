package dev.candlewick.source.binance.simulator;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.regex.Pattern;

/**
 * Something the venue does wrong, or unwillingly: what, to which requests, and how often. Immutable; the methods that
 * narrow it down return a narrower copy.
 *
 * <pre>{@code
 * try (var fault = venue.misbehave(ArchiveFaults.staleChecksum().forSymbol("BTCUSDT").forPeriod("2024-01").times(1))) {
 *     …
 *     assertThat(fault.occurrences()).isEqualTo(1);
 * }
 * }</pre>
 *
 * <p>The factories here spoil any answer; {@link CandleFaults} spoils rows and {@link ArchiveFaults} files. Left as it is,
 * a misbehaviour lasts until it is closed.
 */
public final class Misbehaviour {
    private final String name;
    private final Scope scope;
    private final int skipped;
    private final int times;
    private final Effect effect;

    private Misbehaviour(String name, Scope scope, int skipped, int times, Effect effect) {
        this.name = name;
        this.scope = scope;
        this.skipped = skipped;
        this.times = times;
        this.effect = effect;
    }

    static Misbehaviour of(String name, Scope scope, Effect effect) {
        return new Misbehaviour(name, scope, 0, Integer.MAX_VALUE, effect);
    }

    private static Misbehaviour rest(String name, Effect effect) {
        return of(name, Scope.everything().and(target -> target.host() != VenueHost.ARCHIVE), effect);
    }

    private static Misbehaviour anywhere(String name, Effect effect) {
        return of(name, Scope.everything(), effect);
    }

    /** REST answers 429 with {@code Retry-After} in seconds; the venue remembers that it told the caller to wait. */
    public static Misbehaviour tooManyRequests(Duration retryAfter) {
        return rest("429", new Effect.Throttle(429, retryAfter, Effect.RetryAfter.SECONDS));
    }

    /** As {@link #tooManyRequests}, with {@code Retry-After} as an HTTP date. */
    public static Misbehaviour tooManyRequestsUntilDate(Duration retryAfter) {
        return rest("429 until a date", new Effect.Throttle(429, retryAfter, Effect.RetryAfter.HTTP_DATE));
    }

    /** REST answers 429 and does not say for how long; the venue expects no particular wait. */
    public static Misbehaviour tooManyRequestsWithoutRetryAfter() {
        return rest("429 without Retry-After", new Effect.Throttle(429, Duration.ZERO, Effect.RetryAfter.NONE));
    }

    /** REST bans the address: 418, {@code Retry-After} in seconds, and the end of the ban in the message. */
    public static Misbehaviour banned(Duration length) {
        return rest("418", new Effect.Throttle(418, length, Effect.RetryAfter.SECONDS));
    }

    /** As {@link #banned}, but only the message tells the end of the ban. */
    public static Misbehaviour bannedWithoutRetryAfter(Duration length) {
        return rest("418 without Retry-After", new Effect.Throttle(418, length, Effect.RetryAfter.NONE));
    }

    /** REST answers 403 with a page of HTML, as the venue's firewall does. */
    public static Misbehaviour forbidden() {
        return rest("403", new Effect.Answer(Reply.html(403, "403 Forbidden")));
    }

    /** REST answers 451: the caller's country is not served. */
    public static Misbehaviour restrictedLocation() {
        String message = "Service unavailable from a restricted location according to 'b. Eligibility' in the terms.";
        return rest("451", new Effect.Answer(Reply.error(451, 0, message)));
    }

    /** An error status with an empty body, such as 503. */
    public static Misbehaviour serverError(int status) {
        return anywhere(status + " empty", new Effect.Answer(Reply.of(status, "text/plain", new byte[0])));
    }

    /** An error status with a page of HTML, such as 502 from a gateway. */
    public static Misbehaviour serverErrorPage(int status) {
        return anywhere(status + " HTML", new Effect.Answer(Reply.html(status, status + " Bad Gateway")));
    }

    /** REST answers with this status and {@code {"code":…,"msg":…}}; a status of 200 happens in life too. */
    public static Misbehaviour errorBody(int status, int code, String message) {
        return rest(status + " with code " + code, new Effect.Answer(Reply.error(status, code, message)));
    }

    /** A page of HTML with status 200, as a proxy or a captive portal sends it. */
    public static Misbehaviour htmlInsteadOfData() {
        return anywhere("200 HTML", new Effect.Answer(Reply.html(200, "Welcome")));
    }

    /** Status 200 and not a single byte. */
    public static Misbehaviour emptyBody() {
        return anywhere("200 empty", new Effect.Answer(Reply.of(200, "application/json", new byte[0])));
    }

    /** Any answer at all. */
    public static Misbehaviour answer(int status, String contentType, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return anywhere(String.valueOf(status), new Effect.Answer(Reply.of(status, contentType, bytes)));
    }

    /** The connection is cut after so many bytes of the answer, its headers included; 0 answers nothing at all. */
    public static Misbehaviour cutAfter(long bytes) {
        return anywhere("cut after " + bytes, new Effect.Travel(delivery -> delivery.cutAfter(bytes)));
    }

    /** The answer comes in small pieces with pauses between them. */
    public static Misbehaviour dribble(int chunkBytes, Duration pause) {
        return anywhere("dribble", new Effect.Travel(delivery -> delivery.dribbling(chunkBytes, pause)));
    }

    /** The first byte of the answer comes late. */
    public static Misbehaviour delay(Duration wait) {
        return anywhere("delay", new Effect.Travel(delivery -> delivery.after(wait)));
    }

    /** The request is accepted and never answered; the connection stays open. */
    public static Misbehaviour blackHole() {
        return anywhere("black hole", new Effect.Travel(Delivery::blackHole));
    }

    /** The listing answers 503; files are served. */
    public static Misbehaviour listingUnavailable() {
        return serverError(503).onKind(RequestKind.LISTING);
    }

    /** The listing shows what was published up to an instant and nothing newer; files are served. */
    public static Misbehaviour staleListing(Instant asOf) {
        return of("stale listing", Scope.of(RequestKind.LISTING), new Effect.StaleListing(asOf));
    }

    /** Only requests to this host. */
    public Misbehaviour onHost(VenueHost host) {
        return narrowed(scope.and(target -> target.host() == host));
    }

    /** Only requests of these kinds, instead of those it is usually about. */
    public Misbehaviour onKind(RequestKind first, RequestKind... more) {
        return narrowed(scope.withKinds(first, more));
    }

    /** Only requests that name this symbol, in the query or in the path of the archive. */
    public Misbehaviour forSymbol(String symbol) {
        return narrowed(
                scope.and(target -> target.symbol().filter(symbol::equals).isPresent()));
    }

    /** Only archive files of this period, such as {@code 2024-01-31} for a day or {@code 2024-01} for a month. */
    public Misbehaviour forPeriod(String period) {
        return narrowed(scope.and(target ->
                target.file().filter(file -> file.periodText().equals(period)).isPresent()));
    }

    /** Only archive files of a day in {@code [start, end)}; monthly files are left alone. */
    public Misbehaviour forDays(LocalDate start, LocalDate end) {
        return narrowed(scope.and(target -> target.file()
                .filter(file -> file.period() == ArchiveFile.Period.DAILY
                        && !file.start().isBefore(start)
                        && file.start().isBefore(end))
                .isPresent()));
    }

    /** Only requests whose decoded path contains a match of this regular expression. */
    public Misbehaviour onPath(String regex) {
        Pattern pattern = Pattern.compile(regex);
        return narrowed(scope.and(target -> pattern.matcher(target.path()).find()));
    }

    /** Starts only after so many requests that it is about have been answered well. */
    public Misbehaviour afterFirst(int requests) {
        return new Misbehaviour(name, scope, requests, times, effect);
    }

    /** Happens so many times and no more. */
    public Misbehaviour times(int occurrences) {
        return new Misbehaviour(name, scope, skipped, occurrences, effect);
    }

    private Misbehaviour narrowed(Scope narrower) {
        return new Misbehaviour(name, narrower, skipped, times, effect);
    }

    Scope scope() {
        return scope;
    }

    int skipped() {
        return skipped;
    }

    int times() {
        return times;
    }

    Effect effect() {
        return effect;
    }

    @Override
    public String toString() {
        return name;
    }
}
