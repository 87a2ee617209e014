package dev.candlewick.source.tardis;

import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import dev.candlewick.Unavailable;
import dev.candlewick.http.HttpRefused;
import dev.candlewick.http.HttpRequest;
import dev.candlewick.http.HttpStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Brings one file to the cache: goes on where the body broke off if the server can, from the start otherwise, and gives the
 * file its name only when it is whole. For one use by one thread.
 */
final class DatasetDownload {

    /** As often as Tardis' own clients try. */
    private static final int MOST_ATTEMPTS = 30;

    private static final long LONGEST_PAUSE_SECONDS = 120;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int ERROR_BYTES = 1024;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");

    private final TardisHttp http;
    private final FileCache cache;
    private final DatasetFile file;
    private final Instant askedAt;

    private String url;
    private boolean redirected;
    private MessageDigest digest = FileCache.sha256();
    private long received;
    private String version = "";
    /** How long the whole file is; empty while nobody said. */
    private OptionalLong length = OptionalLong.empty();
    /** Whether the body had an end of its own, rather than that of the connection. */
    private boolean endMarked;

    /** What became of a file. */
    sealed interface Outcome permits Fetched, NotThere, NotOffered {}

    /** It is on disk. */
    record Fetched(CachedCopy copy) implements Outcome {}

    /** Tardis has no such file: 404 and what it said. */
    record NotThere(ErrorBody said) implements Outcome {}

    /** Tardis does not make such files: 400 and what it said. */
    record NotOffered(ErrorBody said) implements Outcome {}

    DatasetDownload(TardisHttp http, FileCache cache, DatasetFile file) {
        this.http = http;
        this.cache = cache;
        this.file = file;
        this.url = http.url(file);
        this.askedAt = http.clock().instant();
    }

    Outcome fetch() {
        Path unconfirmed = cache.unconfirmed(file);
        try {
            http.downloads().acquire();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw cancelled(interrupted);
        }
        try {
            http.requireKeyNotRefused();
            return fetch(unconfirmed);
        } catch (HttpRefused refused) {
            ErrorBody said = ErrorBody.parse(refused.bodyStart());
            if (isNotOffered(refused.status(), said)) {
                return new NotOffered(said);
            }
            throw http.refused(file, refused);
        } finally {
            http.downloads().release();
            FileCache.delete(unconfirmed);
        }
    }

    /** Whether a refusal is a fact about the catalogue rather than a fault of the request. */
    static boolean isNotOffered(int status, ErrorBody said) {
        return status == 400
                && (said.code() == ErrorBody.NOT_SUPPORTED || said.message().contains("is not supported for"));
    }

    private Outcome fetch(Path unconfirmed) {
        int inVain = 0;
        for (int attempt = 1; ; attempt++) {
            long before = received;
            try {
                Optional<Outcome> outcome = attempt(unconfirmed, attempt);
                if (outcome.isPresent()) {
                    return outcome.get();
                }
                // Otherwise a redirect, or a server that could not go on in the middle.
            } catch (IOException broken) {
                if (Thread.currentThread().isInterrupted()) {
                    throw cancelled(broken);
                }
                inVain = received > before ? 0 : inVain + 1;
                if (attempt >= MOST_ATTEMPTS || inVain >= http.attempts()) {
                    throw new Unavailable(
                            "The download of " + file + " from " + address() + " broke off at byte " + received
                                    + " (attempt " + attempt + "): " + broken + ". Run it again later.",
                            broken);
                }
                // The address that a redirect led to may have expired meanwhile.
                url = http.url(file);
                redirected = false;
                if (!TardisHttp.isStrong(version)) {
                    startAgain(); // nothing proves that the rest would belong to this beginning
                }
                http.pause(pause(attempt), "The download of " + file);
            }
        }
    }

    private Optional<Outcome> attempt(Path unconfirmed, int attempt) throws IOException {
        long offset = received;
        HttpRequest.Builder request = http.file(url);
        if (attempt == 1) {
            request.numberingRetries("retryAttempt");
        } else if (!redirected) {
            request.query("retryAttempt", Integer.toString(attempt - 1));
        }
        if (offset > 0) {
            request.header("Range", "bytes=" + offset + "-").header("If-Range", version);
        }
        try (HttpStream answer = opened(request.build())) {
            int status = answer.status();
            if (status == 404) {
                return Optional.of(new NotThere(said(answer)));
            }
            if (TardisHttp.isRedirect(status)) {
                follow(answer);
                return Optional.empty();
            }
            boolean partial = status == 206;
            if (offset == 0 && (partial || status == 416)) {
                throw new IOException("HTTP " + status + " to a request for the whole file");
            }
            if (status == 416 || (partial && !continues(answer, offset))) {
                startAgain();
                return Optional.empty();
            }
            if (!partial) {
                startAgain();
                version = TardisHttp.version(answer.headers());
                length = answer.headers()
                        .number("Content-Length")
                        .map(OptionalLong::of)
                        .orElse(OptionalLong.empty());
            }
            endMarked = answer.headers()
                    .first("Transfer-Encoding")
                    .filter(coding -> coding.toLowerCase(Locale.ROOT).contains("chunked"))
                    .isPresent();
            receive(answer.body(), unconfirmed);
        }
        return Optional.of(confirmed(unconfirmed));
    }

