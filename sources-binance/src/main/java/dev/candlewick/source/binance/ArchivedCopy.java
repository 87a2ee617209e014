package dev.candlewick.source.binance;

import dev.candlewick.Cadence;
import dev.candlewick.Corrupt;
import dev.candlewick.Refused;
import dev.candlewick.http.HttpDownload;
import dev.candlewick.http.HttpRequest;
import dev.candlewick.http.HttpResponse;
import dev.candlewick.http.HttpTransport;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * One file of the archive and its copy on disk: brings the copy about, and replaces it when it does not prove. The copy
 * appears when it is whole and on disk, and its checksum after it: whatever is killed in between, a file under its own
 * name is the published one or none. For one use by one thread.
 */
final class ArchivedCopy {

    static final String UNFINISHED = ".part";

    private static final long LARGEST_BYTES = 1L << 30;
    private static final Duration DOWNLOAD_DEADLINE = Duration.ofMinutes(10);
    private static final int NOT_FOUND = 404;
    private static final int FORBIDDEN = 403;
    private static final int ATTEMPTS = 2;
    private static final int BUFFER_BYTES = 64 << 10;

    private final HttpTransport http;
    private final String url;
    private final ArchiveFile file;
    private final Path path;
    private final ChecksumPolicy policy;

    /** What became of a file. */
    enum Outcome {
        THERE,
        FETCHED,
        UNPROVEN,
        NOT_PUBLISHED,
        FAILED
    }

    /** What became of a file, the bytes that were fetched of it, and why it failed. */
    record Result(Outcome outcome, long bytes, String note) {}

    ArchivedCopy(HttpTransport http, String url, ArchiveFile file, Path path, ChecksumPolicy policy) {
        this.http = http;
        this.url = url;
        this.file = file;
        this.path = path;
        this.policy = policy;
    }

    /** Whether a copy is there and its checksum proves it. Asks nobody. */
    boolean isProven() throws IOException {
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        Optional<PublishedChecksum> beside = LocalChecksum.read(path).published();
        return beside.isPresent() && beside.get().sha256().equals(hash());
    }

    /** Makes the copy one that proves, whatever is there now. */
    Result renew() throws IOException {
        String mismatch = "";
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            HttpResponse checksum = http.send(HttpRequest.get(url + LocalChecksum.EXTENSION)
                    .accepting(FORBIDDEN, NOT_FOUND)
                    .build());
            boolean published = checksum.status() == 200;
            Optional<PublishedChecksum> expected =
                    published ? PublishedChecksum.parse(checksum.text(), file.zipName()) : Optional.empty();
            Optional<String> held = held();
            if (held.isPresent()
                    && expected.isPresent()
                    && expected.get().sha256().equals(held.get())) {
                return new Result(writeChecksum(checksum) ? Outcome.FETCHED : Outcome.THERE, 0, "");
            }
            if (held.isPresent() && !published && policy != ChecksumPolicy.REQUIRE && isIntact(path)) {
                return new Result(Outcome.THERE, 0, "");
            }
            Fetched fetched = fetch(expected, checksum, published);
            if (fetched.result.isPresent()) {
                return fetched.result.get();
            }
            mismatch = fetched.mismatch;
        }
        return new Result(Outcome.FAILED, 0, path.getFileName() + ": " + mismatch);
    }

    private record Fetched(Optional<Result> result, String mismatch) {
        static Fetched done(Outcome outcome, long bytes) {
            return new Fetched(Optional.of(new Result(outcome, bytes, "")), "");
        }

        static Fetched wrong(String mismatch) {
            return new Fetched(Optional.empty(), mismatch);
        }
    }

    private Fetched fetch(Optional<PublishedChecksum> expected, HttpResponse checksum, boolean published)
            throws IOException {
        Path temporary = temporary();
        try {
            HttpDownload download = http.download(
                    HttpRequest.get(url)
                            .accepting(FORBIDDEN, NOT_FOUND)
                            .maxBodyBytes(LARGEST_BYTES)
                            .deadline(DOWNLOAD_DEADLINE)
                            .build(),
                    temporary);
            if (download.status() != 200) {
                return Fetched.done(Outcome.NOT_PUBLISHED, 0);
            }
            boolean proven = expected.filter(each -> each.sha256().equals(download.sha256()))
                    .isPresent();
            if (!proven && published) {
                String wrong = expected.map(each -> "published checksum " + each.sha256() + ", file has ")
                                .orElse("the published checksum cannot be read, file has ")
                        + download.sha256();
                if (policy != ChecksumPolicy.ACCEPT_WITH_EVIDENCE || !isIntact(temporary)) {
                    return Fetched.wrong(wrong);
                }
            } else if (!proven && (policy == ChecksumPolicy.REQUIRE || !isIntact(temporary))) {
                return Fetched.wrong("no checksum is published"
                        + (policy == ChecksumPolicy.REQUIRE ? "" : ", and the file is damaged"));
            }
            publish(temporary);
            if (published) {
                writeChecksum(checksum);
            }
            return Fetched.done(published ? Outcome.FETCHED : Outcome.UNPROVEN, download.bytes());
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** The old checksum goes first: beside the new file it would say that the file is wrong. */
    private void publish(Path temporary) throws IOException {
        force(temporary);
        Files.deleteIfExists(LocalChecksum.of(path));
        Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
        forceFolder();
    }

    private boolean writeChecksum(HttpResponse checksum) throws IOException {
        String local = String.valueOf(path.getFileName());
        byte[] text = local.equals(file.zipName())
                ? checksum.body()
                : (PublishedChecksum.parse(checksum.text(), file.zipName())
                                        .map(PublishedChecksum::sha256)
                                        .orElse("")
                                + "  " + local)
                        .getBytes(StandardCharsets.UTF_8);
        Path sibling = LocalChecksum.of(path);
        if (holds(sibling, text)) {
            return false;
        }
        Path temporary = temporary();
        try {
            Files.write(temporary, text);
            force(temporary);
            Files.move(temporary, sibling, StandardCopyOption.ATOMIC_MOVE);
            forceFolder();
        } finally {
            Files.deleteIfExists(temporary);
        }
        return true;
    }

    private static boolean holds(Path sibling, byte[] text) throws IOException {
        try {
            return Files.isRegularFile(sibling, LinkOption.NOFOLLOW_LINKS)
                    && Arrays.equals(Files.readAllBytes(sibling), text);
        } catch (NoSuchFileException takenAway) {
            return false; // by another job that is replacing the file
        }
    }

    private Path temporary() throws IOException {
        return Files.createTempFile(folder(), "." + path.getFileName() + ".", UNFINISHED);
    }

    private Path folder() {
        Path folder = path.getParent();
        if (folder == null) {
            throw new Refused(path + " lies in no directory");
        }
        return folder;
    }

    private Optional<String> held() throws IOException {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) ? Optional.of(hash()) : Optional.empty();
    }

    private String hash() throws IOException {
        MessageDigest digest = Sha256.digest();
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream input = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
            for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Whether the zip unpacks to the member that it should have. */
    private boolean isIntact(Path zip) throws IOException {
        try {
            long rows = new Cadence.Grid(file.interval(), ZoneOffset.UTC).opens(file.period());
            KlineZip.unpack(Files.readAllBytes(zip), file.stem() + ".csv", rows, file.zipName());
            return true;
        } catch (Corrupt damaged) {
            return false;
        }
    }

    private static void force(Path written) throws IOException {
        try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private void forceFolder() {
        try (FileChannel channel = FileChannel.open(folder(), StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException systemCannot) {
            // Not every system can force a folder; what is lost by that is fetched again by the next run.
        }
    }
}
