package dev.candlewick.http;

import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import dev.candlewick.Refused;
import dev.candlewick.Unavailable;
import io.github.resilience4j.retry.Retry;
import java.io.IOException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.ZipException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to one answer: waits for its host and its pool, asks, learns from the answer, and asks again as
 * long as that is worth it. For one thread and one use.
 */
final class Exchange<T> implements RateBudget.Waiter {

    /** How long a request waits for a host that does not answer anybody; then it fails and others get on. */
    private static final Duration PATIENCE_WITH_DEAD_HOST = Duration.ofSeconds(30);

    /** A server that stops the same request so often does not mean what it says about time. */
    private static final int MOST_STOPS = 4;

    private static final Duration SLICE = Duration.ofSeconds(1);

    private final Context context;
    private final RateBudget budget;
    private final ResponseJudge judge;
    private final HttpRequest request;
    private final Wire.Encoding encoding;
    private final Duration deadline;
    private final Receiver<T> receiver;
    private final Hosts.Host host;
    private final long start;
    private int stops;

    /** What all requests of a transport share. */
    record Context(
            Wire wire,
            Hosts hosts,
            Backoff backoff,
            Clock clock,
            Sleeper sleeper,
            Duration patience,
            HttpListener listener) {}

    /** Takes over an accepted answer and closes it, now or later. */
    interface Receiver<T> {
        T receive(Wire.Answer answer, Consumer<Long> onComplete) throws IOException;
    }

    Exchange(
            Context context,
            Optional<RateBudget> budget,
            ResponseJudge judge,
            HttpRequest request,
            Wire.Encoding encoding,
            Duration deadline,
            Receiver<T> receiver) {
        this.context = context;
        this.host = context.hosts().of(request);
        this.budget = budget.orElse(host.unmetered());
        this.judge = judge;
        this.request = request;
        this.encoding = encoding;
        this.deadline = deadline;
        this.receiver = receiver;
        this.start = now();
    }

