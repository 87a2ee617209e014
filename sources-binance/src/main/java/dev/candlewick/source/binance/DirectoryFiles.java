package dev.candlewick.source.binance;

import dev.candlewick.Answer;
import dev.candlewick.Cadence;
import dev.candlewick.Cancelled;
import dev.candlewick.Corrupt;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.source.binance.ArchiveName.Packing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Files in a directory, checked before a single row is handed on, by the rules of {@link ArchiveFiles}: checksum, zip
 * structure, CRC, rows. Nothing outside the directory is opened, whatever links say. Thread-safe.
 */
final class DirectoryFiles {

    /** A month of minutes has 2 MB, a day of seconds 4 MB; a month of seconds is better had as days. */
    private static final long LARGEST_ZIP_BYTES = 64L << 20;

    private static final int LONGEST_ROW_BYTES = 512;
    private static final int SLACK_ROWS = 2_048;

    private final Path root;
    private final ChecksumPolicy policy;
    private final Clock clock;
    private final Opening opening;
    private final Optional<Repair> repair;
    private final Consumer<ArchiveFileReport> listener;
    private final Set<String> repaired = ConcurrentHashMap.newKeySet();

    /** How a file is opened; a test makes it fail. */
    interface Opening {
        Opening ON_DISK = file -> Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);

