package dev.candlewick.source.binance;

import dev.candlewick.Batches;
import dev.candlewick.Cadence;
import dev.candlewick.Dataset;
import dev.candlewick.Estimate;
import dev.candlewick.Gap;
import dev.candlewick.LedgerEntry;
import dev.candlewick.Refused;
import dev.candlewick.Revisable;
import dev.candlewick.Series;
import dev.candlewick.Source;
import dev.candlewick.TimeRange;
import dev.candlewick.TimeRanges;
import dev.candlewick.source.binance.ArchiveFile.Span;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Candles and ticks from archive files that lie in a directory, as a downloader left them: nobody is asked, the network is not
 * touched.
 *
 * <pre>{@code
 * try (ArchiveDirectorySource archive = ArchiveDirectorySource.of(Path.of("/data/download"));
 *         Batches candles = archive.read(
 *                 Series.parse("BINANCE:SPOT_PAIR:BTC-USDT/candles:1m"), TimeRange.month("2024-01"))) {
 *     for (Batch batch : candles) {
 *         ...
 *     }
 * }
 * }</pre>
 *
 * <p>Folders may be nested in any way; {@code SYMBOL-INTERVAL-DATE.zip} or {@code .csv} names symbol, interval and day
 * or month, and a folder named {@code spot}, {@code um} or {@code cm} the market. Files of a month are believed before
 * those of its days, which fill what it lacks. A file is proven by the {@code .CHECKSUM} beside it, as the
 * {@link ChecksumPolicy} says; without one it is read and the provenance says so.
 *
 * <p>A file that is damaged is set aside with the reason, and the rest goes on: its stretch is quarantined, and asked for
 * again at once. Rows that a good file lacks are a hole of the archive. A stretch of which there is no file stays unknown:
 * that it is not on disk proves nothing.
 *
 * <p>Trades, aggregated trades and what else the archive has besides candles are read where they lie as in the archive,
 * {@code data/futures/um/daily/trades/BTCUSDT/BTCUSDT-trades-2024-01-31.zip}. A number that is missing among trades is a
 * hole of the archive.
 *
 * <p>Links that lead out of the directory are not followed. Files may be added and replaced at any time. Thread-safe.
 */
public final class ArchiveDirectorySource implements Source, Revisable {

    private final String name;
    private final ArchiveTree tree;
    private final DirectoryFiles files;
    private final DirectoryTickFiles tickFiles;
    private final DirectoryTicks directoryTicks;
    private final Clock clock;

    private ArchiveDirectorySource(Builder builder, Path root) {
        this.name = "archive:" + builder.directory;
        this.clock = builder.clock;
        this.tree = new ArchiveTree(root, builder.market, builder.wanted(), builder.ticker);
        this.files = new DirectoryFiles(
                root, builder.checksumPolicy, builder.clock, builder.opening, builder.repair, builder.listener);
        this.tickFiles = new DirectoryTickFiles(root, builder.checksumPolicy, builder.clock, builder.wanted());
        this.directoryTicks = new DirectoryTicks(root, builder.wanted());
    }

    /**
     * The files of a directory.
     *
     * @throws Refused when there is no such directory
     */
    public static ArchiveDirectorySource of(Path directory) {
        return builder(directory).build();
    }

    /** Starts a source with settings of its own. */
    public static Builder builder(Path directory) {
        return new Builder(directory);
    }

    /** {@code archive:} and the directory as it was given. */
    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean serves(Series series) {
        Optional<Market> market = market(series);
        return ticks(series).isPresent()
                || (market.isPresent()
                        && series.cadence() instanceof Cadence.Grid grid
                        && grid.zone().equals(ZoneOffset.UTC)
                        && market.get().intervals().contains(grid.interval())
                        && series.dataset().equals(Dataset.candles(grid.interval())));
    }

