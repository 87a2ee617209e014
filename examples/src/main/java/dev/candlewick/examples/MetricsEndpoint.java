package dev.candlewick.examples;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a run's counts go at its end: an address that they are posted to, such as that of a Pushgateway, or a file that a
 * collector reads. Immutable.
 */
final class MetricsEndpoint {

    static final String SWITCH = "ENABLE_MONITORING";
    static final String VARIABLE = "METRICS_ENDPOINT";

    private static final List<String> ON = List.of("true", "yes", "on", "1");
    private static final List<String> OFF = List.of("false", "no", "off", "0");
    private static final int MOST_PORT = 65_535;
    private static final Pattern ADDRESS = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)(://.*)");
    private static final Pattern WITHOUT_SCHEME = Pattern.compile("(?:.*@)?[A-Za-z0-9._-]+:[0-9]+(?:/.*)?");
    private static final Pattern GROUPS = Pattern.compile("/metrics/job(?:@base64)?/.+");

    private final Optional<URI> address;
    private final Optional<Path> file;

    private MetricsEndpoint(Optional<URI> address, Optional<Path> file) {
        this.address = address;
        this.file = file;
    }

    /**
     * The one that the settings name, if counts are wanted: where an address is set and monitoring is not turned off.
     *
     * @throws UsageException when monitoring is turned on without an address, or either cannot be meant
     */
    static Optional<MetricsEndpoint> of(LayeredSettings settings) {
        Optional<String> wanted = settings.variable(SWITCH).map(text -> text.toLowerCase(Locale.ROOT));
        if (wanted.isPresent() && !ON.contains(wanted.get()) && !OFF.contains(wanted.get())) {
            throw new UsageException(SWITCH + " is true or false, not '" + TerminalText.typed(wanted.get()) + "'");
        }
        Optional<MetricsEndpoint> named = settings.variable(VARIABLE).map(MetricsEndpoint::parse);
        if (wanted.filter(ON::contains).isPresent() && named.isEmpty()) {
            throw new UsageException(SWITCH + " needs " + VARIABLE
                    + ": an address that counts are posted to, such as http://localhost:9091/metrics/job/candlewick, or a"
                    + " file");
        }
        return wanted.filter(OFF::contains).isPresent() ? Optional.empty() : named;
    }

    // The text is never repeated: what stands before an @ may be a password.
    private static MetricsEndpoint parse(String text) {
        Matcher addressed = ADDRESS.matcher(text);
        if (addressed.matches()) {
            String scheme = addressed.group(1).toLowerCase(Locale.ROOT);
            if (text.indexOf('@') >= 0) {
                throw new UsageException(
                        VARIABLE + " cannot carry a user or password; leave out what stands before the '@'");
            }
            if (scheme.equals("http") || scheme.equals("https")) {
                return new MetricsEndpoint(Optional.of(address(scheme + addressed.group(2))), Optional.empty());
            }
            if (!scheme.equals("file")) {
                throw new UsageException(VARIABLE + " begins with http://, https:// or file:, or is a file");
            }
        }
        if (WITHOUT_SCHEME.matcher(text).matches()) {
            throw new UsageException(
                    VARIABLE + " begins with a host and a port; an address begins with http:// or https://");
        }
        return new MetricsEndpoint(Optional.empty(), Optional.of(file(text)));
    }

    private static URI address(String text) {
        URI address;
        try {
            address = URI.create(text);
        } catch (IllegalArgumentException unreadable) {
            throw new UsageException(VARIABLE + " is no address that can be read", unreadable);
        }
        if (address.getHost() != null
                && (address.getPort() == -1 || (address.getPort() >= 1 && address.getPort() <= MOST_PORT))) {
            return address;
        }
        String authority = Optional.ofNullable(address.getRawAuthority()).orElse("");
        String host = authority.replaceFirst(":[^:]*$", "");
        if (host.isEmpty()) {
            throw new UsageException(VARIABLE + " names no host after its //");
        }
        if (host.indexOf('_') >= 0) {
            throw new UsageException(
                    VARIABLE + " has a host with '_' in its name, which Java cannot connect to; name it"
                            + " otherwise, or give its number");
        }
        throw new UsageException(
                VARIABLE + " has a host that cannot be one, or a port that is no number from 1 to " + MOST_PORT);
    }

    private static Path file(String text) {
        Path file;
        try {
            boolean addressed = text.regionMatches(true, 0, "file:", 0, "file:".length());
            file = addressed ? Path.of(URI.create(text)) : Path.of(text);
        } catch (IllegalArgumentException | FileSystemNotFoundException unreadable) {
            throw new UsageException(VARIABLE + " is neither an address nor a file", unreadable);
        }
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null || Files.isDirectory(file)) {
            throw new UsageException(
                    VARIABLE + " is a directory; it is a file, or an address that begins with http://");
        }
        if (!Files.isDirectory(directory)) {
            throw new UsageException(VARIABLE + " is a file in a directory that is not there; an address begins with"
                    + " http:// or https://");
        }
        return file;
    }

    /**
     * The same, for counts with these labels: a Pushgateway keeps what came last of each group, and labels that are not in
     * its path do not keep runs apart. Labels whose names are in the path already are left as they are there.
     */
    MetricsEndpoint grouped(Map<String, String> labels) {
        return address.filter(uri -> GROUPS.matcher(uri.getRawPath()).matches())
                .map(uri -> {
                    StringBuilder path = new StringBuilder(uri.getRawPath().replaceFirst("/+$", ""));
                    labels.forEach((name, value) -> {
                        if (!uri.getRawPath().contains("/" + name + "/")) {
                            String escaped = URLEncoder.encode(value, StandardCharsets.UTF_8)
                                    .replace("+", "%20");
                            path.append('/').append(name).append('/').append(escaped);
                        }
                    });
                    String query = Optional.ofNullable(uri.getRawQuery())
                            .map(words -> "?" + words)
                            .orElse("");
                    String whole = uri.getScheme() + "://" + uri.getRawAuthority() + path + query;
                    return new MetricsEndpoint(Optional.of(URI.create(whole)), Optional.empty());
                })
                .orElse(this);
    }

    /**
     * Hands counts over.
     *
     * @param patience how long the whole of it may take at an address
     * @throws IOException when nobody took them
     * @throws InterruptedException when the thread was interrupted
     */
    void publish(String text, Duration patience) throws IOException, InterruptedException {
        if (file.isPresent()) {
            write(text, file.get().toAbsolutePath());
        } else {
            post(text, address.orElseThrow(), patience);
        }
    }

    // A collector sees the counts of this run or of the one before, never half of them.
    private static void write(String text, Path file) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".new");
        try {
            Files.writeString(fresh, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static void post(String text, URI address, Duration patience) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(patience)
                .header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(text))
                .build();
        CompletableFuture<HttpResponse<Void>> answer = HttpClient.newBuilder()
                .connectTimeout(patience)
                .build()
                .sendAsync(request, HttpResponse.BodyHandlers.discarding());
        try {
            // The request's own limit ends with the head of the answer.
            int status = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS).statusCode();
            if (status / 100 != 2) {
                throw new IOException("HTTP " + status);
            }
        } catch (ExecutionException failed) {
            throw new IOException(kind(Optional.ofNullable(failed.getCause()).orElse(failed)), failed);
        } catch (TimeoutException silent) {
            throw new IOException("no answer within " + patience.toSeconds() + " s", silent);
        } finally {
            answer.cancel(true);
        }
    }

    // Of a host that nobody knows or that refuses, Java tells by the kind of its exceptions only.
    private static String kind(Throwable failure) {
        StringBuilder kinds = new StringBuilder();
        String message = "";
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String kind = cause.getClass().getSimpleName();
            kinds.append(kinds.indexOf(kind) >= 0 ? "" : (kinds.isEmpty() ? "" : ", ") + kind);
            message = message.isEmpty() && cause.getMessage() != null ? cause.getMessage() : message;
        }
        return kinds + (message.isEmpty() ? "" : ": " + message);
    }

    /** The address without what follows a question mark, or the file. */
    @Override
    public String toString() {
        return address.map(uri -> uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath())
                .orElseGet(() -> file.map(Path::toString).orElseThrow());
    }
}
