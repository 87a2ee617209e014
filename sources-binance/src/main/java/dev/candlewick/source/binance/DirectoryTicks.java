package dev.candlewick.source.binance;

import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.source.binance.ArchiveFile.Span;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Which files with ticks lie in a directory that is laid out as the archive is. Looks anew each time it is asked: a folder
 * is read until its first file is found. Thread-safe.
 */
final class DirectoryTicks {

    private static final String EXTENSION = ".zip";
    private static final int MONTH_LENGTH = "2024-01".length();

    private final Path root;
    private final Predicate<String> wanted;

    /** Whose ticks of a kind. */
    record Key(Market market, TickKind kind, String symbol) {}

    /**
     * @param root the directory itself, without links
     * @param wanted which paths below the root are looked at
     */
    DirectoryTicks(Path root, Predicate<String> wanted) {
        this.root = root;
        this.wanted = wanted;
    }

    /** Of what there is a file. */
    Set<Key> keys() {
        Set<Key> keys = new HashSet<>();
        for (Market market : Market.values()) {
            for (TickKind kind : TickKind.values()) {
                for (Span span : kind.isOn(market) ? Span.values() : new Span[0]) {
                    keys.addAll(looked(
                            folder(market, span, kind),
                            folder -> Optional.of(new Key(market, kind, String.valueOf(folder.getFileName())))
                                    .filter(key -> !files(key, span, 1).isEmpty()),
                            Integer.MAX_VALUE));
                }
            }
        }
        return keys;
    }

    /** The days and months that files are there for. */
    List<TimeRange> periods(Key key) {
        List<TimeRange> periods = new ArrayList<>();
        for (Span span : Span.values()) {
            files(key, span, Integer.MAX_VALUE).forEach(file -> periods.add(file.period()));
        }
        return periods;
    }

    private List<TickFile> files(Key key, Span span, int most) {
        Path folder = folder(key.market, span, key.kind).resolve(key.symbol);
        return looked(folder, path -> file(key, span, path), most);
    }

    /** The file that lies there; empty where its place is not that of such a file. */
    private Optional<TickFile> file(Key key, Span span, Path path) {
        String name = String.valueOf(path.getFileName());
        String start = key.symbol + "-" + key.kind.folder() + "-";
        if (!name.startsWith(start) || !name.endsWith(EXTENSION)) {
            return Optional.empty();
        }
        String date = name.substring(start.length(), name.length() - EXTENSION.length());
        try {
            LocalDate first =
                    date.length() == MONTH_LENGTH ? YearMonth.parse(date).atDay(1) : LocalDate.parse(date);
            Instant within = first.atStartOfDay(ZoneOffset.UTC).toInstant();
            TickFile file = span == Span.DAILY
                    ? TickFile.daily(key.market, key.symbol, key.kind, within)
                    : TickFile.monthly(key.market, key.symbol, key.kind, within);
            return Optional.of(file)
                    .filter(each -> each.zipName().equals(name)
                            && wanted.test(each.place())
                            && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS));
        } catch (DateTimeException noDate) {
            return Optional.empty();
        }
    }

    private Path folder(Market market, Span span, TickKind kind) {
        return root.resolve(market.archiveRoot()).resolve(span.folder()).resolve(kind.folder());
    }

    /** What is made of the first so many entries of a folder; nothing where there is none or a link leads out. */
    private <T> List<T> looked(Path folder, Function<Path, Optional<T>> use, int most) {
        List<T> found = new ArrayList<>();
        try {
            if (Files.isDirectory(folder) && folder.toRealPath().startsWith(root)) {
                try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                    Iterator<Path> left = entries.iterator();
                    while (found.size() < most && left.hasNext()) {
                        use.apply(left.next()).ifPresent(found::add);
                    }
                }
            }
            return found;
        } catch (DirectoryIteratorException | IOException broken) {
            throw new Unavailable("Cannot look through " + folder + ": " + broken.getMessage(), broken);
        }
    }
}
