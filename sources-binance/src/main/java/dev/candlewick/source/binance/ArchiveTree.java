package dev.candlewick.source.binance;

import dev.candlewick.Cancelled;
import dev.candlewick.Interval;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.source.binance.ArchiveFile.Span;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which kline files lie in a directory, however its folders are nested. It is looked through when that is first needed,
 * and again when the last look is older than a second and than twenty times what it took: a second program may add files
 * at any time, and a whole market has millions. Thread-safe.
 */
final class ArchiveTree {

    private static final long SHORTEST_LIFE_NANOS = 1_000_000_000;
    private static final int LIFE_PER_LOOK = 20;
    private static final int DEEPEST = 24;
    private static final int MOST_OVERLOOKED = 100;

    /** What Java puts in the place of bytes that are no letter in the system's encoding: such a name opens no file. */
    private static final char UNREADABLE = '\ufffd';

    /** Folders of the archive with other data, some under the very names of kline files. */
    private static final Set<String> OTHER_KINDS = Set.of(
            "aggTrades",
            "trades",
            "bookTicker",
            "bookDepth",
            "metrics",
            "fundingRate",
            "liquidationSnapshot",
            "option");

    /** Bigger periods first; then packed ones, which can be proven; then by place. */
    private static final Comparator<ArchiveFolder.Entry> PRECEDENCE = Comparator.comparing(
                    (ArchiveFolder.Entry entry) -> entry.file().span() == Span.MONTHLY ? 0 : 1)
            .thenComparing(entry -> entry.file().period())
            .thenComparing(entry -> entry.name().packing())
            .thenComparing(ArchiveFolder.Entry::path);

    private final Path root;
    private final Optional<Market> market;
    private final Predicate<String> wanted;
    private final LongSupplier ticker;

    private @Nullable Look look;
    private long lookedAt;
    private long life;

    /** Whose candles. */
    record Key(Market market, String symbol, Interval interval) {}

    /** What was found. */
    private record Look(Map<Key, List<ArchiveFolder>> folders, List<String> overlooked) {}

    /**
     * @param root the directory itself, without links
     * @param market what files are of whose place does not tell
     * @param wanted which paths below the root are looked at
     * @param ticker monotonic nanoseconds
     */
    ArchiveTree(Path root, Optional<Market> market, Predicate<String> wanted, LongSupplier ticker) {
        this.root = root;
        this.market = market;
        this.wanted = wanted;
        this.ticker = ticker;
    }

    /** The files of a series whose period begins in the stretch, in the order in which they are to be believed. */
    List<ArchiveFolder.Entry> files(Key key, TimeRange stretch) {
        List<ArchiveFolder.Entry> files = new ArrayList<>();
        for (ArchiveFolder folder : look().folders.getOrDefault(key, List.of())) {
            files.addAll(folder.startingIn(stretch));
        }
        files.sort(PRECEDENCE);
        return files;
    }

    /** All files of a series, in the order in which they are to be believed. */
    List<ArchiveFolder.Entry> files(Key key) {
        List<ArchiveFolder.Entry> files = new ArrayList<>();
        look().folders.getOrDefault(key, List.of()).forEach(folder -> files.addAll(folder.all()));
        files.sort(PRECEDENCE);
        return files;
    }

    /** All folders, by whose candles they hold. */
    Map<Key, List<ArchiveFolder>> folders() {
        return look().folders;
    }

    /** What lies there and is not read, with the reason; at most a hundred. */
    List<String> overlooked() {
        return look().overlooked;
    }

    private synchronized Look look() {
        Look known = look;
        long now = ticker.getAsLong();
        if (known == null || now - lookedAt > life) {
            known = new Walk().look();
            lookedAt = ticker.getAsLong();
            life = Math.max(SHORTEST_LIFE_NANOS, (lookedAt - now) * LIFE_PER_LOOK);
            look = known;
        }
        return known;
    }

    /** The market that a path names; the innermost name counts. */
    static Optional<Market> marketOf(List<String> folders) {
        Optional<Market> found = Optional.empty();
        for (String folder : folders) {
            switch (folder) {
                case "spot" -> found = Optional.of(Market.SPOT);
                case "um", "futures-um" -> found = Optional.of(Market.USD_MARGINED);
                case "cm", "futures-cm" -> found = Optional.of(Market.COIN_MARGINED);
                default -> {
                    // a folder of an instrument, an interval, or somebody's own
                }
            }
        }
        return found;
    }

    /** One pass over the directory. */
    private final class Walk {

        private record Group(String path, String symbol, String intervalText) {}

        private final Map<Key, List<ArchiveFolder>> folders = new HashMap<>();
        private final List<String> overlooked = new ArrayList<>();