        InputStream open(Path file) throws IOException;
    }

    /** Brings back a file that turned out bad. */
    interface Repair {
        /**
         * Puts a proven file in the place of a bad one.
         *
         * @return why that did not work; empty when it did
         */
        Optional<String> replace(ArchiveFile file, Path path);
    }

    DirectoryFiles(
            Path root,
            ChecksumPolicy policy,
            Clock clock,
            Opening opening,
            Optional<Repair> repair,
            Consumer<ArchiveFileReport> listener) {
        this.root = root;
        this.policy = policy;
        this.clock = clock;
        this.opening = opening;
        this.repair = repair;
        this.listener = listener;
    }

    /** What one look at a file brought. */
    private static final class Found {
        private final byte[] bytes;
        private final String sha256;
        private final LocalChecksum.Sibling sibling;

        Found(byte[] bytes, LocalChecksum.Sibling sibling) {
            this.bytes = bytes;
            this.sha256 = Sha256.hex(bytes);
            this.sibling = sibling;
        }

        String sha256() {
            return sha256;
        }

        boolean isProven() {
            return sibling.published()
                    .filter(published -> published.sha256().equals(sha256))
                    .isPresent();
        }
    }

    /** A file that cannot be used, for a reason that its bytes or its place give. */
    private static final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;

        Unfit(String reason) {
            super(reason);
        }
    }

    /**
     * Reads and checks a file; a bad one is fetched again, once, where that can be.
     *
     * @param part the stretch that is wanted of it, which the answer is about
     * @throws Unavailable when the disk does not give it
     */
    ArchiveFiles.Outcome read(ArchiveFolder.Entry entry, TimeRange part, Series series, Cadence.Grid grid) {
        ArchiveFiles.Outcome outcome = attempt(entry, part, series, grid);
        if (outcome instanceof ArchiveFiles.Unusable bad
                && repair.isPresent()
                && entry.name().packing() == Packing.ZIP
                && repaired.add(entry.path())) {
            Optional<String> obstacle = repair.get().replace(entry.file(), root.resolve(entry.path()));
            outcome = obstacle.isPresent()
                    ? new ArchiveFiles.Unusable(bad.answer().noted("not fetched again: " + obstacle.get()))
                    : fetchedAgain(attempt(entry, part, series, grid), bad.answer());
        }
        tell(entry, outcome);
        return outcome;
    }

    /** The version of a file as it lies there now: what its checksum says, else its hash. Empty when it is gone. */
    Optional<String> version(String path) {
        try {
            Path file = inside(root.resolve(path));
            LocalChecksum.Sibling sibling = LocalChecksum.read(file);
            return sibling.published().isPresent()
                    ? sibling.published().map(PublishedChecksum::sha256)
                    : Optional.of(Sha256.hex(bytes(file, LARGEST_ZIP_BYTES)));
        } catch (NoSuchFileException | Unfit gone) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw unavailable(path, unreadable);
        }
    }

    /** Whether two files hold the same, packed or not; what leads out of the directory is the same as nothing. */
    boolean same(ArchiveFolder.Entry one, ArchiveFolder.Entry other) {
        try {
            return SameCandles.in(inside(root.resolve(one.path())), inside(root.resolve(other.path())));
        } catch (IOException | Unfit unreadable) {
            return false;
        }
    }

    /** How long a file is; 0 when it is gone. */
    long size(ArchiveFolder.Entry entry) {
        try {
            return Files.size(root.resolve(entry.path()));
        } catch (IOException gone) {
            return 0;
        }
    }

    private ArchiveFiles.Outcome attempt(ArchiveFolder.Entry entry, TimeRange part, Series series, Cadence.Grid grid) {
        Found found;
        try {
            found = find(entry, grid);
        } catch (NoSuchFileException gone) {
            if (Files.isSymbolicLink(root.resolve(entry.path()))) {
                return new ArchiveFiles.Unusable(answer(
                        entry,
                        part,
                        Optional.empty(),
                        0,
                        "set aside: " + entry.path() + " is a link that leads nowhere"));
            }
            return new ArchiveFiles.Absent(answer(entry, part, Optional.empty(), 0, "not there any more"));
        } catch (Unfit unfit) {
            return new ArchiveFiles.Unusable(
                    answer(entry, part, Optional.empty(), 0, "set aside: " + unfit.getMessage()));
        } catch (IOException unreadable) {
            throw unavailable(entry.path(), unreadable);
        }
        if (found.isProven()) {
            return parsed(entry, part, series, grid, found, List.of());
        }
        if (found.sibling.state() == LocalChecksum.State.MISSING) {
            return policy == ChecksumPolicy.REQUIRE
                    ? new ArchiveFiles.Unusable(
                            answer(entry, part, Optional.of(found), 0, "set aside: no checksum lies beside " + entry))
                    : parsed(
                            entry,
                            part,
                            series,
                            grid,
                            found,
                            List.of("no checksum lies beside it; taken as it is intact"));
        }
        String hashes = found.sibling
                .published()
                .map(published ->
                        "the checksum beside " + entry + " is " + published.sha256() + ", the file has " + found.sha256)
                .orElse("the checksum beside " + entry + " cannot be read, the file has " + found.sha256);
        if (policy == ChecksumPolicy.ACCEPT_WITH_EVIDENCE) {
            ArchiveFiles.Outcome outcome =
                    parsed(entry, part, series, grid, found, List.of("accepted with evidence: " + hashes));
            if (!(outcome instanceof ArchiveFiles.Loaded loaded)
                    || loaded.klines().isSound()) {
                return outcome;
            }
        }
        return new ArchiveFiles.Unusable(answer(entry, part, Optional.of(found), 0, "set aside: " + hashes));
    }

    private Found find(ArchiveFolder.Entry entry, Cadence.Grid grid) throws IOException, Unfit {
        Path file = inside(root.resolve(entry.path()));
        long limit = entry.name().packing() == Packing.ZIP
                ? LARGEST_ZIP_BYTES
                : (2 * grid.opens(entry.file().period()) + SLACK_ROWS) * LONGEST_ROW_BYTES;
        Found found = new Found(bytes(file, limit), LocalChecksum.read(file));
        return found.isProven() || found.sibling.state() == LocalChecksum.State.MISSING
                ? found
                : new Found(bytes(file, limit), LocalChecksum.read(file)); // perhaps it was being replaced just then
    }

    /** The real place of a file, which must be below the root; a pipe or a device would never end. */
    private Path inside(Path file) throws IOException, Unfit {
        Path real = file.toRealPath();
        if (!real.startsWith(root)) {
            throw new Unfit(root.relativize(file) + " is a link that leads out of the directory");
        }
        if (!Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
            throw new Unfit(root.relativize(file) + " is no file");
        }
        return real;
    }

    private byte[] bytes(Path file, long limit) throws IOException, Unfit {
        try (InputStream input = opening.open(file)) {
            byte[] bytes = input.readNBytes((int) Math.min(limit + 1, Integer.MAX_VALUE - 16));
            if (bytes.length > limit) {
                throw new Unfit(
                        root.relativize(file) + " has more than " + limit
                                + " bytes, too many for its period and interval; candles of seconds are read from files of days");
            }
            return bytes;
        } catch (ClosedByInterruptException interrupted) {
            throw new Cancelled("Reading " + file + " was interrupted", interrupted);
        }
    }

    private ArchiveFiles.Outcome parsed(
            ArchiveFolder.Entry entry,
            TimeRange part,
            Series series,
            Cadence.Grid grid,
            Found found,
            List<String> reservations) {
        try {
            TimeRange period = entry.file().period();
            byte[] csv = entry.name().packing() == Packing.ZIP
                    ? KlineZip.unpack(found.bytes, entry.name().stem() + ".csv", grid.opens(period), entry.path())
                    : found.bytes;
            ParsedKlines klines = new KlineCsvParser(series, grid.interval(), period, entry.path(), csv).parse();
            List<String> notes = new ArrayList<>(reservations);
            notes.addAll(klines.notes());
            if (!klines.outside().isEmpty()) {
                notes.add(klines.outside().size() + " rows of another period set aside");
            }
            int rows = klines.rows().within(part).rows();
            return new ArchiveFiles.Loaded(
                    answer(entry, part, Optional.of(found), rows, String.join("; ", notes)), klines);
        } catch (Corrupt unusable) {
            return new ArchiveFiles.Unusable(
                    answer(entry, part, Optional.of(found), 0, "set aside: " + unusable.getMessage()));
        }
    }

    private Answer answer(ArchiveFolder.Entry entry, TimeRange part, Optional<Found> found, long rows, String note) {
        String sha256 = found.map(Found::sha256).orElse("");
        return new Answer(
                part,
                "directory-" + entry.file().span().folder(),
                entry.path(),
                0,
                sha256.isEmpty() ? "" : "sha256:" + sha256,
                sha256,
                rows,
                clock.instant(),
                note);
    }

    private static ArchiveFiles.Outcome fetchedAgain(ArchiveFiles.Outcome outcome, Answer before) {
        String note = "fetched again, because it was " + before.note();
        return outcome instanceof ArchiveFiles.Loaded loaded
                ? new ArchiveFiles.Loaded(loaded.answer().noted(note), loaded.klines())
                : outcome instanceof ArchiveFiles.Unusable bad
                        ? new ArchiveFiles.Unusable(bad.answer().noted(note))
                        : outcome;
    }

    private void tell(ArchiveFolder.Entry entry, ArchiveFiles.Outcome outcome) {
        Answer answer = outcome.answer();
        if (outcome instanceof ArchiveFiles.Loaded loaded) {
            ParsedKlines klines = loaded.klines();
            listener.accept(new ArchiveFileReport(
                    entry.path(),
                    answer.rows(),
                    klines.repeated(),
                    klines.quarantined().size() + klines.outside().size(),
                    ""));
        } else if (outcome instanceof ArchiveFiles.Unusable) {
            listener.accept(new ArchiveFileReport(entry.path(), 0, 0, 0, answer.note()));
        }
    }

    private Unavailable unavailable(String path, IOException failure) {
        String why = failure instanceof java.nio.file.AccessDeniedException
                ? "permission denied"
                : String.valueOf(failure.getMessage());
        return new Unavailable(
                "Cannot read " + path + " in " + root + ": " + why + ". Check the file and its disk, then run again",
                failure);
    }
}
