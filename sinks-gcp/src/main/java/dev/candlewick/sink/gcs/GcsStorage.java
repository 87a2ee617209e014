package dev.candlewick.sink.gcs;

import com.google.api.client.http.HttpTransport;
import com.google.api.services.storage.model.Objects;
import com.google.api.services.storage.model.StorageObject;
import com.google.auth.Credentials;
import com.google.auth.http.HttpTransportFactory;
import com.google.cloud.NoCredentials;
import com.google.cloud.http.HttpTransportOptions;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import dev.candlewick.Corrupt;
import dev.candlewick.MarketDataException;
import dev.candlewick.Unavailable;
import dev.candlewick.Unconfirmed;
import dev.candlewick.sink.gcp.internal.Login;
import dev.candlewick.sink.gcs.Retries.Fate;
import dev.candlewick.sink.gcs.Retries.GaveUp;
import dev.candlewick.sink.parquet.objects.ObjectBytes;
import dev.candlewick.sink.parquet.objects.ObjectHead;
import dev.candlewick.sink.parquet.objects.ObjectListing;
import dev.candlewick.sink.parquet.objects.ObjectNames;
import dev.candlewick.sink.parquet.objects.ObjectPart;
import dev.candlewick.sink.parquet.objects.ObjectStorage;
import dev.candlewick.sink.parquet.objects.ObjectVersion;
import dev.candlewick.sink.parquet.objects.Precondition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Objects in a bucket of Google Cloud Storage.
 *
 * <pre>{@code
 * try (Store store = ParquetStore.on(GcsStorage.at("my-bucket/lake"))) {
 *     ...
 * }
 * }</pre>
 *
 * <p>A version is an object's generation. Every write and deletion carries the generation that must be there, so that
 * two machines cannot overwrite each other, and what was sent twice happens once. A write up to a chunk (8 MiB) is one
 * request; a larger one is an upload in chunks that goes on where it broke off.
 *
 * <p>Checksums: every write is sent with its CRC32C, which the service compares, and the one that it answers is compared
 * again. A read of a whole object is compared with the CRC32C that comes with it. <b>A stretch of an object has no
 * checksum at Cloud Storage</b>: there its length is checked, and what is in it is for the format, as Parquet's page
 * checksums do.
 *
 * <p>What may go better is tried again with growing pauses, within the attempts and the patience of the builder;
 * {@code Retry-After} is kept. Interrupts end a call at once, except on the transport of a client that was given by the
 * caller, which notices them when it likes.
 *
 * <p>Safe for many threads.
 */
public final class GcsStorage implements ObjectStorage {

    private static final int MOST_DOWNLOADS = 3;
    private static final int MOST_DAMAGED_UPLOADS = 3;
    private static final Duration LONGEST_SIGNATURE = Duration.ofDays(7);

    private final String name;
    private final String bucket;
    private final Paths paths;
    private final Failures failures;
    private final Retries retries;
    private final Downloads downloads;
    private final Uploads uploads;
    private final SignedUrls signedUrls;
    private final int pageSize;
    private final Runnable closing;

