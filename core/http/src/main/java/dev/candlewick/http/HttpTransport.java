package dev.candlewick.http;

import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import dev.candlewick.Refused;
import dev.candlewick.Unavailable;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import okhttp3.ConnectionPool;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests and gives back answers: waits for the budget of the server pool, retries what may succeed, stops when
 * told to, bounds what it reads.
 *
 * <pre>{@code
 * try (HttpTransport http = HttpTransport.create()) {
 *     HttpResponse time = http.send(HttpRequest.get("https://api.binance.com/api/v3/time").build());
 * }
 * }</pre>
 *
 * <p>All ways of sending block, and throw
 *
 * <ul>
 *   <li>{@link HttpRefused} and its kinds {@link GeoBlocked} and {@link Forbidden} for a final answer that the request
 *       does not {@linkplain HttpRequest.Builder#accepting accept}; {@link Refused} for an untrusted certificate;
 *   <li>{@link Unavailable} when the attempts or the patience are used up;
 *   <li>{@link Corrupt} for a body that is too long or cannot be decompressed;
 *   <li>{@link Cancelled} when the thread is interrupted (it stays so) or the transport is closed.
 * </ul>
 *
 * <p>Redirects are followed on the same scheme, host and port only. TLS verification cannot be turned off. Immutable and
 * thread-safe; build one, share it, close it once.
 */
public final class HttpTransport implements AutoCloseable {

    private final Exchange.Context context;
    private final Optional<RateBudget> budget;
    private final ResponseJudge judge;
    private final Duration deadline;
    private final Duration streamDeadline;
    private final Runnable onClose;

    private HttpTransport(
            Exchange.Context context,
            Optional<RateBudget> budget,
            ResponseJudge judge,
            Duration deadline,
            Duration streamDeadline,
            Runnable onClose) {
        this.context = context;
        this.budget = budget;
        this.judge = judge;
        this.deadline = deadline;
        this.streamDeadline = streamDeadline;
        this.onClose = onClose;
    }

    /** A transport with the defaults that {@link Builder} names. */
    public static HttpTransport create() {
        return builder().build();
    }

    /** Starts a transport. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * This transport for the servers of one pool: its requests draw on that budget. Shares everything else and ends with
     * this transport; closing it does nothing.
     */
    public HttpTransport drawingOn(RateBudget budget) {
        return new HttpTransport(context, Optional.of(budget), judge, deadline, streamDeadline, () -> {});
    }

    /** This transport with a venue's own reading of error answers; shares and ends as {@link #drawingOn}. */
    public HttpTransport judging(ResponseJudge judge) {
        return new HttpTransport(context, budget, judge, deadline, streamDeadline, () -> {});
    }

    /** Sends a request and reads the whole answer into memory. */
    public HttpResponse send(HttpRequest request) {
        return exchange(request, Wire.Encoding.COMPRESSED, deadline, (answer, onComplete) -> {
            try (answer) {
                byte[] body = answer.body().readAllBytes();
                onComplete.accept((long) body.length);
                return new HttpResponse(answer.status(), answer.headers(), body);
            }
        });
    }

    /** Sends a request and gives the answer as soon as its headers are there; close it. */
    public HttpStream open(HttpRequest request) {
        return exchange(request, Wire.Encoding.COMPRESSED, streamDeadline, StreamReceiver::open);
    }

    /**
     * As {@link #open}, with the body byte for byte as the server stores it, whatever encoding it is marked with: for
     * those who resume a download where it broke off.
     */
    public HttpStream openAsStored(HttpRequest request) {
        return exchange(request, Wire.Encoding.AS_STORED, streamDeadline, StreamReceiver::open);
    }

    /**
     * Sends a request and writes the body, byte for byte as the server stores it, to a file, replacing what was there.
     * Nothing is forced to disk or renamed: that is for whoever publishes the file. When this throws, the file is gone.
     *
     * @param file where to write; not touched unless the status is 2xx
     */
    public HttpDownload download(HttpRequest request, Path file) {
        return exchange(
                request,
                Wire.Encoding.AS_STORED,
                streamDeadline,
                (answer, onComplete) -> FileReceiver.receive(answer, file, onComplete));
    }

    private <T> T exchange(
            HttpRequest request, Wire.Encoding encoding, Duration defaultDeadline, Exchange.Receiver<T> receiver) {
        Duration limit = request.deadline().orElse(defaultDeadline);
        return new Exchange<>(context, budget, judge, request, encoding, limit, receiver).run();
    }

    /** Ends every request under way with {@link Cancelled} and lets go of connections; does nothing to a client that was handed in. */
    @Override
    public void close() {
        onClose.run();
    }

    /** The pool this transport draws on. */
    @Override
    public String toString() {
        return "HTTP transport" + budget.map(drawn -> " for " + drawn).orElse("");
    }

    /** Collects the parts of a transport. Not thread-safe. */
    public static final class Builder {

        private @Nullable OkHttpClient client;
        private Clock clock = SteadyClock.INSTANCE;
        private Sleeper sleeper = Sleeper.SYSTEM;
        private RandomGenerator random = RandomGenerator.getDefault();
        private @Nullable Dns dns;
        private HttpListener listener = HttpListener.NONE;
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration readTimeout = Duration.ofSeconds(20);
        private Duration deadline = Duration.ofMinutes(1);
        private Duration streamDeadline = Duration.ofMinutes(30);
        private Duration patience = Duration.ofMinutes(15);
        private int attempts = 4;

        private Builder() {}

        /**
         * Uses this client's connections, proxy and TLS trust; it stays open when the transport is closed. Timeouts,
         * redirects and retries are the transport's.
         */
        public Builder client(OkHttpClient client) {
            this.client = client;
            return this;
        }

        /** Sets the clock; the default follows the monotonic timer and cannot be set back by anybody. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        /** Sets how to wait. */
        public Builder sleeper(Sleeper sleeper) {
            this.sleeper = sleeper;
            return this;
        }

        /** Sets the source of jitter; used by several threads. */
        public Builder random(RandomGenerator random) {
            this.random = random;
            return this;
        }

        /** Sets how host names become addresses. */
        public Builder dns(Dns dns) {
            this.dns = dns;
            return this;
        }

        /** Sets who hears of requests, waits and stops. */
        public Builder listener(HttpListener listener) {
            this.listener = listener;
            return this;
        }

        /** Sets how long connecting may take (default 10 s). */
        public Builder connectTimeout(Duration connectTimeout) {
            this.connectTimeout = positive(connectTimeout);
            return this;
        }

        /** Sets how long a connection may be silent (default 20 s; Binance gives up on its own side after 10 s). */
        public Builder readTimeout(Duration readTimeout) {
            this.readTimeout = positive(readTimeout);
            return this;
        }

        /** Sets how long one attempt of {@code send} may take from connecting to the last byte (default 1 min). */
        public Builder deadline(Duration deadline) {
            this.deadline = positive(deadline);
            return this;
        }

        /** Sets the same for {@code open}, including the reader's own time, and {@code download} (default 30 min). */
        public Builder streamDeadline(Duration streamDeadline) {
            this.streamDeadline = positive(streamDeadline);
            return this;
        }

        /**
         * Sets how long a request may wait for budgets, bans and retries (default 15 min). A longer ban fails it at once
         * with {@link Unavailable}, which says when to come back.
         */
        public Builder patience(Duration patience) {
            this.patience = positive(patience);
            return this;
        }

        /**
         * Sets how often a request is sent in all before {@link Unavailable} says that it failed (default 4). One that a
         * limit or a ban stopped is not counted; it is sent again up to three times when that is over.
         */
        public Builder attempts(int attempts) {
            if (attempts < 1) {
                throw new IllegalArgumentException("A request is sent once at the least, not " + attempts + " times");
            }
            this.attempts = attempts;
            return this;
        }

        /** The transport. */
        public HttpTransport build() {
            OkHttpClient given = client;
            OkHttpClient.Builder settings = given != null
                    ? given.newBuilder()
                    : new OkHttpClient.Builder().connectionPool(new ConnectionPool(8, 30, TimeUnit.SECONDS));
            if (dns != null) {
                settings.dns(dns);
            }
            OkHttpClient configured = settings.connectTimeout(connectTimeout)
                    .readTimeout(readTimeout)
                    .writeTimeout(readTimeout)
                    .callTimeout(deadline)
                    .followRedirects(false)
                    .followSslRedirects(false)
                    .retryOnConnectionFailure(false)
                    .cache(null)
                    .build();
            Wire wire = new Wire(configured);
            Exchange.Context context = new Exchange.Context(
                    wire, new Hosts(clock, random), new Backoff(random, attempts), clock, sleeper, patience, listener);
            Runnable onClose = given != null
                    ? wire::close
                    : () -> {
                        wire.close();
                        configured.dispatcher().executorService().shutdown();
                        configured.connectionPool().evictAll();
                    };
            return new HttpTransport(
                    context, Optional.empty(), ResponseJudge.BY_STATUS, deadline, streamDeadline, onClose);
        }

        private static Duration positive(Duration duration) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("A wait without end is not offered: " + duration);
            }
            return duration;
        }
    }
}
