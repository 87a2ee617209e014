package dev.candlewick.source.binance;

import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import dev.candlewick.MarketDataException;
import dev.candlewick.Refused;
import dev.candlewick.Unavailable;
import dev.candlewick.http.HttpRefused;
import dev.candlewick.http.HttpTransport;
import dev.candlewick.source.binance.ArchiveFile.Span;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Fetches kline files of Binance's public archive into a directory, in the archive's own folders and with their
 * checksums, for {@link ArchiveDirectorySource} or any other program to read.
 *
 * <pre>{@code
 * try (ArchiveDownload download = ArchiveDownload.into(Path.of("/data/download")).build()) {
 *     ArchiveDownloadReport report = download.run(ArchiveSelection.of(Market.SPOT)
 *             .symbols(List.of("BTCUSDT"))
 *             .within(TimeRanges.of(TimeRange.year(2024))));
 * }
 * }</pre>
 *
 * <p>A file that is there and that its checksum proves is left alone; any other is fetched. Files appear under their name
 * when they are whole and on disk, so a run may be killed at any time: the next one goes on. What the archive does not
 * have is counted, not failed. Runs side by side over the same directory are harmless. Thread-safe.
 */
public final class ArchiveDownload implements AutoCloseable {

    /** No file takes so long to fetch. */
    private static final Duration UNFINISHED_FOR = Duration.ofHours(6);

    private final Path directory;
    private final String baseUrl;
    private final HttpTransport http;
    private final ChecksumPolicy policy;
    private final Clock clock;
    private final int parallelism;
    private final Consumer<String> listener;
    private final Map<String, String> environment;
    private final BucketListing listing;
    private final Set<Path> tidied = ConcurrentHashMap.newKeySet();

    private ArchiveDownload(Builder builder) {
        this.directory = builder.directory.toAbsolutePath().normalize();
        this.baseUrl = builder.baseUrl;
        this.http = HttpTransport.create();
        this.policy = builder.policy;
        this.clock = builder.clock;
        this.parallelism = builder.parallelism;
        this.listener = builder.listener;
        this.environment = builder.environment;
        this.listing = new BucketListing(baseUrl, http);
    }

    /** Starts with the directory that files go to; it is made when the first file comes. */
    public static Builder into(Path directory) {
        return new Builder(directory);
    }

    /**
     * Every symbol that the archive lists of a market, delisted ones included, sorted; where it cannot be listed, those
     * that the venue names now.
     */
    public List<String> symbols(Market market) {
        TreeSet<String> symbols = new TreeSet<>();
        try {
            for (Span span : Span.values()) {
                listing.foldersIn(market.archiveRoot() + "/" + span.folder() + "/klines/")
                        .ifPresent(symbols::addAll);
            }
        } catch (Unavailable | HttpRefused | Corrupt cannotTell) {
            symbols.clear();
        }
        if (symbols.isEmpty()) {
            try (BinanceSource venue =
                    BinanceSource.builder(market).fromEnvironment(environment).build()) {
                venue.instruments().instruments().forEach(each -> symbols.add(each.rawSymbol()));
            }
        }
        symbols.removeIf(symbol -> !isName(symbol));
        return List.copyOf(symbols);
    }

    /**
     * Fetches what is missing of a selection; blocks until every file is there, not published or failed. One file that
     * fails never stops the others.
     *
     * @throws Refused when the directory cannot be written, or the archive refuses to serve at all
     * @throws Unavailable when the archive does not answer any more; what was fetched stays
     * @throws Cancelled when the thread is interrupted; what was fetched stays
     */
    public ArchiveDownloadReport run(ArchiveSelection selection) {
        ArchiveSelection named =
                selection.symbols().isEmpty() ? selection.symbols(symbols(selection.market())) : selection;
        makeFolder(directory);
        return new DownloadRun(this, named, !selection.symbols().isEmpty(), clock.instant(), parallelism).run();
    }

    /** Ends a run under way with {@link Cancelled}. */
    @Override
    public void close() {
        http.close();
    }

    /** Where from and where to. */
    @Override
    public String toString() {
        return baseUrl + " → " + directory;
    }

    BucketListing listing() {
        return listing;
    }

    void tell(String line) {
        listener.accept(line);
    }

    /** Has a file where it belongs. */
    ArchivedCopy.Result fetch(ArchiveFile file, ArchiveSelection selection) {
        try {
            Path path = directory.resolve(file.place());
            ArchivedCopy copy = copy(file, path);
            if (!selection.isRefreshing() && copy.isProven()) {
                return new ArchivedCopy.Result(ArchivedCopy.Outcome.THERE, 0, "");
            }
            Path folder = Objects.requireNonNull(path.getParent());
            makeFolder(folder);
            tidy(folder);
            return copy.renew();
        } catch (InvalidPathException unnameable) {
            return new ArchivedCopy.Result(
                    ArchivedCopy.Outcome.FAILED,
                    0,
                    file + ": this system cannot name the file (" + unnameable.getReason()
                            + "); set LC_ALL=C.UTF-8 and run again");
        } catch (IOException unwritable) {
            throw cannotWrite(unwritable);
        }
    }

