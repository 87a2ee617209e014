package dev.candlewick.source.binance;

import dev.candlewick.Answer;
import dev.candlewick.Cancelled;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.http.Sleeper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Files with ticks in a directory that is laid out as the archive is, checked by the checksum beside each. Nothing outside
 * the directory is opened, whatever links say. Thread-safe.
 */
final class DirectoryTickFiles implements TickFiles {

    /** A file is judged by what was seen last, after so many looks. */
    private static final int MOST_LOOKS = 4;

    /** How long a file that is being replaced may be without its checksum, and more. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** A file or folder that was changed so lately may be in the middle of it. */
    private static final Duration FRESH = Duration.ofMinutes(1);

    private final Path root;
    private final ChecksumPolicy policy;
    private final Clock clock;
    private final Predicate<String> wanted;
    private final Opening opening;
    private final Sleeper sleeper;

    /** How a file is opened; a test has others write meanwhile. */
    interface Opening {
        HeldFile open(Path file) throws IOException;
    }

    /**
     * @param root the directory itself, without links
     * @param wanted which paths below the root are looked at; others are as if they were not there
     */
    DirectoryTickFiles(Path root, ChecksumPolicy policy, Clock clock, Predicate<String> wanted) {
        this(root, policy, clock, wanted, HeldFile::new, Sleeper.SYSTEM);
    }

    DirectoryTickFiles(
            Path root, ChecksumPolicy policy, Clock clock, Predicate<String> wanted, Opening opening, Sleeper sleeper) {
        this.root = root;
        this.policy = policy;
        this.clock = clock;
        this.wanted = wanted;
        this.opening = opening;
        this.sleeper = sleeper;
    }

    @Override
    public Outcome fetch(TickFile file, TimeRange part) {
        Path path = root.resolve(file.place());
        try {
            for (int looks = 1; true; looks++) {
                Optional<Look> look = look(file, path);
                if (look.isEmpty()) {
                    return new Absent(new Answer(
                            part, route(file), file.place(), 0, "", "", 0, clock.instant(), "not in the directory"));
                }
                if (looks == MOST_LOOKS || look.get().isProven() || !isChanging(path, look.get())) {
                    return judged(file, part, look.get());
                }
                look.get().held().close();
            }
        } catch (IOException unreadable) {
            throw new Unavailable(path + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    /**
     * What a look at a file showed.
     *
     * @param isTorn whether the file or its checksum was replaced meanwhile, so that they need not belong together
     */
    private record Look(HeldFile held, String sha256, LocalChecksum.Sibling sibling, boolean isTorn) {

        String published() {
            return sibling.published().map(PublishedChecksum::sha256).orElse("");
        }

        boolean isProven() {
            return published().equals(sha256);
        }
    }

    /** Looks at a file; empty where there is none. The bytes that were hashed are held, whatever takes their place. */
    private Optional<Look> look(TickFile file, Path path) throws IOException {
        if (!isThere(file, path)) {
            return Optional.empty();
        }
        LocalChecksum.Sibling before = LocalChecksum.read(path);
        List<Object> identity = identity(path);
        HeldFile held = opening.open(path);
        try {
            String sha256 = held.sha256();
            LocalChecksum.Sibling sibling = LocalChecksum.read(path);
            if (!isThere(file, path)) {
                held.close();
                return Optional.empty();
            }
            boolean torn = !before.equals(sibling) || !identity.equals(identity(path));
            return Optional.of(new Look(held, sha256, sibling, torn));
        } catch (IOException | RuntimeException failed) {
            held.close();
            throw failed;
        }
    }

    /**
     * Whether to look again before a file is judged, as a download may be replacing it: first its checksum goes, then the
     * file is moved into its place, then comes the checksum. Waits a moment where that may be under way right now.
     */
    private boolean isChanging(Path path, Look look) throws IOException {
        if (look.isTorn()) {
            return true;
        }
        boolean missing = look.sibling().state() == LocalChecksum.State.MISSING;
        if (missing && policy != ChecksumPolicy.REQUIRE) {
            return false;
        }
        Instant now = clock.instant();
        for (Path each : List.of(path, path.resolve("..").normalize())) {
            Duration age = Duration.between(Files.getLastModifiedTime(each).toInstant(), now);
            if (age.abs().compareTo(FRESH) < 0) {
                pause(path);
                return true;
            }
        }
        return false;
    }

    private void pause(Path path) {
        try {
            sleeper.sleep(PAUSE);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Cancelled("Reading " + path + " was interrupted", interrupted);
        }
    }

    private static List<Object> identity(Path path) throws IOException {
        BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return List.of(file.size(), file.lastModifiedTime(), Optional.ofNullable(file.fileKey()));
    }

    private Outcome judged(TickFile file, TimeRange part, Look look) {
        String sha256 = look.sha256();
        String published = look.published();
        Answer answer = new Answer(
                part,
                route(file),
                file.place(),
                0,
                "sha256:" + sha256,
                published.isEmpty() ? sha256 : published,
                0,
                clock.instant(),
                "");
        if (look.isProven()) {
            return there(answer, look);
        }
        if (look.sibling().state() == LocalChecksum.State.MISSING) {
            return policy == ChecksumPolicy.REQUIRE
                    ? unusable(answer.noted("set aside: no checksum lies beside it"), look)
                    : there(answer.noted("no checksum lies beside it; taken as it is intact"), look);
        }
        String hashes = (published.isEmpty()
                        ? "the checksum beside it cannot be read"
                        : "the checksum beside it is " + published)
                + ", file has " + sha256;
        return policy == ChecksumPolicy.ACCEPT_WITH_EVIDENCE
                ? there(answer.noted("accepted with evidence: " + hashes), look)
                : unusable(answer.noted("set aside: " + hashes), look);
    }

    @Override
    public Optional<byte[]> head(TickFile file, int bytes) {
        Path path = root.resolve(file.place());
        try {
            if (!isThere(file, path)) {
                return Optional.empty();
            }
            try (InputStream input = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.of(input.readNBytes(bytes));
            }
        } catch (IOException unreadable) {
            throw new Unavailable(path + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    @Override
    public String route(TickFile file) {
        return "directory-" + file.span().folder();
    }

    @Override
    public boolean knowsWhatIsAbsent() {
        return false;
    }

    /** The version of a file that an answer names, as it lies there now; empty when it is gone. */
    Optional<String> version(String place) {
        Path path = root.resolve(place).normalize();
        try {
            if (!path.startsWith(root) || !Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            Optional<PublishedChecksum> beside = LocalChecksum.read(path).published();
            return beside.isPresent() ? beside.map(PublishedChecksum::sha256) : Optional.of(hash(path));
        } catch (IOException unreadable) {
            throw new Unavailable(path + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    private boolean isThere(TickFile file, Path path) throws IOException {
        return wanted.test(file.place())
                && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                && path.toRealPath().startsWith(root);
    }

    private static There there(Answer answer, Look look) {
        return new There(answer, look.held(), look.held()::close);
    }

    private static Unusable unusable(Answer answer, Look look) {
        look.held().close();
        return new Unusable(answer);
    }

    private static String hash(Path path) throws IOException {
        try (HeldFile file = new HeldFile(path)) {
            return file.sha256();
        }
    }
}
