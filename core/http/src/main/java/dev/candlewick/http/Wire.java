package dev.candlewick.http;

import dev.candlewick.Corrupt;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Asks once and hands over the answer, following redirects that stay on the same origin. Thread-safe. */
final class Wire implements AutoCloseable {

    private static final int MOST_REDIRECTS = 3;
    private static final String USER_AGENT = "candlewick";

    private final OkHttpClient client;
    private final InterruptWatch watch = new InterruptWatch();

    Wire(OkHttpClient client) {
        this.client = client;
    }

    /** How a body may come. */
    enum Encoding {
        /** As it is stored: a downloaded file must have the published checksum. */
        AS_STORED,
        /** As gzip or plain; read plain. */
        COMPRESSED
    }

    /** The answer to a request; close it. */
    Answer ask(HttpRequest request, int attempt, Duration deadline, Encoding encoding) throws IOException {
        URI address = request.uri(attempt);
        for (int redirects = 0; ; redirects++) {
            Answer answer = ask(request, address, deadline, encoding);
            Optional<String> location = answer.redirect();
            if (location.isEmpty()) {
                return answer;
            }
            answer.close();
            address = follow(request, answer.status(), address, location.get(), redirects);
        }
    }

    private Answer ask(HttpRequest request, URI address, Duration deadline, Encoding encoding) throws IOException {
        Call call = client.newCall(okHttpRequest(request, address, encoding));
        call.timeout().timeout(deadline.toNanos(), TimeUnit.NANOSECONDS);
        InterruptWatch.Watched watched = watch.watch(call::cancel);
        try {
            Response response = call.execute();
            watched.leave();
            return new Answer(request, response, watched, encoding);
        } catch (IOException | RuntimeException failed) {
            watched.close();
            throw failed;
        }
    }

    boolean closed() {
        return watch.closed();
    }

    @Override
    public void close() {
        watch.close();
    }

    private static Request okHttpRequest(HttpRequest request, URI address, Encoding encoding) {
        // Naming the encoding ourselves keeps OkHttp from unpacking behind the back of our limits.
        Request.Builder builder = new Request.Builder()
                .url(address.toString())
                .method(request.method().name(), null)
                .header("User-Agent", USER_AGENT)
                .header("Accept-Encoding", encoding == Encoding.COMPRESSED ? "gzip" : "identity");
        request.headers().forEach(builder::header);
        return builder.build();
    }

    private static URI follow(HttpRequest request, int status, URI from, String location, int redirects) {
        URI target;
        try {
            target = from.resolve(location);
        } catch (IllegalArgumentException malformed) {
            throw refused(request, status, "redirects to something that is no address");
        }
        if (redirects >= MOST_REDIRECTS) {
            throw refused(request, status, "redirected more than " + MOST_REDIRECTS + " times");
        }
        if (!origin(from).equals(origin(target))) {
            throw refused(
                    request,
                    status,
                    "redirects to another place, " + request.redaction().line(origin(target), 200)
                            + ", which was not asked: credentials stay with the host they were given for."
                            + " If it is the right place, use it as the base URL");
        }
        return target;
    }

    private static HttpRefused refused(HttpRequest request, int status, String what) {
        return new HttpRefused(
                request + " was answered with " + status + ": " + request.host() + " " + what + ".",
                status,
                request.host(),
                "",
                "");
    }

    private static String origin(URI address) {
        int defaultPort = "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
        int port = address.getPort() < 0 ? defaultPort : address.getPort();
        return (address.getScheme() + "://" + address.getHost()).toLowerCase(Locale.ROOT) + ":" + port;
    }

    /** A status, headers, and a body that is still to be read. */
    static final class Answer implements AutoCloseable {

        private static final int BODY_START_BYTES = 1024;

        private final HttpRequest request;
        private final Response response;
        private final InterruptWatch.Watched watched;
        private final Encoding encoding;
        private final HttpHeaders headers;

        private Answer(HttpRequest request, Response response, InterruptWatch.Watched watched, Encoding encoding) {
            this.request = request;
            this.response = response;
            this.watched = watched;
            this.encoding = encoding;
            this.headers = HttpHeaders.of(response.headers().toMultimap());
        }

        int status() {
            return response.code();
        }

        HttpHeaders headers() {
            return headers;
        }

        /** The body, bounded and decoded. Its reads end when their thread is interrupted. */
        BoundedBody body() throws IOException {
            InputStream bytes = new WatchedStream(response.body().byteStream(), watched);
            String coding = headers.first("Content-Encoding").orElse("identity").strip();
            if (encoding == Encoding.AS_STORED || coding.equalsIgnoreCase("identity") || !hasBody()) {
                return BoundedBody.plain(bytes, request);
            }
            if (coding.equalsIgnoreCase("gzip")) {
                return BoundedBody.gzipped(bytes, request);
            }
            throw new Corrupt("The answer to " + request + " is encoded as "
                    + request.redaction().line(coding, 40) + ", which was not asked for and cannot be read.");
        }

        /** As much of the body as arrives undamaged, at most a kilobyte; secrets taken out. */
        String bodyStart() {
            byte[] start = new byte[BODY_START_BYTES];
            int length = 0;
            try (InputStream body = body()) {
                for (int read = 0; read >= 0 && length < start.length; length += Math.max(read, 0)) {
                    read = body.read(start, length, start.length - length);
                }
            } catch (IOException | Corrupt lessThanThat) {
                // The status says what matters; what came before the damage still helps to understand it.
            }
            return request.redaction().apply(new String(start, 0, length, StandardCharsets.UTF_8));
        }

        private boolean hasBody() {
            return request.method() != HttpRequest.Method.HEAD && response.code() != 204 && response.code() != 304;
        }

        private Optional<String> redirect() {
            return switch (response.code()) {
                case 301, 302, 303, 307, 308 ->
                    request.accepts(response.code()) ? Optional.empty() : headers.first("Location");
                default -> Optional.empty();
            };
        }

        @Override
        public void close() {
            watched.close();
            response.close();
        }

        /** Ends the exchange from any thread, also while another one reads. */
        void cancel() {
            watched.cancel();
            watched.close();
        }
    }

    private static final class WatchedStream extends FilterInputStream {

        private final InterruptWatch.Watched watched;

        private WatchedStream(InputStream in, InterruptWatch.Watched watched) {
            super(in);
            this.watched = watched;
        }

        @Override
        public int read() throws IOException {
            watched.enter();
            try {
                return super.read();
            } finally {
                watched.leave();
            }
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            watched.enter();
            try {
                return super.read(target, offset, length);
            } finally {
                watched.leave();
            }
        }
    }
}
