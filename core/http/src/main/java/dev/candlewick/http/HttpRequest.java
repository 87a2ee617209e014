package dev.candlewick.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One question to a server: method, address, headers, what it costs, and how much of an answer is accepted.
 *
 * <pre>{@code
 * HttpRequest klines = HttpRequest.get("https://api.binance.com/api/v3/klines")
 *         .query("symbol", "BTCUSDT")
 *         .query("limit", "1000")
 *         .weight(2)
 *         .build();
 * }</pre>
 *
 * <p>Immutable. Secret parameters and headers are written as {@code ***} by {@link #toString()}, in every message and
 * in every event.
 */
public final class HttpRequest {

    /** What is done to the resource; only methods that may safely be repeated. */
    public enum Method {
        /** Asks for the resource. */
        GET,
        /** Asks for the headers only. */
        HEAD
    }

    /** The lane of requests that draw on no limit beyond those of the whole pool. */
    public static final String MAIN_LANE = "";

    private final Method method;
    private final URI uri;
    private final Map<String, String> headers;
    private final int weight;
    private final String lane;
    private final long maxBodyBytes;
    private final Set<Integer> acceptedStatuses;
    private final Optional<Duration> deadline;
    private final Optional<String> retryParameter;
    private final Redaction redaction;

    private HttpRequest(Builder builder) {
        this.method = builder.method;
        this.uri = builder.uri();
        this.headers = Collections.unmodifiableMap(new TreeMap<>(builder.headers));
        this.weight = builder.weight;
        this.lane = builder.lane;
        this.maxBodyBytes = builder.maxBodyBytes;
        this.acceptedStatuses = Set.copyOf(builder.acceptedStatuses);
        this.deadline = builder.deadline;
        this.retryParameter = builder.retryParameter;
        this.redaction = Redaction.of(builder.secrets);
    }

    /**
     * Starts a GET.
     *
     * @param address an absolute {@code http} or {@code https} address, already percent-encoded, with or without a query
     * @throws IllegalArgumentException when the address is not one
     */
    public static Builder get(String address) {
        return new Builder(Method.GET, address);
    }

    /** Starts a HEAD; as {@link #get(String)}. */
    public static Builder head(String address) {
        return new Builder(Method.HEAD, address);
    }

    /** What is done. */
    public Method method() {
        return method;
    }

    /** The whole address, secrets included: for sending, never for printing. */
    public URI uri() {
        return uri;
    }

    /** The host asked. */
    public String host() {
        return uri.getHost();
    }

    /** The headers to send, secrets included: for sending, never for printing. */
    public Map<String, String> headers() {
        return headers;
    }

    /** What the request costs in the server's own unit; zero for a request that draws on a lane only. */
    public int weight() {
        return weight;
    }

    /** The limit within the pool that this request draws on besides the common ones. */
    public String lane() {
        return lane;
    }

    /** The most bytes of body that are read, counted after decompression. */
    public long maxBodyBytes() {
        return maxBodyBytes;
    }

    /** Whether an answer with this status is a response to return rather than an error to throw. */
    public boolean accepts(int status) {
        return (status >= 200 && status < 300) || acceptedStatuses.contains(status);
    }

    /** How long one attempt may take from connecting to the last byte, when it differs from the transport's default. */
    public Optional<Duration> deadline() {
        return deadline;
    }

    /** The address to ask in an attempt, the first being number 1. */
    URI uri(int attempt) {
        if (attempt < 2 || retryParameter.isEmpty()) {
            return uri;
        }
        String address = uri.toString();
        return URI.create(
                address + (uri.getRawQuery() == null ? "?" : "&") + retryParameter.get() + "=" + (attempt - 1));
    }

    /** The address with secrets as {@code ***}: safe to print. */
    public String address() {
        return redaction.apply(uri.toString());
    }

    Redaction redaction() {
        return redaction;
    }

    /** Method and address with secrets as {@code ***}. */
    @Override
    public String toString() {
        return method + " " + address();
    }

    /** Collects the parts of a request. Not thread-safe. */
    public static final class Builder {

        /** Large enough for every REST answer known, small enough that a hundred of them fit a small heap. */
        private static final long DEFAULT_MAX_BODY_BYTES = 16L << 20;

        private final Method method;
        private final String address;
        private final StringBuilder query = new StringBuilder();
        private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        private final List<String> secrets = new ArrayList<>();
        private final Set<Integer> acceptedStatuses = new TreeSet<>();
        private int weight = 1;
        private String lane = MAIN_LANE;
        private long maxBodyBytes = DEFAULT_MAX_BODY_BYTES;
        private Optional<Duration> deadline = Optional.empty();
        private Optional<String> retryParameter = Optional.empty();

        private Builder(Method method, String address) {
            this.method = method;
            this.address = address;
        }

        /** Adds a query parameter; name and value are percent-encoded as UTF-8. */
        public Builder query(String name, String value) {
            query.append(query.isEmpty() ? "" : "&")
                    .append(encode(name))
                    .append('=')
                    .append(encode(value));
            return this;
        }

        /** Adds a query parameter whose value is never printed. */
        public Builder secretQuery(String name, String value) {
            secrets.add(value);
            secrets.add(encode(value));
            return query(name, value);
        }

        /**
         * Sets a header.
         *
         * @throws IllegalArgumentException when name or value hold characters a header cannot carry; the message names
         *     the header, not the value
         */
        public Builder header(String name, String value) {
            if (!name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
                throw new IllegalArgumentException("Header name holds a character that headers cannot carry");
            }
            if (!value.chars().allMatch(character -> character == '\t' || (character >= ' ' && character < 127))) {
                throw new IllegalArgumentException("Value of header " + name
                        + " holds a character that headers cannot carry (line break, control or non-ASCII)");
            }
            headers.put(name, value);
            return this;
        }

        /** Sets a header whose value is never printed. */
        public Builder secretHeader(String name, String value) {
            secrets.add(value);
            return header(name, value);
        }

        /** Never prints this text, wherever it turns up: part of a header, an echo in an answer, a signed address. */
        public Builder hiding(String secret) {
            secrets.add(secret);
            return this;
        }

        /** Sets what the request costs (default 1). */
        public Builder weight(int weight) {
            if (weight < 0) {
                throw new IllegalArgumentException("A request cannot weigh " + weight);
            }
            this.weight = weight;
            return this;
        }

        /** Names the lane whose own limits this request draws on as well (default {@link #MAIN_LANE}). */
        public Builder lane(String lane) {
            this.lane = lane;
            return this;
        }

        /** Sets the most bytes of body to read, counted after decompression (default 16 MiB). */
        public Builder maxBodyBytes(long maxBodyBytes) {
            if (maxBodyBytes < 0) {
                throw new IllegalArgumentException("maxBodyBytes is " + maxBodyBytes);
            }
            this.maxBodyBytes = maxBodyBytes;
            return this;
        }

        /** Has these statuses returned as responses besides 2xx, for example 404 of an archive. */
        public Builder accepting(int... statuses) {
            for (int status : statuses) {
                acceptedStatuses.add(status);
            }
            return this;
        }

        /** Sets how long one attempt may take from connecting to the last byte. */
        public Builder deadline(Duration deadline) {
            this.deadline = Optional.of(deadline);
            return this;
        }

        /**
         * Has the second and later attempts say so in a query parameter, {@code retryAttempt=1} and so on: where a cache
         * in front of the server may have kept a bad answer, another address gets past it.
         */
        public Builder numberingRetries(String parameter) {
            this.retryParameter = Optional.of(encode(parameter));
            return this;
        }

        /**
         * The request.
         *
         * @throws IllegalArgumentException when the address is not an absolute {@code http} or {@code https} one
         */
        public HttpRequest build() {
            return new HttpRequest(this);
        }

        private URI uri() {
            URI uri;
            try {
                uri = new URI(query.isEmpty() ? address : address + (address.contains("?") ? "&" : "?") + query);
            } catch (URISyntaxException malformed) {
                throw notAnAddress();
            }
            String scheme = uri.getScheme();
            if (!("https".equals(scheme) || "http".equals(scheme))
                    || uri.getHost() == null
                    || uri.getRawUserInfo() != null
                    || uri.getRawFragment() != null) {
                throw notAnAddress();
            }
            return uri;
        }

        /** Shows only what stands before the query: the rest may hold a secret. */
        private IllegalArgumentException notAnAddress() {
            String shown = address.split("[?#]", 2)[0].replaceAll("//[^/]*@", "//***@");
            return new IllegalArgumentException("Not an absolute, percent-encoded http or https address without user"
                    + " info or fragment: " + Redaction.of(secrets).apply(shown));
        }

        private static String encode(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
        }
    }
}
