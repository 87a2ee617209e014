package dev.candlewick.source.binance;

import dev.candlewick.Answer;
import dev.candlewick.Cancelled;
import dev.candlewick.TimeRange;
import dev.candlewick.Unavailable;
import dev.candlewick.http.HttpDownload;
import dev.candlewick.http.HttpRequest;
import dev.candlewick.http.HttpResponse;
import dev.candlewick.http.HttpStream;
import dev.candlewick.http.HttpTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Files with ticks from the public archive. They may have gigabytes, so each lies in a temporary file while it is read;
 * its checksum is taken on the way and held against the published one before a row is. Thread-safe.
 */
final class PublishedTickFiles implements TickFiles {

    /** A month of trades of the busiest instrument has some gigabytes. */
    private static final long LARGEST_ZIP_BYTES = 32L << 30;

    private static final Duration DOWNLOAD_DEADLINE = Duration.ofHours(1);
    private static final int HTTP_OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int FORBIDDEN = 403;

    private final String baseUrl;
    private final HttpTransport http;
    private final ChecksumPolicy policy;
    private final Clock clock;
    private final KnownFiles known = new KnownFiles();

    PublishedTickFiles(String baseUrl, HttpTransport http, ChecksumPolicy policy, Clock clock) {
        this.baseUrl = baseUrl;
        this.http = http;
        this.policy = policy;
        this.clock = clock;
    }

    @Override
    public Outcome fetch(TickFile file, TimeRange part) {
        if (!KnownFiles.keeps(file)) {
            return fetched(file, part);
        }
        ReentrantLock others = known.lock(file);
        try {
            others.lockInterruptibly();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new Cancelled("Waiting for " + url(file) + " was interrupted");
        }
        try {
            return fetched(file, part);
        } finally {
            others.unlock();
        }
    }

    private Outcome fetched(TickFile file, TimeRange part) {
        Path temporary = temporary();
        try {
            Outcome outcome = fetch(file, part, temporary);
            if (!(outcome instanceof There)) {
                delete(temporary);
            }
            return outcome;
        } catch (RuntimeException failed) {
            delete(temporary);
            throw failed;
        }
    }

    @Override
    public Optional<byte[]> head(TickFile file, int bytes) {
        HttpRequest request = HttpRequest.get(url(file))
                .accepting(FORBIDDEN, NOT_FOUND)
                .maxBodyBytes(LARGEST_ZIP_BYTES)
                .build();
        try (HttpStream answer = http.openAsStored(request)) {
            return answer.status() == HTTP_OK ? Optional.of(answer.body().readNBytes(bytes)) : Optional.empty();
        } catch (IOException broken) {
            throw new Unavailable(url(file) + " broke off: " + broken.getMessage(), broken);
        }
    }

    @Override
    public String route(TickFile file) {
        return file.span().route();
    }

    @Override
    public boolean knowsWhatIsAbsent() {
        return true;
    }

    /** The checksum that is published now for an address that an answer names; empty when there is none. */
    Optional<String> publishedNow(String zipUrl) {
        if (!zipUrl.startsWith(baseUrl + "/") || !zipUrl.endsWith(".zip")) {
            return Optional.empty();
        }
        HttpResponse checksum = checksum(zipUrl);
        return checksum.status() == HTTP_OK
                ? PublishedChecksum.parse(checksum.text(), zipUrl.substring(zipUrl.lastIndexOf('/') + 1))
                        .map(PublishedChecksum::sha256)
                : Optional.empty();
    }

    String url(TickFile file) {
        return baseUrl + "/" + file.path();
    }

    private Outcome fetch(TickFile file, TimeRange part, Path temporary) {
        String hashes = "";
        for (int attempt = 1; attempt <= 2; attempt++) {
            Instant at = clock.instant();
            HttpResponse checksum = checksum(url(file));
            boolean published = checksum.status() == HTTP_OK;
            Optional<PublishedChecksum> expected =
                    published ? PublishedChecksum.parse(checksum.text(), file.zipName()) : Optional.empty();
            String version = expected.map(PublishedChecksum::sha256).orElse("");
            Optional<KnownFiles.Known> before = known.find(file, version);
            if (before.isPresent()) {
                return again(file, part, before.get(), temporary, at);
            }
            HttpDownload zip = http.download(
                    HttpRequest.get(url(file))
                            .accepting(FORBIDDEN, NOT_FOUND)
                            .maxBodyBytes(LARGEST_ZIP_BYTES)
                            .deadline(DOWNLOAD_DEADLINE)
                            .build(),
                    temporary);
            Answer answer = new Answer(
                    part,
                    file.span().route(),
                    url(file),
                    zip.status(),
                    zip.status() == HTTP_OK ? "sha256:" + zip.sha256() : "",
                    version,
                    0,
                    at,
                    "");
            if (zip.status() != HTTP_OK) {
                return new Absent(answer.noted("not in the archive"));
            }
            if (version.equals(zip.sha256())) {
                remember(file, version, temporary, at);
                return there(answer.noted(attempt == 1 ? "" : "checksum matched on the second fetch"), temporary);
            }
            if (!published) {
                return policy == ChecksumPolicy.REQUIRE
                        ? new Unusable(answer.noted("set aside: no checksum is published"))
                        : there(answer.noted("no checksum is published; taken as it is intact"), temporary);
            }
            hashes = (version.isEmpty() ? "the published checksum cannot be read" : "published checksum " + version)
                    + ", file has " + zip.sha256();
            if (attempt == 2) {
                return policy == ChecksumPolicy.ACCEPT_WITH_EVIDENCE
                        ? there(answer.noted("accepted with evidence: " + hashes), temporary)
                        : new Unusable(answer.noted("set aside: " + hashes));
            }
        }
        throw new IllegalStateException("The second attempt always ends the loop; " + hashes);
    }

    /** What was fetched and proven before is what is published now. */
    private There again(TickFile file, TimeRange part, KnownFiles.Known before, Path temporary, Instant at) {
        try {
            before.writeTo(temporary);
        } catch (IOException full) {
            throw new Unavailable(temporary + " cannot be written: " + full.getMessage(), full);
        }
        Answer answer = new Answer(
                part,
                file.span().route(),
                url(file),
                HTTP_OK,
                "sha256:" + before.sha256(),
                before.sha256(),
                0,
                at,
                "fetched at " + before.at() + " and unchanged since by its checksum");
        return there(answer, temporary);
    }

    private void remember(TickFile file, String sha256, Path zip, Instant at) {
        try {
            if (KnownFiles.keeps(file) && Files.size(zip) <= KnownFiles.LARGEST_BYTES) {
                known.add(file, new KnownFiles.Known(sha256, zip, at));
            }
        } catch (IOException unreadable) {
            throw new Unavailable(zip + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    private static There there(Answer answer, Path temporary) {
        return new There(answer, ZipBytes.at(temporary), () -> delete(temporary));
    }

    private HttpResponse checksum(String zipUrl) {
        return http.send(HttpRequest.get(zipUrl + LocalChecksum.EXTENSION)
                .accepting(FORBIDDEN, NOT_FOUND)
                .build());
    }

    private static Path temporary() {
        try {
            return Files.createTempFile("candlewick-", ".zip");
        } catch (IOException full) {
            throw new Unavailable(
                    "No temporary file can be made for a file of the archive: " + full.getMessage(), full);
        }
    }

    private static void delete(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException busy) {
            temporary.toFile().deleteOnExit();
        }
    }
}