    /** Which subjects and intervals there are instead. */
    @Override
    public String refusal(Series series) {
        Optional<Market> market = market(series);
        return market.isEmpty()
                ? name + " has no " + series + "; it has candles of BINANCE:SPOT_PAIR:…, BINANCE-FUTURES:… and"
                        + " BINANCE-DELIVERY:…"
                : name + " has no " + series + "; of " + series.subject() + " it may have candles of "
                        + market.get().intervals() + ", in UTC, and "
                        + TickKind.servedOn(market.get());
    }

    /**
     * Reads candles by open time, everything else by the venue's time. No file is opened before the first batch is asked for.
     *
     * @throws Refused when the series is none that the archive has files of
     */
    @Override
    public Batches read(Series series, TimeRange range) {
        Optional<TickRequest> ticks = ticks(series);
        if (ticks.isPresent()) {
            return ticks.get().kind().isLarge()
                    ? TradeReader.batches(name, ticks.get(), range)
                    : EventReader.batches(name, ticks.get(), range);
        }
        Cadence.Grid grid = grid(series);
        return DirectoryReader.batches(name, tree, files, key(series, grid), series, grid, range, clock);
    }

    /** How many files reading the range would open if none lacks anything, and their bytes. */
    @Override
    public Estimate estimate(Series series, TimeRange range) {
        if (ticks(series).isPresent()) {
            return Estimate.unknown();
        }
        Cadence.Grid grid = grid(series);
        ArchiveTree.Key key = key(series, grid);
        Map<String, Long> requests = new HashMap<>();
        long bytes = 0;
        for (TimeRange period : DirectoryReader.periods(grid, range)) {
            TimeRanges missing = TimeRanges.of(period.intersection(range).orElseThrow());
            for (ArchiveFolder.Entry entry : DirectoryReader.filesOf(tree, key, grid, period)) {
                if (!missing.within(entry.file().period()).isEmpty()) {
                    missing = missing.minus(entry.file().period());
                    requests.merge("directory-" + entry.file().span().folder(), 1L, Long::sum);
                    bytes += files.size(entry);
                }
            }
        }
        long rows = grid.slots(range).map(grid::opens).orElse(0L);
        return new Estimate(requests, 0, rows, OptionalLong.of(bytes), "");
    }

    /**
     * The series that files are there of, candles and ticks, sorted. Their subjects are told from the symbols by the assets that Binance
     * quotes in; {@link #overlooked} names symbols of candles of which that cannot be told. These, and the ticks of such
     * symbols, can be read by their subject all the same.
     */
    public List<Series> series() {
        Stream<Series> candles = tree.folders().keySet().stream()
                .flatMap(key -> SymbolParts.subject(key.market(), key.symbol()).stream()
                        .map(subject -> new Series(subject, Dataset.candles(key.interval()))));
        Stream<Series> ticks = directoryTicks.keys().stream()
                .flatMap(key -> SymbolParts.subject(key.market(), key.symbol()).stream()
                        .map(subject -> new Series(subject, key.kind().dataset())));
        return Stream.concat(candles, ticks).filter(this::serves).sorted().toList();
    }

    /** Binance's own name of a series' instrument, as its files carry it: {@code BTCUSDT}. Opens none. */
    public String symbol(Series series) {
        return ticks(series)
                .map(TickRequest::symbol)
                .orElseGet(() -> key(series, grid(series)).symbol());
    }

    /** The stretches that files of a series are there for, whatever is in them. Opens none. */
    public TimeRanges onDisk(Series series) {
        Optional<TickRequest> ticks = ticks(series);
        if (ticks.isPresent()) {
            TickRequest of = ticks.get();
            return TimeRanges.of(directoryTicks.periods(new DirectoryTicks.Key(of.market(), of.kind(), of.symbol())));
        }
        Cadence.Grid grid = grid(series);
        List<TimeRange> periods = new ArrayList<>();
        for (ArchiveFolder folder : tree.folders().getOrDefault(key(series, grid), List.of())) {
            folder.all().forEach(entry -> periods.add(entry.file().period()));
        }
        return TimeRanges.of(periods);
    }