    /** Replaces a file of a directory that turned out bad; why that did not work, if it did not. */
    Optional<String> replace(ArchiveFile file, Path path) {
        try {
            ArchivedCopy copy = copy(file, path);
            boolean proven = copy.isProven();
            ArchivedCopy.Result result = copy.renew();
            return switch (result.outcome()) {
                case FETCHED, UNPROVEN -> Optional.empty();
                case THERE ->
                    Optional.of(proven ? "the archive publishes just these bytes" : "no checksum is published");
                case NOT_PUBLISHED -> Optional.of("the archive does not have it");
                case FAILED -> Optional.of(result.note());
            };
        } catch (Cancelled stopped) {
            throw stopped;
        } catch (IOException | MarketDataException obstacle) {
            return Optional.of(String.valueOf(obstacle.getMessage()));
        }
    }

    private ArchivedCopy copy(ArchiveFile file, Path path) {
        return new ArchivedCopy(http, baseUrl + "/" + file.path(), file, path, policy);
    }

    /** Makes a folder below the directory, which no link may lead out of. */
    private void makeFolder(Path folder) {
        try {
            Path made = Files.createDirectories(folder);
            if (!made.toRealPath().startsWith(directory.toRealPath())) {
                throw new Refused(made + " is a link that leads out of " + directory + "; nothing is written there");
            }
            if (!Files.isWritable(made)) {
                throw new AccessDeniedException(made.toString());
            }
        } catch (IOException unwritable) {
            throw cannotWrite(unwritable);
        }
    }

    /** Removes what a run that was killed left half-written; what is younger may be another run's. */
    private void tidy(Path folder) throws IOException {
        if (!tidied.add(folder)) {
            return;
        }
        FileTime abandoned = FileTime.from(clock.instant().minus(UNFINISHED_FOR));
        try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(folder, ".*" + ArchivedCopy.UNFINISHED)) {
            for (Path file : unfinished) {
                if (Files.getLastModifiedTime(file).compareTo(abandoned) < 0) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException takenAwayByAnother) {
            // Just as well.
        }
    }

    private Refused cannotWrite(IOException failure) {
        String why = failure instanceof AccessDeniedException
                ? "permission denied"
                : failure instanceof FileAlreadyExistsException ? "it is a file" : String.valueOf(failure.getMessage());
        String where = failure instanceof java.nio.file.FileSystemException file && file.getFile() != null
                ? file.getFile()
                : directory.toString();
        return new Refused(
                "Cannot write to " + where + ": " + why
                        + ". Check the disk's space and the directory's owner and rights, then run again;"
                        + " what was fetched stays",
                failure);
    }

    private static boolean isName(String symbol) {
        try {
            ArchiveSelection.requireName(symbol);
            return true;
        } catch (IllegalArgumentException unfit) {
            return false;
        }
    }

    /** Collects the settings of a download. Not thread-safe. */
    public static final class Builder {

        private static final int DEFAULT_PARALLELISM = 4;

        // Files are small, and a public service is shared with everybody.
        private static final int MOST_PARALLELISM = 32;

        private final Path directory;
        private String baseUrl = Market.ARCHIVE_URL;
        private ChecksumPolicy policy = ChecksumPolicy.QUARANTINE;
        private Clock clock = Clock.systemUTC();
        private int parallelism = DEFAULT_PARALLELISM;
        private Consumer<String> listener = line -> {};
        private Map<String, String> environment = Map.of();

        private Builder(Path directory) {
            this.directory = directory;
        }

        /** Asks this address in place of {@code https://data.binance.vision}. */
        public Builder archiveBaseUrl(String url) {
            this.baseUrl = BinanceSource.Builder.address(url);
            return this;
        }

        /**
         * Takes the archive's address from {@code BINANCE_ARCHIVE_BASE_URL} and, for symbols that the archive cannot
         * list, the venue's as {@link BinanceSource.Builder#fromEnvironment} does.
         */
        public Builder fromEnvironment(Map<String, String> variables) {
            this.environment = Map.copyOf(variables);
            BinanceSource.Builder.setting(variables, Market.ARCHIVE_VARIABLE).ifPresent(this::archiveBaseUrl);
            return this;
        }

        /** Sets what becomes of files whose checksum does not prove them (default {@link ChecksumPolicy#QUARANTINE}). */
        public Builder checksumPolicy(ChecksumPolicy chosen) {
            this.policy = chosen;
            return this;
        }

        /** Sets the clock that decides which months are over. */
        public Builder clock(Clock chosen) {
            this.clock = chosen;
            return this;
        }

        /** Sets how many files are fetched at once, 1 to 32; 4 unless told otherwise. */
        public Builder parallelism(int files) {
            if (files < 1 || files > MOST_PARALLELISM) {
                throw new IllegalArgumentException(
                        "Parallelism is 1 to " + MOST_PARALLELISM + " files at once, not " + files);
            }
            this.parallelism = files;
            return this;
        }

        /**
         * Hears a line for every file fetched and for the first hundred that fail, from the threads of a run, one at a
         * time; be quick.
         */
        public Builder listener(Consumer<String> chosen) {
            this.listener = chosen;
            return this;
        }

        /** The download. */
        public ArchiveDownload build() {
            return new ArchiveDownload(this);
        }
    }
}