        Look look() {
            try {
                enter(root, List.of());
            } catch (IOException unreadable) {
                throw new Unavailable(
                        "Cannot look through " + root + ": " + reason(unreadable)
                                + ". Check that the directory is there, then run again",
                        unreadable);
            }
            folders.replaceAll((key, list) -> List.copyOf(list));
            return new Look(Map.copyOf(folders), List.copyOf(overlooked));
        }

        private void enter(Path directory, List<String> path) throws IOException {
            if (Thread.currentThread().isInterrupted()) {
                throw new Cancelled("Looking through " + root + " was interrupted");
            }
            List<Path> deeper = new ArrayList<>();
            Map<Group, IntStream.Builder> files = new HashMap<>();
            Map<Group, ArchiveName> examples = new HashMap<>();
            String place = String.join("/", path);
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                for (Path entry : entries) {
                    String name = String.valueOf(entry.getFileName());
                    if (name.startsWith(".") || name.endsWith(LocalChecksum.EXTENSION)) {
                        continue;
                    }
                    if (name.indexOf(UNREADABLE) >= 0) {
                        overlook(place + "/" + name
                                + ": its name cannot be read here; run with LC_ALL=C.UTF-8, or rename it");
                        continue;
                    }
                    Optional<ArchiveName> file = ArchiveName.parse(name);
                    if (file.isPresent()) {
                        if (wanted.test(place.isEmpty() ? name : place + "/" + name)) {
                            Group group = new Group(
                                    place, file.get().symbol(), file.get().intervalText());
                            examples.putIfAbsent(group, file.get());
                            files.computeIfAbsent(group, none -> IntStream.builder())
                                    .add(ArchiveFolder.code(file.get()));
                        }
                    } else if (ArchiveName.isNearly(name)) {
                        overlook(below(entry) + ": its name holds no date or interval that there is");
                    } else if (isFolder(entry)) {
                        deeper.add(entry);
                    }
                }
            } catch (DirectoryIteratorException broken) {
                throw broken.getCause();
            }
            files.forEach((group, codes) ->
                    add(path, examples.get(group), codes.build().toArray()));
            deeper.sort(null);
            for (Path folder : deeper) {
                descend(folder, path);
            }
        }

        private void descend(Path folder, List<String> path) throws IOException {
            String name = String.valueOf(folder.getFileName());
            boolean otherKind = OTHER_KINDS.contains(name) || (name.endsWith("Klines") && !name.equals("klines"));
            if (otherKind || path.size() == DEEPEST) {
                return;
            }
            List<String> inner = new ArrayList<>(path);
            inner.add(name);
            try {
                enter(folder, inner);
            } catch (NoSuchFileException | AccessDeniedException unreadable) {
                overlook(String.join("/", inner) + ": " + reason(unreadable));
            }
        }

        private void add(List<String> path, @Nullable ArchiveName example, int[] codes) {
            if (example == null) {
                return;
            }
            Optional<Market> told = marketOf(path).or(() -> market).or(ArchiveTree.this::marketOfRoot);
            if (told.isEmpty()) {
                overlook((path.isEmpty() ? "" : String.join("/", path) + "/") + example + " and " + (codes.length - 1)
                        + " more of its kind: no folder named spot, um or cm tells the market; name it in the address");
                return;
            }
            Key key = new Key(told.get(), ArchiveName.composed(example.symbol()), example.interval());
            folders.computeIfAbsent(key, none -> new ArrayList<>())
                    .add(new ArchiveFolder(String.join("/", path), told.get(), example, codes));
        }

        /** Links are not followed: one that stays inside leads to what is found anyway, any other leads out. */
        private boolean isFolder(Path entry) {
            if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                return true;
            }
            if (Files.isSymbolicLink(entry)) {
                try {
                    if (!entry.toRealPath().startsWith(root) && Files.isDirectory(entry)) {
                        overlook(below(entry) + ": a link that leads out of the directory is not followed");
                    }
                } catch (IOException gone) {
                    overlook(below(entry) + ": a link that leads nowhere");
                }
            }
            return false;
        }

        private String below(Path entry) {
            return root.relativize(entry).toString().replace('\\', '/');
        }

        private void overlook(String what) {
            if (overlooked.size() < MOST_OVERLOOKED) {
                overlooked.add(what);
            }
        }
    }

    /** Where the directory lies may tell as well, but only in the archive's own words: others may mean anything. */
    private Optional<Market> marketOfRoot() {
        Optional<Market> found = Optional.empty();
        String before = "";
        for (Path folder : root) {
            String name = folder.toString();
            if (name.equals("spot")) {
                found = Optional.of(Market.SPOT);
            } else if (before.equals("futures") && Set.of("um", "cm").contains(name)) {
                found = Optional.of(Market.parse(name));
            }
            before = name.toLowerCase(Locale.ROOT);
        }
        return found;
    }

    private static String reason(IOException failure) {
        return failure instanceof NoSuchFileException
                ? "no such directory"
                : failure instanceof AccessDeniedException ? "permission denied" : String.valueOf(failure.getMessage());
    }
}
