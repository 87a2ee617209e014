package dev.candlewick.sink.s3;

import dev.candlewick.sink.parquet.objects.ObjectNames;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.services.s3.S3Client;

/** Settings of an {@link S3Storage}; each call changes this builder and gives it back. For one thread. */
public final class S3StorageBuilder {

    // Older buckets have capitals and underscores; what S3 itself checks is left to it.
    private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]");
    private static final int MOST_NAMES_IN_A_PAGE = 1_000;
    private static final int ATTEMPTS = 4;

    private final String bucket;
    private String prefix = "";
    private Optional<S3Client> client = Optional.empty();
    private Optional<AwsCredentials> credentials = Optional.empty();
    private Optional<String> region = Optional.empty();
    private Optional<URI> endpoint = Optional.empty();
    private Optional<AddressStyle> style = Optional.empty();
    private Checksums checksums = Checksums.CRC32C;
    private Duration connectTimeout = Duration.ofSeconds(10);
    private Duration requestTimeout = Duration.ofMinutes(2);
    private int attempts = ATTEMPTS;
    private int pageSize = MOST_NAMES_IN_A_PAGE;
    private Clock clock = Clock.systemUTC();
    private Attempts.Sleeper sleeper = pause -> TimeUnit.NANOSECONDS.sleep(pause.toNanos());

    S3StorageBuilder(String bucket) {
        if (!BUCKET.matcher(bucket).matches()) {
            throw new IllegalArgumentException("No bucket of S3 can have the name '" + bucket + "'");
        }
        this.bucket = bucket;
    }

    /**
     * What the names of all objects begin with; a {@code /} at its end may be missing. None unless set.
     *
     * @throws IllegalArgumentException when no object can have such a name
     */
    public S3StorageBuilder prefix(String prefix) {
        String bare = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
        this.prefix = bare.isEmpty() ? "" : ObjectNames.checked(bare) + "/";
        return this;
    }

    /**
     * The client to use, with its region, endpoint, credentials, time limits and retries; it is not closed. Those of this
     * builder then do not count, except for {@link #attempts}.
     */
    public S3StorageBuilder client(S3Client client) {
        this.client = Optional.of(client);
        return this;
    }

    /** The region of the bucket. Unless set, what the SDK finds: {@code AWS_REGION}, the profile, the machine's. */
    public S3StorageBuilder region(String region) {
        this.region = Optional.of(region);
        return this;
    }

    /**
     * A server other than Amazon's, for example {@code http://localhost:9000}. It is asked with the bucket in the path, and
     * its region is {@code us-east-1}, unless set otherwise.
     *
     * @throws IllegalArgumentException when it is no address of a server
     */
    public S3StorageBuilder endpoint(URI endpoint) {
        boolean http = "http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme());
        if (!http
                || endpoint.getHost() == null
                || endpoint.getRawUserInfo() != null
                || endpoint.getRawQuery() != null) {
            // Not shown: it may have credentials in it.
            throw new IllegalArgumentException("The endpoint of S3 is not http://HOST:PORT or https://HOST:PORT;"
                    + " credentials are not part of it");
        }
        this.endpoint = Optional.of(endpoint);
        return this;
    }

    /** Addresses of the form {@code https://host/bucket/name}. */
    public S3StorageBuilder bucketInPath() {
        this.style = Optional.of(AddressStyle.PATH);
        return this;
    }

    /** Addresses of the form {@code https://bucket.host/name}. */
    public S3StorageBuilder bucketInHost() {
        this.style = Optional.of(AddressStyle.HOST);
        return this;
    }

    /** Who asks. Unless set, whom the SDK's default chain finds: the environment, a profile, the machine's role. */
    public S3StorageBuilder credentials(String accessKey, String secretKey) {
        this.credentials = Optional.of(AwsBasicCredentials.create(accessKey, secretKey));
        return this;
    }

    /** Who asks, with temporary credentials. */
    public S3StorageBuilder credentials(String accessKey, String secretKey, String sessionToken) {
        this.credentials = Optional.of(AwsSessionCredentials.create(accessKey, secretKey, sessionToken));
        return this;
    }

    /**
     * What an environment says: {@code AWS_ACCESS_KEY_ID}, {@code AWS_SECRET_ACCESS_KEY}, {@code AWS_SESSION_TOKEN}; {@code
     * AWS_REGION} or {@code AWS_DEFAULT_REGION}; {@code AWS_ENDPOINT_URL_S3} or {@code AWS_ENDPOINT_URL}; {@code
     * S3_PATH_STYLE} ({@code true} or {@code false}). What it does not name stays as it is.
     *
     * @throws IllegalArgumentException when one of a pair is missing, or a value is not one of these
     */
    public S3StorageBuilder from(Map<String, String> environment) {
        Optional<String> key = value(environment, "AWS_ACCESS_KEY_ID");
        Optional<String> secret = value(environment, "AWS_SECRET_ACCESS_KEY");
        Optional<String> token = value(environment, "AWS_SESSION_TOKEN");
        if (key.isPresent() != secret.isPresent()) {
            throw new IllegalArgumentException((key.isPresent()
                            ? "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not"
                            : "AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not")
                    + ": set both, or neither to use a profile or the machine's role");
        }
        if (key.isPresent() && secret.isPresent()) {
            if (token.isPresent()) {
                credentials(key.get(), secret.get(), token.get());
            } else {
                credentials(key.get(), secret.get());
            }
        }
        value(environment, "AWS_REGION")
                .or(() -> value(environment, "AWS_DEFAULT_REGION"))
                .ifPresent(this::region);
        value(environment, "AWS_ENDPOINT_URL_S3")
                .or(() -> value(environment, "AWS_ENDPOINT_URL"))
                .ifPresent(address -> endpoint(uri(address)));
        value(environment, "S3_PATH_STYLE").ifPresent(style -> {
            switch (style) {
                case "true" -> bucketInPath();
                case "false" -> bucketInHost();
                default -> throw new IllegalArgumentException("S3_PATH_STYLE is true or false, not '" + style + "'");
            }
        });
        return this;
    }

    private static URI uri(String address) {
        try {
            return URI.create(address);
        } catch (IllegalArgumentException unreadable) {
            // Without its text, which may have credentials in it.
            throw new IllegalArgumentException("AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL is no address");
        }
    }

    private static Optional<String> value(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    /** What content is checked with on its way; {@link Checksums#CRC32C} unless set. */
    public S3StorageBuilder checksums(Checksums checksums) {
        this.checksums = checksums;
        return this;
    }

    /** How long to wait for a connection: ten seconds unless set. */
    public S3StorageBuilder connectTimeout(Duration timeout) {
        this.connectTimeout = positive(timeout);
        return this;
    }

    /** By when a request, of at most 16 MiB, has its whole answer: two minutes unless set. */
    public S3StorageBuilder requestTimeout(Duration timeout) {
        this.requestTimeout = positive(timeout);
        return this;
    }

    /** How often a request is sent while it fails in a way that passes: four times unless set, with pauses. */
    public S3StorageBuilder attempts(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("A request is sent at least once, not " + most + " times");
        }
        this.attempts = most;
        return this;
    }

    /** What tells the time where the server does not: for tests. */
    public S3StorageBuilder clock(Clock clock) {
        this.clock = clock;
        return this;
    }

    /** How many names a page of a listing has, so that a test sees several. */
    S3StorageBuilder pageSize(int names) {
        this.pageSize = names;
        return this;
    }

    S3StorageBuilder sleeper(Attempts.Sleeper sleeper) {
        this.sleeper = sleeper;
        return this;
    }

    /** The storage. Nothing is asked of the server yet. */
    public S3Storage build() {
        return new S3Storage(this);
    }

    String name() {
        return "s3:" + bucket + (prefix.isEmpty() ? "" : "/" + prefix.substring(0, prefix.length() - 1));
    }

    String bucket() {
        return bucket;
    }

    String prefix() {
        return prefix;
    }

    int pageSize() {
        return pageSize;
    }

    Checksums checksums() {
        return checksums;
    }

    Clock clock() {
        return clock;
    }

    Attempts attempts() {
        return new Attempts(attempts, sleeper, RandomGenerator.getDefault());
    }

    Set<String> secrets() {
        Set<String> secrets = new TreeSet<>();
        credentials.ifPresent(known -> {
            secrets.add(known.secretAccessKey());
            if (known instanceof AwsSessionCredentials session) {
                secrets.add(session.sessionToken());
            }
        });
        return secrets;
    }

    S3Connection connection() {
        return new S3Connection(new S3Connection.Settings(
                name(),
                client,
                credentials,
                region,
                endpoint,
                style.orElse(endpoint.isPresent() ? AddressStyle.PATH : AddressStyle.HOST),
                connectTimeout,
                requestTimeout));
    }

    private static Duration positive(Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("A time limit is positive, not " + timeout);
        }
        return timeout;
    }
}
