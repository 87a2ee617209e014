package dev.candlewick.source.tardis;

import dev.candlewick.Cancelled;
import dev.candlewick.http.HttpHeaders;
import dev.candlewick.http.HttpRefused;
import dev.candlewick.http.HttpRequest;
import dev.candlewick.http.HttpStream;
import dev.candlewick.http.HttpTransport;
import dev.candlewick.http.RateBudget;
import dev.candlewick.http.Sleeper;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How Tardis is asked: with whose key, how many at once, and what its errors become. One per source; thread-safe.
 *
 * <p>Everything asked with one key draws on one budget: when the key is locked, it is locked for all.
 */
final class TardisHttp {

    private static final long LARGEST_FILE_BYTES = 1L << 40;
    private static final long LARGEST_DOCUMENT_BYTES = 1L << 30;

    /** A file of gigabytes may take hours; what must not happen is silence, and that the read timeout ends. */
    private static final Duration FILE_DEADLINE = Duration.ofDays(1);

    private static final Duration DOCUMENT_DEADLINE = Duration.ofMinutes(10);
    /** What a version begins with that is a date: two changes in a second have the same. */
    private static final String MODIFIED = "modified ";

    /** How long nobody asks with a key that Tardis does not know. */
    private static final Duration KEY_REFUSED = Duration.ofMinutes(1);

    private static final int[] REDIRECTS = {301, 302, 303, 307, 308};

    private final HttpTransport http;
    private final String key;
    private final String baseUrl;
    private final String apiUrl;
    private final Clock clock;
    private final Sleeper sleeper;
    private final RandomGenerator random;
    private final Semaphore downloads;
    private final int attempts;
    private volatile @Nullable TardisRefused keyRefused;
    private volatile Instant askAgain = Instant.MIN;

    TardisHttp(
            HttpTransport http,
            RateBudget budget,
            String key,
            String baseUrl,
            String apiUrl,
            int concurrentDownloads,
            int attempts,
            Clock clock,
            Sleeper sleeper,
            RandomGenerator random) {
        this.http = http.drawingOn(budget).judging(new TardisErrors());
        this.key = key;
        this.baseUrl = baseUrl;
        this.apiUrl = apiUrl;
        this.downloads = new Semaphore(concurrentDownloads, true);
        this.attempts = attempts;
        this.clock = clock;
        this.sleeper = sleeper;
        this.random = random;
    }

    HttpTransport transport() {
        return http;
    }

    Clock clock() {
        return clock;
    }

    Sleeper sleeper() {
        return sleeper;
    }

    RandomGenerator random() {
        return random;
    }

    /** How many files may be on their way at once; fair, so that nobody waits for ever. */
    Semaphore downloads() {
        return downloads;
    }

    /** How often something is asked for that does not come. */
    int attempts() {
        return attempts;
    }

    String url(DatasetFile file) {
        return baseUrl + file.path();
    }

    /** The address of a document; the path begins with a slash and is percent-encoded. */
    String documentUrl(String path) {
        return apiUrl + path;
    }

    /** A request for a file, at its own address or where a redirect led; the key goes to the host it is for only. */
    HttpRequest.Builder file(String url) {
        HttpRequest.Builder request = HttpRequest.get(url)
                // Files are gzip as they are; naming it keeps anybody in between from unpacking them.
                .header("Accept-Encoding", "gzip")
                .accepting(404, 416)
                .accepting(REDIRECTS)
                .maxBodyBytes(LARGEST_FILE_BYTES)
                .deadline(FILE_DEADLINE);
        if (sameHost(url, baseUrl)) {
            return withKey(request);
        }
        Optional.ofNullable(URI.create(url).getRawQuery()).ifPresent(request::hiding); // a signature, most likely
        return request;
    }

    /** A request for a document that everybody may read. */
    HttpRequest.Builder openDocument(String path) {
        return HttpRequest.get(documentUrl(path))
                .maxBodyBytes(LARGEST_DOCUMENT_BYTES)
                .deadline(DOCUMENT_DEADLINE);
    }

    /** A request for a document that the key gives a right to. */
    HttpRequest.Builder keyedDocument(String path) {
        return withKey(openDocument(path));
    }

    private HttpRequest.Builder withKey(HttpRequest.Builder request) {
        return key.isEmpty()
                ? request
                : request.secretHeader("Authorization", "Bearer " + key).hiding(key);
    }

    /** What was said, without the key. */
    String redacted(String text) {
        return key.isEmpty() ? text : text.replace(key, "***");
    }

