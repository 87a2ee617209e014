package dev.candlewick.source.binance;

import dev.candlewick.Answer;
import dev.candlewick.Cadence;
import dev.candlewick.Corrupt;
import dev.candlewick.Series;
import dev.candlewick.TimeRange;
import dev.candlewick.http.HttpRequest;
import dev.candlewick.http.HttpResponse;
import dev.candlewick.http.HttpTransport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Files of the public archive, checked before a single row is handed on: checksum, zip structure, CRC, rows. A kline file
 * is at most a few megabytes, so it is checked in memory and no temporary file can be left behind. Thread-safe.
 */
final class ArchiveFiles {

    private static final long LARGEST_ZIP_BYTES = 64L << 20;
    private static final Duration DOWNLOAD_DEADLINE = Duration.ofMinutes(10);
    private static final int NOT_FOUND = 404;
    private static final int FORBIDDEN = 403;

    private final String baseUrl;
    private final HttpTransport http;
    private final ChecksumPolicy policy;
    private final Clock clock;
    private final BucketListing listing;

    /** What became of a file. */
    sealed interface Outcome {
        /** What it says in the provenance. */
        Answer answer();
    }

    /** It is there and its rows are good. */
    record Loaded(Answer answer, ParsedKlines klines) implements Outcome {}

    /** It is not there. */
    record Absent(Answer answer) implements Outcome {}

    /** It is there and cannot be used; the answer's note says why. */
    record Unusable(Answer answer) implements Outcome {}

    ArchiveFiles(String baseUrl, HttpTransport http, ChecksumPolicy policy, Clock clock) {
        this.baseUrl = baseUrl;
        this.http = http;
        this.policy = policy;
        this.clock = clock;
        this.listing = new BucketListing(baseUrl, http);
    }

    /** What is in the archive. */
    BucketListing listing() {
        return listing;
    }

    /**
     * Fetches and checks a file; fetches it once more when the checksum does not match or the zip is damaged.
     *
     * @param part the stretch that is wanted of it, which the answer is about
     */
    Outcome read(ArchiveFile file, TimeRange part, Series series, Cadence.Grid grid) {
        Attempt attempt = attempt(file, part);
        if (attempt.zip.isEmpty()) {
            return new Absent(answer(file, attempt, 0, "not in the archive"));
        }
        if (attempt.isProven()) {
            return parsed(file, series, grid, attempt, List.of());
        }
        if (attempt.published.isEmpty() && attempt.checksumStatus != 200) {
            return policy == ChecksumPolicy.REQUIRE
                    ? new Unusable(answer(file, attempt, 0, "set aside: no checksum is published"))
                    : parsed(file, series, grid, attempt, List.of("no checksum is published; taken as it is intact"));
        }
        Attempt again = attempt(file, part);
        if (again.isProven()) {
            return parsed(file, series, grid, again, List.of("checksum matched on the second fetch"));
        }
        String hashes = again.published
                .map(checksum -> "published checksum " + checksum.sha256() + ", file has " + again.sha256())
                .orElse("the published checksum cannot be read, file has " + again.sha256());
        if (policy == ChecksumPolicy.ACCEPT_WITH_EVIDENCE && again.zip.isPresent()) {
            Outcome outcome = parsed(file, series, grid, again, List.of("accepted with evidence: " + hashes));
            if (!(outcome instanceof Loaded loaded) || loaded.klines().isSound()) {
                return outcome;
            }
        }
        return new Unusable(answer(file, again, 0, "set aside: " + hashes));
    }

    /** The checksum that is published now; empty when there is none. */
    Optional<PublishedChecksum> published(ArchiveFile file) {
        return checksum(file, new Attempt(file.period()));
    }

    /** Whether the archive lists any file of a symbol and interval, daily or monthly; empty when the listing cannot tell. */
    Optional<Boolean> lists(ArchiveFile example) {
        return listing.hasAny(
                ArchiveFile.folder(example.market(), example.span(), example.symbol(), example.interval()));
    }

    private Outcome parsed(
            ArchiveFile file, Series series, Cadence.Grid grid, Attempt attempt, List<String> reservations) {
        String url = url(file);
        byte[] zip = attempt.zip.orElseThrow();
        try {
            byte[] csv = KlineZip.unpack(zip, file.stem() + ".csv", grid.opens(file.period()), url);
            ParsedKlines klines = new KlineCsvParser(series, grid.interval(), file.period(), url, csv).parse();
            List<String> notes = new ArrayList<>(reservations);
            notes.addAll(klines.notes());
            if (!klines.outside().isEmpty()) {
                notes.add(klines.outside().size() + " rows of another period set aside");
            }
            int rows = klines.rows().within(attempt.part).rows();
            return new Loaded(answer(file, attempt, rows, String.join("; ", notes)), klines);
        } catch (Corrupt unusable) {
            return new Unusable(answer(file, attempt, 0, "set aside: " + unusable.getMessage()));
        }
    }

    private Attempt attempt(ArchiveFile file, TimeRange part) {
        Attempt attempt = new Attempt(part);
        attempt.at = clock.instant();
        attempt.published = checksum(file, attempt);
        HttpResponse zip = http.send(HttpRequest.get(url(file))
                .accepting(FORBIDDEN, NOT_FOUND)
                .maxBodyBytes(LARGEST_ZIP_BYTES)
                .deadline(DOWNLOAD_DEADLINE)
                .build());
        attempt.status = zip.status();
        if (zip.status() == 200) {
            attempt.zip = Optional.of(zip.body());
        }
        return attempt;
    }

    private Optional<PublishedChecksum> checksum(ArchiveFile file, Attempt attempt) {
        HttpResponse checksum = http.send(HttpRequest.get(url(file) + ".CHECKSUM")
                .accepting(FORBIDDEN, NOT_FOUND)
                .build());
        attempt.checksumStatus = checksum.status();
        return checksum.status() == 200 ? PublishedChecksum.parse(checksum.text(), file.zipName()) : Optional.empty();
    }

    private Answer answer(ArchiveFile file, Attempt attempt, long rows, String note) {
        return new Answer(
                attempt.part,
                file.span().route(),
                url(file),
                attempt.status,
                attempt.zip.isPresent() ? "sha256:" + attempt.sha256() : "",
                attempt.published.map(PublishedChecksum::sha256).orElse(""),
                rows,
                attempt.at,
                note);
    }

    /** Where a file lies. */
    String url(ArchiveFile file) {
        return baseUrl + "/" + file.path();
    }

    /** What one round of requests brought. */
    private static final class Attempt {
        private final TimeRange part;
        private Instant at = Instant.EPOCH;
        private int status;
        private int checksumStatus;
        private Optional<PublishedChecksum> published = Optional.empty();
        private Optional<byte[]> zip = Optional.empty();
        private String hash = "";

        Attempt(TimeRange part) {
            this.part = part;
        }

        String sha256() {
            if (hash.isEmpty()) {
                hash = Sha256.hex(zip.orElseThrow());
            }
            return hash;
        }

        boolean isProven() {
            return zip.isPresent()
                    && published
                            .filter(checksum -> checksum.sha256().equals(sha256()))
                            .isPresent();
        }
    }
}