    /**
     * The files of a series that another one of the same day or month is believed instead of although it holds something
     * else, each with that other one, for people; a hundred at most. Opens both where there are two.
     */
    public List<String> contested(Series series) {
        if (ticks(series).isPresent()) {
            return List.of(); // which of two files of a day is read is told by their numbers, and in the provenance
        }
        ArchiveTree.Key key = key(series, grid(series));
        Map<String, ArchiveFolder.Entry> believed = new HashMap<>();
        List<String> contested = new ArrayList<>();
        for (ArchiveFolder.Entry entry : tree.files(key)) {
            ArchiveFolder.Entry first = believed.putIfAbsent(entry.name().stem(), entry);
            if (first != null && contested.size() < 100 && !files.same(first, entry)) {
                contested.add(entry + ": holds something else than " + first + ", which is believed");
            }
        }
        return contested;
    }

    /** What of candles lies in the directory and is not read or not listed, each with the reason, for people; a hundred at most. */
    public List<String> overlooked() {
        List<String> all = new ArrayList<>(tree.overlooked());
        tree.folders().keySet().stream()
                .flatMap(
                        key -> unlisted(key)
                                .map(why -> key.symbol() + " " + key.interval() + " of " + key.market() + ": " + why)
                                .stream())
                .sorted()
                .limit(100)
                .forEach(all::add);
        return all;
    }

    private static Optional<String> unlisted(ArchiveTree.Key key) {
        return !key.market().intervals().contains(key.interval())
                ? Optional.of("Binance has no candles of this interval")
                : SymbolParts.subject(key.market(), key.symbol()).isEmpty()
                        ? Optional.of("which part of the symbol is the quote asset is not known here; name the subject")
                        : Optional.empty();
    }

    /**
     * Compares the files that a unit was made from with what lies there now, by checksum, and looks for files that came
     * since for stretches without rows.
     */
    @Override
    public Optional<String> changed(LedgerEntry entry) {
        if (!serves(entry.series())) {
            return Optional.empty();
        }
        Set<String> known = new HashSet<>();
        for (dev.candlewick.Answer answer : entry.answers()) {
            if (answer.route().equals(route(Span.DAILY)) || answer.route().equals(route(Span.MONTHLY))) {
                known.add(answer.request());
                Optional<String> version = ticks(entry.series()).isPresent()
                        ? tickFiles.version(answer.request())
                        : files.version(answer.request());
                if (version.isPresent() && !version.get().equals(answer.version())) {
                    return Optional.of(answer.request() + " was replaced");
                }
            }
        }
        if (ticks(entry.series()).isPresent()) {
            return Optional.empty();
        }
        Cadence.Grid grid = grid(entry.series());
        TimeRanges holes = TimeRanges.of(entry.gaps().stream().map(Gap::range).toList());
        for (TimeRange period : known.isEmpty() ? List.<TimeRange>of() : DirectoryReader.periods(grid, entry.unit())) {
            for (ArchiveFolder.Entry file : DirectoryReader.filesOf(tree, key(entry.series(), grid), grid, period)) {
                if (!known.contains(file.path())
                        && !holes.within(file.file().period()).isEmpty()) {
                    return Optional.of(file + " has come since");
                }
            }
        }
        return Optional.empty();
    }

    /** Does nothing: no file stays open between readings. */
    @Override
    public void close() {}

    @Override
    public String toString() {
        return name;
    }

    private static String route(Span span) {
        return "directory-" + span.folder();
    }

    private static Optional<Market> market(Series series) {
        return Arrays.stream(Market.values())
                .filter(market -> Symbols.belongs(market, series.subject()))
                .findFirst();
    }

    private Optional<TickRequest> ticks(Series series) {
        return market(series)
                .flatMap(market -> TickKind.of(series.dataset())
                        .filter(kind -> kind.isOn(market))
                        .map(kind -> new TickRequest(
                                series,
                                kind,
                                market,
                                Symbols.symbol(market, series.subject()),
                                tickFiles,
                                Optional.empty(),
                                ArchiveLag.USUAL,
                                clock)));
    }

