package dev.candlewick.source.binance.simulator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The bucket listing of the archive: keys in order, by prefix, delimiter and marker. */
final class ArchiveListing {
    private final Catalog catalog;
    private final Archive archive;

    ArchiveListing(Catalog catalog, Archive archive) {
        this.catalog = catalog;
        this.archive = archive;
    }

    /** One page as the bucket knew its content at {@code asOf}; files that {@code hidden} names are left out. */
    String page(ListingQuery query, Instant asOf, Predicate<ArchiveFile> hidden) {
        return new Page(query, asOf, hidden).print();
    }

    /** One directory: the candle files of an instrument and interval, files on disk, or both. */
    private static final class Folder {
        private Optional<ArchiveFile> firstFile = Optional.empty();
        private Instant end = Instant.MAX;
        private final Map<String, Path> onDisk = new TreeMap<>();
    }

    private SortedMap<String, Folder> folders() {
        SortedMap<String, Folder> folders = new TreeMap<>();
        for (MarketType market : MarketType.values()) {
            for (SyntheticInstrument instrument : catalog.instruments(market)) {
                for (ArchiveFile.Period period : ArchiveFile.Period.values()) {
                    addFolders(folders, instrument, period);
                }
            }
        }
        archive.filesRoot().ifPresent(root -> addFilesOnDisk(folders, root));
        return folders;
    }

    private static void addFolders(
            SortedMap<String, Folder> folders, SyntheticInstrument instrument, ArchiveFile.Period period) {
        for (KlineInterval interval : KlineInterval.values()) {
            if (ArchiveFile.exists(instrument.market(), period, interval)) {
                Folder folder = new Folder();
                folder.firstFile = Optional.of(firstFile(instrument, period, interval));
                folder.end = instrument.delistedAt().orElse(Instant.MAX);
                String key = ArchiveFile.folder(instrument.market(), period, instrument.symbol(), interval);
                folders.put(key, folder);
            }
        }
    }

    private static ArchiveFile firstFile(
            SyntheticInstrument instrument, ArchiveFile.Period period, KlineInterval interval) {
        // The candle that was open at the listing may have begun in the period before.
        long open = interval.floor(instrument.listedSince().toEpochMilli());
        LocalDate date = KlineInterval.dateOf(open);
        LocalDate start = period == ArchiveFile.Period.DAILY ? date : date.withDayOfMonth(1);
        return new ArchiveFile(instrument.market(), period, instrument.symbol(), interval, start);
    }

    private static void addFilesOnDisk(SortedMap<String, Folder> folders, Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String key = root.relativize(file).toString().replace('\\', '/');
                String folder = key.substring(0, key.lastIndexOf('/') + 1);
                folders.computeIfAbsent(folder, any -> new Folder()).onDisk.put(key, file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list the archive files under " + root, e);
        }
    }

    /** The state of one page while it fills. */
    private final class Page {
        private final ListingQuery query;
        private final Instant asOf;
        private final Predicate<ArchiveFile> hidden;
        private final ListingXml xml = new ListingXml();
        private String last = "";
        private boolean full;

        Page(ListingQuery query, Instant asOf, Predicate<ArchiveFile> hidden) {
            this.query = query;
            this.asOf = asOf;
            this.hidden = hidden;
        }

        String print() {
            folders().forEach((key, folder) -> {
                if (!full && query.reaches(key)) {
                    query.commonPrefix(key).ifPresentOrElse(prefix -> rollUp(prefix, folder), () -> list(folder));
                }
            });
            return xml.page(
                    query,
                    full ? ListingXml.Continuation.TRUNCATED : ListingXml.Continuation.LAST_PAGE,
                    full && !query.delimiter().isEmpty() ? last : "");
        }

        private void rollUp(String prefix, Folder folder) {
            if (!prefix.equals(last)
                    && !(folder.onDisk.isEmpty() && files(folder, 1).isEmpty())) {
                add(prefix, () -> xml.folder(prefix));
            }
        }

        private void list(Folder folder) {
            SortedMap<String, Runnable> entries = new TreeMap<>();
            for (ArchiveFile file : files(folder, Integer.MAX_VALUE)) {
                entries.put(file.key(), () -> zip(file));
                entries.put(file.key() + ArchiveFile.CHECKSUM_SUFFIX, () -> checksum(file));
            }
            folder.onDisk.forEach((key, path) -> entries.put(key, () -> onDisk(key, path)));
            entries.forEach(this::add);
        }

        private List<ArchiveFile> files(Folder folder, int limit) {
            List<ArchiveFile> files = new ArrayList<>();
            Optional<ArchiveFile> next = folder.firstFile;
            while (next.isPresent() && files.size() < limit) {
                ArchiveFile file = next.get();
                Instant start = Instant.ofEpochMilli(file.startMillis());
                if (!start.isBefore(folder.end) || !start.isBefore(asOf)) {
                    break;
                }
                if (archive.isPublished(file, asOf) && !hidden.test(file)) {
                    files.add(file);
                }
                next = Optional.of(file.next());
            }
            return files;
        }

        private void zip(ArchiveFile file) {
            Archive.Stamp stamp = archive.stamp(file);
            xml.file(file.key(), archive.modifiedAt(file), stamp.md5(), stamp.bytes());
        }

        private void checksum(ArchiveFile file) {
            byte[] bytes = archive.checksum(file);
            String key = file.key() + ArchiveFile.CHECKSUM_SUFFIX;
            xml.file(key, archive.modifiedAt(file), ZipBytes.md5(bytes), bytes.length);
        }

        private void onDisk(String key, Path path) {
            try {
                byte[] bytes = Files.readAllBytes(path);
                xml.file(key, Files.getLastModifiedTime(path).toInstant(), ZipBytes.md5(bytes), bytes.length);
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read the archive file " + path, e);
            }
        }

        private void add(String entry, Runnable printing) {
            if (full || !entry.startsWith(query.prefix()) || entry.compareTo(query.marker()) <= 0) {
                return;
            }
            if (xml.count() == query.maxKeys()) {
                full = true;
                return;
            }
            printing.run();
            last = entry;
        }
    }
}