    T run() {
        Retry.AsyncContext<Object> retries = context.backoff().request();
        host.retries().first(now());
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    return attempt(attempt);
                } catch (AttemptFailed failure) {
                    pauseBeforeNext(failure, attempt, retries);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw cancelled(interrupted);
        }
    }

    private void pauseBeforeNext(AttemptFailed failure, int attempt, Retry.AsyncContext<Object> retries)
            throws InterruptedException {
        boolean stopped = failure.kind() == AttemptFailed.Kind.POOL_STOPPED;
        long pauseMillis = stopped ? 0 : retries.onError(failure);
        stops += stopped ? 1 : 0;
        if (pauseMillis < 0 || stops >= MOST_STOPS) {
            throw givenUp(failure, attempt, "That was the last attempt");
        }
        if (stopped) {
            tell(listener -> listener.retrying(request, attempt + 1, budget.remainingStop(), failure.what()));
            return;
        }
        long resume = Math.max(
                now() + pauseMillis * 1000, failure.notBefore().map(Micros::of).orElse(0L));
        if (resume > patienceEnd()) {
            throw givenUp(failure, attempt, "The server wants to be left alone for longer than this request may wait");
        }
        if (!host.retries().spend(now())) {
            throw givenUp(
                    failure, attempt, "So much is failing at " + request.host() + " that it is not asked more often");
        }
        Duration pause = Duration.ofNanos((resume - now()) * 1000);
        tell(listener -> listener.retrying(request, attempt + 1, pause, failure.what()));
        sleepUntil(resume);
    }

    private T attempt(int attempt) throws AttemptFailed, InterruptedException {
        Grant grant = enter();
        tell(listener -> listener.started(request, attempt));
        Wire.Answer answer = ask(grant, attempt);
        if (host.circuit().answered()) {
            budget.startGently();
        }
        if (!request.accepts(answer.status())) {
            throw unaccepted(grant, answer, attempt);
        }
        settle(grant, answer, "", Outcome.ANSWERED);
        long asked = now();
        try {
            return receiver.receive(answer, bytes -> finished(attempt, answer.status(), bytes, asked));
        } catch (IOException broken) {
            answer.close();
            throw broken(broken, attempt, "broke off while its answer was read");
        } catch (RuntimeException misused) {
            answer.close();
            throw misused;
        }
    }

    /** Waits for the host to live and for the pool to have room. */
    private Grant enter() throws InterruptedException {
        long arrived = now();
        for (long wait = host.circuit().microsToWait(now());
                wait > 0;
                wait = host.circuit().microsToWait(now())) {
            long patience = Math.min(patienceEnd(), arrived + PATIENCE_WITH_DEAD_HOST.toNanos() / 1000);
            if (now() + wait > patience) {
                throw new Unavailable(
                        request + " was not sent: " + request.host() + " has not answered anybody lately and is being"
                                + " tried one request at a time. Check the network and the base URL, then run again.",
                        null);
            }
            check();
            sleepUntil(now() + wait);
        }
        try {
            Grant grant = budget.acquire(request, this);
            Duration waited = Duration.ofNanos((now() - arrived) * 1000);
            if (!waited.isZero()) {
                tell(listener -> listener.waited(request, budget.pool(), waited));
            }
            return grant;
        } catch (RuntimeException | InterruptedException notGranted) {
            host.circuit().abandoned();
            throw notGranted;
        }
    }

    private Wire.Answer ask(Grant grant, int attempt) throws AttemptFailed {
        try {
            check();
            return context.wire().ask(request, attempt, deadline, encoding);
        } catch (IOException broken) {
            budget.abandon(grant);
            if (ended()) {
                host.circuit().abandoned();
            } else {
                host.circuit().failed(now());
            }
            throw broken(broken, attempt, "got no answer");
        } catch (RuntimeException refused) {
            budget.abandon(grant);
            host.circuit().abandoned();
            throw refused;
        }
    }

    /** Reads why, tells the pool, and gives what to throw; throws itself when the answer is final. */
    private AttemptFailed unaccepted(Grant grant, Wire.Answer answer, int attempt) {
        int status = answer.status();
        long asked = now();
        budget.suspect(grant);
        String bodyStart = "";
        Outcome outcome = Outcome.of(status);
        try (answer) {
            bodyStart = answer.bodyStart();
            outcome = judge.judge(status, answer.headers(), bodyStart);
        } finally {
            settle(grant, answer, bodyStart, outcome);
        }
        finished(attempt, status, (long) bodyStart.length(), asked);
        String what = "answered " + status + describe(bodyStart);
        return switch (outcome) {
            case THROTTLED, BANNED -> new AttemptFailed(AttemptFailed.Kind.POOL_STOPPED, what, null, null);
            case TRANSIENT ->
                new AttemptFailed(
                        AttemptFailed.Kind.TRANSIENT,
                        what,
                        null,
                        retryAfter(answer.headers()).orElse(null));
            default -> throw refused(outcome, answer, what, bodyStart);
        };
    }

    private void settle(Grant grant, Wire.Answer answer, String bodyStart, Outcome outcome) {
        Optional<Instant> stop = budget.settle(grant, answer.headers(), bodyStart, outcome);
        stop.ifPresent(until -> tell(
                listener -> listener.stopped(budget.pool(), until, "HTTP " + answer.status() + describe(bodyStart))));
        for (RateLimit limit : budget.limits()) {
            limit.header()
                    .flatMap(answer.headers()::number)
                    .ifPresent(used -> tell(listener -> listener.usedWeight(budget.pool(), used, limit.amount())));
        }
    }

    private Refused refused(Outcome outcome, Wire.Answer answer, String what, String bodyStart) {
        String contentType = answer.headers().contentType().orElse("");
        String said = request + ": " + request.host() + " " + what + ". ";
        return switch (outcome) {
            case GEO_BLOCKED ->
                new GeoBlocked(
                        said + "It does not serve the place this machine calls from; asking again changes nothing. Use"
                                + " another base URL, such as the venue's host for public data only or its file archive"
                                + " (Binance: data-api.binance.vision, data.binance.vision).",
                        request.host(),
                        contentType,
                        bodyStart);
            case FORBIDDEN ->
                new Forbidden(
                        said
                                + "A firewall or an access rule is in the way, which can be a sign of having asked too much;"
                                + " the host is left alone for some minutes. Check the key and its rights, the network's"
                                + " proxy, and how many programs ask from this address.",
                        request.host(),
                        contentType,
                        bodyStart);
            default ->
                new HttpRefused(
                        said
                                + (answer.status() == 401
                                        ? "Check the key."
                                        : "Asking again changes nothing; the request has to change."),
                        answer.status(),
                        request.host(),
                        contentType,
                        bodyStart);
        };
    }

    private AttemptFailed broken(IOException error, int attempt, String what) {
        Exception cause = request.redaction().apply(error);
        if (ended()) {
            throw cancelled(cause);
        }
        tell(listener -> listener.failed(request, attempt, cause));
        if (untrusted(error)) {
            throw new Refused(
                    request + " was not sent: the TLS certificate of " + request.host() + " is not trusted ("
                            + request.redaction().line(String.valueOf(error.getMessage()), 200)
                            + "). Check the base URL, the machine's clock, and whether a proxy stands in between.",
                    cause);
        }
        String reason = error instanceof UnknownHostException
                ? "its host name cannot be resolved (no network, or a wrong base URL)"
                : error.getClass().getSimpleName() + describe(String.valueOf(error.getMessage()));
        AttemptFailed.Kind kind =
                error instanceof ZipException ? AttemptFailed.Kind.DAMAGED : AttemptFailed.Kind.TRANSIENT;
        return new AttemptFailed(kind, what + ": " + reason, cause, null);
    }

    private static boolean untrusted(IOException error) {
        for (Throwable link = error; link != null; link = link.getCause()) {
            if (link instanceof CertificateException || link instanceof SSLPeerUnverifiedException) {
                return true;
            }
        }
        return false;
    }

    private RuntimeException givenUp(AttemptFailed failure, int attempts, String why) {
        String message = request + " " + failure.what() + " (attempt " + attempts + ", "
                + Duration.ofNanos((now() - start) * 1000).toSeconds() + " s after the first). " + why
                + "; run it again later.";
        if (failure.kind() == AttemptFailed.Kind.DAMAGED) {
            return new Corrupt(message, failure.getCause());
        }
        Optional<Instant> retryAfter = failure.notBefore().or(budget::stoppedUntil);
        return retryAfter.isPresent()
                ? new Unavailable(message, failure.getCause(), retryAfter.get())
                : new Unavailable(message, failure.getCause());
    }

    private Optional<Instant> retryAfter(HttpHeaders headers) {
        return headers.first("Retry-After").isEmpty() ? Optional.empty() : budget.advisedBy(headers);
    }

    private String describe(String text) {
        String line = request.redaction().line(text, 200);
        return line.isEmpty() ? "" : ": " + line;
    }

    private Cancelled cancelled(@Nullable Throwable cause) {
        return new Cancelled(
                request + " was given up because "
                        + (context.wire().closed() ? "the transport was closed." : "the thread was interrupted."),
                cause);
    }

    private void finished(int attempt, int status, Long bytes, long asked) {
        Duration took = Duration.ofNanos((now() - asked) * 1000);
        tell(listener -> listener.finished(request, attempt, status, bytes, took));
    }

    private void tell(Consumer<HttpListener> event) {
        try {
            event.accept(context.listener());
        } catch (RuntimeException listenersOwnTrouble) {
            // Metrics must not decide whether data arrives.
        }
    }

    private boolean ended() {
        return context.wire().closed() || Thread.currentThread().isInterrupted();
    }

    private void sleepUntil(long micros) throws InterruptedException {
        for (long left = micros - now(); left > 0; left = micros - now()) {
            check();
            Duration pause = Duration.ofNanos(left * 1000);
            sleep(pause.compareTo(SLICE) > 0 ? SLICE : pause);
        }
    }

    @Override
    public long patienceEnd() {
        return start + context.patience().toNanos() / 1000;
    }

    @Override
    public void check() {
        if (ended()) {
            throw cancelled(null);
        }
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        context.sleeper().sleep(duration);
    }

    private long now() {
        return Micros.of(context.clock().instant());
    }
}
