package dev.candlewick.examples;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where a run's counts go at its end: an address that they are posted to, such as that of a Pushgateway, or a file that a
 * collector reads. Immutable.
 */
final class MetricsEndpoint {

    static final String SWITCH = "ENABLE_MONITORING";
    static final String VARIABLE = "METRICS_ENDPOINT";

    private static final List<String> ON = List.of("true", "yes", "on", "1");
    private static final List<String> OFF = List.of("false", "no", "off", "0");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

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

    private static MetricsEndpoint parse(String text) {
        // What stands before an @ may be a password: such an address is refused without being repeated.
        if (text.contains("://") && text.indexOf('@') >= 0) {
            throw new UsageException(
                    VARIABLE + " cannot carry a user or password; leave out what stands before the '@'");
        }
        try {
            if (!text.contains("://") && !text.startsWith("file:")) {
                return new MetricsEndpoint(Optional.empty(), Optional.of(Path.of(text)));
            }
            URI address = URI.create(text);
            if ("file".equals(address.getScheme())) {
                return new MetricsEndpoint(Optional.empty(), Optional.of(Path.of(address)));
            }
            if (List.of("http", "https").contains(address.getScheme()) && address.getHost() != null) {
                return new MetricsEndpoint(Optional.of(address), Optional.empty());
            }
        } catch (IllegalArgumentException unreadable) {
            throw new UsageException(VARIABLE + " is neither an address nor a file", unreadable);
        }
        throw new UsageException(VARIABLE + " begins with http://, https:// or file:, or is a file");
    }

    /**
     * Hands counts over.
     *
     * @throws IOException when nobody took them
     * @throws InterruptedException when the thread was interrupted
     */
    void publish(String text) throws IOException, InterruptedException {
        if (file.isPresent()) {
            write(text, file.get().toAbsolutePath());
        } else {
            post(text, address.orElseThrow());
        }
    }

    // A collector sees the counts of this run or of the one before, never half of them.
    private static void write(String text, Path file) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void post(String text, URI address) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(PATIENCE)
                .header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(text))
                .build();
        int status = HttpClient.newBuilder()
                .connectTimeout(PATIENCE)
                .build()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
        if (status / 100 != 2) {
            throw new IOException("HTTP " + status);
        }
    }

    /** The address without what follows a question mark, or the file. */
    @Override
    public String toString() {
        return address.map(uri -> uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath())
                .orElseGet(() -> file.map(Path::toString).orElseThrow());
    }
}