    private Cadence.Grid grid(Series series) {
        if (!serves(series) || !(series.cadence() instanceof Cadence.Grid grid)) {
            throw new Refused(refusal(series));
        }
        return grid;
    }

    private static ArchiveTree.Key key(Series series, Cadence.Grid grid) {
        Market market = market(series).orElseThrow();
        String symbol = Symbols.symbol(market, series.subject());
        return new ArchiveTree.Key(market, ArchiveName.composed(symbol), grid.interval());
    }

    /** Collects the settings of a source. Not thread-safe. */
    public static final class Builder {

        private final Path directory;
        private Optional<Market> market = Optional.empty();
        private Optional<String> pattern = Optional.empty();
        private ChecksumPolicy checksumPolicy = ChecksumPolicy.QUARANTINE;
        private Clock clock = Clock.systemUTC();
        private LongSupplier ticker = System::nanoTime;
        private Consumer<ArchiveFileReport> listener = report -> {};
        private Optional<DirectoryFiles.Repair> repair = Optional.empty();
        private DirectoryFiles.Opening opening = DirectoryFiles.Opening.ON_DISK;

        private Builder(Path directory) {
            this.directory = directory;
        }

        /** Sets the market of files whose place below the directory does not tell it. */
        public Builder market(Market market) {
            this.market = Optional.of(market);
            return this;
        }

        /**
         * Looks only at files whose path below the directory, or whose name, matches a glob such as
         * {@code BTC*-1m-2024-*.zip} or {@code futures/um/**}.
         */
        public Builder matching(String glob) {
            try {
                FileSystems.getDefault().getPathMatcher("glob:" + glob);
            } catch (java.util.regex.PatternSyntaxException unreadable) {
                throw new IllegalArgumentException(
                        "'" + glob + "' is no pattern: " + unreadable.getDescription(), unreadable);
            }
            this.pattern = Optional.of(glob);
            return this;
        }

        /** Sets what becomes of files whose checksum does not prove them (default {@link ChecksumPolicy#QUARANTINE}). */
        public Builder checksumPolicy(ChecksumPolicy policy) {
            this.checksumPolicy = policy;
            return this;
        }

        /** Fetches files that turn out bad again, once each, and reads the proven ones. The download stays open. */
        public Builder repairingFrom(ArchiveDownload download) {
            this.repair = Optional.of(download::replace);
            return this;
        }

        /** Hears of every file that was read or set aside, from the threads that read; be quick. */
        public Builder onFile(Consumer<ArchiveFileReport> listener) {
            this.listener = listener;
            return this;
        }

        /** Sets the clock that decides which candles have closed. */
        public Builder clock(Clock clock) {
            this.clock = clock;
            return this;
        }

        Builder ticker(LongSupplier nanoseconds) {
            this.ticker = nanoseconds;
            return this;
        }

        Builder opening(DirectoryFiles.Opening opening) {
            this.opening = opening;
            return this;
        }

        /**
         * The source.
         *
         * @throws Refused when there is no such directory
         */
        public ArchiveDirectorySource build() {
            try {
                Path root = directory.toRealPath();
                if (Files.isDirectory(root)) {
                    return new ArchiveDirectorySource(this, root);
                }
            } catch (IOException unreachable) {
                throw new Refused(
                        "There is no archive at " + directory + ": no such directory, or one that cannot be entered."
                                + " 'candlewick download' begins one",
                        unreachable);
            }
            throw new Refused("There is no archive at " + directory + ": it is a file, and an archive is a directory");
        }

        private Predicate<String> wanted() {
            if (pattern.isEmpty()) {
                return path -> true;
            }
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern.get());
            return path -> {
                Path whole = Path.of(path);
                Path last = whole.getFileName();
                return matcher.matches(whole) || (last != null && matcher.matches(last));
            };
        }
    }
}