    private GcsStorage(Builder builder) {
        CallWatch watch = new CallWatch();
        StorageOptions options;
        HttpTransport transport;
        Supplier<Storage> signer;
        if (builder.client.isPresent()) {
            Storage client = builder.client.get();
            options = client.getOptions();
            if (!(options.getTransportOptions() instanceof HttpTransportOptions http)) {
                throw new IllegalArgumentException(
                        "The given client speaks gRPC; give one of StorageOptions.http(), or none");
            }
            transport = http.getHttpTransportFactory().create();
            signer = () -> client;
            closing = () -> {};
        } else {
            HttpTransport own = AbortableClient.transport(watch);
            transport = own;
            options = builder.options(() -> own);
            signer = options::getService;
            closing = () -> {
                try {
                    own.shutdown();
                } catch (IOException left) {
                    throw new java.io.UncheckedIOException("Connections of " + name() + " cannot be closed", left);
                }
            };
        }
        HttpTransportOptions http = (HttpTransportOptions) options.getTransportOptions();
        String prefix = builder.prefix.isEmpty() ? "" : builder.prefix + "/";
        this.bucket = builder.bucket;
        this.name = "gcs:" + bucket + (prefix.isEmpty() ? "" : "/" + builder.prefix);
        this.paths = new Paths(bucket, prefix, builder.userProject);
        this.failures = new Failures(bucket, builder.clock);
        Requests requests = new Requests(transport, http.getHttpRequestInitializer(options), options.getHost(), watch);
        this.retries = new Retries(requests, failures, builder.timeouts, builder.attempts, builder.clock);
        this.downloads = new Downloads(retries, failures, paths);
        this.uploads = new Uploads(retries, paths, builder.chunkBytes);
        this.signedUrls = new SignedUrls(name, bucket, builder.endpoint, signer);
        this.pageSize = builder.pageSize;
    }

    /**
     * A bucket, or what lies below a prefix in one, with the usual credentials.
     *
     * @param place {@code bucket} or {@code bucket/prefix}
     * @throws dev.candlewick.Refused when there are no credentials
     */
    public static GcsStorage at(String place) {
        return builder(place).build();
    }