    static boolean isRedirect(int status) {
        for (int redirect : REDIRECTS) {
            if (redirect == status) {
                return true;
            }
        }
        return false;
    }

    /**
     * Where a redirect leads, from the address that was asked.
     *
     * @throws TardisRefused when it leads to no address or to one that is not encrypted
     */
    String target(String what, String url, HttpStream answer) {
        String location = answer.headers().first("Location").orElse("").strip();
        URI target;
        try {
            target = URI.create(url).resolve(location);
        } catch (IllegalArgumentException malformed) {
            throw unfollowed(what, answer, "to something that is no address");
        }
        if (location.isEmpty() || target.getHost() == null || target.getRawUserInfo() != null) {
            throw unfollowed(what, answer, "to something that is no address");
        }
        if (url.startsWith("https:") && !"https".equalsIgnoreCase(target.getScheme())) {
            throw unfollowed(what, answer, "to an address that is not encrypted");
        }
        return target.toString();
    }

    TardisRefused unfollowed(String what, HttpStream answer, String where) {
        return refused(what + " by redirecting " + where, answer.status(), new ErrorBody(0, ""), null);
    }

    /** What tells versions of a file apart; empty when the server says nothing of the kind. */
    static String version(HttpHeaders headers) {
        return headers.first("ETag")
                .map(String::strip)
                .or(() -> headers.first("Last-Modified").map(date -> MODIFIED + date.strip()))
                .orElse("");
    }

    /** Asks for the file only if it has another version now. */
    static HttpRequest.Builder unless(HttpRequest.Builder request, String version) {
        return version.startsWith(MODIFIED)
                ? request.header("If-Modified-Since", version.substring(MODIFIED.length()))
                : request.header("If-None-Match", version);
    }

    /** Whether the same version means the same bytes, so that a rest can be joined to a beginning. */
    static boolean isStrong(String version) {
        return !version.isEmpty() && !version.startsWith("W/") && !version.startsWith(MODIFIED);
    }

    /**
     * Checks that Tardis did not refuse the key for a file a moment ago: it would for the next one as well.
     *
     * @throws TardisRefused when it did, without asking
     */
    void requireKeyNotRefused() {
        TardisRefused before = keyRefused;
        if (before != null && clock.instant().isBefore(askAgain)) {
            throw before.again();
        }
    }

    /** As {@link #refused(String, HttpRefused)}, of a file; a key that is not known for one is not for any. */
    TardisRefused refused(DatasetFile file, HttpRefused answer) {
        TardisRefused refused = refused(file.toString(), answer);
        if (refused.isKeyUnknown()) {
            askAgain = clock.instant().plus(KEY_REFUSED);
            keyRefused = refused;
        }
        return refused;
    }

    /** A final answer, as an error that says what Tardis said and what to do. */
    TardisRefused refused(String what, HttpRefused answer) {
        return refused(what, answer.status(), ErrorBody.parse(answer.bodyStart()), answer);
    }

    TardisRefused refused(String what, int status, ErrorBody body, @Nullable Throwable cause) {
        String advice = switch (status) {
            case 401 ->
                key.isEmpty()
                        ? "No key was given, and only the first day of each month is free: set TARDIS_API_KEY or"
                                + " use apiKey(…)."
                        : "Check the key: TARDIS_API_KEY, or what apiKey(…) was given.";
            case 404 -> "Tardis has nothing of that name; " + apiUrl + "/exchanges lists what it has.";
            case 403 -> "The key's plan does not cover it; apiKeyInfo() says what it covers.";
            default -> "Asking again changes nothing; the request has to change.";
        };
        return new TardisRefused(
                "Tardis refused " + what + ": HTTP " + status
                        + (body.toString().isEmpty()
                                ? ""
                                : ", " + body.toString().replaceFirst("\\.$", "")) + ". " + advice,
                status,
                body,
                status == 401 && !key.isEmpty(),
                cause);
    }

    /** Lets time pass, or ends with {@link Cancelled}. */
    void pause(Duration duration, String work) {
        try {
            sleeper.sleep(duration);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Cancelled(work + " was given up because the thread was interrupted", interrupted);
        }
    }

    static boolean sameHost(String url, String other) {
        URI one = URI.create(url);
        URI two = URI.create(other);
        return String.valueOf(one.getScheme()).equalsIgnoreCase(String.valueOf(two.getScheme()))
                && String.valueOf(one.getHost()).equalsIgnoreCase(String.valueOf(two.getHost()))
                && one.getPort() == two.getPort();
    }
}
