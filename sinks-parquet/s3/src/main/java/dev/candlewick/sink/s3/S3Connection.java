package dev.candlewick.sink.s3;

import dev.candlewick.Refused;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** The SDK's client of a storage, made when it is first used: the caller's, or one of our own. Thread-safe. */
final class S3Connection implements AutoCloseable {

    private final Settings settings;
    private Optional<S3Client> client;
    private boolean closed;

    /** Where the server is and who asks. */
    record Settings(
            String name,
            Optional<S3Client> given,
            Optional<AwsCredentials> credentials,
            Optional<String> region,
            Optional<URI> endpoint,
            AddressStyle style,
            Duration connectTimeout,
            Duration requestTimeout) {}

    S3Connection(Settings settings) {
        this.settings = settings;
        this.client = settings.given();
    }

    synchronized S3Client client() {
        if (closed) {
            throw new IllegalStateException(settings.name() + " is closed");
        }
        if (client.isEmpty()) {
            try {
                client = Optional.of(connect());
            } catch (SdkClientException noRegion) {
                throw new Refused(
                        "Connecting to " + settings.name() + " was refused: no region is known. Set AWS_REGION to the"
                                + " bucket's region, for example eu-central-1",
                        noRegion);
            }
        }
        return client.get();
    }

    private S3Client connect() {
        S3ClientBuilder builder = S3Client.builder()
                .httpClient(new JdkHttp(settings.connectTimeout(), settings.requestTimeout()))
                .credentialsProvider(credentials())
                .overrideConfiguration(all -> all.retryStrategy(AwsRetryStrategy.doNotRetry()))
                // Checksums are given with each request and looked at in each answer. The SDK's own need content in
                // chunks, which many servers do not understand.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(configuration());
        place(builder::region, builder::endpointOverride);
        return builder.build();
    }

    /** Signs addresses as the client signs requests; the caller closes it. */
    S3Presigner presigner() {
        S3Presigner.Builder builder = S3Presigner.builder().s3Client(client());
        if (settings.given().isEmpty()) {
            builder.credentialsProvider(credentials()).serviceConfiguration(configuration());
            place(builder::region, builder::endpointOverride);
        } else {
            settings.given()
                    .get()
                    .serviceClientConfiguration()
                    .endpointOverride()
                    .ifPresent(builder::endpointOverride);
        }
        return builder.build();
    }

    private void place(Consumer<Region> region, Consumer<URI> endpoint) {
        settings.endpoint().ifPresent(endpoint);
        // Servers other than Amazon's have no regions, but every signature has one.
        settings.region()
                .or(() -> settings.endpoint().isPresent() ? Optional.of("us-east-1") : Optional.empty())
                .map(Region::of)
                .ifPresent(region);
    }

    private S3Configuration configuration() {
        return S3Configuration.builder()
                .pathStyleAccessEnabled(settings.style() == AddressStyle.PATH)
                .chunkedEncodingEnabled(false)
                .build();
    }

    private AwsCredentialsProvider credentials() {
        return settings.credentials()
                .<AwsCredentialsProvider>map(StaticCredentialsProvider::create)
                .orElseGet(() -> DefaultCredentialsProvider.builder().build());
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (settings.given().isEmpty()) {
            client.ifPresent(S3Client::close);
        }
        client = Optional.empty();
    }
}