    /** What a refusal says behind a redirect is about that address, which expires, and not about the file or the key. */
    private HttpStream opened(HttpRequest request) throws IOException {
        try {
            return http.transport().openAsStored(request);
        } catch (HttpRefused refused) {
            if (redirected) {
                throw new IOException("the address that it redirects to answered HTTP " + refused.status());
            }
            throw refused;
        }
    }

    /** Whether the rest is the whole rest of what is there; then the length of the file is known. */
    private boolean continues(HttpStream answer, long offset) {
        Matcher range = CONTENT_RANGE.matcher(
                answer.headers().first("Content-Range").orElse("").strip());
        String etag = answer.headers().first("ETag").map(String::strip).orElse(version);
        if (!range.matches() || !etag.equals(version)) {
            return false;
        }
        long total = Long.parseLong(range.group(3));
        boolean rest = Long.parseLong(range.group(1)) == offset && Long.parseLong(range.group(2)) == total - 1;
        if (!rest || length.orElse(total) != total) {
            return false;
        }
        length = OptionalLong.of(total);
        return true;
    }

    private void receive(InputStream body, Path unconfirmed) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        try (FileOutputStream output = open(unconfirmed)) {
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                write(output, buffer, read, unconfirmed);
                digest.update(buffer, 0, read);
                received += read;
            }
            force(output, unconfirmed);
        }
    }

    private FileOutputStream open(Path unconfirmed) {
        try {
            return new FileOutputStream(unconfirmed.toFile(), received > 0);
        } catch (IOException unwritable) {
            throw FileCache.cannot("write", unconfirmed, unwritable);
        }
    }

    /** A full disk is not the server's fault: it must not be retried as if it were. */
    private static void write(FileOutputStream output, byte[] buffer, int length, Path path) {
        try {
            output.write(buffer, 0, length);
        } catch (IOException unwritable) {
            throw FileCache.cannot("write", path, unwritable);
        }
    }

    private static void force(FileOutputStream output, Path path) {
        try {
            output.getFD().sync();
        } catch (IOException unwritable) {
            throw FileCache.cannot("write", path, unwritable);
        }
    }

    private Outcome confirmed(Path unconfirmed) throws IOException {
        if (length.isEmpty()) {
            requireWhole(unconfirmed);
        } else if (received != length.getAsLong()) {
            String arrived = received + " bytes arrived of a file that has " + length.getAsLong();
            startAgain();
            throw new IOException(arrived);
        }
        if (Files.size(unconfirmed) != received) {
            throw new IOException("the file on disk has another length than what arrived");
        }
        CachedCopy copy =
                new CachedCopy(unconfirmed, received, HexFormat.of().formatHex(digest.digest()), version, askedAt);
        return new Fetched(cache.confirm(file, unconfirmed, address(), copy));
    }

    /** Nobody said how long the body is, so only the gzip itself can tell whether it is all there, or the way it came. */
    private void requireWhole(Path unconfirmed) throws IOException {
        if (received == 0 && !endMarked) {
            throw new IOException("the connection ended before the first byte");
        }
        try (InputStream raw = Files.newInputStream(unconfirmed)) {
            byte[] magic = raw.readNBytes(2);
            if (magic.length < 2 || (magic[0] & 0xff) != 0x1f || (magic[1] & 0xff) != 0x8b) {
                return;
            }
        }
        try (InputStream rows = new GZIPInputStream(Files.newInputStream(unconfirmed), BUFFER_BYTES)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            while (rows.read(buffer) >= 0) {
                // Reading to the end is the proof.
            }
        } catch (IOException damaged) {
            startAgain();
            throw damaged;
        }
    }

    private void startAgain() {
        digest = FileCache.sha256();
        received = 0;
        length = OptionalLong.empty();
    }

    private void follow(HttpStream answer) {
        if (redirected) {
            throw http.unfollowed(file.toString(), answer, "a second time");
        }
        url = http.target(file.toString(), url, answer);
        redirected = true;
    }

    private ErrorBody said(HttpStream answer) {
        byte[] start = new byte[0];
        try {
            start = answer.body().readNBytes(ERROR_BYTES);
        } catch (IOException | Corrupt lessThanThat) {
            // The status says what matters.
        }
        return ErrorBody.parse(http.redacted(new String(start, java.nio.charset.StandardCharsets.UTF_8)));
    }

    private Duration pause(int attempt) {
        long seconds = Math.min(LONGEST_PAUSE_SECONDS, 1L << Math.min(attempt, 20));
        return Duration.ofSeconds(seconds).plusMillis(http.random().nextLong(500));
    }

    /** Where the file is, without what follows a question mark. */
    private String address() {
        return http.url(file);
    }

    private Cancelled cancelled(@Nullable Throwable cause) {
        return new Cancelled("The download of " + file + " was given up because the thread was interrupted", cause);
    }
}