    /**
     * As {@link #at}, with choices.
     *
     * @throws IllegalArgumentException when the place can be none
     */
    public static Builder builder(String place) {
        return new Builder(place);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Optional<ObjectHead> head(String object) {
        return find(object, "Asking for ").map(Found::head);
    }

    private Optional<Found> find(String object, String doing) {
        String full = paths.full(object);
        Answer answer = retries.ask(new Call(doing + of(object), "GET", paths.object(full, "fields=" + Found.FIELDS)));
        if (answer.status() == 404 && !answer.saysNoBucket()) {
            return Optional.empty();
        }
        if (answer.status() != 200) {
            throw failures.of(answer);
        }
        return Optional.of(Found.of(answer, object));
    }

    @Override
    public Optional<ObjectPart> read(String object, Optional<ObjectVersion> version, long offset, int count) {
        if (offset < 0 || count < 0) {
            throw new IllegalArgumentException("There are no " + count + " bytes at " + offset);
        }
        return stretch(object, version, offset, count);
    }

    @Override
    public Optional<ObjectPart> readEnd(String object, int count) {
        if (count < 0) {
            throw new IllegalArgumentException("There are no last " + count + " bytes");
        }
        return stretch(object, Optional.empty(), Downloads.FROM_THE_END, count);
    }

    private Optional<ObjectPart> stretch(String object, Optional<ObjectVersion> version, long offset, int count) {
        String doing = "Reading " + of(object);
        String full = paths.full(object);
        if (count == 0) {
            return nothing(object, version, offset);
        }
        for (int attempt = 1; ; attempt++) {
            Downloads.Outcome outcome = downloads.read(doing, object, full, version, offset, count);
            if (outcome.part().isPresent() || outcome.kind() == Downloads.Kind.ABSENT) {
                return outcome.part();
            }
            if (outcome.kind() == Downloads.Kind.BEHIND_THE_END) {
                return nothing(object, version, offset);
            }
            if (attempt == MOST_DOWNLOADS) {
                throw outcome.kind() == Downloads.Kind.DAMAGED
                        ? new Corrupt(doing + ": " + MOST_DOWNLOADS + " times the bytes that came did not have the"
                                + " CRC32C that Cloud Storage names; see whether a proxy between changes them. "
                                + outcome.detail())
                        : new Unavailable(doing + ": " + MOST_DOWNLOADS + " times other bytes came than were asked for;"
                                + " run it again later. " + outcome.detail());
            }
        }
    }

    /** Where there is nothing to read of an object, it has to be asked for by itself. */
    private Optional<ObjectPart> nothing(String object, Optional<ObjectVersion> version, long offset) {
        return find(object, "Reading ")
                .map(Found::head)
                .filter(head -> version.isEmpty() || version.get().equals(head.version()))
                .map(head ->
                        new ObjectPart(head, offset == Downloads.FROM_THE_END ? head.bytes() : offset, new byte[0]));
    }

    @Override
    public Optional<ObjectHead> write(String object, ObjectBytes bytes, Precondition precondition) {
        String doing = "Writing " + of(object);
        String full = paths.full(object);
        Content content = Content.of(doing, bytes);
        for (int attempt = 1; ; attempt++) {
            Answer answer;
            try {
                answer = uploads.send(doing, full, content, precondition);
            } catch (GaveUp gaveUp) {
                return settle(object, content, precondition, gaveUp);
            }
            if (answer.status() == 200 || answer.status() == 201) {
                Found written = Found.of(answer, object);
                if (!written.has(content)) {
                    throw new Corrupt(doing + ": Cloud Storage stored other bytes than were sent: CRC32C "
                            + written.crc32c() + " instead of " + content.crc32c() + "; run it again");
                }
                return Optional.of(written.head());
            }
            if (answer.status() == 412) {
                return find(object, "Writing ")
                        .filter(there -> there.has(content))
                        .map(Found::head);
            }
            boolean damaged = answer.status() == 400 && answer.errorMessage().contains("match calculated");
            if (damaged && attempt == MOST_DAMAGED_UPLOADS) {
                throw new Corrupt(
                        doing + ": " + MOST_DAMAGED_UPLOADS + " times other bytes arrived than were sent"
                                + " (Cloud Storage compares CRC32C and stored nothing); see whether a proxy between changes them");
            }
            if (!damaged) {
                throw failures.of(answer);
            }
        }
    }

    /** Finds out what became of a write that nobody confirmed. */
    private Optional<ObjectHead> settle(String object, Content content, Precondition precondition, GaveUp gaveUp) {
        if (gaveUp.fate() == Fate.NOT_DONE) {
            throw gaveUp.failure();
        }
        Optional<Found> there = ask(object, gaveUp);
        if (there.isPresent() && there.get().has(content)) {
            return Optional.of(there.get().head());
        }
        if (!there.map(found -> found.head().version()).equals(precondition.version())) {
            return Optional.empty();
        }
        throw unsettled(gaveUp);
    }

    @Override
    public boolean delete(String object, ObjectVersion version) {
        String doing = "Deleting " + of(object);
        String full = paths.full(object);
        try {
            Answer answer = retries.send(new Call(
                    doing, "DELETE", paths.object(full, "ifGenerationMatch=" + Paths.encoded(version.text()))));
            if (answer.status() == 204
                    || answer.status() == 200
                    || (answer.status() == 404 && !answer.saysNoBucket())) {
                return true;
            }
            if (answer.status() == 412) {
                return find(object, "Deleting ").isEmpty();
            }
            throw failures.of(answer);
        } catch (GaveUp gaveUp) {
            if (gaveUp.fate() == Fate.NOT_DONE) {
                throw gaveUp.failure();
            }
            Optional<Found> there = ask(object, gaveUp);
            if (there.isPresent() && there.get().head().version().equals(version)) {
                throw unsettled(gaveUp);
            }
            return there.isEmpty();
        }
    }

    private Optional<Found> ask(String object, GaveUp gaveUp) {
        try {
            return find(object, "Settling the write of ");
        } catch (dev.candlewick.Cancelled asked) {
            throw asked;
        } catch (MarketDataException silent) {
            Unconfirmed unknown = new Unconfirmed(
                    gaveUp.failure().getMessage() + ". Whether it happened cannot be asked either: "
                            + silent.getMessage(),
                    gaveUp.failure());
            unknown.addSuppressed(silent);
            throw unknown;
        }
    }

    // What is still on its way may happen after it was found not to have.
    private static MarketDataException unsettled(GaveUp gaveUp) {
        return gaveUp.fate() == Fate.ON_ITS_WAY
                ? new Unconfirmed(
                        gaveUp.failure().getMessage() + ". It has not happened so far, but still may", gaveUp.failure())
                : gaveUp.failure();
    }

    @Override
    public ObjectListing list(String prefix) {
        String full = paths.fullPrefix(prefix);
        String query = "delimiter=%2F&prefix=" + Paths.encoded(full) + "&maxResults=" + pageSize
                + "&fields=nextPageToken,prefixes,items(name,generation,size,updated)";
        String doing = "Listing " + of(prefix);
        List<ObjectHead> objects = new ArrayList<>();
        TreeSet<String> prefixes = new TreeSet<>();
        Optional<String> token = Optional.empty();
        do {
            Answer answer = retries.ask(new Call(
                    doing,
                    "GET",
                    paths.objects(query
                            + token.map(next -> "&pageToken=" + Paths.encoded(next))
                                    .orElse(""))));
            if (answer.status() != 200) {
                throw failures.of(answer);
            }
            Objects page = answer.as(Objects.class);
            for (StorageObject item : page.getItems() == null ? List.<StorageObject>of() : page.getItems()) {
                // Consoles make empty objects to show a folder; no object of ours ends so.
                if (!item.getName().endsWith("/")) {
                    objects.add(Found.of(answer.call(), item, paths.relative(item.getName()))
                            .head());
                }
            }
            for (String below : page.getPrefixes() == null ? List.<String>of() : page.getPrefixes()) {
                prefixes.add(paths.relative(below));
            }
            Optional<String> next = Optional.ofNullable(page.getNextPageToken());
            if (next.isPresent() && next.equals(token)) {
                throw new Unavailable(doing + ": the same page comes again and again; run it again later");
            }
            token = next;
        } while (token.isPresent());
        objects.sort(Comparator.comparing(ObjectHead::name));
        return new ObjectListing(objects, List.copyOf(prefixes));
    }

    /**
     * {@inheritDoc}
     *
     * <p>Of version 4, for at most seven days. Credentials of a service account sign by themselves; those of a machine in
     * the cloud ask IAM to sign, which needs {@code iam.serviceAccounts.signBlob}. Whoever has the address may read: keep
     * it as a secret until it expires.
     */
    @Override
    public URI signedUrl(String object, Duration validity) {
        if (validity.compareTo(Duration.ofSeconds(1)) < 0 || validity.compareTo(LONGEST_SIGNATURE) > 0) {
            throw new IllegalArgumentException("A signed address is valid for a second to seven days, not " + validity);
        }
        return signedUrls.of(paths.full(object), validity);
    }

    /** Ends the connections; a client that was given stays as it is. */
    @Override
    public void close() {
        closing.run();
    }

    /** The address without secrets. */
    @Override
    public String toString() {
        return name;
    }

    private String of(String object) {
        return name + "/" + object;
    }

    /** Choices for a {@link GcsStorage}. For one thread. */
    public static final class Builder {

        private static final int CHUNK_GRAIN = 256 << 10;
        private static final int LARGEST_CHUNK = 256 << 20;
        private static final int MOST_LISTED = 1_000;

        private enum Access {
            USUAL,
            FILE,
            NONE
        }

        private final String bucket;
        private final String prefix;
        private Optional<String> project = Optional.empty();
        private Optional<String> userProject = Optional.empty();
        private Optional<URI> endpoint = Optional.empty();
        private Optional<Storage> client = Optional.empty();
        private Access access = Access.USUAL;
        private Path credentials = Path.of("");
        private Timeouts timeouts = Timeouts.DEFAULT;
        private int attempts = 6;
        private int chunkBytes = 8 << 20;
        private int pageSize = MOST_LISTED;
        private Clock clock = Clock.systemUTC();

        private Builder(String place) {
            int slash = place.indexOf('/');
            this.bucket = slash < 0 ? place : place.substring(0, slash);
            String rest = slash < 0 ? "" : place.substring(slash + 1);
            this.prefix = rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
            if (!bucket.matches("[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")) {
                throw new IllegalArgumentException("'" + bucket
                        + "' is no bucket: expected BUCKET or BUCKET/PREFIX, where a bucket has 3 or more of a-z, 0-9,"
                        + " '-', '_' and '.'");
            }
            if (!prefix.isEmpty()) {
                ObjectNames.checked(prefix);
            }
        }

        /** The project, where the credentials do not name one. No request depends on it but that of a client. */
        public Builder project(String id) {
            project = Optional.of(id);
            return this;
        }

        /** The project that pays for requests to a bucket whose requester pays. */
        public Builder userProject(String id) {
            userProject = Optional.of(id);
            return this;
        }

        /**
         * Another address than {@code https://storage.googleapis.com}: an emulator, a private endpoint.
         *
         * @throws IllegalArgumentException when it is no {@code http:} or {@code https:} address of a host
         */
        public Builder endpoint(URI address) {
            boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
            if (!http
                    || address.getHost() == null
                    || address.getRawUserInfo() != null
                    || address.getRawQuery() != null) {
                throw new IllegalArgumentException(
                        "An endpoint is http://HOST:PORT or https://HOST, without user, password and query");
            }
            endpoint = Optional.of(address);
            return this;
        }

        /** Credentials of a file as Google hands it out; read when this is built. */
        public Builder credentials(Path file) {
            access = Access.FILE;
            credentials = file;
            return this;
        }

        /** No credentials: for emulators, and for reading public buckets. */
        public Builder withoutCredentials() {
            access = Access.NONE;
            return this;
        }

        /**
         * What the environment says where nothing was said here: {@code GCP_CREDENTIALS_PATH} or
         * {@code GOOGLE_APPLICATION_CREDENTIALS}, {@code GCP_PROJECT_ID}, {@code GCS_USER_PROJECT}, {@code GCS_ENDPOINT},
         * or {@code STORAGE_EMULATOR_HOST}, with which there are no credentials.
         */
        public Builder settingsFrom(Map<String, String> environment) {
            String emulator = environment.getOrDefault("STORAGE_EMULATOR_HOST", "");
            String address = environment.getOrDefault("GCS_ENDPOINT", "");
            boolean emulated = address.isBlank() && !emulator.isBlank();
            String file = environment.getOrDefault("GCP_CREDENTIALS_PATH", "");
            file = file.isBlank() ? environment.getOrDefault("GOOGLE_APPLICATION_CREDENTIALS", "") : file;
            if (endpoint.isEmpty() && !(address + emulator).isBlank()) {
                endpoint(uri(emulated ? emulator : address));
            }
            if (access == Access.USUAL && emulated) {
                withoutCredentials();
            } else if (access == Access.USUAL && !file.isBlank()) {
                credentials(Path.of(file));
            }
            project = project.or(() -> present(environment, "GCP_PROJECT_ID"));
            userProject = userProject.or(() -> present(environment, "GCS_USER_PROJECT"));
            return this;
        }

        /**
         * A client of the caller's, over HTTP; its credentials, endpoint, transport and timeouts are used, and its retries
         * are not. {@link GcsStorage#close} leaves it open.
         */
        public Builder client(Storage open) {
            client = Optional.of(open);
            return this;
        }

        /** How long to wait for a connection; 10 seconds unless said otherwise. */
        public Builder connectTimeout(Duration time) {
            timeouts = timeouts.connect(time);
            return this;
        }

        /** How long a connection may be silent; a minute unless said otherwise. */
        public Builder responseTimeout(Duration time) {
            timeouts = timeouts.silence(time);
            return this;
        }

        /** How long one request may take; 3 minutes unless said otherwise, in which a chunk must be sent or read. */
        public Builder requestTimeout(Duration time) {
            timeouts = timeouts.request(time);
            return this;
        }

        /** For how long something is tried again; 3 minutes unless said otherwise. */
        public Builder patience(Duration time) {
            timeouts = timeouts.patience(time);
            return this;
        }

        /** How often something is tried; 6 times unless said otherwise. */
        public Builder attempts(int most) {
            if (most < 1 || most > 100) {
                throw new IllegalArgumentException("Something is tried from 1 to 100 times, not " + most);
            }
            attempts = most;
            return this;
        }

        /**
         * How large a write in one request may be, and each chunk of a larger one, which is held in memory; 8 MiB unless
         * said otherwise.
         *
         * @param bytes a multiple of 256 KiB
         */
        public Builder chunkBytes(int bytes) {
            if (bytes < CHUNK_GRAIN || bytes > LARGEST_CHUNK || bytes % CHUNK_GRAIN != 0) {
                throw new IllegalArgumentException(
                        "A chunk is a multiple of 256 KiB up to 256 MiB, not " + bytes + " bytes");
            }
            chunkBytes = bytes;
            return this;
        }

        /** The clock that {@code Retry-After} is measured by; the system's unless said otherwise. */
        public Builder clock(Clock with) {
            clock = with;
            return this;
        }

        Builder pageSize(int most) {
            pageSize = most;
            return this;
        }

        /**
         * The storage; nothing is asked of the service yet.
         *
         * @throws dev.candlewick.Refused when there are no credentials, or they may not be sent to the endpoint
         */
        public GcsStorage build() {
            return new GcsStorage(this);
        }

        private StorageOptions options(HttpTransportFactory transport) {
            StorageOptions.Builder options = StorageOptions.http()
                    .setTransportOptions(HttpTransportOptions.newBuilder()
                            .setHttpTransportFactory(transport)
                            .setConnectTimeout((int) timeouts.connect().toMillis())
                            .setReadTimeout((int) timeouts.silence().toMillis())
                            .build())
                    .setCredentials(credentials(transport))
                    // Without one the options would look for it on the network; no request here needs it.
                    .setProjectId(project.orElse("none"));
            endpoint.ifPresent(address -> options.setHost(address.toString()));
            return options.build();
        }

        private Credentials credentials(HttpTransportFactory transport) {
            boolean plain = endpoint.isPresent() && "http".equals(endpoint.get().getScheme());
            if (access == Access.NONE || (access == Access.USUAL && plain)) {
                return NoCredentials.getInstance();
            }
            if (plain && !isLoopback(endpoint.get().getHost())) {
                throw new dev.candlewick.Refused("Credentials are not sent to " + endpoint.get()
                        + ", where everybody on the way could read them; use https:, or withoutCredentials");
            }
            return access == Access.FILE
                    ? Login.of(credentials, transport)
                    : Login.usual(
                            transport,
                            "Cloud Storage",
                            "For a public bucket or an emulator use GcsStorage.Builder.withoutCredentials, or"
                                    + " STORAGE_EMULATOR_HOST");
        }

        private static boolean isLoopback(String host) {
            try {
                return InetAddress.getByName(host).isLoopbackAddress();
            } catch (UnknownHostException unknown) {
                return false;
            }
        }

        private static URI uri(String address) {
            try {
                return URI.create(address.contains("://") ? address : "http://" + address);
            } catch (IllegalArgumentException malformed) {
                throw new IllegalArgumentException(
                        "GCS_ENDPOINT or STORAGE_EMULATOR_HOST is no address; expected http://HOST:PORT or https://HOST");
            }
        }

        private static Optional<String> present(Map<String, String> environment, String variable) {
            return Optional.ofNullable(environment.get(variable)).filter(text -> !text.isBlank());
        }
    }
}
