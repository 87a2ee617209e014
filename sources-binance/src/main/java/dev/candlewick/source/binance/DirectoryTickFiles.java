package dev.candlewick.source.binance;

import dev.candlewick.Answer;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Files with ticks in a directory that is laid out as the archive is, checked by the checksum beside each. Nothing outside
 * the directory is opened, whatever links say. Thread-safe.
 */
final class DirectoryTickFiles implements TickFiles {

    private static final int BUFFER_BYTES = 64 << 10;

    private final Path root;
    private final ChecksumPolicy policy;
    private final Clock clock;
    private final Predicate<String> wanted;

    /**
     * @param root the directory itself, without links
     * @param wanted which paths below the root are looked at; others are as if they were not there
     */
    DirectoryTickFiles(Path root, ChecksumPolicy policy, Clock clock, Predicate<String> wanted) {
        this.root = root;
        this.policy = policy;
        this.clock = clock;
        this.wanted = wanted;
    }

    @Override
    public Outcome fetch(TickFile file, TimeRange part) {
        Path path = root.resolve(file.place());
        Instant at = clock.instant();
        try {
            if (!isThere(file, path)) {
                return new Absent(
                        new Answer(part, route(file), file.place(), 0, "", "", 0, at, "not in the directory"));
            }
            String sha256 = hash(path);
            LocalChecksum.Sibling sibling = LocalChecksum.read(path);
            String published =
                    sibling.published().map(PublishedChecksum::sha256).orElse("");
            Answer answer = new Answer(
                    part,
                    route(file),
                    file.place(),
                    0,
                    "sha256:" + sha256,
                    published.isEmpty() ? sha256 : published,
                    0,
                    at,
                    "");
            if (published.equals(sha256)) {
                return there(answer, path);
            }
            if (sibling.state() == LocalChecksum.State.MISSING) {
                return policy == ChecksumPolicy.REQUIRE
                        ? new Unusable(answer.noted("set aside: no checksum lies beside it"))
                        : there(answer.noted("no checksum lies beside it; taken as it is intact"), path);
            }
            String hashes = (published.isEmpty()
                            ? "the checksum beside it cannot be read"
                            : "the checksum beside it is " + published)
                    + ", file has " + sha256;
            return policy == ChecksumPolicy.ACCEPT_WITH_EVIDENCE
                    ? there(answer.noted("accepted with evidence: " + hashes), path)
                    : new Unusable(answer.noted("set aside: " + hashes));
        } catch (IOException unreadable) {
            throw new Unavailable(path + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
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

    private static There there(Answer answer, Path path) {
        return new There(answer, path, () -> {});
    }

    private static String hash(Path path) throws IOException {
        MessageDigest digest = Sha256.digest();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream input = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
            for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
